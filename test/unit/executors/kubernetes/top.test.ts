import assert from 'node:assert/strict';
import type { KubernetesAction } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import { useFakeCluster } from './fakeCluster.ts';
import { podList, status } from './kubernetesFixtures.ts';

type Top = Extract<KubernetesAction, { verb: 'top' }>;
const top = (parts: Partial<Top>): Top => ({
  verb: 'top',
  what: 'pods',
  name: undefined,
  selector: undefined,
  allNamespaces: false,
  containers: false,
  sortBy: undefined,
  sum: false,
  noHeaders: false,
  ...parts,
});
const usage = (cpu: string, memory: string) => ({ usage: { cpu, memory } });
const pods = {
  kind: 'PodMetricsList',
  items: [
    {
      metadata: { name: 'web-2', namespace: 'production' },
      containers: [{ name: 'app', ...usage('250m', '128Mi') }],
    },
    {
      metadata: { name: 'web-1', namespace: 'production' },
      containers: [
        { name: 'proxy', ...usage('12345678n', '16Mi') },
        { name: 'app', ...usage('100m', '300000Ki') },
      ],
    },
  ],
};

describe('kubernetes top', () => {
  const cluster = useFakeCluster();
  const printed = async (parts: Partial<Top>): Promise<string[]> => {
    const { output } = await cluster.run(top(parts));
    return output.stdout.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
  };

  it('adds the containers of each pod, by name or greediest first', async () => {
    cluster.api.answer = () => pods;
    assert.deepEqual(await printed({}), [
      'NAME CPU(cores) MEMORY(bytes)',
      'web-1 113m 308Mi',
      'web-2 250m 128Mi',
      '',
    ]);
    assert.deepEqual((await printed({ sortBy: 'cpu', noHeaders: true })).slice(0, 1), ['web-2 250m 128Mi']);
    assert.deepEqual(cluster.paths()[0], 'GET /apis/metrics.k8s.io/v1beta1/namespaces/production/pods');
  });

  it('shows containers, namespaces and the sum', async () => {
    cluster.api.answer = () => pods;
    assert.deepEqual(await printed({ containers: true, allNamespaces: true, sum: true }), [
      'NAMESPACE POD NAME CPU(cores) MEMORY(bytes)',
      'production web-1 app 100m 292Mi',
      'production web-1 proxy 13m 16Mi',
      'production web-2 app 250m 128Mi',
      '________ ________',
      '363m 436Mi',
      '',
    ]);
  });

  it('shows the share of each node, and those without figures', async () => {
    cluster.api.answer = (path) =>
      path.includes('metrics')
        ? { items: [{ metadata: { name: 'node-a' }, ...usage('1', '2Gi') }] }
        : {
            items: ['node-b', 'node-a'].map((name) => ({
              metadata: { name },
              status: { allocatable: { cpu: '4', memory: '7Gi' } },
            })),
          };
    assert.deepEqual(await printed({ what: 'nodes' }), [
      'NAME CPU(cores) CPU(%) MEMORY(bytes) MEMORY(%)',
      'node-a 1000m 25% 2048Mi 28%',
      'node-b <unknown> <unknown> <unknown> <unknown>',
      '',
    ]);
  });

  it('says that there is no metrics API, and names a pod that has no figures', async () => {
    cluster.api.answer = () => status(404, 'NotFound', 'the server could not find the requested resource');
    const absent = await cluster.run(top({}));
    assert.match(absent.output.stderr, /^error: Metrics API not available\. .*dashboards/);
    assert.equal(absent.outcome.kind, 'failed');
    cluster.api.answer = () =>
      status(404, 'NotFound', 'podmetrics.metrics.k8s.io "production/web-9" not found');
    assert.match((await cluster.run(top({ name: 'web-9' }))).output.stderr, /web-9" not found/);
    cluster.api.answer = (path) => (path.includes('metrics') ? { items: [] } : podList('web-1'));
    assert.equal((await cluster.run(top({}))).output.stderr, 'error: metrics not available yet\n');
    cluster.api.answer = () => ({ items: [] });
    assert.equal((await cluster.run(top({}))).outcome.kind, 'succeeded');
  });
});
