import assert from 'node:assert/strict';
import { collectOutput, untilDone } from '../collectOutput.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { exec, get, kubernetesPlan, patch, rollout, scale, status } from './kubernetesFixtures.ts';

/** A server with one deployment `pay`, and whatever else a test gives it. */
describe('prechecks of a change', () => {
  const cluster = useFakeCluster();
  const kindsOf = (group: string, version: string, plural: string, kind: string) => ({
    [`/apis/${group}/${version}`]: {
      kind: 'APIResourceList',
      groupVersion: `${group}/${version}`,
      resources: [{ name: plural, singularName: '', namespaced: true, kind, verbs: ['get', 'list'] }],
    },
  });
  const groups = (...names: readonly (readonly [string, string])[]) => ({
    '/api': { kind: 'APIVersions', versions: ['v1'] },
    '/api/v1': { kind: 'APIResourceList', groupVersion: 'v1', resources: [] },
    '/apis': {
      kind: 'APIGroupList',
      groups: names.map(([name, version]) => ({ name, versions: [{ version }] })),
    },
  });
  const deployment = (metadata: object) => ({
    '/apis/apps/v1/namespaces/production/deployments/pay': {
      kind: 'Deployment',
      metadata: { name: 'pay', namespace: 'production', ...metadata },
      spec: { replicas: 3 },
    },
    '/apis/apps/v1/namespaces/production/deployments/pay/scale': {
      kind: 'Scale',
      metadata: { name: 'pay' },
      spec: { replicas: 3 },
    },
  });
  const serve = (answers: Readonly<Record<string, unknown>>): void => {
    cluster.api.answer = (path) =>
      answers[path.split('?')[0] ?? ''] ?? status(404, 'NotFound', `nothing at ${path}`);
  };
  const warningsOf = async (action: Parameters<typeof cluster.inspect>[0]): Promise<string> => {
    const seen = await cluster.inspect(action);
    assert.ok(seen.ok, seen.ok ? '' : seen.failure.message);
    return seen.value.warnings.join('\n');
  };

  it('names a KEDA ScaledObject, and not the autoscaler it has made', async () => {
    const target = { scaleTargetRef: { name: 'pay' } };
    serve({
      ...deployment({}),
      ...groups(['autoscaling', 'v2'], ['keda.sh', 'v1alpha1']),
      ...kindsOf('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler'),
      ...kindsOf('keda.sh', 'v1alpha1', 'scaledobjects', 'ScaledObject'),
      '/apis/autoscaling/v2/namespaces/production/horizontalpodautoscalers': {
        items: [
          {
            metadata: {
              name: 'keda-hpa-pay',
              ownerReferences: [{ kind: 'ScaledObject', name: 'pay', controller: true }],
            },
            spec: { maxReplicas: 9, scaleTargetRef: { kind: 'Deployment', name: 'pay' } },
          },
        ],
      },
      '/apis/keda.sh/v1alpha1/namespaces/production/scaledobjects': {
        items: [{ metadata: { name: 'pay' }, spec: { ...target, minReplicaCount: 1, maxReplicaCount: 9 } }],
      },
    });
    const warnings = await warningsOf(scale('pay', 10));
    assert.match(warnings, /^KEDA ScaledObject pay \(min 1, max 9\) scales deployment\/pay/);
    assert.doesNotMatch(warnings, /HorizontalPodAutoscaler/);
  });

  const application = (spec: object, resources: readonly object[] = []) => ({
    '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop': {
      metadata: { name: 'shop' },
      spec,
      status: { resources },
    },
  });
  const automated = (more: object = {}) => ({
    syncPolicy: { automated: { selfHeal: true, ...more } },
  });
  const tracked = deployment({
    annotations: { 'argocd.argoproj.io/tracking-id': 'shop:apps/Deployment:production/pay' },
  });

  it('says what self-heal does, and nothing where it is off or ignores the field', async () => {
    serve({ ...tracked, ...application(automated()) });
    assert.match(
      await warningsOf(scale('pay', 10)),
      /Argo CD app shop keeps deployment\/pay .*argocd app set shop/,
    );
    serve({ ...tracked, ...application(automated({ selfHeal: false })) });
    assert.match(await warningsOf(scale('pay', 10)), /its next sync may put this change back/);
    for (const spec of [
      {},
      automated({ enabled: false }),
      {
        ...automated(),
        ignoreDifferences: [{ group: 'apps', kind: 'Deployment', jsonPointers: ['/spec/replicas'] }],
      },
    ]) {
      serve({ ...tracked, ...application(spec) });
      assert.equal(await warningsOf(scale('pay', 10)), '');
    }
  });

  it('believes the common label only where the app says the object is its own', async () => {
    const labelled = deployment({ labels: { 'app.kubernetes.io/instance': 'shop' } });
    serve({ ...labelled, ...application(automated()) });
    assert.equal(await warningsOf(scale('pay', 10)), '');
    const own = { group: 'apps', kind: 'Deployment', namespace: 'production', name: 'pay' };
    serve({ ...labelled, ...application(automated(), [own]) });
    assert.match(await warningsOf(scale('pay', 10)), /Argo CD app shop keeps/);
    serve(labelled);
    assert.equal(await warningsOf(scale('pay', 10)), '');
  });

  it('says when Argo CD may not be asked, and when Flux keeps the object', async () => {
    serve({
      ...tracked,
      '/apis/argoproj.io/v1alpha1/namespaces/argocd/applications/shop': status(403, 'Forbidden', 'no'),
    });
    assert.match(await warningsOf(scale('pay', 10)), /part of app shop; whether .* could not be checked/);
    serve(deployment({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } }));
    assert.match(await warningsOf(scale('pay', 10)), /Flux keeps deployment\/pay.*flux suspend/);
  });

  it('refuses an undo of a paused deployment, and a restart', async () => {
    const [path = ''] = Object.keys(deployment({}));
    serve({
      '/apis/apps/v1/namespaces/production/replicasets': { items: [] },
      [path]: { metadata: { name: 'pay' }, spec: { paused: true } },
    });
    for (const sub of ['undo', 'restart'] as const) {
      const seen = await cluster.inspect(rollout(sub, 'pay'));
      assert.ok(seen.ok);
      assert.match(seen.value.refusal ?? '', /paused deployment/);
    }
  });
});

