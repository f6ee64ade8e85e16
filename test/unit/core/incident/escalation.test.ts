import assert from 'node:assert/strict';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { callsByClock, escalationState } from '../../../../src/core/incident/escalation.ts';
import { nextThing } from '../../../../src/core/incident/nextThing.ts';
import {
  acknowledged,
  aGuide,
  after,
  anEvent,
  declared,
  fact,
  incidentOf,
  resolved,
} from '../../../support/builders.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { given } from './given.ts';

const row = (severity: string, ...roles: string[]) => ({
  severity,
  escalateTo: roles.join(' + '),
  roles,
  line: 1,
});
const guide = aGuide({
  escalations: [
    row('SEV1', 'Tech Lead', 'Engineering Manager', 'CTO'),
    row('SEV2', 'Tech Lead', 'Engineering Manager'),
    row('SEV3', 'Tech Lead'),
  ],
});
type At = readonly [string, Fact];
const called = (minute: number, level: number, severity: string, ...roles: string[]): At => [
  after(minute),
  fact('PeopleEscalated', { level, severity, roles }),
];
const answered = (minute: number, level: number, who = 'Bo'): At => [
  after(minute),
  fact('EscalationAcknowledged', { level, who }),
];
const state = (minute: number, ...facts: readonly (Fact | At)[]) =>
  escalationState(incidentOf(declared(), ...facts), guide, after(minute));

describe('the levels of an escalation', () => {
  it('are the row of the severity, then what each higher row adds', () => {
    const { levels, next, late } = state(1, fact('SeverityChanged', { severity: 'SEV3' }));
    assert.deepEqual(
      levels.map(({ level, row: from, roles }) => [level, from, roles]),
      [
        [1, 'SEV3', ['Tech Lead']],
        [2, 'SEV2', ['Engineering Manager']],
        [3, 'SEV1', ['CTO']],
      ],
    );
    assert.deepEqual(next, { level: 1, row: 'SEV3', roles: ['Tech Lead'] });
    assert.equal(late, undefined);
  });
  it('pass over a row that adds nobody, and end with the highest', () => {
    const same = aGuide({ escalations: [row('SEV1', 'CTO'), row('SEV2', 'cto')] });
    const { levels } = escalationState(incidentOf(declared()), same, after(1));
    assert.deepEqual(
      levels.map(({ roles }) => roles),
      [['cto']],
    );
    assert.equal(
      state(1, called(1, 1, 'SEV2', 'Tech Lead', 'Engineering Manager'), called(2, 2, 'SEV2', 'CTO')).next,
      undefined,
    );
  });
  it('go by the table’s order where the guide has no severities, and one row may hold for several', () => {
    const bare = aGuide({
      severities: [],
      escalations: [row('P0', 'CTO'), row('P1/P2', 'Tech Lead')],
    });
    const { levels } = escalationState(incidentOf(declared({ severity: 'P2' })), bare, after(1));
    assert.deepEqual(
      levels.map(({ row: from }) => from),
      ['P1/P2', 'P0'],
    );
    const joint = aGuide({ escalations: [row('SEV1/SEV2', 'CTO')] });
    assert.equal(escalationState(incidentOf(declared()), joint, after(1)).levels.length, 1);
  });
  it('are none without a guide, and without a row', () => {
    assert.deepEqual(escalationState(incidentOf(declared()), undefined, after(1)).levels, []);
    const none = aGuide({ escalations: [] });
    assert.deepEqual(escalationState(incidentOf(declared()), none, after(1)), {
      levels: [],
      next: undefined,
      late: undefined,
      raised: undefined,
    });
  });
});

describe('the clock of a level', () => {
  const level1 = called(5, 1, 'SEV2', 'Tech Lead', 'engineering  manager');

  it('runs from the call for the severity’s response time', () => {
    const [first] = state(20, level1).levels;
    assert.deepEqual(
      [first?.calledAt, first?.dueAt, first?.overdueMs, first?.acknowledged, first?.uncalled],
      [after(5), after(35), 0, undefined, []],
    );
    assert.equal(state(35, level1).late, undefined);
  });
  it('is late when nobody answered, and then the next level is proposed', () => {
    const { levels, late, next } = state(37, level1);
    assert.equal(levels[0]?.overdueMs, 120_000);
    assert.deepEqual(late, {
      level: 1,
      roles: ['Tech Lead', 'engineering  manager'],
      calledAt: after(5),
      dueAt: after(35),
      overdueMs: 120_000,
    });
    assert.deepEqual(next, { level: 2, row: 'SEV1', roles: ['CTO'] });
  });
  it('stops with an answer, and with an acknowledgement of the incident after the call, not before', () => {
    assert.deepEqual(state(90, level1, answered(8, 1)).levels[0]?.acknowledged, { at: after(8), who: 'Bo' });
    assert.equal(state(90, level1, answered(8, 1)).late, undefined);
    assert.deepEqual(state(90, level1, [after(6), acknowledged()]).levels[0]?.acknowledged, {
      at: after(6),
      who: 'Ana',
    });
    assert.equal(state(90, level1, [after(6), acknowledged()]).late, undefined);
    const before = state(90, [after(4), acknowledged()], level1);
    assert.equal(before.levels[0]?.acknowledged, undefined);
    assert.equal(before.late?.level, 1);
  });
  it('rests while a higher level, or the same people called again, still have time', () => {
    assert.equal(state(50, level1, called(40, 2, 'SEV2', 'CTO')).late, undefined);
    assert.equal(state(71, level1, called(40, 2, 'SEV2', 'CTO')).late?.level, 2);
    const again = called(40, 1, 'SEV2', 'Tech Lead', 'Engineering Manager');
    assert.equal(state(50, level1, again).late, undefined);
    assert.equal(state(71, level1, again).late?.calledAt, after(40));
    assert.equal(state(50, level1, called(40, 1, 'SEV2', 'Security')).late?.calledAt, after(5));
  });
  it('counts an answer to a later call for the earlier one', () => {
    const both = [level1, called(36, 2, 'SEV2', 'CTO'), answered(38, 1)] as const;
    assert.equal(state(120, ...both).late, undefined);
    assert.equal(state(120, ...both).levels[1]?.overdueMs, 54 * 60_000);
  });
  it('does not run where the guide gives no time, and ends with the incident', () => {
    const slow = fact('SeverityChanged', { severity: 'SEV3' });
    const first = state(500, slow, called(5, 1, 'SEV3', 'Tech Lead')).levels[0];
    assert.deepEqual([first?.dueAt, first?.overdueMs], [undefined, 0]);
    const over = state(500, level1, [after(40), resolved()]);
    assert.deepEqual([over.late, over.next, over.levels[0]?.overdueMs], [undefined, undefined, 300_000]);
  });
});

