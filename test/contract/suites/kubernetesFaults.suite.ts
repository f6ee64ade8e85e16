import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KubernetesAction } from '../../../src/core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesExecutor } from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
} from '../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createCertificates } from '../../lab/kubernetes/certificates.ts';
import type { Fault, FaultProxy, ProxyCertificate } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import { createTestCertificate } from '../../support/testCertificate.ts';
import { collectOutput, untilDone } from '../../unit/executors/collectOutput.ts';
import {
  exec,
  get,
  kubernetesPlan,
  logs,
  patch,
  scale,
  writeKubeconfig,
} from '../../unit/executors/kubernetes/kubernetesFixtures.ts';

/** A cluster with the simulator's `production`, to be met through a proxy that spoils what passes. */
export interface KubernetesFaultsSite {
  readonly server: string;
  /** PEM of who signed an `https:` server's certificate. */
  readonly authority: string | undefined;
  /** A kubeconfig's user entry: somebody who may do everything in `production`. */
  readonly user: Readonly<Record<string, unknown>>;
  dispose(): Promise<void>;
}

export interface KubernetesFaultsProduction {
  readonly title: string;
  /** `folder` is empty and removed afterwards. */
  start(folder: string): Promise<KubernetesFaultsSite>;
}

type Asked = Parameters<NonNullable<FaultProxy['only']>>[0];

const deployment = 'catalog';
const usual = 2;

const isChange = ({ method, path }: Asked): boolean =>
  ['PATCH', 'PUT', 'DELETE'].includes(method) && !path.includes('dryRun');
const isRead = ({ method, path }: Asked): boolean =>
  method === 'GET' && path.includes('/namespaces/production/');

/** Each class of verbs, with the requests that count for it. */
interface Class {
  readonly name: 'a read' | 'a stream' | 'a change' | 'a command';
  readonly action: (pod: string) => KubernetesAction;
  readonly strikes: (request: Asked) => boolean;
  /** Whether what was sent may have had an effect, so that the sentence must not say that nothing was changed. */
  readonly risky: boolean;
}

const isLog = ({ path }: Asked): boolean => path.includes('/log?');
const isExec = ({ path }: Asked): boolean => path.includes('/exec?');
const classes: readonly Class[] = [
  { name: 'a read', action: () => get(['pods']), strikes: isRead, risky: false },
  {
    name: 'a stream',
    action: (pod) => logs({ resource: pod, tailLines: 5 }),
    strikes: isLog,
    risky: false,
  },
  { name: 'a change', action: () => scale(deployment, usual + 1), strikes: isChange, risky: true },
  { name: 'a command', action: (pod) => exec(pod, ['echo', 'here']), strikes: isExec, risky: true },
];

const nothingLost = /Nothing was (changed|sent)|run this step again/;
const perhaps = /may have been applied|may still be running|may be running/;

