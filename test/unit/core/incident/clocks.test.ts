import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { clocksOf } from '../../../../src/core/incident/clocks.ts';
import {
  formatClock,
  formatCountdown,
  formatDuration,
  formatRunTime,
} from '../../../../src/core/incident/durations.ts';
import {
  acknowledged,
  aGuide,
  after,
  declared,
  entered,
  fact,
  incidentOf,
  resolved,
  updated,
} from '../../../support/builders.ts';

const minute = 60_000;
const guide = aGuide();

describe('durations', () => {
  it('are written for people', () => {
    const seconds = (...parts: number[]) => parts.reduce((sum, part) => sum * 60 + part, 0) * 1000;
    assert.equal(formatClock(seconds(23, 10)), '00:23:10');
    assert.equal(formatClock(seconds(26, 0, 5)), '26:00:05');
    assert.equal(formatClock(-5), '00:00:00');
    assert.equal(formatClock(NaN), '00:00:00');
    assert.equal(formatCountdown(seconds(4, 10)), '4:10');
    assert.equal(formatCountdown(seconds(1, 4, 10)), '1:04:10');
    assert.equal(formatDuration(seconds(34)), '34 s');
    assert.equal(formatDuration(seconds(4, 59)), '4 min');
    assert.equal(formatDuration(seconds(2, 5, 0)), '2 h 5 min');
    assert.equal(formatDuration(seconds(2, 0, 0)), '2 h');
    assert.equal(formatDuration(seconds(27, 0, 0)), '1 d 3 h');
    assert.equal(formatDuration(seconds(48, 0, 0)), '2 d');
    assert.equal(formatRunTime(480), '480 ms');
    assert.equal(formatRunTime(1290), '1.2 s');
    assert.equal(formatRunTime(59_990), '59.9 s');
    assert.equal(formatRunTime(seconds(3, 0)), '3 min');
  });
});

describe('the clocks of an incident', () => {
  it('count from the declare until it is resolved', () => {
    assert.equal(clocksOf(incidentOf(declared()), guide, after(23, 10)).elapsedMs, 23 * minute + 10_000);
    assert.equal(clocksOf(incidentOf(declared(), resolved()), guide, after(90)).elapsedMs, minute);
  });

  it('wait for a response within the time of the severity', () => {
    const open = incidentOf(declared());
    assert.deepEqual(clocksOf(open, guide, after(10)).response, {
      kind: 'waiting',
      dueAt: after(30),
      remainingMs: 20 * minute,
    });
    assert.deepEqual(clocksOf(open, guide, after(31)).response, {
      kind: 'late',
      dueAt: after(30),
      overdueMs: minute,
      at: undefined,
    });
    const met = incidentOf(declared(), [after(30), acknowledged()]);
    assert.deepEqual(clocksOf(met, guide, after(60)).response, {
      kind: 'met',
      dueAt: after(30),
      at: after(30),
    });
    const late = incidentOf(declared(), [after(32), acknowledged()]);
    assert.deepEqual(clocksOf(late, guide, after(60)).response, {
      kind: 'late',
      dueAt: after(30),
      overdueMs: 2 * minute,
      at: after(32),
    });
  });

  it('have no response clock where the guide gives no time', () => {
    for (const severity of ['SEV3', 'P9']) {
      const incident = incidentOf(declared({ severity }));
      assert.deepEqual(clocksOf(incident, guide, after(1)).response, { kind: 'none' });
    }
    assert.deepEqual(clocksOf(incidentOf(declared()), undefined, after(1)).response, { kind: 'none' });
  });

  it('put an update off until the end of a snooze, never earlier, and only until the next one', () => {
    const putOff = (until: string) => fact('UpdateSnoozed', { until, reason: 'Rolling back' });
    const due = (...facts: readonly (Fact | readonly [string, Fact])[]) =>
      clocksOf(incidentOf(...facts), guide, after(50)).update;
    assert.deepEqual(due(declared(), putOff(after(40))), {
      number: 1,
      dueAt: after(40),
      remainingMs: 0,
      overdueMs: 10 * minute,
    });
    assert.equal(due(declared(), putOff(after(2)))?.dueAt, after(15));
    assert.equal(due(declared(), putOff('never'))?.dueAt, after(15));
    assert.equal(due(declared(), putOff(after(40)), [after(38), updated(1)])?.dueAt, after(53));
    const nothingNew = fact('UpdatePosted', { number: 1, text: 'Nothing new', noChange: true });
    assert.equal(due(declared(), [after(38), nothingNew])?.dueAt, after(53));
  });

  it('follow a severity that was changed, however it is spelled', () => {
    const incident = incidentOf(declared(), fact('SeverityChanged', { severity: 'sev1' }));
    const { response } = clocksOf(incident, guide, after(2));
    assert.equal(response.kind === 'waiting' && response.dueAt, after(15));
  });

  it('count the next update from the last one, else from the declare, while it is active', () => {
    const { update } = clocksOf(incidentOf(declared()), guide, after(10, 50));
    assert.deepEqual(update, { number: 1, dueAt: after(15), remainingMs: 250_000, overdueMs: 0 });
    const later = clocksOf(incidentOf(declared(), [after(12), updated(1)]), guide, after(30));
    assert.deepEqual(later.update, { number: 2, dueAt: after(27), remainingMs: 0, overdueMs: 3 * minute });
    assert.equal(clocksOf(incidentOf(declared(), resolved()), guide, after(30)).update, undefined);
    assert.equal(
      clocksOf(incidentOf(declared()), aGuide({ cadence: undefined }), after(1)).update,
      undefined,
    );
  });

  it('count a phase by its minutes, and not at all where it has none', () => {
    const diagnosing = incidentOf(declared(), entered('diagnosis'));
    const { phase } = clocksOf(diagnosing, guide, after(23));
    assert.equal(phase?.phase.id, 'diagnosis');
    assert.equal(phase?.lengthMs, 30 * minute);
    assert.equal(phase?.remainingMs, 22 * minute);
    assert.equal(clocksOf(diagnosing, guide, after(50)).phase?.overdueMs, 5 * minute);
    const mitigating = incidentOf(declared(), entered('mitigation'));
    assert.equal(clocksOf(mitigating, guide, after(23)).phase, undefined);
  });

  it('count the post-mortem from the resolution, and only flag what holds for recurring ones', () => {
    const [open] = clocksOf(incidentOf(declared()), guide, after(1)).postMortem;
    assert.equal(open?.dueAt, undefined);
    const over = clocksOf(incidentOf(declared(), resolved()), guide, after(1 + 49 * 60)).postMortem;
    assert.equal(over.length, 1);
    assert.equal(over[0]?.dueAt, after(1 + 48 * 60));
    assert.deepEqual(over[0]?.time, { kind: 'overdue', overdueMs: 60 * minute });
    const sev3 = incidentOf(declared({ severity: 'SEV3' }), resolved());
    assert.deepEqual(
      clocksOf(sev3, guide, after(5)).postMortem.map(({ recurring }) => recurring),
      [true],
    );
  });

  it('never throw on times that cannot be read', () => {
    const incident = incidentOf(['nonsense', declared()], ['', updated(1)], ['?', resolved()]);
    assert.equal(clocksOf(incident, guide, 'never').elapsedMs, 0);
  });
});
