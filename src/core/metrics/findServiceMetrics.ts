import { ok, type Result } from '../errors.ts';
import type { Signal } from '../ports.ts';
import { escapeLabel, fillMeasure } from './labelText.ts';
import type { MetricQuery } from './metricQuery.ts';
import type { QueryAnswer } from './series.ts';
import { unitOf, type Unit } from './units.ts';

/** What is looked at of a service, by the names that settings use. */
export type Measure = 'errorRate' | 'latencyP50' | 'latencyP95' | 'latencyP99' | 'traffic' | 'saturation';

export interface ServiceQuery extends MetricQuery {
  /** A measure, or the name that a setting gave. */
  readonly id: string;
  /** Why this query, as a sentence. */
  readonly because: string;
}

export interface ServiceMetrics {
  readonly queries: readonly ServiceQuery[];
  /** Measures nobody has metrics of, as sentences that begin with their title: they stay unchecked. */
  readonly lacking: readonly string[];
}

/** Whose metrics are to be found, with the queries that the settings have for it. */
export interface ServiceToFind {
  readonly service: string;
  readonly namespace?: string | undefined;
  /** `incident.metrics.queries`. */
  readonly settings: Readonly<Record<string, unknown>>;
}

export type AskInstant = (query: string, signal: Signal) => Promise<Result<QueryAnswer>>;

export const measures: Readonly<Record<Measure, { readonly title: string; readonly unit: Unit }>> = {
  errorRate: { title: 'Error rate', unit: 'ratio' },
  latencyP50: { title: 'Latency (p50)', unit: 'seconds' },
  latencyP95: { title: 'Latency (p95)', unit: 'seconds' },
  latencyP99: { title: 'Latency (p99)', unit: 'seconds' },
  traffic: { title: 'Traffic', unit: 'per-second' },
  saturation: { title: 'Saturation', unit: 'ratio' },
};
const all = Object.keys(measures) as readonly Measure[];
/** The measure that a sentence of `lacking` is about. */
export const measureLacking = (sentence: string): Measure | undefined =>
  all.find((measure) => sentence.startsWith(`${measures[measure].title}:`));
export const isMeasure = (name: string): name is Measure => Object.hasOwn(measures, name);

interface Source {
  /** Counts requests. */
  readonly requests: string;
  /** Histogram of how long they took; and what a second is in it. */
  readonly buckets: string;
  readonly perSecond: number;
  readonly said: string;
  readonly more?: string;
}

/** Nearest to the service first: what its own process counts knows more than what stands before it. */
const sources: readonly Source[] = [
  { requests: 'http_server_request_duration_seconds_count', buckets: 'http_server_request_duration_seconds_bucket', perSecond: 1, said: 'OpenTelemetry' },
  { requests: 'http_server_requests_seconds_count', buckets: 'http_server_requests_seconds_bucket', perSecond: 1, said: 'Micrometer' },
  { requests: 'http_requests_total', buckets: 'http_request_duration_seconds_bucket', perSecond: 1, said: 'the client libraries of Prometheus' },
  { requests: 'http_request_duration_seconds_count', buckets: 'http_request_duration_seconds_bucket', perSecond: 1, said: 'the client libraries of Prometheus' },
  // Each request is counted at both of its ends.
  { requests: 'istio_requests_total', buckets: 'istio_request_duration_milliseconds_bucket', perSecond: 1000, said: 'Istio', more: 'reporter="destination"' },
  { requests: 'nginx_ingress_controller_requests', buckets: 'nginx_ingress_controller_request_duration_seconds_bucket', perSecond: 1, said: 'the NGINX ingress controller' },
]; // prettier-ignore

/** Labels that name a service, the plainest first. */
const serviceLabels = [
  'service',
  'app',
  'service_name',
  'app_kubernetes_io_name',
  'exported_service',
  'destination_service_name',
  'destination_workload',
  'job',
] as const;

/** Labels that name a namespace, the service's own first: what a controller counts for others has its own as `namespace`. */
const namespaceLabels = ['exported_namespace', 'namespace'] as const;

/** Labels that hold the status a request was answered with. */
const statusLabels = ['code', 'status', 'status_code', 'response_code', 'http_response_status_code', 'http_status_code'] as const; // prettier-ignore

