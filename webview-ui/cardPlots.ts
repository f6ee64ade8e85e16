import { formatValue } from '../src/core/metrics/units.ts';
import { parseRunPlots, type RunPlot, type RunPlots } from '../src/shared/runPlots.ts';
import { element, setHidden, setText, setTextOrHide } from './element.ts';
import { timeLabel } from './plotColumns.ts';
import { drawPlot, strokeOf, themeColour, type Drawing } from './plotDrawing.ts';
import type { Requests } from './requests.ts';
import { createButton, setPressed } from './toolkit.ts';
import { createError } from './action.ts';

/** The run whose points are wanted. */
export interface PlotsOf {
  readonly run: string;
  readonly incident: string;
  /** Moves the line when it is set anew. */
  readonly onsetAt: string | undefined;
}

interface PlotView {
  readonly root: HTMLElement;
  redraw(): void;
  setTable(isTable: boolean): void;
  dispose(): void;
}

/** What the queries of a run gave, drawn, or as a table for who reads rather than looks. */
export function createCardPlots(
  step: number,
  requests: Requests,
  openOutput: () => void,
): { readonly root: HTMLElement; update(of: PlotsOf | undefined): void } {
  const table = createButton('Table', 'secondary', `Figures of step ${step} as a table`);
  table.classList.add('toggle');
  const error = createError();
  const list = element('div', { class: 'plot-list' });
  const output = createButton('Open output', 'secondary', `Open the output of step ${step}`);
  output.addEventListener('click', openOutput);
  const bar = element('div', { class: 'buttons' }, table, output);
  const root = element('div', { class: 'plots' }, bar, error, list);
  let wanted = '';
  let views: readonly PlotView[] = [];
  let isTable = false;
  const showTable = (now: boolean): void => {
    isTable = now;
    setPressed(table, now);
    for (const view of views) view.setTable(now);
  };
  table.addEventListener('click', () => showTable(!isTable));
  showTable(false);
  root.hidden = true;

  const clear = (): void => {
    for (const view of views) view.dispose();
    views = [];
    list.replaceChildren();
  };
  const draw = ({ plots, onset }: RunPlots): void => {
    clear();
    list.classList.toggle('is-one', plots.length === 1);
    views = plots.map((plot) => createPlot(plot, onset, plots.length > 1));
    list.append(...views.map((view) => view.root));
    showTable(isTable);
    for (const view of views) view.redraw();
  };
  // A canvas keeps the colours it was drawn with: it is drawn anew with those of another theme.
  const theme = new MutationObserver(() => {
    if (!root.isConnected) return theme.disconnect();
    for (const view of views) view.redraw();
  });
  theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style'] });
  theme.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });

  return {
    root,
    update(of) {
      const key = of === undefined ? '' : JSON.stringify(of);
      if (key === wanted) return;
      wanted = key;
      if (of === undefined) {
        root.hidden = true;
        root.removeAttribute('data-drawn');
        clear();
        return;
      }
      void requests.send('readPlots', { run: of.run, incident: of.incident }).then((reply) => {
        // Another run has ended meanwhile: its own answer is on the way.
        if (key !== wanted) return;
        const plots = reply.ok ? parseRunPlots(reply.result) : undefined;
        root.hidden = false;
        setHidden(bar, !plots);
        // The output says the same in letters: it stands here where nothing can be drawn.
        root.toggleAttribute('data-drawn', plots !== undefined);
        setTextOrHide(
          error,
          plots ? undefined : reply.ok ? 'The points of this run cannot be understood.' : reply.message,
        );
        if (plots) draw(plots);
        else clear();
      });
    },
  };
}

