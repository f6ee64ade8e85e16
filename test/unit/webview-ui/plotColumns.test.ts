import assert from 'node:assert/strict';
import { plotColumns, timeLabel } from '../../../webview-ui/plotColumns.ts';

const second = 1000;
const line = (...points: readonly (readonly [number, number])[]) => ({ name: 'x', points });

describe('the columns of a plot', () => {
  it('stand over one set of times, and a line without a value there has none', () => {
    const { times, values } = plotColumns({
      stepMs: 15 * second,
      lines: [line([0, 1], [15_000, 2], [30_000, 3]), line([15_000, 7])],
    });
    assert.deepEqual(times, [0, 15, 30]);
    assert.deepEqual(values, [
      [1, 2, 3],
      [null, 7, null],
    ]);
  });

  it('have a gap where nothing was measured, so that no line is drawn over it', () => {
    const { times, values } = plotColumns({
      stepMs: 15 * second,
      lines: [line([0, 1], [15_000, 2], [120_000, 3])],
    });
    assert.deepEqual(times, [0, 15, 30, 120]);
    assert.deepEqual(values, [[1, 2, null, 3]]);
  });

  it('hold for samples that a server has moved to its own times', () => {
    const { times, values } = plotColumns({
      stepMs: 15 * second,
      lines: [line([4_000, 1], [19_000, 2], [34_000, 3])],
    });
    assert.deepEqual([times, values], [[4, 19, 34], [[1, 2, 3]]]);
  });

  it('are labelled in UTC, with the date where they span days', () => {
    const at = Date.parse('2026-11-28T09:05:00.000Z') / 1000;
    assert.equal(timeLabel(at, 3_600_000), '09:05');
    assert.equal(timeLabel(at, 3 * 86_400_000), '11-28 09:05');
  });
});