describe('permissions', () => {
  const cluster = useFakeCluster();
  const foresee = (action: Parameters<typeof kubernetesPlan>[0]) =>
    cluster.executor.foresee(kubernetesPlan(action), untilDone());
  const asked = () =>
    cluster.api.requests.map(({ body }) => {
      const { verb, resource, subresource, namespace } = (
        JSON.parse(body) as { spec: { resourceAttributes: Record<string, string> } }
      ).spec.resourceAttributes;
      return `${verb} ${resource}${subresource === undefined ? '' : `/${subresource}`} in ${namespace}`;
    });
  const review = (allowed: boolean) => ({ kind: 'SelfSubjectAccessReview', status: { allowed } });

  it('asks for the verb and subresource that the action needs, once a minute', async () => {
    cluster.api.answer = () => review(true);
    assert.deepEqual(await foresee(scale('pay', 3)), []);
    assert.deepEqual(asked().sort(), [
      'get deployments/scale in production',
      'patch deployments/scale in production',
      'update deployments/scale in production',
    ]);
    await foresee(scale('pay', 5));
    assert.equal(cluster.api.requests.length, 3);
    await foresee(exec('web-1', ['ls']));
    await foresee(get(['pods']));
    await foresee(patch('deploy', 'pay', '{}'));
    assert.deepEqual(asked().slice(3).sort(), [
      'create pods/exec in production',
      'get deployments in production',
      'get pods/exec in production',
      'list pods in production',
      'patch deployments in production',
    ]);
  });

  it('is content with one of two ways to scale', async () => {
    cluster.api.answer = (_path, _request) => {
      const last = cluster.api.requests.at(-1)?.body ?? '';
      return review(!last.includes('"patch"'));
    };
    assert.deepEqual(await foresee(scale('pay', 3)), []);
  });

  it('says nothing where the question is not answered, and asks again', async () => {
    cluster.api.answer = () => status(500, 'InternalError', 'no');
    assert.deepEqual(await foresee(get(['pods'])), []);
    cluster.api.answer = () => review(false);
    assert.match((await foresee(get(['pods']))).join(''), /^You may not list pods in production \(RBAC\)/);
  });

  it('hands on that the credentials are no good', async () => {
    cluster.api.answer = () => status(401, 'Unauthorized', 'Unauthorized');
    assert.match((await foresee(get(['pods']))).join(''), /did not accept your credentials/);
  });
});

describe('a Secret', () => {
  const cluster = useFakeCluster();
  const secret = (word: string, version: string) => ({
    kind: 'Secret',
    apiVersion: 'v1',
    metadata: {
      name: 'pay',
      resourceVersion: version,
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `applied ${word}` },
    },
    data: { word, other: 'same-word' },
  });

  it('is changed without its values being shown, told or kept', async () => {
    cluster.api.answer = (_path, { method }) =>
      method === 'PATCH' ? secret('second-word', '2') : secret('first-word', '1');
    const action = patch('secret', 'pay', '{"data":{"word":"second-word"}}');
    const seen = await cluster.inspect(action);
    assert.ok(seen.ok);
    const { changes, diff, warnings } = seen.value;
    assert.deepEqual(changes, [
      { object: 'secret/pay', field: 'data.word', before: '*** (before)', after: '*** (after)' },
    ]);
    assert.match(diff ?? '', /^-  word: '?\*\*\* \(before\)'?$/m);
    const made: unknown[] = [];
    const output = Object.assign(collectOutput(), { changed: (change: unknown) => void made.push(change) });
    await cluster.executor.run(kubernetesPlan(action), output, untilDone());
    assert.deepEqual(made, [{ changes: ['secret/pay data.word *** (before) → *** (after)'] }]);
    assert.doesNotMatch(JSON.stringify([changes, diff, warnings, made]) + output.stdout, /-word/);
  });
});