describe('a severity that is raised', () => {
  const raise = (minute: number): At => [after(minute), fact('SeverityChanged', { severity: 'SEV1' })];
  const level1 = called(1, 1, 'SEV2', 'Tech Lead', 'Engineering Manager');

  it('starts its own first level with those who were not called yet', () => {
    const { raised, next, levels } = state(10, level1, raise(5));
    assert.deepEqual(raised, { level: 1, row: 'SEV1', roles: ['CTO'] });
    assert.deepEqual(next, raised);
    assert.deepEqual(levels[0]?.roles, ['Tech Lead', 'Engineering Manager', 'CTO']);
    const done = state(10, level1, raise(5), called(6, 1, 'SEV1', 'CTO'));
    assert.deepEqual([done.raised, done.next, done.levels[0]?.dueAt], [undefined, undefined, after(21)]);
  });
  it('is no raise while nobody was called, nor one that names nobody new', () => {
    assert.equal(state(10, raise(5)).raised, undefined);
    assert.equal(
      state(10, called(1, 1, 'SEV2', 'Tech Lead', 'Engineering Manager', 'CTO'), raise(5)).raised,
      undefined,
    );
    const lowered: At = [after(5), fact('SeverityChanged', { severity: 'SEV3' })];
    assert.equal(state(10, level1, lowered).raised, undefined);
  });
  it('is the next thing of the guide’s phase again', () => {
    const triage = fact('PhaseEntered', { phase: 'triage', name: 'Triage' });
    const before = incidentOf(declared(), acknowledged(), triage, level1);
    assert.notEqual(nextThing(before, guide, after(6)).kind, 'escalate');
    const incident = incidentOf(declared(), acknowledged(), triage, level1, raise(5));
    const thing = nextThing(incident, guide, after(6));
    assert.equal(thing.kind === 'escalate' && thing.row.severity, 'SEV1');
  });
});

describe('the one window that escalates by the clock', () => {
  const by = (writer: string) =>
    replay([
      anEvent(declared(), 1),
      anEvent(fact('PeopleEscalated', { level: 1, severity: 'SEV2', roles: ['CTO'] }), 2, { writer }),
    ])!;
  const live = new Set(['a', 'b', 'c']);

  it('is the one that made the last call, while it lives', () => {
    assert.equal(callsByClock(by('b'), 'b', live), true);
    assert.equal(callsByClock(by('b'), 'a', live), false);
  });
  it('is else the first that lives', () => {
    assert.equal(callsByClock(by('gone'), 'a', live), true);
    assert.equal(callsByClock(by('gone'), 'b', live), false);
    assert.equal(callsByClock(incidentOf(declared()), 'a', new Set()), true);
  });
});

describe('calling people', () => {
  const call = (roles: readonly string[], automatic?: true): Command => ({
    type: 'EscalatePeople',
    data: { level: 2, severity: 'SEV2', roles, ...(automatic ? { automatic } : {}) },
  });
  const facts = [declared(), fact('PeopleEscalated', { level: 2, severity: 'SEV2', roles: ['CTO'] })];

  it('can be done again by a person, and once by the clock', () => {
    given(...facts)
      .when(call(['CTO']))
      .then(fact('PeopleEscalated', { level: 2, severity: 'SEV2', roles: ['CTO'] }));
    given(...facts)
      .when(call(['cto'], true))
      .then();
    given(...facts)
      .when(call(['CTO', 'Legal'], true))
      .then(
        fact('PeopleEscalated', { level: 2, severity: 'SEV2', roles: ['CTO', 'Legal'], automatic: true }),
      );
  });
  it('is refused without anybody to call, and when it is over', () => {
    given(declared())
      .when(call([]))
      .thenRefused('invalid', /Nobody is named/);
    given(declared(), resolved())
      .when(call(['CTO']))
      .thenRefused('conflict');
  });
  it('is answered once per call', () => {
    const answer: Command = { type: 'AcknowledgeEscalation', data: { level: 2, who: 'Cy' } };
    given(...facts)
      .when(answer)
      .then(fact('EscalationAcknowledged', { level: 2, who: 'Cy' }));
    given(...facts, fact('EscalationAcknowledged', { level: 2, who: 'Cy' }))
      .when(answer)
      .thenRefused('conflict', /Cy answered already/);
    given(declared()).when(answer).thenRefused('not-found');
  });
});
