import uPlot from 'uplot';
import { formatValue } from '../src/core/metrics/units.ts';
import type { RunPlot } from '../src/shared/runPlots.ts';
import { plotColumns, timeLabel } from './plotColumns.ts';

/** Told apart by dashes too, for people who see few colours. Orange is left out: many themes let the ground show through it. */
const strokes = [
  { colour: '--vscode-charts-blue', dash: [] },
  { colour: '--vscode-charts-purple', dash: [6, 3] },
  { colour: '--vscode-charts-green', dash: [2, 2] },
  { colour: '--vscode-charts-yellow', dash: [8, 3, 2, 3] },
  { colour: '--vscode-charts-red', dash: [4, 2] },
  { colour: '--vscode-foreground', dash: [1, 3] },
] as const;
export const strokeOf = (index: number): (typeof strokes)[number] => strokes[index % strokes.length]!;

/** The theme's colour behind a variable, as it is now. */
export const themeColour = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim() || '#888888';

const minutes = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440].map((count) => count * 60);
const height = 180;

export interface Drawing {
  /** Fits the width that there is, px. */
  resize(width: number): void;
  dispose(): void;
}

/**
 * Draws a plot in the colours of the theme as they are now, with a line at the onset (ms since 1970).
 * @param hovered told the index among the plot's times under the pointer, and undefined when it has left
 */
export function drawPlot(
  into: HTMLElement,
  plot: RunPlot,
  onset: number | undefined,
  width: number,
  hovered: (values: readonly (number | null)[] | undefined, at: number | undefined) => void,
): Drawing {
  const { times, values } = plotColumns(plot);
  const body = getComputedStyle(document.body);
  const font = `11px ${body.fontFamily}`;
  const quiet = themeColour('--vscode-descriptionForeground');
  const grid = { stroke: themeColour('--vscode-widget-border'), width: 1, show: true };
  const axis = { stroke: quiet, font, grid, ticks: { show: false } };
  const drawn = new uPlot(
    {
      width,
      height,
      padding: [14, 12, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, points: { size: 6 } },
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), 'Etc/UTC'),
      scales: {
        x: { time: true, range: [plot.from / 1000, plot.to / 1000] },
        // From zero where the values allow it, so that a small change does not look like a large one.
        y: { range: (_plot, low, high) => yRange(low, high) },
      },
      axes: [
        {
          ...axis,
          space: 60,
          incrs: minutes,
          size: 26,
          values: (_plot, splits) => splits.map((at) => timeLabel(at, plot.to - plot.from)),
        },
        {
          ...axis,
          size: 66,
          values: (_plot, splits) => splits.map((value) => formatValue(value, plot.unit)),
        },
      ],
      series: [
        {},
        ...plot.lines.map((_line, index) => ({
          stroke: themeColour(strokeOf(index).colour),
          width: 2,
          dash: [...strokeOf(index).dash],
        })),
      ],
      hooks: {
        draw: [(self: uPlot) => drawMarks(self, plot, onset, font)],
        setCursor: [
          ({ cursor: { idx } }: uPlot) =>
            typeof idx === 'number'
              ? hovered(
                  values.map((line) => line[idx] ?? null),
                  times[idx],
                )
              : hovered(undefined, undefined),
        ],
      },
    },
    [times, ...values],
    into,
  );
  return {
    resize: (wide) => {
      if (wide !== drawn.width) drawn.setSize({ width: wide, height });
    },
    dispose: () => drawn.destroy(),
  };
}

function yRange(low: number | null, high: number | null): [number, number] {
  const least = Math.min(0, low ?? 0);
  const most = Math.max(0, high ?? 0);
  const room = (most - least || 1) * 0.08;
  return [least < 0 ? least - room : 0, most > 0 || least === 0 ? most + room : 0];
}

/** The onset as a line with its word, the limit as a line across where it is in sight. */
function drawMarks(self: uPlot, { from, to, limit }: RunPlot, onset: number | undefined, font: string): void {
  const { ctx, bbox } = self;
  const ratio = devicePixelRatio;
  const line = (x1: number, y1: number, x2: number, y2: number): void => {
    ctx.beginPath();
    ctx.moveTo(x1, y1);
    ctx.lineTo(x2, y2);
    ctx.stroke();
  };
  ctx.save();
  ctx.font = font.replace('11px', `${11 * ratio}px`);
  ctx.lineWidth = ratio;
  const [low, high] = [self.scales['y']?.min ?? 0, self.scales['y']?.max ?? 0];
  if (limit && limit.value > low && limit.value < high) {
    const y = crisp(self.valToPos(limit.value, 'y', true), ratio);
    ctx.strokeStyle = ctx.fillStyle = themeColour('--vscode-editorWarning-foreground');
    ctx.setLineDash([2 * ratio, 3 * ratio]);
    line(bbox.left, y, bbox.left + bbox.width, y);
    ctx.textAlign = 'right';
    ctx.fillText('limit', bbox.left + bbox.width - 4 * ratio, y - 4 * ratio);
  }
  if (onset !== undefined && onset >= from && onset <= to) {
    const x = crisp(self.valToPos(onset / 1000, 'x', true), ratio);
    ctx.strokeStyle = ctx.fillStyle = themeColour('--vscode-errorForeground');
    ctx.setLineDash([4 * ratio, 3 * ratio]);
    line(x, bbox.top - 10 * ratio, x, bbox.top + bbox.height);
    // Beside the line where there is room for the word.
    const isFar = x > bbox.left + bbox.width - 50 * ratio;
    ctx.textAlign = isFar ? 'right' : 'left';
    ctx.fillText('onset', x + (isFar ? -4 : 4) * ratio, bbox.top - 3 * ratio);
  }
  ctx.restore();
}

/** The middle of a pixel: a thin line between two of them is drawn over both, in half its colour. */
const crisp = (at: number, ratio: number): number => Math.round(at) + (Math.round(ratio) % 2) / 2;
