import { toInstant } from '../incident/instants.ts';
import type { MetricRead, MetricsRead } from '../judge/reading.ts';
import { figuresOf, type Measured, type MeasuredQuery } from './metricQuery.ts';
import { lastSampleAt } from './series.ts';

const longestText = 2_000;
const mostQueries = 20;

/** What a run's queries gave, without the points: what a journal keeps and conditions are judged by. */
export const readMeasured = ({ set, span, results }: Measured): MetricsRead => ({
  ...(set === undefined ? {} : { set }),
  queries: results.slice(0, mostQueries).map((result) => readQuery(result, span.to)),
});

function readQuery(result: MeasuredQuery, now: number): MetricRead {
  const { id, title, query, unit, answer, failure, lacking, limit, optional } = result;
  const series = answer?.series ?? [];
  const lasts = series.flatMap((one) => figuresOf(one, now)?.last ?? []);
  const at = lastSampleAt(series);
  return {
    id,
    title: title.slice(0, longestText),
    query: query.slice(0, longestText),
    unit,
    series: series.length,
    ...(lasts.length === 0
      ? {}
      : {
          highest: lasts.reduce((a, b) => Math.max(a, b)),
          lowest: lasts.reduce((a, b) => Math.min(a, b)),
        }),
    ...(at === undefined ? {} : { lastAt: toInstant(at) }),
    ...((failure?.message ?? lacking) === undefined ? {} : { failed: failure?.message ?? lacking }),
    ...(limit === undefined ? {} : { limit }),
    ...(optional === undefined ? {} : { optional }),
  };
}
