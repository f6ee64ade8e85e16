import type { Point, Series, Span } from './series.ts';
import { formatValue, type Unit } from './units.ts';

export interface NormalInput {
  /** `error rate`, `latency (p95)`: begins the sentence. */
  readonly what: string;
  readonly unit: Unit;
  /** Of one service; several series are looked at as their worst. */
  readonly series: readonly Series[];
  /** When it began, ms since 1970: what was before is what is normal. */
  readonly onset: number;
  /** ms since 1970. */
  readonly now: number;
  /** A value up to this is good however still it was before: nobody is woken by one error in a thousand. */
  readonly floor?: number;
}

export interface NormalVerdict {
  readonly verdict: 'good' | 'bad' | 'not checked';
  /** With both figures, or with why there are none. */
  readonly sentence: string;
}

const minute = 60_000;
/** What counts as now. */
export const nowMs = 5 * minute;
/** What counts as before. */
export const beforeMs = 60 * minute;
/** Older data say nothing of now. */
export const staleMs = 5 * minute;
const fewest = 5;
const tolerance = 1.1;

/**
 * Whether a figure is back where it was in the hour before the onset: the median of the last five minutes is no more
 * than a tenth above what the hour before was in 95 of 100 samples, or no more than `floor`. Lower is always good.
 */
export function backToNormal({ what, unit, series, onset, now, floor }: NormalInput): NormalVerdict {
  const no = (because: string): NormalVerdict => ({
    verdict: 'not checked',
    sentence: `${what}: ${because}`,
  });
  if (onset >= now) return no('the onset is not over yet, so there is nothing to compare with.');
  const points = worstOf(series);
  const before = valuesIn(points, { from: onset - beforeMs, to: onset - 1 });
  const recent = valuesIn(points, { from: now - nowMs, to: now });
  const last = points.at(-1);
  if (last === undefined) return no('there are no data.');
  if (now - last.at > staleMs || recent.length === 0)
    return no(
      `the last data are ${Math.round((now - last.at) / minute)} min old, so nothing is known of now.`,
    );
  const is = quantile(recent, 0.5);
  if (floor !== undefined && is <= floor)
    return {
      verdict: 'good',
      sentence: `${what} is ${formatValue(is, unit)}, at most ${formatValue(floor, unit)} is fine.`,
    };
  if (before.length < fewest)
    return no(
      `it is ${formatValue(is, unit)}, and of the hour before the onset there are ${before.length === 0 ? 'no data' : 'too few data'} to compare with.`,
    );
  const was = quantile(before, 0.95);
  const isGood = is <= was * tolerance;
  return {
    verdict: isGood ? 'good' : 'bad',
    sentence: `${what} is ${formatValue(is, unit)} (median of the last 5 min); in the hour before the onset it was up to ${formatValue(was, unit)}.`,
  };
}

/** At each time the highest of all series. */
function worstOf(series: readonly Series[]): readonly Point[] {
  const at = new Map<number, number>();
  for (const { points } of series)
    for (const point of points) at.set(point.at, Math.max(at.get(point.at) ?? -Infinity, point.value));
  return [...at].map(([time, value]) => ({ at: time, value })).sort((a, b) => a.at - b.at);
}

const valuesIn = (points: readonly Point[], { from, to }: Span): readonly number[] =>
  points.filter(({ at }) => at >= from && at <= to).map(({ value }) => value);

/** The value that `share` of all values do not exceed (nearest rank). Of at least one value. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;
}
