import assert from 'node:assert/strict';
import {
  createClusterReader,
  loadKubeconfig,
} from '../../../../src/executors/kubernetes/kubernetesExecutor.ts';
import { untilDone } from '../collectOutput.ts';
import { useFakeCluster } from './fakeCluster.ts';
import {
  get,
  kubernetesPlan,
  patch,
  podList,
  rollout,
  scale,
  status,
  writeKubeconfig,
} from './kubernetesFixtures.ts';

const grep = (pattern: string) =>
  ({
    name: 'grep',
    pattern,
    ignoreCase: false,
    invert: false,
    extended: false,
    fixed: false,
    count: false,
  }) as const;

describe('kubernetes executor', () => {
  const cluster = useFakeCluster();

  it('sends nothing without a pinned context, or when the context names another server', async () => {
    for (const target of [{}, { context: 'gone' }, { context: 'prod', server: 'https://pinned-elsewhere' }]) {
      const { outcome, output } = await cluster.run(scale('pay', 10), { target });
      assert.ok(outcome.kind === 'failed');
      assert.match(outcome.message, /Nothing was sent/);
      assert.equal(output.stderr, `${outcome.message}\n`);
      assert.equal(
        (await cluster.executor.inspect(kubernetesPlan(scale('pay', 10), { target }), untilDone())).ok,
        false,
      );
    }
    assert.deepEqual(cluster.api.requests, []);
  });

  it('runs nothing once stopped, and ends by the plan’s timeout', async () => {
    assert.equal((await cluster.run(get(['pods']), {}, AbortSignal.abort())).outcome.kind, 'stopped');
    assert.deepEqual(cluster.api.requests, []);
    cluster.api.answer = () => undefined;
    assert.deepEqual((await cluster.run(get(['pods']), { timeoutMs: 50 })).outcome, {
      kind: 'timed-out',
      afterMs: 50,
    });
  });

  it('says that a change may have been applied when it was stopped on its way', async () => {
    const stop = new AbortController();
    cluster.api.answer = (_path, { method }) =>
      method === 'GET'
        ? { kind: 'Scale', metadata: { name: 'pay' }, spec: { replicas: 3 } }
        : void stop.abort();
    const { outcome, output } = await cluster.run(scale('pay', 10), {}, stop.signal);
    assert.deepEqual(outcome, { kind: 'stopped' });
    assert.match(output.stderr, /may have been applied/);
  });

  it('shows name and age when a server makes no tables', async () => {
    cluster.api.answer = () => podList('pay-1', 'payment-2');
    const { output } = await cluster.run(get(['pods']));
    assert.match(output.stdout, /^NAME {8}AGE\npay-1 {7}<unknown>\npayment-2 {3}<unknown>\n$/);
  });

  it('prints a table with cells cut at a line break and control characters made visible', async () => {
    cluster.api.answer = () => ({
      kind: 'Table',
      columnDefinitions: [
        { name: 'Name' },
        { name: 'Ready', priority: 0 },
        { name: 'Node', priority: 1 },
        { name: 'Note' },
      ],
      rows: [{ cells: ['größe', true, 'n1', 'first\nsecond'] }, { cells: ['b\u001b[31m', 3, 'n2', null] }],
    });
    assert.equal(
      (await cluster.run(get(['pods']))).output.stdout,
      'NAME      READY   NOTE\ngröße     true    first...\nb^[[31m   3       \n',
    );
    assert.match(
      (await cluster.run(get(['pods'], { output: 'wide', noHeaders: true }))).output.stdout,
      /^größe {5}true {3}n1 {4}first/,
    );
  });

  it('reads long lists page by page', async () => {
    cluster.api.answer = (path) => {
      const page = new URL(path, cluster.api.url).searchParams.get('continue');
      return {
        kind: 'Table',
        metadata: page ? {} : { continue: 'next' },
        columnDefinitions: [{ name: 'Name' }],
        rows: [{ cells: [page ?? 'first'] }],
      };
    };
    assert.equal((await cluster.run(get(['pods']))).output.stdout, 'NAME\nfirst\nnext\n');
  });

  it('shows the kinds it could read beside the one it may not', async () => {
    cluster.api.answer = (path) =>
      path.includes('/secrets') ? status(403, 'Forbidden', 'secrets is forbidden') : podList('pay-1');
    const { outcome, output } = await cluster.run(get(['pods', 'secrets']));
    assert.match(output.stdout, /pay-1/);
    assert.equal(output.stderr, 'Error from server (Forbidden): secrets is forbidden\n');
    assert.deepEqual([outcome.kind, outcome.kind === 'failed' && outcome.status], ['failed', 403]);
  });

  it('says no-match when grep finds nothing', async () => {
    cluster.api.answer = () => podList('pay-1');
    assert.deepEqual((await cluster.run(get(['pods']), { filters: [grep('checkout')] })).outcome, {
      kind: 'no-match',
    });
  });

  describe('finding kinds', () => {
    const widgets = {
      name: 'widgets',
      singularName: 'widget',
      namespaced: true,
      kind: 'Widget',
      verbs: ['get', 'list'],
      shortNames: ['wg'],
    };
    it('asks the server for what it does not know, and survives a group that is down', async () => {
      cluster.api.answer = (path) => {
        if (path === '/api') return { kind: 'APIVersions', versions: ['v1'] };
        if (path === '/apis') {
          const versions = (name: string) => ({
            name,
            versions: [{ version: 'v1' }],
            preferredVersion: { version: 'v1' },
          });
          return { kind: 'APIGroupList', groups: [versions('metrics.k8s.io'), versions('example.com')] };
        }
        if (path === '/api/v1') return { groupVersion: 'v1', resources: [] };
        if (path === '/apis/example.com/v1') return { groupVersion: 'example.com/v1', resources: [widgets] };
        if (path.startsWith('/apis/example.com/v1/namespaces/production/widgets')) return podList('w1');
        return status(503, 'ServiceUnavailable', 'down');
      };
      for (const typed of ['wg', 'Widget', 'widgets.example.com', 'widgets.v1.example.com']) {
        assert.match((await cluster.run(get([typed]))).output.stdout, /w1/, typed);
      }
      assert.equal(cluster.paths().filter((path) => path === 'GET /apis').length, 1, 'discovery is kept');
      const { output } = await cluster.run(get(['gadgets']));
      assert.equal(output.stderr, `error: the server doesn't have a resource type "gadgets"\n`);
    });

    it('takes aggregated discovery in two requests', async () => {
      const aggregated = (group: string, resources: unknown[]) => ({
        kind: 'APIGroupDiscoveryList',
        items: [{ metadata: { name: group }, versions: [{ version: 'v2', resources }] }],
      });
      cluster.api.answer = (path) => {
        if (path === '/api') return aggregated('', []);
        const resource = {
          resource: 'widgets',
          responseKind: { kind: 'Widget' },
          scope: 'Namespaced',
          singularResource: 'widget',
          verbs: ['get'],
          shortNames: ['wg'],
        };
        if (path === '/apis') return aggregated('example.com', [resource]);
        return podList('w1');
      };
      assert.match((await cluster.run(get(['wg']))).output.stdout, /w1/);
      assert.deepEqual(
        cluster
          .paths()
          .slice(2)
          .map((path) => path.split('?')[0]),
        ['GET /apis/example.com/v2/namespaces/production/widgets'],
      );
    });
  });

  it('sends nothing for a patch that is not one', async () => {
    for (const [text, patchType] of [
      ['...', 'strategic'],
      ['[1]', 'merge'],
      ['{}', 'json'],
      ['{unclosed', 'merge'],
    ] as const) {
      const { outcome } = await cluster.run(patch('svc', 'web', text, { patchType }));
      assert.ok(outcome.kind === 'failed', text);
      assert.match(outcome.message, /unable to parse the patch.*Nothing was sent/);
    }
    assert.deepEqual(cluster.api.requests, []);
  });

  it('waits for a rollout through closed watches, and ends at the progress deadline', async () => {
    const deployment = (available: number, reason = 'ReplicaSetUpdated') => ({
      metadata: { name: 'pay', generation: 2, resourceVersion: '7' },
      spec: { replicas: 2 },
      status: {
        observedGeneration: 2,
        replicas: 2,
        updatedReplicas: 2,
        availableReplicas: available,
        conditions: [{ type: 'Progressing', status: 'False', reason }],
      },
    });
    let watches = 0;
    cluster.api.answer = (path, _request, response) => {
      if (!path.includes('watch=true')) return deployment(0);
      watches++;
      if (watches === 2)
        response.write(
          `${JSON.stringify({ type: 'MODIFIED', object: deployment(1) })}\n${JSON.stringify({ type: 'MODIFIED', object: deployment(1, 'ProgressDeadlineExceeded') })}\n`,
        );
      response.end();
      return undefined;
    };
    const { outcome, output } = await cluster.run(rollout('status', 'pay'));
    assert.equal(watches, 2);
    assert.equal(
      output.stdout,
      'Waiting for deployment "pay" rollout to finish: 0 of 2 updated replicas are available...\nWaiting for deployment "pay" rollout to finish: 1 of 2 updated replicas are available...\n',
    );
    assert.equal(
      outcome.kind === 'failed' && outcome.message,
      'error: deployment "pay" exceeded its progress deadline',
    );
  });

  it('reads names for pickers, and answers a dead cluster with a sentence', async () => {
    const path = writeKubeconfig(
      cluster.folder,
      [
        { name: 'prod', server: cluster.api.url, namespace: 'shop' },
        { name: 'dead', server: 'http://127.0.0.1:9' },
      ],
      'prod',
      'two',
    );
    const reader = createClusterReader({ loadKubeconfig: () => loadKubeconfig({ paths: [path] }) });
    cluster.api.answer = (url) =>
      url.includes('/services') ? podList('web', 'pay') : podList('pay', 'checkout');
    const known = reader.listContexts();
    assert.ok(known.ok);
    assert.deepEqual(
      [known.value.currentContext, known.value.contexts.map((context) => context.name)],
      ['prod', ['prod', 'dead']],
    );
    assert.deepEqual(await reader.listServices('prod', undefined, untilDone()), {
      ok: true,
      value: ['checkout', 'pay', 'web'],
    });
    assert.ok(cluster.api.requests.every((request) => request.path.includes('/namespaces/shop/')));
    const dead = await reader.listNamespaces('dead', untilDone());
    assert.ok(!dead.ok && dead.failure.code === 'unreachable');
    await reader.dispose();
  });
});
