import type { RunPlot } from '../src/shared/runPlots.ts';

/** Times in s since 1970 and, of each line, its values at them; null where it has none. */
export interface PlotColumns {
  readonly times: number[];
  readonly values: (number | null)[][];
}

/** The lines of a plot over one set of times. Where nothing was measured for longer than a step stands a gap of its own. */
export function plotColumns({ lines, stepMs }: Pick<RunPlot, 'lines' | 'stepMs'>): PlotColumns {
  const measured = [...new Set(lines.flatMap(({ points }) => points.map(([at]) => at)))].sort(
    (a, b) => a - b,
  );
  const times = measured.flatMap((at, index) => {
    const before = measured[index - 1];
    return before !== undefined && at - before > stepMs * 1.5 ? [before + stepMs, at] : [at];
  });
  return {
    times: times.map((at) => at / 1000),
    values: lines.map(({ points }) => {
      const known = new Map(points);
      return times.map((at) => known.get(at) ?? null);
    }),
  };
}

/** `10:30`, UTC, with the date where a plot spans more than a day. `at` in s since 1970. */
export function timeLabel(at: number, spanMs: number): string {
  const iso = new Date(at * 1000).toISOString();
  return spanMs > 36 * 3_600_000 ? `${iso.slice(5, 10)} ${iso.slice(11, 16)}` : iso.slice(11, 16);
}
