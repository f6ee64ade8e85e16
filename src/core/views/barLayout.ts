import type { BarChart } from './reportPage.ts';

/** A picture of bars in units of its own, for an SVG with this view box. */
export interface BarLayout {
  readonly width: number;
  readonly height: number;
  readonly rects: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
    readonly series: number;
    readonly bar: number;
  }[];
  /** Lines across with their number. */
  readonly ticks: readonly { readonly y: number; readonly label: string }[];
  /** Some of the bars' labels, so that none runs into the next. */
  readonly labels: readonly { readonly x: number; readonly text: string }[];
  readonly plot: {
    readonly left: number;
    readonly right: number;
    readonly top: number;
    readonly bottom: number;
  };
}

const width = 800;
const height = 220;
const plot = { left: 34, right: 796, top: 10, bottom: 194 } as const;
const labelWidth = 86;
/** Of the text itself, without the space beside it: a label does not run out of the picture on the left. */
const halfLabel = 32;
const widestBar = 48;

/** Where everything stands. Bars of no height are left out. */
export function layoutBars({ bars }: Pick<BarChart, 'bars'>): BarLayout {
  const most = Math.max(1, ...bars.map(({ values }) => values.reduce((sum, value) => sum + value, 0)));
  const step = tickStep(most);
  const top = Math.ceil(most / step) * step;
  const yOf = (value: number): number => plot.bottom - ((plot.bottom - plot.top) * value) / top;
  const slot = (plot.right - plot.left) / Math.max(1, bars.length);
  const barWidth = Math.min(widestBar, Math.max(1, slot * 0.78));
  const xOf = (bar: number): number => plot.left + slot * bar + (slot - barWidth) / 2;
  const rects = bars.flatMap(({ values }, bar) => {
    let base = 0;
    return values.flatMap((value, series) => {
      if (value <= 0) return [];
      const bottom = yOf(base);
      base += value;
      const y = yOf(base);
      return [
        { x: round(xOf(bar)), y: round(y), width: round(barWidth), height: round(bottom - y), series, bar },
      ];
    });
  });
  const every = Math.max(1, Math.ceil(labelWidth / slot));
  return {
    ...{ width, height, rects, plot },
    ticks: Array.from({ length: top / step + 1 }, (_, at) => ({
      y: round(yOf(at * step)),
      label: String(at * step),
    })),
    labels: bars.flatMap(({ label }, bar) =>
      bar % every === 0 && (bar === 0 || xOf(bar) + labelWidth / 2 <= plot.right)
        ? [{ x: round(Math.max(halfLabel, xOf(bar) + barWidth / 2)), text: label }]
        : [],
    ),
  };
}

/** 1, 2, 5, 10, …: five lines at most, and never half an incident. */
function tickStep(most: number): number {
  for (let size = 1; ; size *= 10) for (const of of [1, 2, 5]) if (most / (size * of) <= 5) return size * of;
}

const round = (value: number): number => Math.round(value * 100) / 100;
