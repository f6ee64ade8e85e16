import { parseInstant, toInstant, utcTime } from '../incident/instants.ts';
import { figureRows, type FigureRow } from './figuresTable.ts';
import { ageWords, notesOf, type Measured, type MeasuredQuery } from './metricQuery.ts';
import { highestSeries, lastSampleAt, seriesName, type Series, type Span } from './series.ts';
import { formatValue, type Unit } from './units.ts';

/** One line of a plot; its points oldest first, each a time (ms since 1970, UTC) and a value. */
export interface PlotLine {
  readonly name: string;
  readonly points: readonly (readonly [at: number, value: number])[];
}

/** What a page draws of one query. Times in ms since 1970. */
export interface RunPlot {
  readonly title: string;
  readonly query: string;
  readonly unit: Unit;
  readonly from: number;
  readonly to: number;
  /** A longer gap is drawn as one. */
  readonly stepMs: number;
  /** The highest first. */
  readonly lines: readonly PlotLine[];
  /** Series that are not drawn. */
  readonly left: number;
  readonly rows: readonly FigureRow[];
  readonly rowsLeft: number;
  readonly limit: { readonly is: 'over' | 'under'; readonly value: number } | undefined;
  /** Why there are no newer data, and how old those are. */
  readonly failure: string | undefined;
  /** What has to be said beside the figures. */
  readonly notes: readonly string[];
  /** The plot in words, for who does not see it. */
  readonly summary: string;
}

export interface RunPlots {
  /** When the incident began, ms since 1970, as far as it is known. */
  readonly onset: number | undefined;
  readonly plots: readonly RunPlot[];
}

/** As many lines as are told apart. */
export const mostLines = 6;

/** What a page draws of a run's queries. `onsetAt` is UTC ISO 8601. Pure; never throws. */
export function runPlots(measured: Measured, onsetAt: string | undefined): RunPlots {
  const onset = onsetAt === undefined ? undefined : parseInstant(onsetAt);
  return { onset, plots: measured.results.map((result) => plotOf(result, measured, onset)) };
}

function plotOf(result: MeasuredQuery, measured: Measured, onset: number | undefined): RunPlot {
  const { title, query, unit, limit, held, failure, lacking } = result;
  const shown = failure
    ? held
    : result.answer && { answer: result.answer, span: measured.span, stepMs: measured.stepMs };
  const span = shown?.span ?? measured.span;
  const series = shown?.answer.series ?? [];
  const drawn = highestSeries(series, mostLines);
  const { rows, left } = figureRows(series, unit, span.to);
  const notKept = shown?.answer.left ?? 0;
  return {
    title,
    query,
    unit,
    from: span.from,
    to: span.to,
    stepMs: shown?.stepMs ?? measured.stepMs,
    lines: drawn.map((one) => ({
      name: seriesName(one, series),
      points: one.points
        .filter(({ at }) => at >= span.from && at <= span.to)
        .map(({ at, value }) => [at, value]),
    })),
    left: series.length - drawn.length + notKept,
    rows,
    rowsLeft: left + notKept,
    limit,
    failure: failure && staleWords(failure.message, result, measured),
    notes: shown ? notesOf(shown.answer) : lacking === undefined ? [] : [lacking],
    summary: summaryOf(unit, span, drawn, series.length + notKept, onset),
  };
}

const clock = (at: number): string => utcTime(toInstant(at));

/** The card says the cause by itself where there is one query; of several, each says its own. */
function staleWords(cause: string, { held }: MeasuredQuery, { span, results }: Measured): string {
  const at = held && lastSampleAt(held.answer.series);
  const age =
    at === undefined
      ? 'and no earlier data are at hand.'
      : `so these are the last data at hand, until ${clock(at)} UTC: ${ageWords(span.to - at)} old by then.`;
  return `${results.length > 1 ? `${cause} ` : ''}No answer at ${clock(span.to)} UTC, ${age}`;
}

function summaryOf(
  unit: Unit,
  span: Span,
  drawn: readonly Series[],
  count: number,
  onset: number | undefined,
): string {
  const times = `From ${clock(span.from)} to ${clock(span.to)} UTC.`;
  const values = drawn.flatMap(({ points }) => points.map(({ value }) => value));
  if (values.length === 0) return `${times} There are no data.`;
  const low = values.reduce((a, b) => Math.min(a, b));
  const high = values.reduce((a, b) => Math.max(a, b));
  return [
    times,
    `${count === 1 ? 'One series' : `${count} series`}, between ${formatValue(low, unit)} and ${formatValue(high, unit)}.`,
    ...(onset !== undefined && onset >= span.from && onset <= span.to ? [`Onset at ${clock(onset)}.`] : []),
  ].join(' ');
}
