import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Simulator, SimulatorOptions } from '../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../src/simulator/simulator.ts';

let folder: string;
const started: Simulator[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incident-simulator-'));
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((simulator) => simulator.dispose()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const at = new Date('2026-11-23T10:00:00Z');
  const simulator = await startSimulator({
    kubeconfigFile: join(folder, 'kubeconfig'),
    now: () => at,
    tickEveryMs: 0,
    ...options,
  });
  started.push(simulator);
  return simulator;
}

const production = '/api/v1/namespaces/production';
const json = async (answer: Response): Promise<Record<string, unknown>> =>
  (await answer.json()) as Record<string, unknown>;

async function scale({ url }: Simulator, replicas: number): Promise<void> {
  const path = '/apis/apps/v1/namespaces/production/deployments/payment-service/scale';
  const headers = { 'content-type': 'application/merge-patch+json' };
  const answer = await fetch(`${url}${path}`, {
    method: 'PATCH',
    headers,
    body: JSON.stringify({ spec: { replicas } }),
  });
  assert.equal(answer.status, 200);
}

describe('a simulator', () => {
  it('writes a kubeconfig only its owner may read, with its context', async () => {
    const { kubeconfigFile, url } = await start();
    const text = await readFile(kubeconfigFile, 'utf8');
    assert.match(text, /current-context: "simulated-production"/);
    assert.ok(text.includes(url));
    if (process.platform !== 'win32') assert.equal((await stat(kubeconfigFile)).mode & 0o777, 0o600);
  });

  it('never replaces a kubeconfig of someone else, and ends what it had begun', async () => {
    const mine = join(folder, 'mine');
    await writeFile(mine, 'apiVersion: v1\n');
    await assert.rejects(
      start({ kubeconfigFile: mine }),
      /was not written by the simulator, so it was left as it is/,
    );
    assert.equal(await readFile(mine, 'utf8'), 'apiVersion: v1\n');
  });

  it('replaces its own kubeconfig at the next start', async () => {
    await start();
    const { url } = await start();
    assert.ok((await readFile(join(folder, 'kubeconfig'), 'utf8')).includes(url));
  });

  it('answers 503 at the ingress until enough pods are ready, and only for what depends on them', async () => {
    const simulator = await start();
    const status = async (path: string, host?: string): Promise<number> => {
      // fetch does not let a Host header through.
      const asked = request(`${simulator.services}${path}`, {
        headers: host === undefined ? {} : { host },
      }).end();
      const [response] = (await once(asked, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode ?? 0;
    };
    assert.equal(await status('/payment-service/health'), 503);
    assert.equal(await status('/checkout/health'), 200);
    assert.equal(await status('/nothing/health'), 404);
    assert.equal(await status('/pay/now', 'shop.example.com'), 503);
    assert.equal(await status('/products', 'shop.example.com'), 200);
    assert.equal(await status('/anything', 'pay.example.com'), 503);
    await scale(simulator, 5);
    simulator.advance(60_000);
    assert.equal(await status('/payment-service/health'), 503);
    await scale(simulator, 10);
    simulator.advance(60_000);
    assert.equal(await status('/payment-service/health'), 200);
    assert.equal(await status('/pay/now', 'shop.example.com'), 200);
  });

  it('keeps a log of what it was asked', async () => {
    const simulator = await start();
    await fetch(`${simulator.url}${production}/pods?limit=1`);
    assert.deepEqual(simulator.requests, [
      { method: 'GET', path: `${production}/pods?limit=1`, at: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  it('answers nonsense with a Status and stays alive', async () => {
    const { url } = await start();
    const deployment = `${url}/apis/apps/v1/namespaces/production/deployments/catalog`;
    const patch = (type: string, body: string): Promise<Response> =>
      fetch(deployment, { method: 'PATCH', headers: { 'content-type': type }, body });
    const cases: readonly [Promise<Response>, number, string][] = [
      [fetch(`${url}${production}/pods/nothing`), 404, 'NotFound'],
      [fetch(`${url}${production}/pods?labelSelector=a%20b`), 400, 'BadRequest'],
      [fetch(`${url}${production}/pods?fieldSelector=spec.x%3D1`), 400, 'BadRequest'],
      [fetch(`${url}${production}/pods/postgres-0/log?tailLines=many`), 400, 'BadRequest'],
      [fetch(`${url}${production}/pods`, { method: 'POST', body: '{}' }), 405, 'MethodNotAllowed'],
      [fetch(`${url}${production}/pods`, { method: 'DELETE' }), 405, 'MethodNotAllowed'],
      [fetch(deployment, { method: 'PUT', body: 'no json' }), 400, 'BadRequest'],
      [fetch(deployment, { method: 'PUT', body: '{"metadata":{"name":"other"}}' }), 400, 'BadRequest'],
      [patch('application/merge-patch+json', '[1]'), 400, 'BadRequest'],
      [patch('application/json-patch+json', '{}'), 400, 'BadRequest'],
      [patch('text/plain', '{}'), 415, 'UnsupportedMediaType'],
      [patch('application/merge-patch+json', '{"spec":{"replicas":-1}}'), 422, 'Invalid'],
      [patch('application/merge-patch+json', '{"spec":null}'), 422, 'Invalid'],
      [
        patch('application/merge-patch+json', '{"spec":{"template":{"spec":{"containers":7}}}}'),
        422,
        'Invalid',
      ],
      [
        patch('application/merge-patch+json', '{"spec":{"selector":{"matchLabels":{"a":"b"}}}}'),
        422,
        'Invalid',
      ],
      [fetch(`${deployment}?dryRun=Some`, { method: 'DELETE' }), 400, 'BadRequest'],
    ];
    for (const [asked, code, reason] of cases) {
      const answer = await asked;
      const status = await json(answer);
      assert.deepEqual(
        [answer.status, status['reason'], status['kind'], status['code']],
        [code, reason, 'Status', code],
      );
    }
    const replicas = await json(await patch('application/merge-patch+json', '{"spec":{"replicas":-1}}'));
    assert.equal(
      replicas['message'],
      'Deployment.apps "catalog" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    );
    assert.equal((await fetch(`${url}/apis/nothing/v1/things`)).status, 404);
    assert.equal((await fetch(`${url}${production}/pods`)).status, 200);
  });

  it('tells a watcher what it missed, what leaves its selection, and that a version is too old', async () => {
    const simulator = await start();
    const list = await json(await fetch(`${simulator.url}${production}/pods`));
    const { resourceVersion } = list['metadata'] as { resourceVersion: string };
    const pods = `${simulator.url}${production}/pods`;
    await fetch(`${pods}/postgres-0`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: '{"metadata":{"labels":{"app":"moved"}}}',
    });
    const query = new URLSearchParams({
      watch: 'true',
      resourceVersion,
      labelSelector: 'app=postgres',
      timeoutSeconds: '1',
    });
    const events = (await (await fetch(`${pods}?${query.toString()}`)).text()).trimEnd().split('\n');
    const first = JSON.parse(events[0] ?? '') as { type: string; object: { metadata: { name: string } } };
    assert.deepEqual([first.type, first.object.metadata.name], ['DELETED', 'postgres-0']);
    for (let i = 0; i < 40; i += 1) simulator.advance(60_000);
    const late = await fetch(`${pods}?watch=true&resourceVersion=${resourceVersion}&timeoutSeconds=1`);
    const gone = JSON.parse((await late.text()).split('\n')[0] ?? '') as {
      type: string;
      object: { code: number };
    };
    assert.deepEqual([gone.type, gone.object.code], ['ERROR', 410]);
  }).timeout(30_000);

  it('ends with its signal, streams and all', async () => {
    const ending = new AbortController();
    const simulator = await start({ signal: ending.signal });
    const watch = await fetch(`${simulator.url}${production}/pods?watch=true`);
    const text = watch.text().catch(() => 'cut');
    ending.abort();
    await text;
    await simulator.dispose();
    await assert.rejects(fetch(`${simulator.url}/version`));
    await assert.rejects(start({ signal: AbortSignal.abort() }));
  });
});

describe('the standalone simulator', function () {
  this.timeout(30_000);
  const run = (...args: string[]) =>
    spawn(process.execPath, [resolve('src/simulator/main.ts'), ...args], { stdio: ['pipe', 'pipe', 'pipe'] });

  it('tells where it is in one line, and ends cleanly when its stdin closes', async () => {
    const kubeconfig = join(folder, 'kubeconfig');
    const child = run('--kubeconfig', kubeconfig, '--scenario', 'healthy', '--until-stdin-closes');
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const where = JSON.parse(line.toString()) as {
      url: string;
      kubeconfig: string;
      services: string;
      outside: { slack: { url: string; token: string } };
    };
    assert.equal(where.kubeconfig, kubeconfig);
    assert.equal((await fetch(`${where.url}/version`)).status, 200);
    assert.equal((await fetch(`${where.services}/payment-service/health`)).status, 200);
    assert.equal((await fetch(`${where.outside.slack.url}/api/auth.test`)).status, 200);
    child.stdin.end();
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('ends cleanly on SIGTERM', async () => {
    const child = run('--kubeconfig', join(folder, 'kubeconfig'));
    await once(child.stdout, 'data');
    child.stdin.end();
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), process.platform === 'win32' ? [null, 'SIGTERM'] : [0, null]);
  });

  it('says what is wrong with its arguments', async () => {
    for (const [args, words] of [
      [[], /--kubeconfig is missing/],
      [['--kubeconfig', 'x', '--scenario', 'nothing'], /There is no scenario "nothing"/],
      [['--kubeconfig', 'x', '--port', 'many'], /--port needs a number/],
      [['--unknown'], /Unknown option/],
    ] as const) {
      const child = run(...args);
      let stderr = '';
      child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
      const [code] = (await once(child, 'close')) as [number];
      assert.equal(code, 2);
      assert.match(stderr, words);
    }
  });
});
