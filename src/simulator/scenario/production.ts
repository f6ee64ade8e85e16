import type { Container, Node, Workload } from '../state/objects.ts';
import { timestamp } from '../state/objects.ts';
import { hex } from '../state/names.ts';
import type { Fresh } from '../state/store.ts';
import type { World } from '../state/world.ts';

/** One application of the simulated production, as its deployment and its service. */
export interface App {
  readonly name: string;
  readonly namespace: string;
  readonly replicas: number;
  readonly image: string;
  readonly port: number;
  readonly memory: string;
  readonly stateful?: boolean;
  /** A second container beside the first, by its name and image. */
  readonly sidecar?: { readonly name: string; readonly image: string };
  readonly environment?: Readonly<Record<string, string>>;
}

const registry = 'registry.example.com';
const app = (name: string, replicas: number, version: string, rest: Partial<App> = {}): App => ({
  name,
  namespace: 'production',
  replicas,
  image: `${registry}/${name}:${version}`,
  port: 8080,
  memory: '256Mi',
  ...rest,
});

/** The applications of the simulated production, in their usual size. */
export const apps: readonly App[] = [
  app('payment-service', 3, '2.41.0', { environment: { DATABASE_HOST: 'postgres', LOG_LEVEL: 'info' } }),
  app('checkout', 2, '5.12.3', { environment: { PAYMENT_URL: 'http://payment-service:8080' } }),
  app('catalog', 2, '3.8.1'),
  app('search', 1, '1.19.0', { memory: '512Mi' }),
  app('notifications', 1, '0.27.4', {
    sidecar: { name: 'mail-relay', image: `${registry}/mail-relay:1.4.0` },
  }),
  app('postgres', 1, '', { image: 'postgres:16.4', port: 5432, memory: '1Gi', stateful: true }),
  app('payment-service', 1, '2.42.0-rc.1', { namespace: 'staging' }),
  app('checkout', 1, '5.13.0-rc.2', { namespace: 'staging' }),
  app('coredns', 2, '', {
    namespace: 'kube-system',
    image: 'registry.k8s.io/coredns/coredns:v1.11.3',
    port: 53,
    memory: '170Mi',
  }),
];

const nodeNames = ['node-a', 'node-b', 'node-c'];

function createNode(world: World, name: string, index: number, nowMs: number): void {
  const capacity = { cpu: '4', memory: '8Gi', pods: '110' };
  const at = timestamp(nowMs);
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  });
  const status: Node['status'] = {
    capacity,
    allocatable: { ...capacity, memory: '7Gi' },
    addresses: [
      { type: 'InternalIP', address: `10.0.0.${11 + index}` },
      { type: 'Hostname', address: name },
    ],
    conditions: [
      condition(
        'MemoryPressure',
        'False',
        'KubeletHasSufficientMemory',
        'kubelet has sufficient memory available',
      ),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    nodeInfo: {
      architecture: 'amd64',
      bootID: hex(`boot/${name}`, 32),
      containerRuntimeVersion: 'containerd://1.7.24',
      kernelVersion: '6.1.0-28-amd64',
      kubeProxyVersion: 'v1.33.1',
      kubeletVersion: 'v1.33.1',
      machineID: hex(`machine/${name}`, 32),
      operatingSystem: 'linux',
      osImage: 'Debian GNU/Linux 12 (bookworm)',
      systemUUID: hex(`system/${name}`, 32),
    },
  };
  const labels = {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
  };
  const spec = { podCIDR: `10.244.${index + 1}.0/24`, podCIDRs: [`10.244.${index + 1}.0/24`] };
  world.store.create(
    'nodes',
    { apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec, status },
    nowMs,
  );
}

/** The pod template's containers of an application, with the API's defaults filled in. */
function containersOf({ name, image, port, memory, sidecar, environment }: App): Container[] {
  const settled = {
    imagePullPolicy: 'IfNotPresent',
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
  };
  const health = { path: '/health', port, scheme: 'HTTP' };
  const timing = { periodSeconds: 5, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };
  const first: Container = {
    name,
    image,
    ports: [{ containerPort: port, name: port === 8080 ? 'http' : name, protocol: 'TCP' }],
    ...(environment === undefined
      ? {}
      : { env: Object.entries(environment).map(([key, value]) => ({ name: key, value })) }),
    resources: { limits: { memory }, requests: { cpu: '100m', memory } },
    ...(port === 8080 ? { readinessProbe: { httpGet: health, ...timing } } : {}),
    ...settled,
  };
  const resources = { limits: { memory: '64Mi' }, requests: { memory: '64Mi' } };
  return sidecar === undefined ? [first] : [first, { ...sidecar, resources, ...settled }];
}

