import assert from 'node:assert/strict';
import type { Measured, MeasuredQuery } from '../../../../src/core/metrics/metricQuery.ts';
import { mostLines, runPlots } from '../../../../src/core/metrics/runPlots.ts';
import type { QueryAnswer, Series } from '../../../../src/core/metrics/series.ts';
import { parseRunPlots } from '../../../../src/shared/runPlots.ts';

const minute = 60_000;
const to = Date.parse('2026-11-28T10:00:00.000Z');
const from = to - 90 * minute;
const line = (pod: string, ...values: readonly number[]): Series => ({
  labels: { pod },
  points: values.map((value, index) => ({ at: to - (values.length - 1 - index) * minute, value })),
});
const answer = (...series: readonly Series[]): QueryAnswer => ({ series, warnings: [], notNumbers: 0 });
const query: MeasuredQuery = { id: 'q', title: 'Error rate', query: 'errors', unit: 'ratio' };
const measured = (...results: readonly MeasuredQuery[]): Measured => ({
  span: { from, to },
  stepMs: minute,
  results,
});
const only = (result: MeasuredQuery, onsetAt?: string) => {
  const [plot, more] = runPlots(measured(result), onsetAt).plots;
  assert.ok(plot && !more);
  return plot;
};

describe('what is drawn of a run', () => {
  it('are its series, the highest first, with their figures and the same in words', () => {
    const plot = only(
      { ...query, answer: answer(line('a', 0.01, 0.02), line('b', 0.2, 0.4)) },
      '2026-11-28T09:30:00.000Z',
    );
    assert.deepEqual(plot.lines.map(({ name, points }) => [name, points.length]), [['pod="b"', 2], ['pod="a"', 2]]); // prettier-ignore
    assert.deepEqual(plot.rows[0], { name: 'pod="b"', last: '40 %', min: '20 %', max: '40 %' });
    assert.equal(plot.summary, 'From 08:30 to 10:00 UTC. 2 series, between 1 % and 40 %. Onset at 09:30.');
    assert.equal(plot.failure, undefined);
  });

  it('are no more lines than are told apart, and the rest is counted, also what was not kept', () => {
    const many = Array.from({ length: mostLines + 3 }, (_, index) => line(`p${index}`, index));
    const plot = only({ ...query, answer: { ...answer(...many), left: 4 } });
    assert.equal(plot.lines.length, mostLines);
    assert.equal(plot.lines[0]?.name, `pod="p${mostLines + 2}"`);
    assert.equal(plot.left, 7);
    assert.match(plot.summary, /13 series/);
  });

  it('of a dead server are the last data at hand, over their own span, with their age', () => {
    const failure = { code: 'unreachable', message: 'Prometheus cannot be reached.' } as const;
    const span = { from: from - 20 * minute, to: to - 20 * minute };
    const held = {
      answer: answer({ labels: {}, points: [{ at: span.to, value: 0.3 }] }),
      span,
      stepMs: minute,
    };
    const old = only({ ...query, failure, held });
    assert.equal(old.failure, 'No answer at 10:00 UTC, so these are the last data at hand, until 09:40 UTC: 20 min old by then.'); // prettier-ignore
    assert.deepEqual([old.from, old.to, old.lines[0]?.points], [span.from, span.to, [[span.to, 0.3]]]);
    const none = only({ ...query, failure });
    assert.equal(none.failure, 'No answer at 10:00 UTC, and no earlier data are at hand.');
    assert.deepEqual(none.lines, []);
    // Of several each says why: the card has room for one cause only.
    const both = runPlots(measured({ ...query, failure }, { ...query, answer: answer() }), undefined);
    assert.match(both.plots[0]?.failure ?? '', /^Prometheus cannot be reached\. No answer/);
    assert.match(both.plots[1]?.summary ?? '', /There are no data/);
  });

  it('reaches the page as it is, and anything else does not', () => {
    const plots = runPlots(
      measured({ ...query, answer: answer(line('a', 1)), limit: { is: 'over', value: 2 } }),
      undefined,
    );
    assert.deepEqual(parseRunPlots(JSON.parse(JSON.stringify(plots))), plots);
    assert.equal(parseRunPlots({ plots: [{ title: 'x' }] }), undefined);
  });
});
