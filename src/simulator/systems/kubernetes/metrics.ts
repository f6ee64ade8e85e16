import { hashOf } from '../../state/names.ts';
import type { KubeObject, Node, Pod } from '../../state/objects.ts';
import { timestamp } from '../../state/objects.ts';
import { parseMemory } from '../../state/quantity.ts';
import type { World } from '../../state/world.ts';
import { parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Outcome, Status } from './status.ts';
import { done, refused } from './status.ts';

/** The group and version under which a metrics server is found. */
export const metricsVersion = 'metrics.k8s.io/v1beta1';
/** A metrics server measures every 15 s. */
const windowMs = 15_000;
const mebibyte = 2 ** 20;

/** What discovery tells of the group. */
export const metricsResources = [
  { name: 'nodes', singularName: '', namespaced: false, kind: 'NodeMetrics', verbs: ['get', 'list'] },
  { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
];

interface Usage {
  /** Thousandths of a core. */
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

/**
 * Answers a path of the metrics API, `…/pods`, `…/namespaces/N/pods/P` or `…/nodes`; undefined for another path. What is
 * used follows from the state: a calm container uses a share of its limit, one with more work than it can hold nears it.
 * Source: https://github.com/kubernetes/metrics, `pkg/apis/metrics/v1beta1`
 */
export function getMetrics(
  world: World,
  path: string,
  query: URLSearchParams,
): Outcome<Record<string, unknown>> | undefined {
  const [whole, namespace, what, name] =
    /^\/apis\/metrics\.k8s\.io\/v1beta1(?:\/namespaces\/([^/]+))?\/(pods|nodes)(?:\/([^/]+))?$/.exec(path) ??
    [];
  if (whole === undefined || what === undefined) return undefined;
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (!labels.ok) return labels;
  const fields = parseFieldSelector(what, query.get('fieldSelector') ?? '');
  if (!fields.ok) return fields;
  const wanted = (object: KubeObject): boolean =>
    labels.value(object) && fields.value(object) && (name === undefined || object.metadata.name === name);
  const items: readonly Record<string, unknown>[] =
    what === 'pods'
      ? world.store
          .list('pods', namespace)
          .filter(wanted)
          .map((pod) => podMetrics(world, pod))
          .filter((measured) => measured !== undefined)
      : world.store
          .list('nodes')
          .filter(wanted)
          .map((node) => nodeMetrics(world, node));
  if (name !== undefined) {
    const [only] = items;
    if (only !== undefined) return done(only);
    return refused(notMeasured(what, what === 'pods' ? `${namespace}/${name}` : name));
  }
  const kind = what === 'pods' ? 'PodMetricsList' : 'NodeMetricsList';
  return done({ kind, apiVersion: metricsVersion, metadata: {}, items });
}

const notMeasured = (what: string, name: string): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message: `${what === 'pods' ? 'podmetrics' : 'nodemetrics'}.metrics.k8s.io "${name}" not found`,
  reason: 'NotFound',
  code: 404,
});

/** Nothing is known of a pod none of whose containers runs. */
function podMetrics(world: World, pod: Pod): Record<string, unknown> | undefined {
  const containers = containersOf(world, pod).map(({ name, usage }) => ({ name, usage: rendered(usage) }));
  if (containers.length === 0) return undefined;
  return { kind: 'PodMetrics', ...about(world, pod), containers };
}

function nodeMetrics(world: World, node: Node): Record<string, unknown> {
  const own: Usage = { cpu: 90 + wave(world, node.metadata.name, 60), memory: 900 * mebibyte };
  const usage = world.store
    .list('pods')
    .filter(({ spec }) => spec.nodeName === node.metadata.name)
    .flatMap((pod) => containersOf(world, pod))
    .reduce((sum, each) => ({ cpu: sum.cpu + each.usage.cpu, memory: sum.memory + each.usage.memory }), own);
  return { kind: 'NodeMetrics', ...about(world, node), usage: rendered(usage) };
}

const about = (world: World, { metadata }: KubeObject): Record<string, unknown> => ({
  apiVersion: metricsVersion,
  metadata: {
    name: metadata.name,
    ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
    creationTimestamp: timestamp(world.now),
    ...(metadata.labels === undefined ? {} : { labels: metadata.labels }),
  },
  timestamp: timestamp(measuredAt(world)),
  window: '15s',
});

const measuredAt = ({ now }: World): number => Math.floor(now / windowMs) * windowMs;

/** A number below `most` that changes from one measurement to the next. */
const wave = (world: World, seed: string, most: number): number =>
  hashOf(`${seed}/${measuredAt(world)}`) % most;

function containersOf(world: World, pod: Pod): { readonly name: string; readonly usage: Usage }[] {
  return pod.spec.containers.flatMap((container, index) => {
    const status = pod.status.containerStatuses?.find(({ name }) => name === container.name);
    if (status?.state.running === undefined) return [];
    const limit = parseMemory(container.resources?.limits?.['memory']) ?? 128 * mebibyte;
    const seed = `${pod.metadata.uid}/${container.name}`;
    const full = index === 0 ? fullness(world, pod) : 0;
    const share = Math.max(full, 0.3 + wave(world, seed, 80) / 1000);
    const cpu = 8 + wave(world, `${seed}/cpu`, 40) + Math.round(400 * full);
    return [{ name: container.name, usage: { cpu, memory: Math.round(limit * share) } }];
  });
}

/** How near its limit a container with too much work is, as its log tells it; 0 for a calm one. */
function fullness(world: World, pod: Pod): number {
  const period = world.runtimes.get(pod.metadata.uid)?.instances.at(-1)?.pressure.at(-1);
  if (period?.killAt === undefined || period.until !== undefined) return 0;
  const passed = Math.min(1, Math.max(0, (world.now - period.from) / (period.killAt - period.from)));
  return 0.3 + 0.68 * passed ** 1.5;
}

const rendered = ({ cpu, memory }: Usage): Record<string, string> => ({
  cpu: `${cpu * 1_000_000}n`,
  memory: `${Math.round(memory / 1024)}Ki`,
});