function createPlot(plot: RunPlot, onset: number | undefined, isNamed: boolean): PlotView {
  const { title, unit, lines, summary, from, to } = plot;
  const canvas = element('div', {
    class: 'plot-canvas',
    attributes: { role: 'img', 'aria-label': `${title}. ${summary}` },
  });
  const when = element('span', { class: 'plot-when' });
  const legend = element('ul', { class: 'plot-legend', attributes: { 'aria-label': `Series of ${title}` } });
  const values = lines.map(() => element('span', { class: 'plot-value' }));
  const swatches = lines.map((_line, index) => createSwatch(index));
  lines.forEach(({ name }, index) =>
    legend.append(
      element(
        'li',
        {},
        swatches[index]!.root,
        element('span', { class: 'plot-name', text: lines.length === 1 && name === 'value' ? 'now' : name }),
        values[index]!,
      ),
    ),
  );
  if (plot.left > 0) legend.append(element('li', { text: `and ${plot.left} more, not drawn` }));
  const figures = createTable(title, plot);
  const picture = element('div', { class: 'plot-picture' }, canvas, when, legend);
  const nothing = lines.every(({ points }) => points.length === 0);
  const empty = element('p', { class: 'plot-empty', text: 'No data.' });
  const root = element(
    'figure',
    { class: 'plot' },
    ...(isNamed ? [element('figcaption', { text: title })] : []),
    ...(plot.failure === undefined ? [] : [element('p', { class: 'plot-failure', text: plot.failure })]),
    ...(nothing ? [empty] : [picture, figures]),
    ...plot.notes.map((text) => element('p', { class: 'plot-note', text })),
  );
  const utc = `UTC, ${timeLabel(from / 1000, to - from)} to ${timeLabel(to / 1000, to - from)}`;
  const hover = (at: readonly (number | null)[] | undefined, time: number | undefined): void => {
    setText(when, time === undefined ? utc : `${timeLabel(time, to - from)} UTC`);
    values.forEach((value, index) => {
      const here = at?.[index];
      const text =
        at === undefined
          ? lastOf(plot, index)
          : here === null || here === undefined
            ? 'none'
            : formatValue(here, unit);
      setText(value, text);
    });
  };
  let drawing: Drawing | undefined;
  const widthOf = (): number => Math.floor(canvas.clientWidth);
  const redraw = (): void => {
    if (nothing) return;
    drawing?.dispose();
    drawing = widthOf() > 0 ? drawPlot(canvas, plot, onset, widthOf(), hover) : undefined;
    for (const swatch of swatches) swatch.draw();
    hover(undefined, undefined);
  };
  const sizes = new ResizeObserver(() => {
    if (widthOf() === 0) return;
    if (drawing) drawing.resize(widthOf());
    else redraw();
  });
  sizes.observe(canvas);
  return {
    root,
    redraw,
    setTable: (isTable) => {
      setHidden(picture, isTable);
      setHidden(figures, !isTable);
    },
    dispose: () => {
      sizes.disconnect();
      drawing?.dispose();
    },
  };
}

/** The last value as the table has it: `ended` where a series has none of now. */
function lastOf({ lines, rows, unit, to }: RunPlot, index: number): string {
  const name = lines[index]?.name;
  const row = rows.find((each) => each.name === name);
  const last = lines[index]?.points.at(-1);
  return row?.last ?? (last && to - last[0] <= 300_000 ? formatValue(last[1], unit) : 'ended');
}

function createSwatch(index: number): { readonly root: SVGElement; draw(): void } {
  const svg = 'http://www.w3.org/2000/svg';
  const root = document.createElementNS(svg, 'svg');
  const line = document.createElementNS(svg, 'path');
  for (const [key, value] of [
    ['width', '22'],
    ['height', '8'],
    ['viewBox', '0 0 22 8'],
    ['aria-hidden', 'true'],
  ] as const)
    root.setAttribute(key, value);
  line.setAttribute('d', 'M1 4h20');
  line.setAttribute('stroke-width', '2');
  line.setAttribute('stroke-dasharray', strokeOf(index).dash.join(' '));
  root.append(line);
  return { root, draw: () => line.setAttribute('stroke', themeColour(strokeOf(index).colour)) };
}

function createTable(title: string, { rows, rowsLeft }: RunPlot): HTMLElement {
  const cell = (tag: 'th' | 'td', text: string, scope?: string): HTMLElement =>
    element(tag, { text, ...(scope === undefined ? {} : { attributes: { scope } }) });
  const body = rows.map(({ name, last, min, max }) =>
    element('tr', {}, cell('th', name, 'row'), ...[last, min, max].map((text) => cell('td', text))),
  );
  const head = element(
    'tr',
    {},
    ...['Series', 'Last', 'Lowest', 'Highest'].map((text) => cell('th', text, 'col')),
  );
  const table = element('table', {}, element('thead', {}, head), element('tbody', {}, ...body));
  // Long tables scroll within themselves: the keyboard has to get there.
  const scroll = element(
    'div',
    {
      class: 'plot-table',
      attributes: { tabindex: '0', role: 'region', 'aria-label': `Figures of ${title}` },
    },
    table,
  );
  if (rowsLeft > 0) scroll.append(element('p', { class: 'plot-note', text: `and ${rowsLeft} more series` }));
  return scroll;
}
