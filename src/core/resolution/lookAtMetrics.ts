import type { Incident } from '../incident/incident.ts';
import { parseInstant } from '../incident/instants.ts';
import { backToNormal, beforeMs, nowMs } from '../metrics/backToNormal.ts';
import {
  findServiceMetrics,
  measures,
  type AskInstant,
  type Measure,
  type ServiceMetrics,
  type ServiceQuery,
} from '../metrics/findServiceMetrics.ts';
import type { AskMetrics } from '../metrics/metricQuery.ts';
import { rangeStep } from '../metrics/rangeStep.ts';
import type { Series, Span } from '../metrics/series.ts';
import type { Result } from '../errors.ts';
import type { Signal } from '../ports.ts';
import { asPart, bad, good, notChecked, worst, type Look } from './check.ts';

/** Where metrics are asked, by `incident.metrics.queries` and by the usual names. */
export interface MetricsSource {
  /** Base URL of the server that the settings name; undefined: none. */
  server(): string | undefined;
  /** PromQL by the name of a measure. */
  queries(): Readonly<Record<string, unknown>>;
  readonly askRange: AskMetrics;
  readonly askInstant: AskInstant;
  /** ms since 1970. */
  now(): number;
  /** What was found of a service, kept while a window lives: a soak window looks often. */
  readonly found: Map<string, ServiceMetrics>;
}

/** One error in a thousand wakes nobody. */
const fineErrorRate = 0.001;
/** The percentile that is judged: the first of these that there is. */
const latencies: readonly Measure[] = ['latencyP95', 'latencyP99', 'latencyP50'];

/**
 * Whether a service's error rate and latency are back where they were in the hour before the onset. What cannot be
 * asked, found or compared is `not-checked`, with why. Never throws.
 */
export async function lookAtMetrics(
  incident: Incident,
  source: MetricsSource,
  signal: Signal,
): Promise<Look> {
  const { service, onsetAt } = incident;
  const server = source.server();
  if (server === undefined)
    return notChecked('no Prometheus is set (incident.prometheus.baseUrl), so no metrics were asked');
  if (service === undefined)
    return notChecked('the incident names no service, so it is not known whose metrics to look at');
  const onset = onsetAt === undefined ? undefined : parseInstant(onsetAt);
  if (onset === undefined)
    return notChecked('the onset is not set, so it is not known which hour was normal (Incident: Set Onset)');
  const found = await findOnce({ service, namespace: incident.target.namespace }, server, source, signal);
  if (!found.ok) return notChecked(`metrics could not be asked: ${asPart(found.failure.message)}`);
  const { queries, lacking } = found.value;
  const latency = latencies.find((measure) => queries.some(({ id }) => id === measure)) ?? 'latencyP95';
  const looks = (['errorRate', latency] as const).map(async (measure) => {
    const query = queries.find(({ id }) => id === measure);
    const missing = lacking.find((sentence) => sentence.startsWith(`${measures[measure].title}:`));
    return query
      ? lookAt(query, onset, source, signal)
      : notChecked(asPart(missing ?? `${measures[measure].title}: there is no query`));
  });
  return worst(await Promise.all(looks));
}

async function findOnce(
  of: { readonly service: string; readonly namespace: string | undefined },
  server: string,
  { queries, askInstant, found }: MetricsSource,
  signal: Signal,
): Promise<Result<ServiceMetrics>> {
  const settings = queries();
  const key = JSON.stringify([server, of, settings]);
  const known = found.get(key);
  if (known) return { ok: true, value: known };
  const searched = await findServiceMetrics(of, settings, askInstant, signal);
  // What is judged and was not found may only not be there yet.
  const has = (measure: Measure): boolean =>
    searched.ok && searched.value.queries.some(({ id }) => id === measure);
  if (searched.ok && has('errorRate') && latencies.some(has)) found.set(key, searched.value);
  return searched;
}

async function lookAt(
  { id, title, unit, query, because }: ServiceQuery,
  onset: number,
  { askRange, now }: MetricsSource,
  signal: Signal,
): Promise<Look> {
  const present = now();
  const series: Series[] = [];
  for (const span of [
    { from: onset - beforeMs, to: Math.min(onset, present) - 1 },
    { from: present - nowMs, to: present },
  ]) {
    const answer = await askRange({ query, ...span, stepMs: stepOf(span) }, signal);
    if (!answer.ok) return notChecked(`${title} could not be asked: ${asPart(answer.failure.message)}`);
    series.push(...answer.value.series);
  }
  const floor = id === 'errorRate' ? { floor: fineErrorRate } : {};
  const { verdict, sentence } = backToNormal({ what: title, unit, series, onset, now: present, ...floor });
  const evidence = [because, query];
  switch (verdict) {
    case 'good':
      return good(asPart(sentence), evidence);
    case 'bad':
      return bad(asPart(sentence), evidence);
    case 'not checked':
      return notChecked(asPart(sentence), evidence);
  }
}

const stepOf = (span: Span): number => rangeStep(span, 120);
