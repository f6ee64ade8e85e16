import type { Condition, Kinds, Pod, ResourceName, Workload } from '../../state/objects.ts';
import { renderSince } from './humanDuration.ts';

export type Cell = string | number;

/** One column of a resource's table. Priority 1 is shown with `-o wide` only. */
export interface Column<T> {
  readonly name: string;
  readonly cell: (object: T, nowMs: number) => Cell;
  readonly type?: 'string' | 'integer';
  readonly priority?: 1;
}

type Columns = { readonly [R in ResourceName]: readonly Column<Kinds[R]>[] };

const none = '<none>';
const joined = (parts: readonly (string | undefined)[]): string =>
  parts.filter((part) => part !== undefined && part !== '').join(',') || none;

/** Long lists are cut after three, as the API server does. */
const firstThree = (parts: readonly string[]): string =>
  parts.length > 3 ? `${parts.slice(0, 3).join(',')} + ${parts.length - 3} more...` : joined(parts);

const name = { name: 'Name', cell: ({ metadata }: { metadata: { name: string } }) => metadata.name };
const age = {
  name: 'Age',
  cell: ({ metadata }: { metadata: { creationTimestamp: string } }, nowMs: number) =>
    renderSince(metadata.creationTimestamp, nowMs),
};

function podState(pod: Pod): string {
  let reason = pod.status.reason ?? pod.status.phase;
  for (const { state } of [...(pod.status.containerStatuses ?? [])].reverse()) {
    if (state.waiting !== undefined) reason = state.waiting.reason;
    else if (state.terminated !== undefined) reason = state.terminated.reason;
  }
  return pod.metadata.deletionTimestamp === undefined ? reason : 'Terminating';
}

function podReady({ spec, status }: Pod): string {
  const ready = (status.containerStatuses ?? []).filter(
    (one) => one.ready && one.state.running !== undefined,
  );
  return `${ready.length}/${spec.containers.length}`;
}

function podRestarts({ status }: Pod, nowMs: number): string {
  const statuses = status.containerStatuses ?? [];
  const restarts = statuses.reduce((sum, { restartCount }) => sum + restartCount, 0);
  const ends = statuses.flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []).sort();
  const last = ends.at(-1);
  return restarts === 0 || last === undefined
    ? String(restarts)
    : `${restarts} (${renderSince(last, nowMs)} ago)`;
}