/** Makes the deployment (or stateful set) and the service of an application. */
export function createApp(world: World, of: App, nowMs: number): void {
  const { name, namespace, replicas, stateful, port } = of;
  const labels = { app: name };
  const workload = (kind: string): Fresh<Workload> => ({
    apiVersion: 'apps/v1',
    kind,
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { creationTimestamp: null, labels },
        spec: {
          containers: containersOf(of),
          restartPolicy: 'Always',
          terminationGracePeriodSeconds: 30,
          dnsPolicy: 'ClusterFirst',
          schedulerName: 'default-scheduler',
          securityContext: {},
        },
      },
      revisionHistoryLimit: 10,
    },
    metadata: { name, namespace, labels, generation: 1 },
    status: {},
  });
  if (stateful) {
    const set = workload('StatefulSet');
    set.spec['serviceName'] = name;
    set.spec['updateStrategy'] = { type: 'RollingUpdate', rollingUpdate: { partition: 0 } };
    world.store.create('statefulsets', set, nowMs);
  } else {
    const deployment = workload('Deployment');
    deployment.spec['strategy'] = {
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' },
    };
    deployment.spec['progressDeadlineSeconds'] = 600;
    world.store.create('deployments', deployment, nowMs);
  }
  const index = world.store.list('services').length;
  world.store.create(
    'services',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace, labels },
      spec: {
        type: 'ClusterIP',
        clusterIP: `10.96.${10 + index}.${20 + index}`,
        clusterIPs: [`10.96.${10 + index}.${20 + index}`],
        ipFamilies: ['IPv4'],
        ipFamilyPolicy: 'SingleStack',
        internalTrafficPolicy: 'Cluster',
        sessionAffinity: 'None',
        selector: labels,
        ports: [{ name: port === 8080 ? 'http' : name, port, targetPort: port, protocol: 'TCP' }],
      },
      status: { loadBalancer: {} },
    },
    nowMs,
  );
}

function createIngress(world: World, nowMs: number): void {
  const to = (path: string, name: string) => ({
    path,
    pathType: 'Prefix',
    backend: { service: { name, port: { number: 8080 } } },
  });
  world.store.create(
    'ingresses',
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'storefront', namespace: 'production', generation: 1, labels: { app: 'storefront' } },
      spec: {
        ingressClassName: 'nginx',
        rules: [
          {
            host: 'shop.example.com',
            http: {
              paths: [
                to('/pay', 'payment-service'),
                to('/checkout', 'checkout'),
                to('/search', 'search'),
                to('/', 'catalog'),
              ],
            },
          },
          { host: 'pay.example.com', http: { paths: [to('/', 'payment-service')] } },
        ],
      },
      status: { loadBalancer: { ingress: [{ ip: '203.0.113.10' }] } },
    },
    nowMs,
  );
}

/** The autoscaler of checkout: it has no measure to go by, so it leaves the number as it is. */
function createAutoscaler(world: World, nowMs: number): void {
  const cpu = { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } };
  world.store.create(
    'horizontalpodautoscalers',
    {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'checkout', namespace: 'production', labels: { app: 'checkout' } },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'checkout' },
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [{ type: 'Resource', resource: cpu }],
      },
      status: { currentMetrics: null, currentReplicas: 2, desiredReplicas: 0 },
    },
    nowMs,
  );
}

/** Fills an empty world with the nodes, namespaces, applications and the ingress of the simulated production. */
export function createProduction(world: World, nowMs: number): void {
  nodeNames.forEach((name, index) => createNode(world, name, index, nowMs));
  for (const name of ['argocd', 'default', 'kube-system', 'production', 'staging']) {
    const metadata = { name, labels: { 'kubernetes.io/metadata.name': name } };
    const status = { phase: 'Active' };
    const fresh = {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata,
      spec: { finalizers: ['kubernetes'] },
      status,
    };
    world.store.create('namespaces', fresh, nowMs);
    const trust = { name: 'kube-root-ca.crt', namespace: name };
    const data = { 'ca.crt': 'the simulated cluster speaks plain HTTP and has no certificate authority\n' };
    world.store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: trust, data }, nowMs);
  }
  const settings = { name: 'payment-service', namespace: 'production', labels: { app: 'payment-service' } };
  const data = { QUEUE_LIMIT: 'none', SHED_LOAD: 'false', PROVIDER_TIMEOUT: '10s' };
  world.store.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: settings, data }, nowMs);
  for (const each of apps) createApp(world, each, nowMs);
  createIngress(world, nowMs);
  createAutoscaler(world, nowMs);
}
