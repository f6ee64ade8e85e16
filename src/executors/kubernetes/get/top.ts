import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import { listAt, recordAt, textAt } from '../look/look.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObjects } from '../objects/objects.ts';
import type { Quantity } from '../objects/quantity.ts';
import { addQuantity, noQuantity, parseQuantity, percentOf, unitsOf } from '../objects/quantity.ts';
import { renderColumns } from './table.ts';
import type { VerbContext, VerbOutcome } from '../verb.ts';
import { failedVerb, failVerb, succeeded } from '../verb.ts';

export type TopAction = Extract<KubernetesAction, { verb: 'top' }>;

interface Usage {
  readonly cpu: Quantity;
  readonly memory: Quantity;
}

/**
 * kubectl top: what pods or nodes use now, from the cluster's metrics API.
 * https://kubernetes.io/docs/tasks/debug/debug-cluster/resource-metrics-pipeline/
 */
export async function runTop(context: VerbContext, action: TopAction): Promise<VerbOutcome> {
  const base = '/apis/metrics.k8s.io/v1beta1';
  const scope =
    action.what === 'nodes' || action.allNamespaces
      ? ''
      : `/namespaces/${encodeURIComponent(context.namespace)}`;
  const name = action.name === undefined ? '' : `/${encodeURIComponent(action.name)}`;
  const answer = await context.transport.json(
    {
      path: `${base}${scope}/${action.what}${name}`,
      query: { labelSelector: action.selector, fieldSelector: action.fieldSelector },
    },
    context.signal,
  );
  if (!answer.ok)
    return isAbsent(answer.failure) ? failVerb(context, absent) : failVerb(context, answer.failure);
  const metrics = action.name === undefined ? listAt(answer.value, 'items') : [answer.value];
  if (metrics.length === 0) return nothing(context, action);
  return action.what === 'pods' ? printPods(context, action, metrics) : printNodes(context, action, metrics);
}

/** The API itself is missing; a pod or node without figures is named in the server's words. */
const isAbsent = ({ status, message }: ApiFailure): boolean =>
  status === 404 &&
  !/(?:podmetrics|nodemetrics|pods|nodes)\.metrics\.k8s\.io "[^"]+" not found/.test(message);

const absent: ApiFailure = {
  code: 'not-found',
  message:
    'error: Metrics API not available. This cluster runs no metrics server, so what its pods use now is not known here; ' +
    'look at your dashboards, or at what they ask for with kubectl describe nodes.',
};

async function nothing(context: VerbContext, action: TopAction): Promise<VerbOutcome> {
  const said = async (message: string): Promise<VerbOutcome> => {
    await context.output.error(`${message}\n`);
    return failedVerb({ code: 'not-found', message });
  };
  if (action.what === 'nodes') return said('error: metrics not available yet');
  const kind = await context.discovery.resolve('pods', context.signal);
  if (!kind.ok) return failVerb(context, kind.failure);
  const pods = await fetchObjects<KubeObject>(
    context.transport,
    kind.value[0]!,
    action.allNamespaces ? undefined : context.namespace,
    { labelSelector: action.selector, fieldSelector: action.fieldSelector },
    context.signal,
  );
  if (!pods.ok) return failVerb(context, pods.failure);
  if (pods.value.length > 0) return said('error: metrics not available yet');
  await context.output.error(
    `No resources found${action.allNamespaces ? '' : ` in ${context.namespace} namespace.`}\n`,
  );
  return succeeded('No resources found.');
}

const usageOf = (object: unknown): Usage => {
  const usage = recordAt(object, 'usage');
  const amount = (name: string): Quantity => parseQuantity(String(usage[name] ?? '')) ?? noQuantity;
  return { cpu: amount('cpu'), memory: amount('memory') };
};

const sumOf = (all: readonly Usage[]): Usage =>
  all.reduce<Usage>(
    (sum, each) => ({ cpu: addQuantity(sum.cpu, each.cpu), memory: addQuantity(sum.memory, each.memory) }),
    { cpu: noQuantity, memory: noQuantity },
  );

const cpuText = ({ cpu }: Usage): string => `${cpu.milli}m`;
const memoryText = ({ memory }: Usage): string => `${Math.trunc(unitsOf(memory) / 2 ** 20)}Mi`;

