import { annotationLines, heading, labelLines, line, lineIf, lines, row, timeText } from './describeLines.ts';
import { at, flagAt, listAt, pairsAt, recordAt, textAt, textsAt } from '../look/look.ts';
import { ageText } from '../objects/objects.ts';
import type { Quantity } from '../objects/quantity.ts';
import {
  addQuantity,
  maxQuantity,
  noQuantity,
  parseQuantity,
  percentOf,
  renderQuantity,
} from '../objects/quantity.ts';

/** What is read beside the node itself. */
export interface NodeSurroundings {
  /** The pods on it that have not ended; undefined where this person may not list pods. */
  readonly pods: readonly unknown[] | undefined;
  /** Its heartbeat, or why it could not be read. */
  readonly lease:
    { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };
  /** Milliseconds UTC. */
  readonly now: number;
}

/** kubectl's description of a node: conditions, taints, room, and who uses it. */
export function describeNode(node: unknown, { pods, lease, now }: NodeSurroundings): string {
  const info = (label: string, field: string): string =>
    line(label, textAt(node, `status.nodeInfo.${field}`), 1);
  return (
    line('Name', textAt(node, 'metadata.name')) +
    line('Roles', rolesOf(node).join(',') || '<none>') +
    labelLines('Labels', node, 'metadata.labels') +
    annotationLines('Annotations', node, 'metadata.annotations') +
    line('CreationTimestamp', timeText(textAt(node, 'metadata.creationTimestamp'))) +
    lines('Taints', taintsOf(node)) +
    line('Unschedulable', flagAt(node, 'spec.unschedulable')) +
    leaseLines(lease) +
    conditionLines(node) +
    heading('Addresses') +
    listAt(node, 'status.addresses')
      .map((each) => line(textAt(each, 'type'), textAt(each, 'address'), 1))
      .join('') +
    amounts('Capacity', node, 'status.capacity') +
    amounts('Allocatable', node, 'status.allocatable') +
    heading('System Info') +
    info('Machine ID', 'machineID') +
    info('System UUID', 'systemUUID') +
    info('Boot ID', 'bootID') +
    info('Kernel Version', 'kernelVersion') +
    info('OS Image', 'osImage') +
    info('Operating System', 'operatingSystem') +
    info('Architecture', 'architecture') +
    info('Container Runtime Version', 'containerRuntimeVersion') +
    info('Kubelet Version', 'kubeletVersion') +
    lineIf('PodCIDR', textAt(node, 'spec.podCIDR')) +
    lineIf('PodCIDRs', textsAt(node, 'spec.podCIDRs').join(',')) +
    lineIf('ProviderID', textAt(node, 'spec.providerID')) +
    (pods === undefined ? line('Pods', 'not authorized') : usage(node, pods, now))
  );
}

function rolesOf(node: unknown): readonly string[] {
  const roles = pairsAt(node, 'metadata.labels').flatMap(([key, value]) => {
    const [, role] = /^node-role\.kubernetes\.io\/(.+)$/.exec(key) ?? [];
    return role ?? (key === 'kubernetes.io/role' && value !== '' ? [value] : []);
  });
  return [...new Set(roles)].sort();
}

const taintsOf = (node: unknown): readonly string[] =>
  [...listAt(node, 'spec.taints')]
    .map((taint) => ({
      order: `${textAt(taint, 'effect')},${textAt(taint, 'key')}`,
      text: `${textAt(taint, 'key')}${textAt(taint, 'value') === '' ? '' : `=${textAt(taint, 'value')}`}:${textAt(taint, 'effect')}`,
    }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ text }) => text);

function leaseLines(lease: NodeSurroundings['lease']): string {
  if (!lease.ok) return line('Lease', `Failed to get lease: ${lease.why}`);
  const time = (path: string): string => {
    const written = textAt(lease.value, path);
    return written === '' ? '<unset>' : timeText(written);
  };
  return (
    heading('Lease') +
    line('HolderIdentity', textAt(lease.value, 'spec.holderIdentity') || '<unset>', 1) +
    line('AcquireTime', time('spec.acquireTime'), 1) +
    line('RenewTime', time('spec.renewTime'), 1)
  );
}

function conditionLines(node: unknown): string {
  const conditions = listAt(node, 'status.conditions');
  if (conditions.length === 0) return '';
  const titles = ['Type', 'Status', 'LastHeartbeatTime', 'LastTransitionTime', 'Reason', 'Message'];
  return (
    heading('Conditions') +
    row(1, ...titles) +
    row(1, ...titles.map((title) => '-'.repeat(title.length))) +
    conditions
      .map((each) =>
        row(
          1,
          ...[
            textAt(each, 'type'),
            textAt(each, 'status'),
            timeText(textAt(each, 'lastHeartbeatTime')),
            timeText(textAt(each, 'lastTransitionTime')),
            textAt(each, 'reason'),
          ].map((cell) => `${cell} `),
          textAt(each, 'message'),
        ),
      )
      .join('')
  );
}

