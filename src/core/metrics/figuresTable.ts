import { figuresOf } from './metricQuery.ts';
import { seriesName, type Series } from './series.ts';
import { formatValue, type Unit } from './units.ts';

/** One series as a row of words. */
export interface FigureRow {
  readonly name: string;
  readonly last: string;
  readonly min: string;
  readonly max: string;
}

/** Rows that people read through. */
const mostRows = 20;

/** The series with their last, lowest and highest value, the highest now first. `now` in ms since 1970. */
export function figureRows(
  series: readonly Series[],
  unit: Unit,
  now: number,
): { readonly rows: readonly FigureRow[]; readonly left: number } {
  const known = series.flatMap((one) => {
    const figures = figuresOf(one, now);
    return figures ? [{ one, figures }] : [];
  });
  known.sort((a, b) => (b.figures.last ?? -Infinity) - (a.figures.last ?? -Infinity) || 0);
  const rows = known.slice(0, mostRows).map(({ one, figures }) => ({
    name: seriesName(one, series),
    last: figures.last === undefined ? 'ended' : formatValue(figures.last, unit),
    min: formatValue(figures.min, unit),
    max: formatValue(figures.max, unit),
  }));
  return { rows, left: known.length - rows.length };
}

/** The same as lines of text in columns; `no data` where there is none. */
export function figureLines(series: readonly Series[], unit: Unit, now: number): readonly string[] {
  const { rows, left } = figureRows(series, unit, now);
  if (rows.length === 0) return ['no data'];
  const cells = [
    ['SERIES', 'LAST', 'MIN', 'MAX'],
    ...rows.map(({ name, last, min, max }) => [name, last, min, max]),
  ];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return [
    ...cells.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('   ')
        .trimEnd(),
    ),
    ...(left > 0 ? [`and ${left} more series`] : []),
  ];
}
