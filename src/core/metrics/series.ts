/** One sample. A value that is no number (a rate without requests, NaN) is no sample. */
export interface Point {
  /** UTC, ms since 1970. */
  readonly at: number;
  readonly value: number;
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Oldest first, every value finite. */
  readonly points: readonly Point[];
}

/** What a query gave. */
export interface QueryAnswer {
  readonly series: readonly Series[];
  /** What the server had to say about it: an answer of some of its stores only, a query that may be wrong. */
  readonly warnings: readonly string[];
  /** Samples that were no number. */
  readonly notNumbers: number;
  /** Series of the answer that were not kept. */
  readonly left?: number;
}

/** A span to look at, ms since 1970. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When the last sample of any series was taken, ms since 1970; undefined without one. */
export function lastSampleAt(series: readonly Series[]): number | undefined {
  const times = series.flatMap(({ points }) => points.at(-1)?.at ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The series with the highest values first, at most `most`. */
export const highestSeries = (series: readonly Series[], most: number): readonly Series[] =>
  series.length <= 1 ? series : [...series].sort((a, b) => highest(b) - highest(a) || 0).slice(0, most);

const highest = ({ points }: Series): number =>
  points.reduce((most, { value }) => Math.max(most, value), -Infinity);

/** How a series is told from its neighbours: the labels that differ among them, as `pod="a", code="500"`. */
export function seriesName(series: Series, all: readonly Series[]): string {
  const names = Object.keys(series.labels).filter((name) =>
    all.some(({ labels }) => labels[name] !== series.labels[name]),
  );
  return names.length === 0
    ? (series.labels['__name__'] ?? 'value')
    : names.map((name) => `${name}="${series.labels[name] ?? ''}"`).join(', ');
}