const labelsText = (labels: Record<string, string> | undefined): string =>
  joined(Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`));

const templateColumns: readonly Column<Workload>[] = [
  {
    name: 'Containers',
    priority: 1,
    cell: ({ spec }) => joined(spec.template.spec.containers.map((c) => c.name)),
  },
  {
    name: 'Images',
    priority: 1,
    cell: ({ spec }) => joined(spec.template.spec.containers.map((c) => c.image)),
  },
];
const selectorColumn: Column<Workload> = {
  name: 'Selector',
  priority: 1,
  cell: ({ spec }) => labelsText(spec.selector.matchLabels),
};
const count = (title: string, cell: (object: Workload) => number): Column<Workload> => ({
  name: title,
  type: 'integer',
  cell,
});

const holds = (conditions: readonly Condition[], type: string): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

/** The columns of every resource as the API server's printers make them. Source: kubernetes `printers/internalversion`. */
export const columns: Columns = {
  pods: [
    name,
    { name: 'Ready', cell: podReady },
    { name: 'Status', cell: podState },
    { name: 'Restarts', cell: podRestarts },
    age,
    { name: 'IP', priority: 1, cell: ({ status }) => status.podIP ?? none },
    { name: 'Node', priority: 1, cell: ({ spec }) => spec.nodeName ?? none },
    { name: 'Nominated Node', priority: 1, cell: () => none },
    { name: 'Readiness Gates', priority: 1, cell: () => none },
  ],
  deployments: [
    name,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
    count('Up-to-date', ({ status }) => status.updatedReplicas ?? 0),
    count('Available', ({ status }) => status.availableReplicas ?? 0),
    age,
    ...templateColumns,
    selectorColumn,
  ],
  replicasets: [
    name,
    count('Desired', ({ spec }) => spec.replicas),
    count('Current', ({ status }) => status.replicas ?? 0),
    count('Ready', ({ status }) => status.readyReplicas ?? 0),
    age,
    ...templateColumns,
    selectorColumn,
  ],
  statefulsets: [
    name,
    { name: 'Ready', cell: ({ spec, status }) => `${status.readyReplicas ?? 0}/${spec.replicas}` },
    age,
    ...templateColumns,
  ],
  services: [
    name,
    { name: 'Type', cell: ({ spec }) => spec.type ?? 'ClusterIP' },
    { name: 'Cluster-IP', cell: ({ spec }) => spec.clusterIP ?? none },
    {
      name: 'External-IP',
      cell: ({ spec }) =>
        typeof spec['externalName'] === 'string' ? spec['externalName'] : joined(spec.externalIPs ?? []),
    },
    {
      name: 'Port(s)',
      cell: ({ spec }) =>
        joined(
          (spec.ports ?? []).map(
            ({ port, nodePort, protocol }) =>
              `${port}${nodePort === undefined ? '' : `:${nodePort}`}/${protocol ?? 'TCP'}`,
          ),
        ),
    },
    age,
    { name: 'Selector', priority: 1, cell: ({ spec }) => labelsText(spec.selector) },
  ],
  ingresses: [
    name,
    { name: 'Class', cell: ({ spec }) => spec.ingressClassName ?? none },
    {
      name: 'Hosts',
      cell: ({ spec }) => {
        const hosts = (spec.rules ?? []).map(({ host }) => host ?? '*');
        return hosts.length === 0 ? '*' : firstThree(hosts);
      },
    },
    {
      name: 'Address',
      cell: ({ status }) =>
        (status.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => ip ?? hostname).join(','),
    },
    { name: 'Ports', cell: ({ spec }) => ((spec.tls ?? []).length > 0 ? '80, 443' : '80') },
    age,
  ],
  nodes: [
    name,
    {
      name: 'Status',
      cell: ({ spec, status }) =>
        `${holds(status.conditions, 'Ready') ? 'Ready' : 'NotReady'}${spec.unschedulable === true ? ',SchedulingDisabled' : ''}`,
    },
    {
      name: 'Roles',
      cell: ({ metadata }) =>
        joined(
          Object.keys(metadata.labels ?? {})
            .filter((key) => key.startsWith('node-role.kubernetes.io/'))
            .map((key) => key.slice('node-role.kubernetes.io/'.length)),
        ),
    },
    age,
    { name: 'Version', cell: ({ status }) => status.nodeInfo['kubeletVersion'] ?? '' },
    {
      name: 'Internal-IP',
      priority: 1,
      cell: ({ status }) => status.addresses.find(({ type }) => type === 'InternalIP')?.address ?? none,
    },
    {
      name: 'External-IP',
      priority: 1,
      cell: ({ status }) => status.addresses.find(({ type }) => type === 'ExternalIP')?.address ?? none,
    },
    { name: 'OS-Image', priority: 1, cell: ({ status }) => status.nodeInfo['osImage'] ?? '' },
    { name: 'Kernel-Version', priority: 1, cell: ({ status }) => status.nodeInfo['kernelVersion'] ?? '' },
    {
      name: 'Container-Runtime',
      priority: 1,
      cell: ({ status }) => status.nodeInfo['containerRuntimeVersion'] ?? '',
    },
  ],
  events: [
    { name: 'Last Seen', cell: (event, nowMs) => renderSince(event.lastTimestamp, nowMs) },
    { name: 'Type', cell: ({ type }) => type },
    { name: 'Reason', cell: ({ reason }) => reason },
    { name: 'Object', cell: ({ involvedObject: o }) => `${o.kind.toLowerCase()}/${o.name}` },
    { name: 'Subobject', priority: 1, cell: ({ involvedObject: o }) => o.fieldPath ?? '' },
    {
      name: 'Source',
      priority: 1,
      cell: ({ source }) =>
        source.host === undefined ? source.component : `${source.component}, ${source.host}`,
    },
    { name: 'Message', cell: ({ message }) => message.trim() },
    { name: 'First Seen', priority: 1, cell: (event, nowMs) => renderSince(event.firstTimestamp, nowMs) },
    { name: 'Count', type: 'integer', priority: 1, cell: (event) => event.count },
    { ...name, priority: 1 },
  ],
  namespaces: [name, { name: 'Status', cell: ({ status }) => status.phase }, age],
  endpoints: [
    name,
    {
      name: 'Endpoints',
      cell: ({ subsets }) =>
        firstThree(
          (subsets ?? []).flatMap(({ addresses, ports }) =>
            (ports ?? []).flatMap(({ port }) => (addresses ?? []).map(({ ip }) => `${ip}:${port}`)),
          ),
        ),
    },
    age,
  ],
  endpointslices: [
    name,
    { name: 'AddressType', cell: ({ addressType }) => addressType },
    { name: 'Ports', cell: ({ ports }) => firstThree(ports.map(({ port }) => String(port))) || '<unset>' },
    {
      name: 'Endpoints',
      cell: ({ endpoints }) => firstThree(endpoints.flatMap(({ addresses }) => addresses)),
    },
    age,
  ],
  configmaps: [
    name,
    { name: 'Data', type: 'integer', cell: ({ data }) => Object.keys(data ?? {}).length },
    age,
  ],
  applications: [
    name,
    { name: 'Sync Status', cell: ({ status }) => status.sync?.status ?? '' },
    { name: 'Health Status', cell: ({ status }) => status.health?.status ?? '' },
    { name: 'Revision', priority: 1, cell: ({ status }) => status.sync?.revision ?? '' },
    { name: 'Project', priority: 1, cell: ({ spec }) => spec.project },
  ],
  applicationsets: [name, age],
  horizontalpodautoscalers: [
    name,
    { name: 'Reference', cell: (object) => autoscaler(object).reference },
    { name: 'Targets', cell: (object) => autoscaler(object).targets },
    { name: 'MinPods', cell: (object) => String(autoscaler(object).least) },
    { name: 'MaxPods', type: 'integer', cell: (object) => autoscaler(object).most },
    { name: 'Replicas', type: 'integer', cell: (object) => autoscaler(object).replicas },
    age,
  ],
  controllerrevisions: [
    name,
    {
      name: 'Controller',
      cell: ({ metadata }) => {
        const owner = metadata.ownerReferences?.[0];
        return owner === undefined ? none : `${owner.kind.toLowerCase()}.apps/${owner.name}`;
      },
    },
    { name: 'Revision', type: 'integer', cell: ({ revision }) => revision },
    age,
  ],
};

/** What the table says of an autoscaler; without metrics the present value is unknown. */
function autoscaler(object: Kinds['horizontalpodautoscalers']) {
  const { scaleTargetRef, minReplicas, maxReplicas, metrics } = object['spec'] as {
    scaleTargetRef: { kind: string; name: string };
    minReplicas?: number;
    maxReplicas: number;
    metrics?: { resource?: { name: string; target: { averageUtilization?: number } } }[];
  };
  const targets = (metrics ?? []).flatMap(({ resource }) =>
    resource === undefined ? [] : [`${resource.name}: <unknown>/${resource.target.averageUtilization}%`],
  );
  const { currentReplicas = 0 } = object['status'] as { currentReplicas?: number };
  return {
    reference: `${scaleTargetRef.kind}/${scaleTargetRef.name}`,
    targets: targets.join(', '),
    least: minReplicas ?? 1,
    most: maxReplicas,
    replicas: currentReplicas,
  };
}
