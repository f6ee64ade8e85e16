import type { Failure, Result } from '../errors.ts';
import type { Signal } from '../ports.ts';
import { lastSampleAt, type QueryAnswer, type Series, type Span } from './series.ts';
import type { Unit } from './units.ts';

/** One query with what a person calls it. */
export interface MetricQuery {
  /** Stable name: `latency-p95`, `connections`. */
  readonly id: string;
  readonly title: string;
  readonly query: string;
  readonly unit: Unit;
  /** From where on its value tells of trouble; `over`: more is bad. Absent: it is there to be looked at. */
  readonly limit?: { readonly is: 'over' | 'under'; readonly value: number };
  /** Without data it does not stand in the way of an answer: not every server replicates. */
  readonly optional?: true;
}

/** Ready-made queries that belong together, by what they look at. */
export type MetricSet = 'postgresql' | 'redis' | 'service';

/** What a run asked and was told. */
export interface Measured {
  readonly set?: MetricSet;
  /** Base URL of the server that was asked. */
  readonly server?: string;
  readonly span: Span;
  readonly stepMs: number;
  readonly results: readonly MeasuredQuery[];
}

export interface MeasuredQuery extends MetricQuery {
  /** What the server gave; absent where it gave nothing. */
  readonly answer?: QueryAnswer;
  /** Why it gave nothing. */
  readonly failure?: Failure;
  /** Why there was nothing to ask, as a sentence; then the query is empty. */
  readonly lacking?: string;
  /** With a failure: what the same query gave the last time, to look at with its age. */
  readonly held?: HeldAnswer;
}

/** An answer from before, with the span it was asked for. */
export interface HeldAnswer {
  readonly answer: QueryAnswer;
  readonly span: Span;
  readonly stepMs: number;
}

/** What a run was told of a query by a server; undefined where that was nothing. */
export function answerIn(
  { server, span, stepMs, results }: Measured,
  from: string,
  query: string,
): HeldAnswer | undefined {
  if (server !== from) return undefined;
  const found = results.find((result) => result.query === query);
  if (found?.answer && found.answer.series.length > 0) return { answer: found.answer, span, stepMs };
  return found?.held;
}

/** Older samples say nothing of now, ms: Prometheus itself looks back this far. */
export const freshMs = 5 * 60_000;

export interface SeriesFigures {
  /** Undefined where the series has ended: its last value is none of now. */
  readonly last: number | undefined;
  readonly min: number;
  readonly max: number;
}

/** Last, lowest and highest value; undefined for a series without a sample. `now` in ms since 1970. */
export function figuresOf({ points }: Series, now: number): SeriesFigures | undefined {
  const end = points.at(-1);
  if (!end) return undefined;
  let min = end.value;
  let max = end.value;
  for (const { value } of points) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { last: now - end.at <= freshMs ? end.value : undefined, min, max };
}

/** `12 min`, `40 s`, `3 h`, `2 days`: how old the last data are. Milliseconds. */
export function ageWords(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}

/** How old the data at hand are when a query failed, as a sentence. `now` in ms since 1970. */
export function heldWords({ held }: Pick<MeasuredQuery, 'held'>, now: number): string {
  const at = held && lastSampleAt(held.answer.series);
  return at === undefined
    ? 'No earlier data are at hand.'
    : `The last data at hand are ${ageWords(now - at)} old.`;
}

/** What has to be said beside a figure: warnings of the server, samples that are no numbers. */
export function notesOf({ warnings, notNumbers }: QueryAnswer): readonly string[] {
  const gaps = notNumbers === 1 ? 'One sample is no number' : `${notNumbers} samples are no numbers`;
  return [
    ...warnings.map((warning) => `The server says: ${warning}`),
    ...(notNumbers > 0 ? [`${gaps} (NaN or infinite), so they are left out.`] : []),
  ];
}

/** Asks a server of metrics; `stepMs` and the span's ends in ms. */
export type AskMetrics = (
  query: Span & { readonly query: string; readonly stepMs: number },
  signal: Signal,
) => Promise<Result<QueryAnswer>>;
