import assert from 'node:assert/strict';
import { decide } from '../../../../src/core/incident/decide.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { EventData, Fact } from '../../../../src/core/incident/events.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { nextThing } from '../../../../src/core/incident/nextThing.ts';
import type { SeenCheck } from '../../../../src/core/resolution/check.ts';
import { runningSoak, soakNow } from '../../../../src/core/resolution/foldResolution.ts';
import {
  relapsesAmong,
  resolutionItems,
  resolutionSummary,
  stateText,
  unsettled,
} from '../../../../src/core/resolution/resolutionState.ts';
import { lookEveryMs, parseSoak, soakClock, soakOf } from '../../../../src/core/resolution/soak.ts';
import { timelineRows } from '../../../../src/core/views/timeline.ts';
import { parseEvent } from '../../../../src/journal/eventSchema.ts';
import {
  after,
  anEvent,
  declared,
  fact,
  incidentOf,
  journalOf,
  resolved,
} from '../../../support/builders.ts';

const minutes = (count: number): number => count * 60_000;
const started = (data: Partial<EventData['SoakStarted']> = {}): Fact =>
  fact('SoakStarted', { soak: 'soak-1', durationMs: minutes(10), then: 'ask', ...data });
const seen = (state: SeenCheck['state'], at: string, check = 'also/pods'): SeenCheck => ({
  check,
  text: 'Pods are ready',
  kinds: ['pods'],
  state,
  sentence: `pods ${state}`,
  at,
});
const looked = (state: SeenCheck['state'], at: string): readonly [string, Fact] => [
  at,
  fact('ResolutionChecked', { checks: [seen(state, at)], soak: 'soak-1' }),
];
const relapse = fact('RelapseSeen', { soak: 'soak-1', sentences: ['1 of 3 pods'] });
const at = (minute: number, what: Fact): readonly [string, Fact] => [after(minute), what];
const decided = (incident: Incident, command: Command) => decide(incident, command, after(60));

describe('the length of a soak window', () => {
  const read = (text: unknown) => {
    const parsed = parseSoak(text);
    return parsed.ok ? parsed.value : parsed.failure.message;
  };
  it('is written in seconds, minutes or hours; a number alone is minutes', () => {
    assert.deepEqual(['20m', '5s', '1h', '90 s', 10, '0'].map(read), [
      minutes(20),
      5_000,
      minutes(60),
      90_000,
      minutes(10),
      0,
    ]);
    for (const wrong of ['soon', '-5m', '10 parsecs', '25h', null, {}])
      assert.match(String(read(wrong)), /is no length of a soak window/);
  });

  it('goes by the severity’s name, the guide’s highest, then the rest', () => {
    const setting = { highest: '20m', SEV3: '5s', '*': '10m' };
    const of = (severity: string, first?: string) => soakOf(setting, severity, first);
    assert.deepEqual(of('P0', 'P0'), { ok: true, value: minutes(20) });
    assert.deepEqual(of('sev3', 'SEV1'), { ok: true, value: 5_000 });
    assert.deepEqual(of('SEV2', 'SEV1'), { ok: true, value: minutes(10) });
    const wrong = soakOf({ '*': 'long' }, 'SEV2', undefined);
    assert.ok(!wrong.ok && /incident\.resolution\.soak has for \*/.test(wrong.failure.message));
  });

  it('says how often checks run in it', () => {
    assert.deepEqual(
      [5_000, minutes(5), minutes(10), minutes(60)].map(lookEveryMs),
      [1_000, 15_000, 30_000, 30_000],
    );
  });
});

