import assert from 'node:assert/strict';
import { formatDue, formatDuration, formatElapsed, formatUtcTime } from '../../../webview-ui/clock.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

describe('the clocks of the runbook page', () => {
  for (const [ms, text] of [
    [0, '00:00:00'],
    [23 * minute + 10 * second + 999, '00:23:10'],
    [23 * hour + 59 * minute + 59 * second, '23:59:59'],
    [24 * hour, '1 d 00:00:00'],
    [51 * hour + 4 * minute + 5 * second, '2 d 03:04:05'],
    [-5 * second, '00:00:00'],
  ] as const) {
    it(`show ${ms} ms elapsed as ${text}`, () => assert.equal(formatElapsed(ms), text));
  }

  for (const [untilDue, text, late] of [
    [4 * minute + 10 * second, 'in 4:10', false],
    [0, 'in 0:00', false],
    [-1 * second, '0:01 late', true],
    [-125 * second, '2:05 late', true],
    [hour + 4 * minute + 10 * second, 'in 1:04:10', false],
    [-25 * hour, '1 d 01:00:00 late', true],
  ] as const) {
    it(`show a deadline ${untilDue} ms away as "${text}"`, () => {
      const now = Date.parse('2026-11-23T10:00:00.000Z');
      assert.deepEqual(formatDue(now + untilDue, now), { text, late });
    });
  }

  for (const [ms, text] of [
    [0, '0 ms'],
    [340.4, '340 ms'],
    [1_240, '1.2 s'],
    [9_949, '9.9 s'],
    [9_960, '10 s'],
    [59_400, '59 s'],
    [59_600, '1 min'],
    [125_000, '2 min 5 s'],
    [hour, '1 h'],
    [hour + 4 * minute, '1 h 4 min'],
  ] as const) {
    it(`show a run of ${ms} ms as ${text}`, () => assert.equal(formatDuration(ms), text));
  }

  it('show a start in UTC whatever zone it was written in', () => {
    assert.equal(formatUtcTime('2026-11-23T12:31:07.123+02:00'), '10:31:07 UTC');
  });

  it('show a time that is none as it stands', () => {
    assert.equal(formatUtcTime('yesterday'), 'yesterday');
  });
});