/** What a person reads, and what a server sees, when the way between them is bad. Leaves the cluster as it was. */
export function describeKubernetesFaults(production: KubernetesFaultsProduction): void {
  describe(`kubernetes on a bad day against ${production.title}`, function () {
    this.timeout(60_000);
    let folder: string;
    let site: KubernetesFaultsSite;
    let shown: ProxyCertificate;
    let authority: string;
    let proxy: FaultProxy;
    let executor: KubernetesExecutor;
    let pod: string;
    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'kubernetes-faults-'));
      site = await production.start(join(folder, 'site'));
      const made = join(folder, 'certificates');
      mkdirSync(made);
      const { server, authority: own } = await createCertificates(made, { name: 'nobody', group: 'nobody' });
      shown = {
        certificate: readFileSync(server.certificate, 'utf8'),
        key: readFileSync(server.key, 'utf8'),
      };
      authority = own.certificate;
    });
    after(async () => {
      await site.dispose();
      rmSync(folder, { recursive: true, force: true });
    });
    beforeEach(async () => {
      proxy = await startFaultProxy(site.server, {
        certificate: shown,
        ...(site.authority === undefined ? {} : { authority: site.authority }),
      });
      const cluster = { 'certificate-authority': authority };
      const path = writeKubeconfig(folder, [{ name: 'prod', server: proxy.url, cluster, user: site.user }]);
      executor = createKubernetesExecutor({
        loadKubeconfig: () => loadKubeconfig({ paths: [path] }),
        timeoutMs: 1500,
      });
      const { output } = await run(get(['pods'], { selector: 'app=checkout', output: 'name' }));
      pod = output.stdout.split('\n')[0]?.replace('pod/', '') ?? '';
      assert.notEqual(pod, '', output.stderr);
    });
    afterEach(async () => {
      heal();
      const { outcome } = await run(scale(deployment, usual));
      await executor.dispose();
      await proxy.dispose();
      assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
    });

    const heal = (): void => {
      proxy.only = undefined;
      proxy.fault = { kind: 'none' };
    };
    async function run(action: KubernetesAction, signal = untilDone()) {
      const output = collectOutput();
      const outcome = await executor.run(kubernetesPlan(action), output, signal);
      return { outcome, output, message: outcome.kind === 'failed' ? outcome.message : '' };
    }
    async function replicas(): Promise<number> {
      const { output } = await run(get(['deployment'], { names: [deployment], output: 'json' }));
      return (JSON.parse(output.stdout) as { spec: { replicas: number } }).spec.replicas;
    }
    /** One run of a class with a fault on exactly its requests; what it asked is counted. */
    async function meet(one: Class, fault: Fault) {
      const before = proxy.requests.length;
      proxy.only = one.strikes;
      proxy.fault = fault;
      const ran = await run(one.action(pod));
      const sent = proxy.requests.slice(before).filter(one.strikes);
      heal();
      return { ...ran, sent, reached: sent.filter((request) => request.reached) };
    }

    const lost: Readonly<Record<string, Fault>> = {
      'is cut off before the answer': { kind: 'cut', afterBytes: 0 },
      'is cut off within the answer': { kind: 'cut', afterBytes: 40 },
      'is half closed': { kind: 'half-close' },
      'stays silent': { kind: 'silence' },
      'answers garbage': { kind: 'garbage', bytes: '\u0000\u0001 this is not HTTP\r\n\r\n' },
    };
    for (const one of classes) {
      for (const [how, fault] of Object.entries(lost)) {
        it(`${one.name} that ${how} ends in a clear sentence${one.risky ? ', and is sent once' : ''}`, async () => {
          const { outcome, message, sent, reached } = await meet(one, fault);
          assert.equal(outcome.kind, 'failed', JSON.stringify(outcome));
          assert.match(message, one.risky ? perhaps : nothingLost);
          assert.ok(message.includes(proxy.url) || message.includes(pod), message);
          if (one.risky) assert.deepEqual([sent.length, reached.length], [1, 1]);
          // A read over a connection that had died in the meantime is worth one more try.
          else assert.ok(reached.length >= 1 && reached.length <= 2, String(reached.length));
        });
      }

      it(`${one.name} works through a slow network`, async () => {
        const { outcome } = await meet(one, { kind: 'delay', ms: 20 });
        assert.equal(outcome.kind, 'succeeded', JSON.stringify(outcome));
      });

      it(`${one.name} tells what a broken server said, and is not tried again`, async () => {
        const body = 'etcdserver: leader changed';
        const { outcome, message, sent } = await meet(one, { kind: 'answer', status: 500, body });
        assert.match(message, /answered 500: etcdserver: leader changed/);
        assert.equal(outcome.kind === 'failed' && outcome.status, 500);
        assert.equal(sent.length, 1);
      });

      it(`${one.name} and a busy server`, async () => {
        const again = { 'retry-after': '0' };
        const busy = { kind: 'answer', status: 429, body: 'too many requests', headers: again } as const;
        const soon = await meet(one, { ...busy, times: 2 });
        if (one.risky) {
          assert.match(soon.message, /answered 429: too many requests/);
          assert.equal(soon.sent.length, 1, 'nothing but a read is tried again');
        } else {
          assert.equal(soon.outcome.kind, 'succeeded', JSON.stringify(soon.outcome));
          assert.deepEqual([soon.sent.length, soon.reached.length], [3, 1]);
        }
        const always = await meet(one, busy);
        assert.equal(always.sent.length, one.risky ? 1 : 3);
        assert.equal(always.outcome.kind === 'failed' && always.outcome.status, 429);
        const hours = { ...busy, status: 503, headers: { 'retry-after': '7200' } };
        const long = await meet(one, hours);
        assert.equal(long.sent.length, 1);
        if (one.name !== 'a command')
          assert.match(long.message, /The server is busy and asks to wait 7200 s; nothing was changed/);
      });

      it(`${one.name} is stopped while nobody answers`, async () => {
        const stop = new AbortController();
        proxy.only = one.strikes;
        proxy.fault = { kind: 'silence' };
        const asked = new Promise<void>((resolve) => {
          const wait = async (): Promise<void> => {
            const request = await proxy.nextRequest();
            if (one.strikes(request)) resolve();
            else await wait();
          };
          void wait();
        });
        const running = run(one.action(pod), stop.signal);
        await asked;
        stop.abort();
        const { outcome, output } = await running;
        assert.equal(outcome.kind, 'stopped');
        if (one.risky) assert.match(output.stderr, perhaps);
        heal();
      });

      it(`${one.name} meets a certificate for another name, and sends nothing`, async () => {
        const other = await createTestCertificate(folder, { names: ['shop.example.com'], authority });
        proxy.fault = { kind: 'certificate', shown: other };
        proxy.dropConnections();
        const before = proxy.requests.length;
        const { outcome, message } = await run(one.action(pod));
        assert.equal(outcome.kind, 'failed');
        assert.match(
          message,
          /certificate is for shop\.example\.com, not for 127\.0\.0\.1\. Nothing was changed/,
        );
        assert.equal(proxy.requests.length, before);
      });
    }

    it('a change that was lost is found to be made or not, and never made twice', async () => {
      const change = classes.find(({ name }) => name === 'a change')!;
      const { sent } = await meet(change, { kind: 'cut', afterBytes: 0 });
      assert.equal(sent.length, 1);
      assert.equal(await replicas(), usual + 1);
      const refused = await meet(change, { kind: 'answer', status: 503, body: 'not now' });
      assert.equal(refused.reached.length, 0);
    });

    it('a log that is followed, and a watch, tell or mend a connection that is lost', async () => {
      const stop = new AbortController();
      const output = collectOutput();
      const following = executor.run(
        kubernetesPlan(logs({ resource: pod, follow: true, tailLines: 1 })),
        output,
        stop.signal,
      );
      await output.seen('\n');
      proxy.dropConnections();
      const ended = await Promise.race([following, proxy.nextRequest('GET')]);
      stop.abort();
      const outcome = await following;
      if ('kind' in ended) assert.match(output.stderr + JSON.stringify(outcome), /cut off|was cut/);
      assert.notEqual(output.stdout, '', 'what was printed before is kept');

      const stopWatch = new AbortController();
      const rows = collectOutput();
      const watching = executor.run(
        kubernetesPlan(get(['deployments'], { watch: 'list' })),
        rows,
        stopWatch.signal,
      );
      await rows.seen(deployment);
      // The rows are there before the watch begins.
      while (!proxy.requests.some(({ path }) => path.includes('watch='))) await proxy.nextRequest('GET');
      const again = proxy.nextRequest('GET');
      proxy.dropConnections();
      await again;
      stopWatch.abort();
      assert.deepEqual(await watching, { kind: 'stopped' });
    });

    it('a look before a change says what it could not read', async () => {
      proxy.only = isRead;
      proxy.fault = { kind: 'answer', status: 500, body: 'etcdserver: request timed out' };
      const merge = { patchType: 'merge' } as const;
      for (const action of [
        scale(deployment, 5),
        patch('deployment', deployment, '{"spec":{"paused":true}}', merge),
      ]) {
        const seen = await executor.inspect(kubernetesPlan(action), untilDone());
        assert.ok(!seen.ok);
        assert.match(seen.failure.message, /etcdserver: request timed out/);
      }
      assert.deepEqual(
        proxy.requests.filter((request) => isChange(request)),
        [],
      );
    });

    it('nothing is said to be sent when nothing listens', async () => {
      const { url } = proxy;
      await proxy.dispose();
      for (const one of classes) {
        const { message } = await run(one.action(pod));
        assert.match(message, /refused the connection: nothing listens there\. Nothing was changed/);
        assert.ok(message.includes(url));
      }
      proxy = await startFaultProxy(site.server, {
        certificate: shown,
        ...(site.authority === undefined ? {} : { authority: site.authority }),
      });
      await executor.dispose();
      const cluster = { 'certificate-authority': authority };
      const path = writeKubeconfig(folder, [{ name: 'prod', server: proxy.url, cluster, user: site.user }]);
      executor = createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths: [path] }) });
    });
  });
}