/** The greediest first, or by name. */
function sorted<T extends { readonly usage: Usage; readonly order: string }>(
  items: readonly T[],
  by: TopAction['sortBy'],
): readonly T[] {
  return items.toSorted((a, b) => {
    if (by === undefined) return a.order < b.order ? -1 : a.order > b.order ? 1 : 0;
    const [left, right] = [a.usage[by].milli, b.usage[by].milli];
    return left > right ? -1 : left < right ? 1 : 0;
  });
}

async function printPods(
  context: VerbContext,
  action: TopAction,
  metrics: readonly unknown[],
): Promise<VerbOutcome> {
  const pods = metrics.map((pod) => {
    const containers = listAt(pod, 'containers');
    const [namespace, name] = [textAt(pod, 'metadata.namespace'), textAt(pod, 'metadata.name')];
    const order = action.allNamespaces ? `${namespace}/${name}` : name;
    return { namespace, name, order, containers, usage: sumOf(containers.map(usageOf)) };
  });
  const place = (namespace: string): string[] => (action.allNamespaces ? [namespace] : []);
  const lines: string[][] = [];
  if (!action.noHeaders)
    lines.push([
      ...place('NAMESPACE'),
      ...(action.containers ? ['POD'] : []),
      'NAME',
      'CPU(cores)',
      'MEMORY(bytes)',
    ]);
  for (const pod of sorted(pods, action.sortBy)) {
    if (!action.containers) {
      lines.push([...place(pod.namespace), pod.name, cpuText(pod.usage), memoryText(pod.usage)]);
      continue;
    }
    const containers = pod.containers.map((each) => ({ order: textAt(each, 'name'), usage: usageOf(each) }));
    for (const { order, usage } of sorted(containers, action.sortBy))
      lines.push([...place(pod.namespace), pod.name, order, cpuText(usage), memoryText(usage)]);
  }
  if (action.sum) {
    const before = [...place(''), ...(action.containers ? [''] : []), ''];
    const total = sumOf(pods.map(({ usage }) => usage));
    lines.push([...before, '________', '________'], [...before, cpuText(total), memoryText(total)]);
  }
  await context.output.write(renderTopColumns(lines));
  return succeeded();
}

async function printNodes(
  context: VerbContext,
  action: TopAction,
  metrics: readonly unknown[],
): Promise<VerbOutcome> {
  const kind = await context.discovery.resolve('nodes', context.signal);
  if (!kind.ok) return failVerb(context, kind.failure);
  const list = await fetchObjects<KubeObject>(
    context.transport,
    kind.value[0]!,
    undefined,
    action.name === undefined
      ? { labelSelector: action.selector }
      : { fieldSelector: `metadata.name=${action.name}` },
    context.signal,
  );
  if (!list.ok) return failVerb(context, list.failure);
  const room = new Map(list.value.map((node) => [node.metadata?.name ?? '', roomOf(node)]));
  const nodes = metrics.map((node) => ({ order: textAt(node, 'metadata.name'), usage: usageOf(node) }));
  const lines: string[][] = action.noHeaders
    ? []
    : [['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)']];
  for (const { order: name, usage } of sorted(nodes, action.sortBy)) {
    const of = room.get(name);
    const share = (what: keyof Usage): string[] =>
      of === undefined ? [] : [`${percentOf(usage[what], of[what])}%`];
    lines.push([name, cpuText(usage), ...share('cpu'), memoryText(usage), ...share('memory')]);
    room.delete(name);
  }
  for (const name of [...room.keys()].sort()) lines.push([name, ...Array<string>(4).fill('<unknown>')]);
  await context.output.write(renderTopColumns(lines));
  return succeeded();
}

function roomOf(node: unknown): Usage {
  const allocatable = recordAt(node, 'status.allocatable');
  const amount = (name: string): Quantity => parseQuantity(String(allocatable[name] ?? '')) ?? noQuantity;
  return { cpu: amount('cpu'), memory: amount('memory') };
}

/** kubectl ends every cell with a tab here, the last one too. */
const renderTopColumns = (lines: readonly (readonly string[])[]): string =>
  renderColumns(lines.map((line) => [...line, '']));
