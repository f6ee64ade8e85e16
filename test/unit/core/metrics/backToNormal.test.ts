import assert from 'node:assert/strict';
import fc from 'fast-check';
import { backToNormal, quantile } from '../../../../src/core/metrics/backToNormal.ts';
import { mostPoints, rangeStep } from '../../../../src/core/metrics/rangeStep.ts';
import type { Point, Series } from '../../../../src/core/metrics/series.ts';
import { formatValue } from '../../../../src/core/metrics/units.ts';

const minute = 60_000;
const onset = Date.parse('2026-11-28T10:00:00.000Z');
const now = onset + 90 * minute;
/** One sample a minute. */
const level = (from: number, to: number, value: number): Point[] =>
  Array.from({ length: Math.floor((to - from) / minute) + 1 }, (_, index) => ({
    at: from + index * minute,
    value,
  }));
const series = (...points: readonly Point[][]): Series => ({ labels: {}, points: points.flat() });
const before = (value: number) => level(onset - 60 * minute, onset - minute, value);
const during = (value: number) => level(onset, now - 10 * minute, value);
const lately = (value: number) => level(now - 9 * minute, now, value);
const judge = (one: readonly Series[], floor?: number) =>
  backToNormal({
    what: 'Error rate',
    unit: 'ratio',
    series: one,
    onset,
    now,
    ...(floor === undefined ? {} : { floor }),
  });

describe('back to normal', () => {
  it('is good when it is no higher than in the hour before the onset', () => {
    const { verdict, sentence } = judge([series(before(0.01), during(0.4), lately(0.0105))]);
    assert.equal(verdict, 'good');
    assert.equal(
      sentence,
      'Error rate is 1.05 % (median of the last 5 min); in the hour before the onset it was up to 1 %.',
    );
  });
  it('is bad when it is higher', () => {
    assert.equal(judge([series(before(0.01), during(0.4), lately(0.012))]).verdict, 'bad');
  });
  it('is judged by the worst of several series', () => {
    assert.equal(
      judge([series(before(0.01), lately(0.01)), series(before(0.01), lately(0.2))]).verdict,
      'bad',
    );
  });
  it('is good below what is fine anyway, whatever was before', () => {
    assert.equal(judge([series(before(0), lately(0.001))]).verdict, 'bad');
    assert.equal(judge([series(before(0), lately(0.001))], 0.005).verdict, 'good');
    assert.equal(judge([series(lately(0.001))], 0.005).verdict, 'good');
  });
  for (const [why, one, says] of [
    ['there are no data', [], /there are no data/],
    ['a series has no points', [series([])], /there are no data/],
    ['the data are old', [series(before(0.01), during(0.01))], /10 min old, so nothing is known of now/],
    ['nothing is known of before', [series(lately(0.01))], /no data to compare/],
    [
      'too little is known of before',
      [series(level(onset - 3 * minute, onset - minute, 1), lately(0.01))],
      /too few data/,
    ],
  ] as const)
    it(`is not checked when ${why}`, () => {
      const { verdict, sentence } = judge(one);
      assert.equal(verdict, 'not checked');
      assert.match(sentence, says);
    });
  it('is not checked while the onset is in the future', () => {
    const verdict = backToNormal({ what: 'x', unit: 'count', series: [series(lately(1))], onset: now, now });
    assert.equal(verdict.verdict, 'not checked');
  });
  it('is never good with a value above all that was before by more than a tenth', () => {
    const value = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(value, fc.double({ min: 1.11, max: 50, noNaN: true }), (was, times) => {
        assert.equal(judge([series(before(was), lately(was * times))]).verdict, 'bad');
        assert.equal(judge([series(before(was), lately(was))]).verdict, 'good');
      }),
    );
  });
  it('takes the nearest rank', () => {
    assert.equal(quantile([5, 1, 3], 0.5), 3);
    assert.equal(quantile([1, 2, 3, 4], 0.95), 4);
    assert.equal(quantile([7], 0), 7);
  });
});

describe('the step of a range query', () => {
  it('gives about as many points as wanted, in steps people reckon in', () => {
    assert.equal(rangeStep({ from: 0, to: 60 * minute }), 15_000);
    assert.equal(rangeStep({ from: 0, to: 6 * 60 * minute }), 120_000);
    assert.equal(rangeStep({ from: 0, to: 0 }), 15_000);
  });
  it('never asks for more points than a server gives', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.integer({ min: 0, max: 4e12 }),
        fc.integer({ min: 1, max: 1e6 }),
        (from, length, wanted) => {
          const step = rangeStep({ from, to: from + length }, wanted, 1000);
          assert.ok(length / step + 1 <= mostPoints, `${length} in ${step}`);
        },
      ),
    );
  });
});

describe('a figure with its unit', () => {
  for (const [value, unit, words] of [
    [0.0421, 'ratio', '4.21 %'],
    [0.18, 'seconds', '180 ms'],
    [2.5, 'seconds', '2.5 s'],
    [1.5 * 1024 ** 3, 'bytes', '1.5 GiB'],
    [1234.5, 'per-second', '1,230/s'],
    [0, 'ratio', '0 %'],
    [NaN, 'count', 'no number'],
  ] as const)
    it(words, () => assert.equal(formatValue(value, unit), words));
});