/**
 * The queries for a service: those of the settings (a name, of a measure or any other, → PromQL with `{{service}}` and
 * `{{namespace}}`), and for every measure that has none there what a search for the usual metric names finds. Fails only
 * when the server does not answer; a look for saturation alone that fails leaves the others as they are.
 */
export async function findServiceMetrics(
  { service, namespace }: { readonly service: string; readonly namespace?: string | undefined },
  settings: Readonly<Record<string, unknown>>,
  ask: AskInstant,
  signal: Signal,
): Promise<Result<ServiceMetrics>> {
  const own = queriesOfSettings(settings, service, namespace);
  const wanted = all.filter((measure) => !own.some(({ id }) => id === measure));
  if (wanted.length === 0) return ok({ queries: own, lacking: [] });
  const found = await search({ service, namespace }, ask, signal);
  if (!found.ok) return found;
  const queries = [...own, ...found.value.queries.filter(({ id }) => wanted.includes(id as Measure))];
  const { elsewhere, unasked } = found.value;
  const unnamed =
    elsewhere.length === 0
      ? `no metric that is known was found for ${service}`
      : `metrics of ${service} are only in ${elsewhere.join(', ')}, none in ${namespace ?? ''}`;
  const order = (id: string): number => (isMeasure(id) ? all.indexOf(id) : all.length);
  const lacking = wanted
    .filter((measure) => !queries.some(({ id }) => id === measure))
    .map((measure) => {
      const why = unasked[measure] ?? `${unnamed}. Name a query in incident.metrics.queries.`;
      return `${measures[measure].title}: ${why}`;
    });
  return ok({ queries: queries.sort((a, b) => order(a.id) - order(b.id)), lacking });
}

/** The queries of `incident.metrics.queries` for a service; what is no text is left out. */
export const queriesOfSettings = (
  settings: Readonly<Record<string, unknown>>,
  service: string,
  namespace?: string,
): ServiceQuery[] =>
  Object.entries(settings).flatMap(([name, written]) => {
    if (typeof written !== 'string' || written.trim() === '') return [];
    const query = fillMeasure(written, { service, namespace });
    const known = isMeasure(name) ? measures[name] : undefined;
    return query === undefined
      ? []
      : [
          {
            id: name,
            title: known?.title ?? name,
            query,
            unit: known?.unit ?? unitOf(query),
            because: `As incident.metrics.queries has it under “${name}”.`,
          },
        ];
  });

interface Search {
  readonly queries: readonly ServiceQuery[];
  /** Where only other namespaces have requests of the service: which, by name. */
  readonly elsewhere: readonly string[];
}

interface Found extends Search {
  /** Why a measure was not looked for to the end, as the rest of a sentence. */
  readonly unasked: Partial<Readonly<Record<Measure, string>>>;
}

interface Wanted {
  readonly service: string;
  readonly namespace?: string | undefined;
}

async function search(wanted: Wanted, ask: AskInstant, signal: Signal): Promise<Result<Found>> {
  const names = [...new Set(sources.flatMap(({ requests, buckets }) => [requests, buckets]))].join('|');
  const looks = await Promise.all(
    serviceLabels.map(async (label) => ({
      label,
      answer: await ask(
        `group by (__name__) ({__name__=~"${names}",${label}="${escapeLabel(wanted.service)}"})`,
        signal,
      ),
    })),
  );
  const cpu = await saturation(wanted, ask, signal);
  const withCpu = (queries: readonly ServiceQuery[], elsewhere: readonly string[]): Result<Found> =>
    cpu.ok
      ? ok({ queries: [...queries, ...cpu.value], elsewhere, unasked: {} })
      : ok({
          queries,
          elsewhere,
          unasked: { saturation: `it could not be looked for. ${cpu.failure.message}` },
        });
  const elsewhere = new Set<string>();
  for (const { label, answer } of looks) {
    if (!answer.ok) return answer;
    const seen = new Set(answer.value.series.map(({ labels }) => labels['__name__']));
    for (const source of sources.filter(({ requests }) => seen.has(requests))) {
      const told = await queriesOf(source, label, seen.has(source.buckets), wanted, ask, signal);
      if (!told.ok) return told;
      if (told.value.queries.length > 0) return withCpu(told.value.queries, []);
      for (const name of told.value.elsewhere) elsewhere.add(name);
    }
  }
  return withCpu([], [...elsewhere].sort());
}

