import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RdsAction } from '../../src/core/plan/aws/rdsAction.ts';
import type { RdsExecutor } from '../../src/executors/rds/rdsExecutor.ts';
import { createRdsExecutor } from '../../src/executors/rds/rdsExecutor.ts';
import { createCertificates } from '../lab/kubernetes/certificates.ts';
import type { FaultProxy } from '../support/faultProxy.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { collectOutput } from '../unit/executors/collectOutput.ts';
import type { RanRds, SimulatedRds } from './rdsLab.ts';
import { fakeKeys, rdsPlan, runRds, startSimulatedRds } from './rdsLab.ts';

/** What becomes of a change between the executor and RDS. `lost` ones never reach RDS. */
type Mischief = 'none' | 'cut' | 'lost' | 'silence' | 'garbage' | '500' | '500-lost' | '429';

interface Meddler {
  readonly url: string;
  mischief: Mischief;
  /** Changes that the executor sent, whatever became of them. */
  readonly sent: string[];
  dispose(): Promise<void>;
}

/** Stands before RDS, lets reads through, and does its mischief to every failover and reboot. */
async function startMeddler(upstream: string): Promise<Meddler> {
  const sent: string[] = [];
  const forward = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) body += chunk;
    const action = new URLSearchParams(body).get('Action') ?? '';
    const what: Mischief = /^(?:Failover|Reboot)/.test(action) ? meddler.mischief : 'none';
    if (/^(?:Failover|Reboot)/.test(action)) sent.push(action);
    const arrives = !['lost', '500-lost', '429'].includes(what);
    const headers = { authorization: request.headers.authorization ?? '' };
    const answer = arrives ? await fetch(upstream, { method: 'POST', headers, body }) : undefined;
    const text = (await answer?.text()) ?? '';
    switch (what) {
      case 'none':
        return void response.writeHead(answer?.status ?? 200, { 'content-type': 'text/xml' }).end(text);
      case 'cut':
      case 'lost':
        return void request.socket.resetAndDestroy();
      case 'silence':
        return;
      case 'garbage':
        return void response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<html>welcome to the hotel');
      case '500':
      case '500-lost':
        return void response.writeHead(500, { 'content-type': 'text/plain' }).end('upstream broke');
      case '429':
        return void response
          .writeHead(429, { 'content-type': 'text/plain', 'retry-after': '1' })
          .end('slow down');
    }
  };
  const server: Server = createServer((request, response) => void forward(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const meddler: Meddler = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mischief: 'none',
    sent,
    async dispose() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return meddler;
}

const failover: RdsAction = {
  operation: 'failover-db-cluster',
  cluster: 'example-production',
  targetInstance: 'example-production-2',
};
const reboot: RdsAction = {
  operation: 'reboot-db-instance',
  instance: 'example-primary',
  forceFailover: true,
};
const look: RdsAction = { operation: 'describe-db-clusters', cluster: undefined, output: 'table' };

describe('rds executor on a bad day', function () {
  this.timeout(60_000);
  let rds: SimulatedRds;
  let meddler: Meddler;
  let proxy: FaultProxy;
  const executors: RdsExecutor[] = [];
  beforeEach(async () => {
    rds = await startSimulatedRds();
    meddler = await startMeddler(rds.url);
    proxy = await startFaultProxy(rds.url);
  });
  afterEach(async () => {
    for (const executor of executors.splice(0)) executor.dispose();
    await proxy.dispose();
    await meddler.dispose();
    await rds.dispose();
  });
  const executorAt = (endpoint: string): RdsExecutor => {
    const pace = { pollMs: 20, settleMs: 300, requestMs: 400 };
    const executor = createRdsExecutor({ env: {}, endpoint, credentials: fakeKeys, pace });
    executors.push(executor);
    return executor;
  };
  const change = (action: RdsAction, mischief: Mischief): Promise<RanRds> => {
    meddler.mischief = mischief;
    return runRds(executorAt(meddler.url), rdsPlan(action));
  };
  const writer = (): string | undefined => rds.databases.clusters.get('example-production')?.writer;

  for (const mischief of ['cut', 'silence', 'garbage', '500'] as const)
    it(`finds out by asking what became of a failover whose answer was lost (${mischief})`, async () => {
      const { outcome, said, output, changes } = await change(failover, mischief);
      assert.deepEqual(meddler.sent, ['FailoverDBCluster']);
      assert.match(output.stderr, /Whether AWS has accepted the failover is unknown; it is not sent again/);
      assert.match(output.stdout, /AWS did accept the failover of example-production\n/);
      assert.equal(outcome.kind, 'succeeded', said);
      assert.equal(writer(), 'example-production-2');
      assert.equal(changes.length, 1);
      assert.equal(changes[0]?.undo?.act.kind, 'rds');
    });

  for (const mischief of ['lost', '500-lost'] as const)
    it(`says after asking that a failover has not arrived (${mischief})`, async () => {
      const { outcome, said, changes } = await change(failover, mischief);
      assert.deepEqual(meddler.sent, ['FailoverDBCluster']);
      assert.equal(outcome.kind, 'failed');
      assert.match(
        said,
        /seems not to have arrived: example-production-1 still writes .*sent once and not again/,
      );
      assert.deepEqual(changes, []);
      assert.equal(rds.actions.includes('FailoverDBCluster'), false);
    });

  it('never repeats a change that AWS throttles', async () => {
    for (const action of [failover, reboot]) {
      const { outcome, said, changes } = await change(action, '429');
      assert.equal(outcome.kind === 'failed' && outcome.status, 429);
      assert.match(said, /throttling.*was not started and nothing was changed\.$/);
      assert.deepEqual(changes, []);
    }
    assert.deepEqual(meddler.sent, ['FailoverDBCluster', 'RebootDBInstance']);
    rds.databases.faults.push({
      action: 'FailoverDBCluster',
      code: 'Throttling',
      message: 'Rate exceeded',
      status: 400,
    });
    const { said } = await change(failover, 'none');
    assert.match(said, /throttling RDS requests in eu-central-1 \(Throttling: Rate exceeded\)/);
    assert.equal(meddler.sent.length, 3);
  });

  it('finds out by asking what became of a reboot too', async () => {
    const cut = await change(reboot, 'cut');
    assert.deepEqual(meddler.sent, ['RebootDBInstance']);
    assert.match(cut.output.stderr, /Whether AWS has accepted the reboot is unknown/);
    assert.equal(cut.outcome.kind, 'succeeded', cut.said);
    assert.equal(cut.changes.length, 1);
    const lost = await change({ ...reboot, instance: 'example-reports', forceFailover: false }, 'lost');
    assert.match(lost.said, /The reboot of example-reports seems not to have arrived/);
    assert.equal(meddler.sent.length, 2);
  });

  it('tells what RDS refuses, as it was before', async () => {
    const fault = (code: string, message: string, status = 400): void =>
      void rds.databases.faults.push({ action: 'FailoverDBCluster', code, message, status, times: 1 });
    fault('InvalidDBClusterStateFault', 'DBCluster example-production is not in available state.');
    const state = await change(failover, 'none');
    assert.match(
      state.said,
      /InvalidDBClusterStateFault: .* is not in available state\)\. The failover was not started/,
    );
    fault('AccessDenied', 'User is not authorized to perform: rds:FailoverDBCluster', 403);
    const denied = await change(failover, 'none');
    assert.match(
      denied.said,
      /AWS profile prod may not do this: User is not authorized to perform: rds:Failover/,
    );
    assert.equal(denied.outcome.kind === 'failed' && denied.outcome.status, 403);
    assert.equal(writer(), 'example-production-1');
    assert.equal(meddler.sent.length, 2);
  });

  it('does not call a failover done that RDS takes back', async () => {
    const cluster = rds.databases.clusters.get('example-production');
    const executor = executorAt(meddler.url);
    const output = collectOutput();
    rds.databases.speed = 0.001;
    const running = runRds(executor, rdsPlan(failover), undefined, output);
    await output.seen('AWS has accepted');
    rds.databases.due.splice(0);
    const message = 'Cluster failover failed, check the health of your cluster instances and try again.';
    const at = rds.databases.now;
    rds.databases.events.push({
      at,
      source: 'example-production',
      type: 'db-cluster',
      categories: [],
      message,
    });
    const { outcome, said } = await running;
    assert.equal(outcome.kind, 'failed');
    assert.match(said, /did not succeed: RDS says “Cluster failover failed/);
    assert.equal(cluster?.writer, 'example-production-1');
  });

  it('asks a throttled read three times and then says so', async () => {
    rds.databases.faults.push({ code: 'Throttling', message: 'Rate exceeded', status: 400 });
    const { said } = await runRds(executorAt(rds.url), rdsPlan(look));
    assert.match(said, /AWS is throttling RDS requests in eu-central-1/);
    assert.equal(rds.actions.length, 3);
    rds.databases.faults.splice(0, 1, {
      code: 'Throttling',
      message: 'Rate exceeded',
      status: 400,
      times: 1,
    });
    assert.equal((await runRds(executorAt(rds.url), rdsPlan(look))).outcome.kind, 'succeeded');
  });

  it('says what kept a read from being answered', async () => {
    const read = async (): Promise<string> => (await runRds(executorAt(proxy.url), rdsPlan(look))).said;
    proxy.fault = { kind: 'delay', ms: 30 };
    assert.match(await read(), /1 cluster/);
    proxy.fault = { kind: 'cut', afterBytes: 0 };
    assert.match(await read(), /connection to RDS in eu-central-1 ended before its answer/);
    proxy.fault = { kind: 'cut', afterBytes: 400 };
    assert.match(await read(), /RDS in eu-central-1/);
    proxy.fault = { kind: 'half-close' };
    assert.match(await read(), /connection to RDS in eu-central-1 ended before its answer/);
    proxy.fault = { kind: 'silence' };
    assert.match(await read(), /did not answer in time/);
    proxy.fault = { kind: 'answer', status: 500, body: 'upstream broke' };
    assert.match(await read(), /answered 500/);
    proxy.fault = { kind: 'answer', status: 403, body: '<html>blocked by the proxy</html>' };
    assert.match(await read(), /answered 403/);
    proxy.fault = { kind: 'answer', status: 200, body: '<html>log in to the hotel' };
    assert.match(await read(), /cannot be read/);
    const closed = createRdsExecutor({ env: {}, endpoint: 'http://127.0.0.1:1', credentials: fakeKeys });
    executors.push(closed);
    assert.match((await runRds(closed, rdsPlan(look))).said, /refused the connection: nothing listens there/);
    assert.match((await runRds(closed, rdsPlan(failover))).said, /Nothing was changed\.$/);
  });

  it('sends nothing to a server whose certificate it cannot trust', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rds-certificates-'));
    const { server: pair } = await createCertificates(folder, { name: 'nobody', group: 'nobody' });
    const pem = { cert: readFileSync(pair.certificate), key: readFileSync(pair.key) };
    let asked = 0;
    const server = createSecureServer(pem, () => (asked += 1));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    try {
      const executor = executorAt(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
      assert.match(
        (await runRds(executor, rdsPlan(look))).said,
        /No trusted connection to RDS in eu-central-1/,
      );
      assert.match((await runRds(executor, rdsPlan(failover))).said, /Nothing was changed\.$/);
      assert.equal(asked, 0);
    } finally {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('goes on watching through a bad moment', async () => {
    rds.databases.speed = 30;
    const executor = executorAt(proxy.url);
    const output = collectOutput();
    const running = runRds(executor, rdsPlan(failover), undefined, output);
    await output.seen('failing-over');
    proxy.fault = { kind: 'cut', afterBytes: 0 };
    await output.seen('Asking again.');
    proxy.fault = { kind: 'none' };
    const { outcome, said } = await running;
    assert.equal(outcome.kind, 'succeeded', said);
    assert.equal(rds.actions.filter((action) => action === 'FailoverDBCluster').length, 1);
  });

  it('fails over through a slow network', async () => {
    proxy.fault = { kind: 'delay', ms: 40 };
    const { outcome, said } = await runRds(executorAt(proxy.url), rdsPlan(failover));
    assert.equal(outcome.kind, 'succeeded', said);
    assert.equal(rds.actions.filter((action) => action === 'FailoverDBCluster').length, 1);
  });

  it('stops looking at once, even between two tries', async () => {
    rds.databases.faults.push({ code: 'Throttling', message: 'Rate exceeded', status: 400 });
    const stop = new AbortController();
    const looking = executorAt(rds.url).inspect(rdsPlan(failover), stop.signal);
    await untilTrue(() => rds.actions.length > 0);
    stop.abort();
    const looked = await looking;
    assert.equal(!looked.ok && looked.failure.code, 'cancelled');
  });

  it('stops watching at once, and says that the failover goes on', async () => {
    rds.databases.speed = 0.01;
    const stop = new AbortController();
    const output = collectOutput();
    const running = runRds(executorAt(rds.url), rdsPlan(failover), stop.signal, output);
    await output.seen('AWS has accepted');
    stop.abort();
    const { outcome, changes } = await running;
    assert.equal(outcome.kind, 'stopped');
    assert.match(output.stderr, /No longer watching\. The failover of example-production goes on at AWS/);
    assert.equal(changes.length, 1);
  });

  it('says when it was stopped before the answer came', async () => {
    meddler.mischief = 'silence';
    const stop = new AbortController();
    const output = collectOutput();
    const running = runRds(executorAt(meddler.url), rdsPlan(failover), stop.signal, output);
    await untilTrue(() => meddler.sent.length === 1);
    stop.abort();
    assert.equal((await running).outcome.kind, 'stopped');
    assert.match(
      output.stderr,
      /Stopped after the failover was sent and before AWS had answered: it may happen/,
    );
    assert.equal(meddler.sent.length, 1);
  });

  it('ends with its time, and says that the failover goes on', async () => {
    rds.databases.speed = 0.01;
    const { outcome, output } = await runRds(executorAt(rds.url), rdsPlan(failover, { timeoutMs: 300 }));
    assert.deepEqual(outcome, { kind: 'timed-out', afterMs: 300 });
    assert.match(output.stderr, /goes on at AWS/);
  });
});

/** Polls a fact that nothing announces. */
async function untilTrue(fact: () => boolean): Promise<void> {
  while (!fact()) await new Promise((resolve) => setImmediate(resolve));
}
