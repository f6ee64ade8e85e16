import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../../../../src/simulator/simulator.ts';
import { startSimulator } from '../../../../../src/simulator/simulator.ts';

describe('the simulated Argo CD', () => {
  let folder: string;
  let simulator: Simulator;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'simulated-argocd-'));
    simulator = await startSimulator({
      kubeconfigFile: join(folder, 'kubeconfig'),
      scenario: 'healthy',
      tickEveryMs: 0,
    });
  });
  afterEach(async () => {
    await simulator.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${simulator.argoCd.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${simulator.argoCd.tokens.responder}`,
        ...(method === 'GET' ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text.startsWith('{') ? (JSON.parse(text) as Answer) : { message: text },
    };
  }
  interface Answer {
    readonly message?: string;
    readonly code?: number;
    readonly operation?: object;
    readonly status?: { readonly history: readonly { id: number; revision: string }[] };
  }
  const app = (name: string) => ask('GET', `applications/${name}`);

  // Each as the server of Argo CD 3.2 answers it.
  const refusals: readonly (readonly [string, () => ReturnType<typeof ask>, number, number, string])[] = [
    [
      'no token',
      () => ask('GET', 'applications', undefined, { authorization: '' }),
      401,
      16,
      'no session information',
    ],
    ['an unknown app', () => app('nope'), 403, 7, 'permission denied'],
    [
      'a change by a reader',
      () =>
        ask(
          'POST',
          'applications/search/sync',
          {},
          { authorization: `Bearer ${simulator.argoCd.tokens.reader}` },
        ),
      403,
      7,
      'permission denied',
    ],
    [
      'a rollback with auto-sync on',
      () => ask('POST', 'applications/search/rollback', { id: 4 }),
      400,
      9,
      'rollback cannot be initiated when auto-sync is enabled',
    ],
    [
      'an unknown id',
      () => ask('POST', 'applications/payment-service/rollback', { id: 99 }),
      400,
      3,
      'application argocd/payment-service does not have deployment with id 99',
    ],
    [
      'a sync to another revision with auto-sync on',
      () => ask('POST', 'applications/search/sync', { revision: 'v1' }),
      400,
      9,
      'Cannot sync to v1: auto-sync currently set to main',
    ],
  ];
  for (const [what, send, status, code, message] of refusals)
    it(`refuses ${what}`, async () => {
      const answer = await send();
      assert.equal(answer.status, status);
      assert.equal(answer.body.message, message);
      assert.equal(answer.body.code, code);
    });

  it('takes changes as JSON alone', async () => {
    const answer = await ask('POST', 'applications/search/sync', {}, { 'content-type': 'text/plain' });
    assert.deepEqual(answer, { status: 415, body: { message: 'Invalid content type\n' } });
  });

  it('starts one operation at a time, and its end is a new deployment of the old revision', async () => {
    const { body: before } = await app('payment-service');
    const started = await ask('POST', 'applications/payment-service/rollback', { id: 5 });
    assert.ok(started.body.operation);
    const second = await ask('POST', 'applications/payment-service/rollback', { id: 4 });
    assert.equal(second.body.message, 'another operation is already in progress');
    simulator.advance(60_000);
    const { body: after } = await app('payment-service');
    assert.equal(after.operation, undefined);
    assert.equal(after.status?.history.length, (before.status?.history.length ?? 0) + 1);
    assert.equal(
      after.status?.history.at(-1)?.revision,
      before.status?.history.find(({ id }) => id === 5)?.revision,
    );
    const kubernetes = await fetch(
      `${simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`,
    );
    assert.match(await kubernetes.text(), /registry\.example\.com\/payment-service:2\.40\.2/);
  });

  it('puts a scale by hand back where it heals itself, and the policy where somebody owns it', async () => {
    const deployment = `${simulator.url}/apis/apps/v1/namespaces/production/deployments/search`;
    await fetch(deployment, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: 5 } }),
    });
    simulator.advance(60_000);
    const scaled = (await (await fetch(deployment)).json()) as { spec: { replicas: number } };
    assert.equal(scaled.spec.replicas, 1);

    for (const name of ['catalog', 'notifications']) {
      const patch = JSON.stringify({ spec: { syncPolicy: { automated: null } } });
      assert.equal((await ask('PATCH', `applications/${name}`, { patchType: 'merge', patch })).status, 200);
      simulator.advance(1000);
      const { body } = await app(name);
      assert.deepEqual(
        (body as { spec?: { syncPolicy?: object } }).spec?.syncPolicy,
        { automated: {} },
        name,
      );
    }
  });
});