async function queriesOf(
  { requests, buckets, perSecond, said, more }: Source,
  label: string,
  hasBuckets: boolean,
  { service, namespace }: Wanted,
  ask: AskInstant,
  signal: Signal,
): Promise<Result<Search>> {
  const base = `${label}="${escapeLabel(service)}"`;
  const looked = await ask(
    `group by (${[...namespaceLabels, ...statusLabels].join(', ')}) (${requests}{${base}})`,
    signal,
  );
  if (!looked.ok) return looked;
  const { series } = looked.value;
  const scope =
    namespace === undefined
      ? undefined
      : namespaceLabels.find((name) => series.some(({ labels }) => Boolean(labels[name])));
  const own = scope === undefined ? series : series.filter(({ labels }) => labels[scope] === namespace);
  // Where series name namespaces and none is the pinned one, they are of another service of that name.
  if (scope !== undefined && own.length === 0)
    return ok({ queries: [], elsewhere: series.flatMap(({ labels }) => labels[scope] || []) });
  const here = scope === undefined ? [] : [`${scope}="${escapeLabel(namespace ?? '')}"`];
  const matchers = [base, ...here, ...(more ? [more] : [])].join(',');
  const status = statusLabels.find((name) => own.some(({ labels }) => Boolean(labels[name])));
  const because = `Found ${requests} with ${base}, as ${said} names it.`;
  const of = (id: Measure, query: string, why = because): ServiceQuery => ({ id, ...measures[id], query, because: why }); // prettier-ignore
  const total = `sum(rate(${requests}{${matchers}}[5m]))`;
  const failed = status && `sum(rate(${requests}{${matchers},${status}=~"5.."}[5m]))`;
  const latency = (part: string): string => {
    const quantile = `histogram_quantile(${part}, sum by (le) (rate(${buckets}{${matchers}}[5m])))`;
    return perSecond === 1 ? quantile : `${quantile} / ${perSecond}`;
  };
  const timed = `Found ${buckets} with ${base}, as ${said} names it.`;
  const queries = [
    // A counter of errors that have not happened yet does not exist: that is none of them.
    ...(failed ? [of('errorRate', `(${failed} or 0 * ${total}) / ${total}`, `${because} Errors are those with ${status}=~"5..".`)] : []), // prettier-ignore
    ...(hasBuckets
      ? [
          of('latencyP50', latency('0.5'), timed),
          of('latencyP95', latency('0.95'), timed),
          of('latencyP99', latency('0.99'), timed),
        ]
      : []),
    of('traffic', total),
  ];
  return ok({ queries, elsewhere: [] });
}

/** Of what a pod is limited in: CPU time where that is limited, else memory. */
async function saturation(
  { service, namespace }: Wanted,
  ask: AskInstant,
  signal: Signal,
): Promise<Result<ServiceQuery[]>> {
  const pods = `pod=~"${escapeLabel(service.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&'))}-.+"${namespace === undefined ? '' : `,namespace="${escapeLabel(namespace)}"`}`; // prettier-ignore
  const limits = 'kube_pod_container_resource_limits';
  const names = [...limited.map(({ used }) => used), limits].join('|');
  const looked = await ask(`group by (__name__, resource) ({__name__=~"${names}",${pods}})`, signal);
  if (!looked.ok) return looked;
  const has = (name: string, resource?: string): boolean =>
    looked.value.series.some(
      ({ labels }) =>
        labels['__name__'] === name && (resource === undefined || labels['resource'] === resource),
    );
  const found = limited.find(({ used, resource }) => has(used) && has(limits, resource));
  if (!found) return ok([]);
  const { used, resource, said } = found;
  const inUse = `${used}{${pods},container!=""}`;
  const query = `sum(${resource === 'cpu' ? `rate(${inUse}[5m])` : inUse}) / sum(${limits}{${pods},resource="${resource}"})`;
  const because = `Found ${used} and the limits of ${said} of pods that begin with ${service}-.`;
  return ok([{ id: 'saturation', title: `Saturation (${said})`, unit: 'ratio', query, because }]);
}

const limited = [
  { used: 'container_cpu_usage_seconds_total', resource: 'cpu', said: 'CPU' },
  { used: 'container_memory_working_set_bytes', resource: 'memory', said: 'memory' },
] as const;
