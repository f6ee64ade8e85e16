import { deployPreviousRelease, releasePayment } from '../../../src/simulator/scenario/releases.ts';
import { createStorefront } from '../../../src/simulator/scenario/storefront.ts';
import { createProduction } from '../../../src/simulator/scenario/production.ts';
import type { KubeObject, ResourceName } from '../../../src/simulator/state/objects.ts';
import { createWorld } from '../../../src/simulator/state/world.ts';
import { troubleLabel, type Trouble } from './troubleStages.ts';

const world = createWorld(createStorefront({ needed: () => 1 }), 0);
createProduction(world, 0);
deployPreviousRelease(world);

/** The simulator's own objects of a kind, so that one suite runs on both; without what a server adds. */
const simulated = (kind: ResourceName): object[] =>
  world.store.list(kind).map(({ metadata, status: _status, ...rest }: KubeObject & { status?: unknown }) => {
    const { name, namespace, labels, annotations } = metadata;
    return { ...rest, metadata: { name, namespace, labels, annotations } };
  });

/** Three nodes as the simulator's, at the address where kwok answers for all of them. */
export const nodes: readonly object[] = world.store
  .list('nodes')
  .map(({ metadata, spec, status, ...rest }) => {
    // Real nodes may take 250 pods: the benchmark's 500 fit beside the rest.
    const room = { pods: '250' };
    return {
      ...rest,
      spec,
      metadata: { name: metadata.name, labels: metadata.labels },
      status: {
        addresses: [
          { type: 'InternalIP', address: '127.0.0.1' },
          { type: 'Hostname', address: metadata.name },
        ],
        capacity: { ...status['capacity'], ...room },
        allocatable: { ...status['allocatable'], ...room },
        nodeInfo: status['nodeInfo'],
      },
    };
  });

export const namespaces: readonly object[] = ['production', 'staging', 'argocd', 'trouble'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name },
}));

/** What needs no node: settings, services, the ingress, the autoscaler and a kind of our own. */
export const definitions: readonly object[] = [
  ...simulated('configmaps').filter((one) => nameOf(one) !== 'kube-root-ca.crt'),
  ...simulated('services').map((one) => withoutAddress(one as { spec: Record<string, unknown> })),
  ...simulated('ingresses'),
  {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'checkout', namespace: 'production', labels: { app: 'checkout' } },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
      ],
    },
  },
  {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'releases.lab.incident' },
    spec: {
      group: 'lab.incident',
      scope: 'Namespaced',
      names: { kind: 'Release', plural: 'releases', singular: 'release', shortNames: ['rel'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  properties: { app: { type: 'string' }, version: { type: 'string' } },
                },
              },
            },
          },
          additionalPrinterColumns: [
            { name: 'App', type: 'string', jsonPath: '.spec.app' },
            { name: 'Version', type: 'string', jsonPath: '.spec.version' },
            { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
          ],
        },
      ],
    },
  },
];

/** Two objects of our own kind, once the server knows it. */
export const releases: readonly object[] = ['2.40.2', '2.41.0'].map((version) => ({
  apiVersion: 'lab.incident/v1',
  kind: 'Release',
  metadata: { name: `payment-service-${version.replaceAll('.', '-')}`, namespace: 'production' },
  spec: { app: 'payment-service', version },
}));

const workload = (
  kind: string,
  namespace: string,
  name: string,
  spec: { readonly [part: string]: unknown; readonly pod: object; readonly labels?: object },
) => {
  const { pod, labels, ...rest } = spec;
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace, labels: { app: name } },
    spec: {
      ...(kind === 'Job' ? {} : { selector: { matchLabels: { app: name } } }),
      ...rest,
      template: { metadata: { labels: { app: name, ...labels } }, spec: pod },
    },
  };
};

const failing = (name: string, trouble: Trouble | undefined, container: object = {}) =>
  workload('Deployment', 'trouble', name, {
    replicas: 1,
    labels: trouble === undefined ? {} : { [troubleLabel]: trouble },
    pod: { containers: [{ name, image: `registry.example.com/${name}:1.0.0`, ...container }] },
  });

/** What runs: the simulator's deployments and stateful set, a daemon set, a job, and `trouble` where pods fail. */
export const workloads: readonly object[] = [
  ...simulated('deployments'),
  ...simulated('statefulsets'),
  workload('DaemonSet', 'kube-system', 'log-agent', {
    pod: { containers: [{ name: 'log-agent', image: 'registry.example.com/log-agent:2.3.1' }] },
  }),
  workload('Job', 'staging', 'ledger-export', {
    pod: {
      restartPolicy: 'Never',
      containers: [{ name: 'ledger-export', image: 'registry.example.com/ledger-export:0.9.0' }],
    },
  }),
  failing('crashing', 'crash-loop'),
  failing('out-of-memory', 'out-of-memory'),
  failing('unpullable', 'unpullable'),
  failing('not-ready', 'not-ready'),
  failing('unschedulable', undefined, { resources: { requests: { memory: '64Gi' } } }),
];

/** The patch that takes payment-service from its first release to its present one. */
export const presentRelease = getPresentRelease();

function getPresentRelease(): object {
  releasePayment(world);
  const deployment = world.store.get('deployments', 'production', 'payment-service');
  const [container] = deployment?.spec.template.spec.containers ?? [];
  return {
    metadata: { annotations: deployment?.metadata.annotations },
    spec: { template: { spec: { containers: [{ name: container?.name, image: container?.image }] } } },
  };
}

function nameOf(object: object): string {
  return (object as { metadata: { name: string } }).metadata.name;
}

/** The server gives addresses from its own range. */
function withoutAddress<T extends { spec: Record<string, unknown> }>(service: T): T {
  const { clusterIP: _one, clusterIPs: _all, ...spec } = service.spec;
  return { ...service, spec };
}