describe('a soak window', () => {
  it('counts down from its start while it is watched', () => {
    const incident = incidentOf(declared(), at(10, started()), looked('good', after(12)));
    const soak = runningSoak(incident);
    assert.ok(soak);
    assert.deepEqual(soakClock(soak, after(13)), {
      remainingMs: minutes(7),
      endsAt: after(20),
      unwatchedMs: 0,
    });
  });

  it('does not count time in which nobody looked: it ends as much later', () => {
    const incident = incidentOf(
      declared(),
      at(10, started()),
      looked('good', after(12)),
      looked('good', after(40)),
    );
    const soak = runningSoak(incident);
    assert.ok(soak);
    assert.equal(soak.unwatchedMs, minutes(28));
    assert.equal(soakClock(soak, after(41)).remainingMs, minutes(7));
    assert.equal(soakClock(soak, after(60)).unwatchedMs, minutes(48), 'the gap that still lasts, too');
  });

  it('relapses once, whoever saw it, and then waits for a person', () => {
    const running = incidentOf(declared(), at(10, started()));
    const command: Command = { type: 'RecordRelapse', data: { soak: 'soak-1', sentences: ['pods'] } };
    const first = decided(running, command);
    assert.ok(first.ok && first.value.length === 1);
    const relapsed = incidentOf(declared(), at(10, started()), at(12, relapse));
    const second = decided(relapsed, command);
    assert.ok(second.ok && second.value.length === 0);
    assert.deepEqual(soakNow(relapsed)?.relapse, ['1 of 3 pods']);
    assert.equal(runningSoak(relapsed), undefined);
    assert.equal(nextThing(relapsed, undefined, after(13)).kind, 'relapse');
    const pass = decided(relapsed, { type: 'PassSoak', data: { soak: 'soak-1', unwatchedMs: 0, open: [] } });
    assert.ok(pass.ok && pass.value.length === 0, 'a relapse cannot pass');
  });

  it('is reopened although it never was resolved; history stays, what was good no longer counts', () => {
    const incident = incidentOf(
      declared(),
      at(9, fact('MitigatedMarked', { at: after(9) })),
      at(10, started()),
      looked('good', after(11)),
      at(12, relapse),
      at(13, fact('IncidentReopened', { reason: 'pods crash again' })),
    );
    assert.deepEqual(
      [incident.status, incident.mitigatedAt, incident.soaks.map(({ state }) => state)],
      ['active', undefined, ['reopened']],
    );
    assert.deepEqual(incident.checks, {});
    assert.equal(soakNow(incident), undefined);
    assert.equal(incident.events.length, 6);
    const again = decided(incident, {
      type: 'StartSoak',
      data: { soak: 'soak-2', durationMs: 1, then: 'ask' },
    });
    assert.ok(again.ok);
    const refused = decided(incident, { type: 'Reopen', data: {} });
    assert.ok(!refused.ok && refused.failure.code === 'conflict');
  });

  it('is one at a time, can be cancelled, and ends with the resolve', () => {
    const running = incidentOf(declared(), at(10, started()));
    const second = decided(running, {
      type: 'StartSoak',
      data: { soak: 'soak-2', durationMs: 1, then: 'ask' },
    });
    assert.ok(!second.ok && /Ana started a soak window at 10:40 UTC/.test(second.failure.message));
    const cancelled = incidentOf(declared(), at(10, started()), at(11, fact('SoakCancelled', {})));
    assert.equal(soakNow(cancelled), undefined);
    assert.equal(cancelled.status, 'active');
    assert.ok(!decided(cancelled, { type: 'CancelSoak', data: {} }).ok);
    const over = incidentOf(declared(), at(10, started()), at(11, resolved()));
    assert.deepEqual(
      over.soaks.map(({ state }) => state),
      ['resolved'],
    );
  });

  it('is told in the timeline in whole sentences, and read back from a journal as it was written', () => {
    const facts: readonly (Fact | readonly [string, Fact])[] = [
      declared(),
      at(10, started({ then: 'resolve', cause: 'a bad deploy' })),
      looked('bad', after(11)),
      at(12, relapse),
      at(
        13,
        fact('CheckOverridden', {
          check: 'x',
          text: 'No alerts',
          state: 'bad',
          sentence: 's',
          reason: 'known',
        }),
      ),
      at(14, fact('SoakPassed', { soak: 'soak-1', unwatchedMs: minutes(3), open: [] })),
      at(15, fact('PostMortemOwnerSet', { owner: 'Ben', role: 'Tech Lead' })),
    ];
    const told = timelineRows(incidentOf(...facts)).map(({ text }) => text);
    assert.deepEqual(told.slice(1), [
      'Resolved pending: watched for 10 min, then resolved when all is good',
      'Checked the resolution: 1 bad (pods bad)',
      'Relapse within the soak window: 1 of 3 pods',
      'Accepted "No alerts" although it is bad: known',
      'The soak window has passed, all good; 3 min that nobody watched do not count',
      'The post-mortem is written by Ben (Tech Lead)',
    ]);
    const ulid = '01JD0000000000000000000001';
    for (const event of journalOf(...facts.slice(1))) {
      const line = JSON.stringify({
        ...event,
        id: ulid,
        incident: ulid,
        writer: ulid,
        clock: '000000000000001-00001',
      });
      const parsed = parseEvent(line);
      assert.ok(parsed.ok && !('unknown' in parsed.value), line);
    }
  });

  it('changes nothing where its facts make no sense', () => {
    const plain = incidentOf(declared());
    for (const what of [
      relapse,
      fact('SoakPassed', { soak: 'other', unwatchedMs: 0, open: [] }),
      fact('SoakCancelled', {}),
    ]) {
      const { soaks, status } = incidentOf(declared(), what);
      assert.deepEqual([soaks, status], [plain.soaks, plain.status]);
    }
    assert.equal(anEvent(relapse).type, 'RelapseSeen');
  });
});

