import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renderPlot, type PlotInput } from '../../../../src/core/metrics/renderPlot.ts';
import { lastSampleAt, seriesName, type Series } from '../../../../src/core/metrics/series.ts';

const minute = 60_000;
const from = Date.parse('2026-11-28T10:00:00.000Z');
const line = (labels: Series['labels'], values: readonly number[]): Series => ({
  labels,
  points: values.map((value, index) => ({ at: from + index * minute, value })),
});
const plot = (series: readonly Series[], more: Partial<PlotInput> = {}): string =>
  renderPlot({
    title: 'Error rate of payment-service',
    unit: 'ratio',
    series,
    span: { from, to: from + 60 * minute },
    marks: [{ at: from + 10 * minute, label: 'onset' }],
    stepMs: minute,
    ...more,
  });
/** Every tag is closed, nothing runs, nothing is fetched. */
function assertPlain(svg: string): void {
  const open: string[] = [];
  for (const [, close, name = '', self] of svg.matchAll(/<(\/?)([a-z]+)(?:\s[^<>]*?)?(\/?)>/gi)) {
    if (close) assert.equal(open.pop(), name, svg);
    else if (!self) open.push(name);
  }
  assert.deepEqual(open, []);
  assert.doesNotMatch(svg, /<script|<foreignObject|<image|<use|\son\w+=|href/i);
  assert.doesNotMatch(svg, /NaN|Infinity|undefined/);
}

describe('a plot as a file', () => {
  it('says in words what it shows', () => {
    const svg = plot([line({ code: '500' }, [0.01, 0.02, 0.4])]);
    assertPlain(svg);
    assert.match(svg, /<title id="title">Error rate of payment-service<\/title>/);
    assert.match(svg, /From 10:00 to 11:00 UTC\. One series, between 1 % and 40 %\. onset at 10:10\./);
    assert.match(svg, /<polyline/);
  });
  it('is the same file for the same figures', () => {
    const series = [line({ a: '1' }, [1, 2, 3]), line({ a: '2' }, [3, 2, 1])];
    assert.equal(plot(series), plot(series));
  });
  it('names several series by what differs, and says how many are left out', () => {
    const svg = plot(
      Array.from({ length: 9 }, (_, index) => line({ pod: `p${index}`, app: 'x' }, [index, index])),
    );
    assert.match(svg, /pod=&quot;p8&quot;/);
    assert.match(svg, /and 3 more/);
    assert.doesNotMatch(svg, /app=/);
  });
  it('draws a gap as a gap', () => {
    const { points } = line({}, [1, 1, 1, 1, 1, 1, 1, 1]);
    const svg = plot([{ labels: {}, points: points.filter((_, index) => index < 3 || index > 5) }]);
    assert.equal(svg.match(/<polyline/g)?.length, 2);
  });
  it('says where there are no data', () => {
    assert.match(plot([]), /no data/);
    assert.match(plot([line({}, [])]), /There are no data/);
  });
  it('is a plain picture where the figures are as near to zero as a number can be', () => {
    for (const value of [Number.MIN_VALUE, -Number.MIN_VALUE]) assertPlain(plot([line({}, [value, 0])]));
  });
  it('is a plain picture whatever the figures and words', () => {
    const value = fc.double({ min: -1e12, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.array(value, { maxLength: 12 }), { maxLength: 7 }),
        fc.string({ unit: 'binary' }),
        (all, title) => {
          const series = all.map((values, index) => line({ name: `${title}${index}` }, values));
          assertPlain(plot(series, { title, unit: 'count', marks: [{ at: from, label: title }] }));
        },
      ),
    );
  });
});

describe('series', () => {
  it('know when their last sample was', () => {
    assert.equal(lastSampleAt([line({}, [1, 2]), line({}, [1])]), from + minute);
    assert.equal(lastSampleAt([line({}, [])]), undefined);
  });
  it('alone is called by its metric', () => {
    const one = line({ __name__: 'up' }, [1]);
    assert.equal(seriesName(one, [one]), 'up');
  });
});
