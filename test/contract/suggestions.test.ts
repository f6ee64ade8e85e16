import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InputKind } from '../../src/core/guide/guideInput.ts';
import { fetchSuggestions } from '../../src/core/inputs/fetchSuggestions.ts';
import type { Target } from '../../src/core/plan/plan.ts';
import type { Executor } from '../../src/core/ports.ts';
import {
  createKubernetesExecutor,
  loadKubeconfig,
  createApplicationResources,
} from '../../src/executors/kubernetes/kubernetesExecutor.ts';
import { createArgoCdExecutor } from '../../src/executors/argocd/argoCdExecutor.ts';
import { createRdsExecutor } from '../../src/executors/rds/rdsExecutor.ts';
import { untilDone } from '../unit/executors/collectOutput.ts';
import type { KubernetesLab } from './kubernetesLab.ts';
import { context, createKubernetesLab } from './kubernetesLab.ts';
import { fakeKeys, startSimulatedRds, type SimulatedRds } from './rdsLab.ts';

const noFlags = () => Promise.resolve({ values: [], note: undefined });

describe('suggestions from the systems', () => {
  let lab: KubernetesLab;
  let rds: SimulatedRds;
  const closing: (() => Promise<void> | void)[] = [];
  let executors: Record<string, Executor>;
  before(async () => {
    lab = await createKubernetesLab();
    rds = await startSimulatedRds();
    const deps = { loadKubeconfig: () => loadKubeconfig({ paths: [lab.kubeconfig] }) };
    const kubernetes = createKubernetesExecutor(deps);
    const applications = createApplicationResources(deps);
    const databases = createRdsExecutor({
      env: {},
      credentials: fakeKeys,
      endpoint: rds.url,
    });
    closing.push(
      () => kubernetes.dispose(),
      () => applications.dispose(),
      () => databases.dispose(),
    );
    executors = {
      kubernetes: kubernetes as Executor,
      argocd: createArgoCdExecutor({ server: () => undefined, kubernetes: applications }) as Executor,
      rds: databases as Executor,
    };
  });
  after(async () => {
    for (const close of closing) await close();
    await rds.dispose();
    await lab.dispose();
  });

  const here = (): Target => ({
    context,
    server: lab.simulator.url,
    namespace: 'production',
    awsProfile: 'prod',
    awsRegion: rds.databases.region,
  });
  const ask = (kind: InputKind, more: { target?: Target; app?: string; signal?: AbortSignal } = {}) =>
    fetchSuggestions(
      { kind, name: kind },
      { target: more.target ?? here(), app: more.app },
      { executorFor: (plan) => Promise.resolve(executors[plan.kind]), listFlags: noFlags },
      more.signal ?? untilDone(),
    );

  it('are pods with how they are, troubled ones first', async () => {
    const { values, note } = await ask('pod');
    assert.equal(note, undefined);
    assert.ok(values.length > 3);
    assert.match(values[0]?.detail ?? '', /0\/1|restart/);
    assert.ok(values.every(({ detail }) => detail !== undefined));
  });

  for (const [kind, known] of [
    ['deployment', 'payment-service'],
    ['service', 'payment-service'],
    ['ingress', 'storefront'],
    ['namespace', 'production'],
    ['app', 'argocd/payment-service'],
    ['db-cluster', 'example-production'],
    ['db-instance', 'example-primary'],
  ] as const)
    it(`are what there is of a ${kind}`, async () => {
      const { values, note } = await ask(kind);
      assert.equal(note, undefined);
      assert.ok(
        values.some(({ value }) => value === known),
        `${known} in ${values.map(({ value }) => value).join(', ')}`,
      );
    });

  it('are the revisions of an app with when they were deployed', async () => {
    const { values } = await ask('revision', { app: 'payment-service' });
    assert.ok(values.length > 0);
    assert.match(values[0]?.value ?? '', /^\d+$/);
    assert.match(values[0]?.detail ?? '', /^deployed \d{4}-\d\d-\d\d \d\d:\d\d UTC/);
  });

  it('wait for the app before they are revisions, and take no command in its place', async () => {
    assert.match((await ask('revision')).note ?? '', /Set the app first/);
    assert.deepEqual((await ask('revision', { app: 'x; rm -rf /' })).values, []);
  });

  it('are none in an empty namespace, and that is said', async () => {
    const { values, note } = await ask('pod', { target: { ...here(), namespace: 'nowhere' } });
    assert.deepEqual(values, []);
    assert.match(note ?? '', /no pod to pick from/);
  });

  it('are none without a pinned target: nothing is asked', async () => {
    for (const kind of ['pod', 'namespace', 'app', 'revision', 'db-cluster'] as const)
      assert.deepEqual(await ask(kind, { target: {}, app: 'a' }), { values: [], note: undefined });
  });

  it('are none for kinds that no system lists', async () => {
    for (const kind of ['text', 'number', 'choice', 'duration', 'secret'] as const)
      assert.deepEqual(await ask(kind), { values: [], note: undefined });
  });

  it('say why where the pinned context is gone', async () => {
    const { values, note } = await ask('pod', { target: { ...here(), context: 'gone' } });
    assert.deepEqual(values, []);
    assert.match(note ?? '', /^Could not ask: .*gone/);
  });

  it('say that nobody answered when the page has closed', async () => {
    const closed = AbortSignal.abort();
    assert.deepEqual((await ask('pod', { signal: closed })).values, []);
    assert.match((await ask('app', { signal: closed })).note ?? '', /Nobody answered in time|Could not ask/);
  });

  /** Pods asked of a cluster that is something else: the address is all that a kubeconfig of its own names. */
  async function askElsewhere(server: string) {
    const file = join(lab.folder, 'elsewhere.json');
    await writeFile(
      file,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'c', cluster: { server } }],
        users: [{ name: 'u', user: {} }],
        contexts: [{ name: 'elsewhere', context: { cluster: 'c', user: 'u' } }],
      }),
    );
    const executor = createKubernetesExecutor({ loadKubeconfig: () => loadKubeconfig({ paths: [file] }) });
    try {
      return await fetchSuggestions(
        { kind: 'pod', name: 'pod' },
        { target: { context: 'elsewhere', namespace: 'production' }, app: undefined },
        { executorFor: () => Promise.resolve(executor as Executor), listFlags: noFlags },
        untilDone(),
      );
    } finally {
      await executor.dispose();
    }
  }

  it('say why where the cluster refuses, or cannot be reached', async () => {
    const refusing = createServer((_request, response) => {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          kind: 'Status',
          status: 'Failure',
          code: 403,
          reason: 'Forbidden',
          message: 'pods is forbidden',
        }),
      );
    });
    await once(refusing.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(refusing.address() as AddressInfo).port}`;
    const refused = await askElsewhere(url);
    assert.deepEqual(refused.values, []);
    assert.match(refused.note ?? '', /^Could not ask: .*forbidden/i);
    const closed = once(refusing, 'close');
    refusing.close();
    refusing.closeAllConnections();
    await closed;
    const unreachable = await askElsewhere(url);
    assert.deepEqual(unreachable.values, []);
    assert.match(unreachable.note ?? '', /^Could not ask: /);
  });
});
