/** Fewer than this and a median says more about chance than about the team: it is said, and not compared. */
export const fewData = 5;

export interface Distribution {
  readonly count: number;
  /** Ms; undefined of none. */
  readonly median: number | undefined;
  /** The nearest rank: the smallest value that nine of ten are not above. */
  readonly p90: number | undefined;
  readonly few: boolean;
}

/** Median and 90th percentile of values in any order. */
export function distributionOf(values: readonly number[]): Distribution {
  const sorted = [...values].sort((a, b) => a - b);
  const count = sorted.length;
  const upper = sorted[Math.floor(count / 2)];
  const lower = sorted[Math.ceil(count / 2) - 1];
  return {
    count,
    median: upper === undefined || lower === undefined ? undefined : (upper + lower) / 2,
    p90: sorted[Math.ceil(count * 0.9) - 1],
    few: count < fewData,
  };
}
