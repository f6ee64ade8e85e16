import assert from 'node:assert/strict';
import { textOfGuards } from '../../../../src/core/approvals/approval.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { exec, get, logs, patch, rollout, scale, status } from './kubernetesFixtures.ts';

describe('looking before a change', () => {
  const cluster = useFakeCluster();
  const replicas = (count: number) => ({
    kind: 'Scale',
    metadata: { name: 'pay' },
    spec: { replicas: count },
  });
  const autoscalers = {
    kind: 'APIResourceList',
    groupVersion: 'autoscaling/v2',
    resources: [
      {
        name: 'horizontalpodautoscalers',
        singularName: '',
        namespaced: true,
        kind: 'HorizontalPodAutoscaler',
        verbs: ['get', 'list'],
      },
    ],
  };
  const serve = (autoscaler: unknown) => (path: string) => {
    if (path === '/apis')
      return { kind: 'APIGroupList', groups: [{ name: 'autoscaling', versions: [{ version: 'v2' }] }] };
    if (path === '/apis/autoscaling/v2') return autoscalers;
    if (path.includes('horizontalpodautoscalers')) return autoscaler;
    if (path.endsWith('/scale')) return replicas(3);
    return { kind: 'APIResourceList', groupVersion: 'v1', resources: [] };
  };

  it('tells the replicas before and after, and an autoscaler that will undo it', async () => {
    const target = {
      metadata: { name: 'pay-hpa' },
      spec: { minReplicas: 2, maxReplicas: 6, scaleTargetRef: { kind: 'Deployment', name: 'pay' } },
    };
    cluster.api.answer = serve({
      items: [target, { ...target, spec: { scaleTargetRef: { kind: 'Deployment', name: 'other' } } }],
    });
    const found = await cluster.inspect(scale('pay', 10));
    assert.ok(found.ok);
    assert.deepEqual(found.value.changes, [
      { object: 'deployment/pay', field: 'spec.replicas', before: '3', after: '10' },
    ]);
    assert.equal(found.value.warnings.length, 1);
    assert.match(
      found.value.warnings[0] ?? '',
      /HorizontalPodAutoscaler pay-hpa \(min 2, max 6\) scales deployment\/pay/,
    );
    assert.ok(cluster.api.requests.every(({ method }) => method === 'GET'));
  });

  it('warns when nothing would change, and when autoscalers may not be read', async () => {
    cluster.api.answer = serve(status(403, 'Forbidden', 'horizontalpodautoscalers is forbidden'));
    const found = await cluster.inspect(scale('pay', 3));
    assert.ok(found.ok);
    assert.deepEqual(found.value.changes, []);
    assert.match(found.value.warnings.join('\n'), /could not be checked.*\n.*already has 3 replicas/);
  });

  it('fails when the object is not there', async () => {
    const found = await cluster.inspect(scale('pay', 3));
    assert.ok(!found.ok && found.failure.code === 'not-found');
  });

  it('lists what a patch would change by the server’s own dry run', async () => {
    const before = {
      metadata: { name: 'web', resourceVersion: '1' },
      spec: {
        rules: [
          { name: 'a', host: 'x' },
          { name: 'b', host: 'y' },
        ],
      },
    };
    cluster.api.answer = (_path, request) =>
      request.method === 'PATCH'
        ? {
            metadata: { name: 'web', resourceVersion: '2', annotations: { a: '1' } },
            spec: {
              rules: [
                { name: 'a', host: 'x' },
                { name: 'b', host: 'z' },
              ],
            },
          }
        : before;
    const found = await cluster.inspect(patch('svc', 'web', 'spec: {rules: []}'));
    assert.ok(found.ok);
    assert.deepEqual(found.value.changes, [
      { object: 'service/web', field: 'metadata.annotations', before: '(not set)', after: '{"a":"1"}' },
      { object: 'service/web', field: 'spec.rules[b].host', before: 'y', after: 'z' },
    ]);
    assert.ok(
      cluster
        .paths()
        .filter((path) => path.startsWith('PATCH'))
        .every((path) => path.endsWith('?dryRun=All')),
    );
  });

  it('gives an approval the same to hold on to while only the version moves on, and another for another value', async () => {
    let version = 0;
    let host = 'x';
    const object = (spec: object) => ({
      metadata: { name: 'web', resourceVersion: String((version += 1)), generation: version },
      spec,
      status: { seen: version },
    });
    cluster.api.answer = (_path, request) => object({ host: request.method === 'PATCH' ? 'z' : host });
    const look = async () => {
      const found = await cluster.inspect(patch('svc', 'web', 'spec: {host: z}'));
      assert.ok(found.ok && found.value.plan);
      return [found.value.plan.preview, textOfGuards(found.value.plan)];
    };
    const [command, guards] = await look();
    assert.deepEqual(await look(), [command, guards]);
    host = 'y';
    const [same, other] = await look();
    assert.equal(same, command);
    assert.notEqual(other, guards);
  });

  it('says nothing about reads and exec, and asks nothing', async () => {
    for (const action of [
      get(['pods']),
      logs({ resource: 'a' }),
      exec('a', ['ls']),
      rollout('status', 'pay'),
    ]) {
      assert.deepEqual(await cluster.inspect(action), { ok: true, value: { changes: [], warnings: [] } });
    }
    assert.deepEqual(cluster.api.requests, []);
  });
});