const amounts = (title: string, node: unknown, path: string): string => {
  const all = pairsAt(node, path);
  return all.length === 0 ? '' : heading(title) + all.map(([name, amount]) => line(name, amount, 1)).join('');
};

type Amounts = ReadonlyMap<string, Quantity>;
const amountOf = (all: Amounts, name: string): Quantity => all.get(name) ?? noQuantity;

function amountsOf(container: unknown, path: string): Amounts {
  return new Map(
    Object.entries(recordAt(container, path)).map(([name, text]) => [
      name,
      parseQuantity(String(text)) ?? noQuantity,
    ]),
  );
}

function combined(a: Amounts, b: Amounts, how: (one: Quantity, other: Quantity) => Quantity): Amounts {
  const names = new Set([...a.keys(), ...b.keys()]);
  return new Map(
    [...names].map((name) => {
      const [one, other] = [a.get(name), b.get(name)];
      return [name, one && other ? how(one, other) : (one ?? other ?? noQuantity)];
    }),
  );
}

/** What a pod asks for: its containers together, or its greediest init container, and its overhead. */
function podAmounts(pod: unknown, which: 'requests' | 'limits'): Amounts {
  const path = `resources.${which}`;
  const sum = (list: readonly unknown[]): Amounts =>
    list.reduce<Amounts>((all, each) => combined(all, amountsOf(each, path), addQuantity), new Map());
  const isSidecar = (each: unknown): boolean => textAt(each, 'restartPolicy') === 'Always';
  const init = listAt(pod, 'spec.initContainers');
  let running = sum(init.filter(isSidecar));
  let starting: Amounts = new Map();
  let sidecars: Amounts = new Map();
  for (const each of init) {
    const mine = amountsOf(each, path);
    if (isSidecar(each)) sidecars = combined(sidecars, mine, addQuantity);
    const needed = isSidecar(each) ? sidecars : combined(mine, sidecars, addQuantity);
    starting = combined(starting, needed, maxQuantity);
  }
  running = combined(sum(listAt(pod, 'spec.containers')), running, addQuantity);
  const needed = combined(running, starting, maxQuantity);
  const whole = combined(amountsOf(pod, `spec.${path}`), needed, (own) => own);
  const overhead = amountsOf(pod, 'spec.overhead');
  return which === 'requests'
    ? combined(whole, overhead, addQuantity)
    : new Map([...whole].map(([name, amount]) => [name, addQuantity(amount, amountOf(overhead, name))]));
}

function usage(node: unknown, pods: readonly unknown[], now: number): string {
  const room = amountsOf(
    node,
    at(node, 'status.allocatable') === undefined ? 'status.capacity' : 'status.allocatable',
  );
  const share = (all: Amounts, name: string): string => {
    const amount = amountOf(all, name);
    return `${renderQuantity(amount)} (${percentOf(amount, amountOf(room, name))}%)`;
  };
  const titles = ['CPU Requests', 'CPU Limits', 'Memory Requests', 'Memory Limits', 'Age'];
  let requests: Amounts = new Map();
  let limits: Amounts = new Map();
  const rows = pods.map((pod) => {
    const [mine, most] = [podAmounts(pod, 'requests'), podAmounts(pod, 'limits')];
    requests = combined(requests, mine, addQuantity);
    limits = combined(limits, most, addQuantity);
    return row(
      1,
      textAt(pod, 'metadata.namespace'),
      textAt(pod, 'metadata.name'),
      '',
      share(mine, 'cpu'),
      share(most, 'cpu'),
      share(mine, 'memory'),
      share(most, 'memory'),
      ageText(textAt(pod, 'metadata.creationTimestamp'), now),
    );
  });
  const names = [...room.keys()].sort();
  const huge = names.filter((name) => name.startsWith('hugepages-'));
  const others = names.filter(
    (name) =>
      !name.startsWith('hugepages-') && !['cpu', 'memory', 'ephemeral-storage', 'pods'].includes(name),
  );
  return (
    line('Non-terminated Pods', `(${pods.length} in total)`) +
    row(1, 'Namespace', 'Name', '', ...titles) +
    row(1, '---------', '----', '', ...titles.map((title) => '-'.repeat(title.length))) +
    rows.join('') +
    'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)\n' +
    row(1, 'Resource', 'Requests', 'Limits') +
    row(1, '--------', '--------', '------') +
    ['cpu', 'memory', 'ephemeral-storage', ...huge]
      .map((name) => row(1, name, share(requests, name), share(limits, name)))
      .join('') +
    others
      .map((name) =>
        row(1, name, renderQuantity(amountOf(requests, name)), renderQuantity(amountOf(limits, name))),
      )
      .join('')
  );
}
