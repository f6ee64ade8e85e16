import { layoutBars } from '../src/core/views/barLayout.ts';
import type { BarChart } from '../src/shared/reportPage.ts';
import { element } from './element.ts';

const svg = 'http://www.w3.org/2000/svg';

function shape(
  tag: string,
  attributes: Readonly<Record<string, string | number>>,
  text?: string,
): SVGElement {
  const made = document.createElementNS(svg, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  if (text !== undefined) made.textContent = text;
  return made;
}

/** How many colours `report.css` has; further series begin again. */
const colours = 7;

/** A picture of the numbers that the table below it has: for the eyes alone, with a click for the mouse. */
export function drawBars(chart: BarChart, open: (key: string) => void): HTMLElement {
  const { width, height, rects, ticks, labels, plot } = layoutBars(chart);
  const picture = shape('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': `${chart.label}. The table below has the same numbers.`,
  });
  for (const { y, label } of ticks)
    picture.append(
      shape('line', { class: 'grid', x1: plot.left, x2: plot.right, y1: y, y2: y }),
      shape('text', { class: 'tick', x: plot.left - 6, y: y + 4, 'text-anchor': 'end' }, label),
    );
  for (const { x, y, width: wide, height: high, series, bar } of rects) {
    const { label = '', opens } = chart.bars[bar] ?? {};
    const value = chart.bars[bar]?.values[series] ?? 0;
    const rect = shape('rect', { class: `series-${series % colours}`, x, y, width: wide, height: high });
    rect.append(shape('title', {}, `Week of ${label}: ${value} ${chart.series[series] ?? ''}`));
    if (opens !== undefined) {
      rect.classList.add('opens');
      rect.addEventListener('click', () => open(opens));
    }
    picture.append(rect);
  }
  for (const { x, text } of labels)
    picture.append(shape('text', { class: 'tick', x, y: plot.bottom + 18, 'text-anchor': 'middle' }, text));
  const legend = element('ul', { class: 'legend', attributes: { 'aria-hidden': 'true' } });
  for (const [at, name] of chart.series.entries())
    legend.append(
      element(
        'li',
        {},
        element('span', { class: `swatch series-${at % colours}` }),
        element('span', { text: name }),
      ),
    );
  return element('div', { class: 'chart' }, legend, picture);
}