describe('how checks stand', () => {
  const items = (now: string, ...facts: readonly (readonly [string, Fact])[]) =>
    resolutionItems(incidentOf(declared(), ...facts), undefined, now);
  const podsOf = (now: string, ...facts: readonly (readonly [string, Fact])[]) =>
    items(now, ...facts).find(({ check }) => check.id === 'also/pods')!;

  it('is not checked before a look, good while the look is fresh, and never green for long', () => {
    assert.equal(podsOf(after(1)).state, 'not-checked');
    const fresh = podsOf(after(12), looked('good', after(11)));
    assert.deepEqual(
      [fresh.state, stateText(fresh, after(12)), fresh.isSettled],
      ['good', 'good, 1 min ago', true],
    );
    const old = podsOf(after(30), looked('good', after(11)));
    assert.deepEqual(
      [old.state, stateText(old, after(30)), old.isSettled],
      ['stale', 'was good 19 min ago, look again', false],
    );
    assert.equal(resolutionSummary(items(after(12), looked('good', after(11)))), '1 of 3, 2 not checked');
  });

  it('wants a reason for what is bad, a tick with a note does not do; for what nobody could look at it does', () => {
    const tick = at(
      12,
      fact('ChecklistItemTicked', { item: 'also/pods', text: 'Pods', note: 'seen with kubectl' }),
    );
    assert.equal(podsOf(after(13), looked('bad', after(11)), tick).isSettled, false);
    assert.equal(podsOf(after(13), looked('not-checked', after(11)), tick).state, 'ticked');
    const bare = at(12, fact('ChecklistItemTicked', { item: 'also/pods', text: 'Pods' }));
    assert.equal(podsOf(after(13), looked('not-checked', after(11)), bare).isSettled, false);
  });

  it('takes a reason for the state it was given for, and asks again when it is worse', () => {
    const accepted = at(
      12,
      fact('CheckOverridden', {
        check: 'also/pods',
        text: 'Pods',
        state: 'not-checked',
        sentence: '',
        reason: 'no access',
      }),
    );
    const open = [looked('not-checked', after(11)), accepted] as const;
    assert.equal(podsOf(after(13), ...open).isSettled, true);
    assert.match(stateText(podsOf(after(13), ...open), after(13)), /not checked, accepted: no access/);
    const worse = incidentOf(declared(), ...open, looked('bad', after(13)));
    assert.deepEqual(
      unsettled(resolutionItems(worse, undefined, after(13))).map(({ check }) => check.id),
      ['also/alerts', 'also/logs', 'also/pods'],
    );
    assert.equal(relapsesAmong(worse, [seen('bad', after(13))]).length, 1);
  });

  it('refuses an empty reason', () => {
    const refused = decided(incidentOf(declared()), {
      type: 'OverrideCheck',
      data: { check: 'x', text: 'x', state: 'bad', sentence: '', reason: '  ' },
    });
    assert.ok(!refused.ok && refused.failure.code === 'invalid');
  });
});
