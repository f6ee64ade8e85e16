import { toInstant, utcDate } from '../incident/instants.ts';
import { seriesName, type Point, type Series, type Span } from './series.ts';
import { formatValue, type Unit } from './units.ts';

export interface PlotInput {
  readonly title: string;
  readonly unit: Unit;
  readonly series: readonly Series[];
  readonly span: Span;
  /** Moments with a line and a word each: onset, mitigation. ms since 1970. */
  readonly marks: readonly { readonly at: number; readonly label: string }[];
  /** A gap longer than this is drawn as one, ms. */
  readonly stepMs: number;
}

const width = 720;
const height = 260;
const area = { left: 64, right: 16, top: 40, bottom: 52 };
/** Told apart by people who see few colours (Okabe and Ito), and by dashes. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9'];
const dashes = ['', '6 3', '2 2', '8 3 2 3', '4 2', '1 3'];
const mostSeries = colours.length;

/**
 * A plot as an SVG file that needs nothing else: no script, no font, no colour of a theme, for it has a ground of its
 * own. The same input is the same file. `title` and `desc` say for a screen reader what is drawn.
 */
export function renderPlot(input: PlotInput): string {
  const shown = [...input.series].sort(byHighest).slice(0, mostSeries);
  const points = shown
    .flatMap((one) => one.points)
    .filter(({ at }) => at >= input.span.from && at <= input.span.to);
  const ticks = valueTicks(points);
  const x = (at: number): number =>
    area.left + ((at - input.span.from) / Math.max(1, input.span.to - input.span.from)) * plotWidth;
  const y = (value: number): number =>
    height - area.bottom - ((value - ticks.low) / (ticks.high - ticks.low)) * plotHeight;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="title">${escape(input.title)}</title>`,
    `<desc id="desc">${escape(describe(input, shown, points))}</desc>`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(area.left, 20, input.title, 'font-size="14" font-weight="600" fill="#1f1f1f"'),
    ...ticks.values.flatMap((value) => [
      `<line x1="${area.left}" x2="${width - area.right}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#e4e4e4"/>`,
      text(area.left - 8, y(value) + 4, formatValue(value, input.unit), 'text-anchor="end" fill="#5a5a5a"'),
    ]),
    ...timeTicks(input.span).map((at) =>
      text(x(at), height - area.bottom + 18, clock(at), 'text-anchor="middle" fill="#5a5a5a"'),
    ),
    text(
      width - area.right,
      height - 8,
      `UTC, ${utcDate(toInstant(input.span.from))}`,
      'text-anchor="end" fill="#5a5a5a"',
    ),
    ...input.marks
      .filter(({ at }) => at >= input.span.from && at <= input.span.to)
      .flatMap(({ at, label }, index) => [
        `<line x1="${round(x(at))}" x2="${round(x(at))}" y1="${area.top - 8}" y2="${height - area.bottom}" stroke="#b00020" stroke-dasharray="4 3"/>`,
        text(x(at) + 4, area.top + index * 14, label, 'fill="#b00020"'),
      ]),
    ...shown.flatMap((one, index) => lines(one, input, index, x, y)),
    ...(points.length === 0
      ? [text(width / 2, height / 2, 'no data', 'text-anchor="middle" fill="#5a5a5a" font-size="16"')]
      : legend(shown, input.series.length)),
    '</svg>',
  ].join('\n')}\n`;
}

const plotWidth = width - area.left - area.right;
const plotHeight = height - area.top - area.bottom;

const highest = ({ points }: Series): number =>
  points.reduce((most, { value }) => Math.max(most, value), -Infinity);
const byHighest = (a: Series, b: Series): number => highest(b) - highest(a) || 0;

function lines(
  { points }: Series,
  { span, stepMs }: PlotInput,
  index: number,
  x: (at: number) => number,
  y: (value: number) => number,
): readonly string[] {
  const pieces: Point[][] = [];
  let last: number | undefined;
  for (const point of points) {
    if (point.at < span.from || point.at > span.to) continue;
    if (last === undefined || point.at - last > stepMs * 1.5) pieces.push([]);
    pieces.at(-1)?.push(point);
    last = point.at;
  }
  const stroke = `stroke="${colours[index]}" fill="none" stroke-width="1.5"${dashes[index] ? ` stroke-dasharray="${dashes[index]}"` : ''}`;
  return pieces.map((piece) =>
    piece.length === 1
      ? `<circle cx="${round(x(piece[0]!.at))}" cy="${round(y(piece[0]!.value))}" r="2" fill="${colours[index]}"/>`
      : `<polyline ${stroke} points="${piece.map(({ at, value }) => `${round(x(at))},${round(y(value))}`).join(' ')}"/>`,
  );
}

function legend(shown: readonly Series[], total: number): readonly string[] {
  if (total <= 1) return [];
  const names = shown.map((one) => seriesName(one, shown).slice(0, 34));
  if (total > shown.length) names.push(`and ${total - shown.length} more`);
  const wide = plotWidth / Math.min(3, names.length);
  return names.flatMap((name, index) => {
    const left = area.left + (index % 3) * wide;
    const top = height - area.bottom + 34 + Math.floor(index / 3) * 12;
    const mark =
      index < shown.length
        ? `<line x1="${round(left)}" x2="${round(left + 16)}" y1="${top - 4}" y2="${top - 4}" stroke="${colours[index]}" stroke-width="2"${dashes[index] ? ` stroke-dasharray="${dashes[index]}"` : ''}/>`
        : '';
    return [mark, text(left + 20, top, name, 'fill="#3a3a3a" font-size="10"')].filter((part) => part !== '');
  });
}

function describe(
  { unit, marks, span }: PlotInput,
  shown: readonly Series[],
  points: readonly Point[],
): string {
  const times = `From ${clock(span.from)} to ${clock(span.to)} UTC.`;
  if (points.length === 0) return `${times} There are no data.`;
  const values = points.map(({ value }) => value);
  return [
    times,
    `${shown.length === 1 ? 'One series' : `${shown.length} series`}, between ${formatValue(Math.min(...values), unit)} and ${formatValue(Math.max(...values), unit)}.`,
    ...marks.map(({ at, label }) => `${label} at ${clock(at)}.`),
  ].join(' ');
}

/** From zero where the values allow it, so that a small change does not look like a large one. */
function valueTicks(points: readonly Point[]): {
  readonly low: number;
  readonly high: number;
  readonly values: readonly number[];
} {
  const values = points.map(({ value }) => value);
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const span = high - low || 1;
  const raw = span / 4 || Number.MIN_VALUE; // a quarter of the smallest numbers is 0
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((one) => one >= raw) ?? raw;
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil((high || (low === 0 ? 1 : 0)) / step));
  const at = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
  return { low: first * step, high: last * step, values: at };
}

function timeTicks({ from, to }: Span): readonly number[] {
  const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((count) => count * 60_000);
  const step =
    minutes.find((one) => (to - from) / one <= 8) ??
    1440 * 60_000 * Math.ceil((to - from) / (8 * 86_400_000));
  const ticks: number[] = [];
  for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
  return ticks;
}

const clock = (at: number): string => toInstant(at).slice(11, 16);
const round = (value: number): number => Math.round(value * 10) / 10;
const text = (x: number, y: number, words: string, attributes: string): string =>
  `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(words)}</text>`;
const escape = (words: string): string =>
  words
    // Characters that XML 1.0 has no place for.
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
