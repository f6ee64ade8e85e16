import { annotations, line, pairs, section } from './describeLines.ts';
import type { Condition, Container, ContainerState, ContainerStatus, KubeObject, Pod } from './objects.ts';
import { renderColumns } from './table.ts';

/** kubectl's description of a pod: why it waits, how it last ended, what it may use. */
export function describePod(pod: Pod): string {
  const { metadata, spec, status } = pod;
  const node = spec?.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>';
  const phase = metadata?.deletionTimestamp
    ? `Terminating (since ${metadata.deletionTimestamp})`
    : status?.phase;
  return (
    line('Name', metadata?.name) +
    line('Namespace', metadata?.namespace) +
    line('Priority', spec?.priority ?? 0) +
    line('Service Account', spec?.serviceAccountName) +
    line('Node', node) +
    line('Start Time', status?.startTime) +
    line('Labels', pairs(metadata?.labels)) +
    line('Annotations', annotations(pod)) +
    line('Status', phase) +
    (status?.reason ? line('Reason', status.reason) : '') +
    (status?.message ? line('Message', status.message) : '') +
    line('IP', status?.podIP) +
    line('Controlled By', controllers(pod)) +
    containers('Init Containers', spec?.initContainers, status?.initContainerStatuses) +
    containers('Containers', spec?.containers, status?.containerStatuses) +
    conditions(status?.conditions) +
    volumes(pod) +
    line('QoS Class', status?.qosClass) +
    line('Node-Selectors', pairs(spec?.nodeSelector)) +
    line('Tolerations', (spec?.tolerations ?? []).map(tolerationText))
  );
}

export const controllers = (object: KubeObject): readonly string[] =>
  (object.metadata?.ownerReferences ?? [])
    .filter((owner) => owner.controller)
    .map((owner) => `${owner.kind}/${owner.name}`);

function containers(
  heading: string,
  list: readonly Container[] | undefined,
  statuses: readonly ContainerStatus[] | undefined,
): string {
  if (list === undefined || list.length === 0) return '';
  const byName = new Map((statuses ?? []).map((status) => [status.name, status]));
  return section(
    `${heading}:`,
    list.map((container) => describeContainer(container, byName.get(container.name))).join(''),
  );
}

/** One container, of a pod when it has a status, else of a template. */
export function describeContainer(container: Container, status: ContainerStatus | undefined): string {
  const ports = (container.ports ?? []).map((port) => `${port.containerPort}/${port.protocol ?? 'TCP'}`);
  const run = status
    ? line('Container ID', status.containerID) +
      stateLines('State', status.state) +
      (status.lastState && Object.keys(status.lastState).length > 0
        ? stateLines('Last State', status.lastState)
        : '') +
      line('Ready', status.ready ? 'True' : 'False') +
      line('Restart Count', status.restartCount ?? 0)
    : '';
  return section(
    `${container.name}:`,
    line('Image', container.image) +
      line('Port', ports.join(', ')) +
      (container.command ? line('Command', container.command) : '') +
      (container.args ? line('Args', container.args) : '') +
      run +
      (container.resources?.limits ? line('Limits', pairs(container.resources.limits, ': ')) : '') +
      (container.resources?.requests ? line('Requests', pairs(container.resources.requests, ': ')) : '') +
      (container.livenessProbe ? line('Liveness', probeText(container.livenessProbe)) : '') +
      (container.readinessProbe ? line('Readiness', probeText(container.readinessProbe)) : '') +
      line(
        'Environment',
        (container.env ?? []).map((one) => `${one.name}: ${one.value ?? '<set from elsewhere>'}`),
      ),
  );
}

function stateLines(label: string, state: ContainerState | undefined): string {
  if (state?.running) return line(label, 'Running') + line('  Started', state.running.startedAt);
  if (state?.waiting) {
    return (
      line(label, 'Waiting') +
      (state.waiting.reason ? line('  Reason', state.waiting.reason) : '') +
      (state.waiting.message ? line('  Message', state.waiting.message) : '')
    );
  }
  const ended = state?.terminated;
  if (!ended) return line(label, 'Waiting');
  return (
    line(label, 'Terminated') +
    (ended.reason ? line('  Reason', ended.reason) : '') +
    (ended.message ? line('  Message', ended.message) : '') +
    line('  Exit Code', ended.exitCode) +
    (ended.signal ? line('  Signal', ended.signal) : '') +
    line('  Started', ended.startedAt) +
    line('  Finished', ended.finishedAt)
  );
}

interface Probe {
  readonly httpGet?: { path?: string; port?: string | number; scheme?: string };
  readonly tcpSocket?: { port?: string | number };
  readonly exec?: { command?: readonly string[] };
  readonly initialDelaySeconds?: number;
  readonly timeoutSeconds?: number;
  readonly periodSeconds?: number;
  readonly failureThreshold?: number;
}

function probeText(value: unknown): string {
  const probe = value as Probe;
  const how = probe.httpGet
    ? `http-get ${(probe.httpGet.scheme ?? 'HTTP').toLowerCase()}://:${probe.httpGet.port}${probe.httpGet.path ?? '/'}`
    : probe.tcpSocket
      ? `tcp-socket :${probe.tcpSocket.port}`
      : `exec ${JSON.stringify(probe.exec?.command ?? [])}`;
  return `${how} delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s #failure=${probe.failureThreshold ?? 3}`;
}

export function conditions(list: readonly Condition[] | undefined): string {
  if (!list || list.length === 0) return '';
  const rows = list.map(({ type, status, reason, message }) => [type, status, reason ?? '', message ?? '']);
  return section('Conditions:', renderColumns([['Type', 'Status', 'Reason', 'Message'], ...rows]));
}

function volumes(pod: Pod): string {
  const list = pod.spec?.volumes ?? [];
  if (list.length === 0) return '';
  return section('Volumes:', list.map(({ name, ...source }) => line(name, Object.keys(source)[0])).join(''));
}

type Toleration = NonNullable<NonNullable<Pod['spec']>['tolerations']>[number];
const tolerationText = ({ key, operator, value, effect, tolerationSeconds }: Toleration): string =>
  `${key ?? ''}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}${operator === 'Exists' ? ' op=Exists' : ''}${tolerationSeconds === undefined ? '' : ` for ${tolerationSeconds}s`}`;

type Node = KubeObject<
  {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { key: string; value?: string; effect: string }[];
  },
  {
    readonly capacity?: Readonly<Record<string, string>>;
    readonly allocatable?: Readonly<Record<string, string>>;
    readonly conditions?: readonly Condition[];
    readonly addresses?: readonly { type: string; address: string }[];
    readonly nodeInfo?: Readonly<Record<string, string>>;
  }
>;

/** kubectl's key facts of a node: conditions, taints, room. */
export function describeNode(object: KubeObject): string {
  const { metadata, spec, status } = object as Node;
  return (
    line('Name', metadata?.name) +
    line('Labels', pairs(metadata?.labels)) +
    line('Annotations', annotations(object)) +
    line('Created', metadata?.creationTimestamp) +
    line(
      'Taints',
      (spec?.taints ?? []).map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`),
    ) +
    line('Unschedulable', String(spec?.unschedulable ?? false)) +
    conditions(status?.conditions) +
    line(
      'Addresses',
      (status?.addresses ?? []).map(({ type, address }) => `${type}: ${address}`),
    ) +
    line('Capacity', pairs(status?.capacity, ': ')) +
    line('Allocatable', pairs(status?.allocatable, ': ')) +
    line('System Info', pairs(status?.nodeInfo, ': '))
  );
}
