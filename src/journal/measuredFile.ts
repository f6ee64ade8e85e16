import * as v from 'valibot';
import type { Measured, MeasuredQuery } from '../core/metrics/metricQuery.ts';
import { highestSeries, type QueryAnswer } from '../core/metrics/series.ts';

/** A points file's name can come from a colleague's copy of the journal: nothing may climb out of the folder. */
export const POINTS_FILE = /^output\/[A-Za-z0-9][A-Za-z0-9._-]{0,200}\.points\.json$/;

/** More lines than anybody tells apart are counted, not kept. */
const mostSeries = 50;

const text = v.string();
const time = v.pipe(v.number(), v.finite());
const span = v.object({ from: time, to: time });
const positive = v.pipe(v.number(), v.minValue(1));
const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const answer = v.object({
  series: v.array(
    v.object({
      labels: v.record(text, text),
      points: v.array(v.tuple([time, time])),
    }),
  ),
  left: v.optional(count, 0),
  warnings: v.array(text),
  notNumbers: count,
});
const held = v.object({ answer, span, stepMs: positive });
const measured = v.object({
  version: v.literal(1),
  server: v.exactOptional(text),
  set: v.exactOptional(v.picklist(['postgresql', 'redis', 'service'])),
  span,
  stepMs: positive,
  results: v.array(
    v.object({
      id: text,
      title: text,
      query: text,
      unit: v.picklist(['ratio', 'seconds', 'bytes', 'per-second', 'count']),
      limit: v.exactOptional(v.object({ is: v.picklist(['over', 'under']), value: v.number() })),
      optional: v.exactOptional(v.literal(true)),
      answer: v.exactOptional(answer),
      failure: v.exactOptional(v.object({ message: text })),
      lacking: v.exactOptional(text),
      held: v.exactOptional(held),
    }),
  ),
});
type Written = v.InferOutput<typeof measured>;
type WrittenAnswer = v.InferOutput<typeof answer>;

/** What a run measured, with its points, as the text of the file beside its output. */
export function renderMeasured({ set, server, span, stepMs, results }: Measured): string {
  const written: Written = {
    version: 1,
    ...(server === undefined ? {} : { server }),
    ...(set === undefined ? {} : { set }),
    span,
    stepMs,
    results: results.map(({ answer: given, failure, held: before, ...query }) => ({
      ...query,
      ...(given === undefined ? {} : { answer: writeAnswer(given) }),
      ...(failure === undefined ? {} : { failure: { message: failure.message } }),
      ...(before === undefined ? {} : { held: { ...before, answer: writeAnswer(before.answer) } }),
    })),
  };
  return `${JSON.stringify(written)}\n`;
}

/** The same from such a text; undefined where it is anything else. Never throws. */
export function parseMeasured(file: string): Measured | undefined {
  let json: unknown;
  try {
    json = JSON.parse(file);
  } catch {
    return undefined;
  }
  const read = v.safeParse(measured, json);
  if (!read.success) return undefined;
  const { version: _version, results, ...rest } = read.output;
  return {
    ...rest,
    results: results.map(({ answer: given, failure, held: before, ...query }): MeasuredQuery => ({
      ...query,
      ...(given === undefined ? {} : { answer: readAnswer(given) }),
      ...(failure === undefined ? {} : { failure: { code: 'failed', message: failure.message } }),
      ...(before === undefined ? {} : { held: { ...before, answer: readAnswer(before.answer) } }),
    })),
  };
}

function writeAnswer({ series, left = 0, warnings, notNumbers }: QueryAnswer): WrittenAnswer {
  const kept = series.length <= mostSeries ? series : highestSeries(series, mostSeries);
  return {
    series: kept.map(({ labels, points }) => ({
      labels,
      points: points.map(({ at, value }) => [at, value]),
    })),
    left: left + series.length - kept.length,
    warnings: [...warnings],
    notNumbers,
  };
}

const readAnswer = ({ series, left, ...rest }: WrittenAnswer): QueryAnswer => ({
  ...rest,
  ...(left === 0 ? {} : { left }),
  series: series.map(({ labels, points }) => ({
    labels,
    points: points.map(([at, value]) => ({ at, value })),
  })),
});
