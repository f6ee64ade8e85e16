import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AnyEvent, Fact } from '../../../../src/core/incident/events.ts';
import { evolve, replay } from '../../../../src/core/incident/evolve.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import {
  acknowledged,
  after,
  anEvent,
  answered,
  anUnknownEvent,
  declared,
  declareTime,
  entered,
  fact,
  incidentOf,
  itemDone,
  journalOf,
  noted,
  reopened,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  ticked,
  updated,
} from '../../../support/builders.ts';

const anyFact: fc.Arbitrary<Fact> = fc.oneof(
  fc.constantFrom(
    declared(),
    declared({ title: 'Another' }),
    acknowledged(),
    resolved({ cause: 'x' }),
    reopened(),
    noted('n'),
    answered('q', 'Q?', 'A'),
    updated(1),
    fact('ChecklistItemUnticked', { item: '__proto__', text: 'x' }),
    fact('TargetPinned', { target: { context: 'other' } }),
    fact('ImpactSet', { figure: '5%', source: 's', at: 'not a time' }),
    fact('PostMortemDrafted', { file: 'f', sha256: 's' }),
    fact('SeverityChanged', { severity: 'SEV1' }),
    fact('StepSkipped', { step: 's', sequence: 'q', text: 't' }),
    stepDone('s', 'note'),
  ),
  fc
    .constantFrom('a', '__proto__', 'constructor', '')
    .chain((id) =>
      fc.constantFrom(
        ticked(id),
        itemDone(id),
        entered(id),
        fact('ValueSet', { name: id, value: 'v' }),
        fact('ValueCleared', { name: id }),
        runStarted({ run: id }),
        runEnded({ run: id, seen: { [id]: ['x'] } }),
        fact('OnsetSet', { at: id }),
        fact('MitigatedMarked', { at: id }),
      ),
    ),
);
const anyJournal: fc.Arbitrary<AnyEvent[]> = fc
  .array(fc.oneof({ weight: 9, arbitrary: anyFact }, { weight: 1, arbitrary: fc.constant(undefined) }))
  .map((facts) => facts.map((one, i) => (one ? anEvent(one, i + 1) : anUnknownEvent(i + 1))));

describe('folding events', () => {
  it('begins with the declare', () => {
    const incident = incidentOf(declared());
    assert.equal(incident.id, '01JDINCIDENT');
    assert.equal(incident.title, 'Payments failing');
    assert.equal(incident.status, 'active');
    assert.equal(incident.declaredAt, declareTime);
    assert.equal(incident.declaredBy, 'Ana');
    assert.equal(incident.guideFile, 'guide.md');
    assert.equal(evolve(undefined, anEvent(noted('early'))), undefined);
    assert.equal(replay([]), undefined);
  });

  it('keeps what came before the declare in the list of events alone', () => {
    const events = [anEvent(noted('early'), 1), anEvent(declared(), 2), anEvent(noted('late'), 3)];
    const incident = replay(events)!;
    assert.deepEqual(
      incident.notes.map(({ text }) => text),
      ['late'],
    );
    assert.deepEqual(incident.events, events);
  });

  it('follows a run from start to end', () => {
    const output = { file: 'output/run-1.log', sha256: 'ab', bytes: 10, lines: 2 };
    const seen = { pod: ['pay-1', 'pay-2'] };
    const running = incidentOf(declared(), runStarted());
    assert.equal(running.runs[0]!.end, undefined);
    assert.equal(running.runs[0]!.writer, 'writer-a');
    const ended = incidentOf(declared(), runStarted(), runEnded({ output, seen }));
    assert.deepEqual(ended.runs[0]!.end, {
      at: after(2),
      outcome: { kind: 'succeeded', detail: '3 pods' },
      durationMs: 120,
      output,
    });
    assert.deepEqual(ended.seen, seen);
  });

  it('lets the end of a run count, in whichever order a presumed end of another window came', () => {
    const guessed = runEnded({ outcome: { kind: 'failed', message: 'Interrupted.' }, interrupted: true });
    for (const ends of [
      [guessed, runEnded()],
      [runEnded(), guessed],
    ]) {
      const { runs } = incidentOf(declared(), runStarted(), ...ends);
      assert.equal(runs[0]?.end?.outcome.kind, 'succeeded');
      assert.equal(runs[0].end.interrupted, undefined);
    }
  });

  it('puts the names seen last first, each once', () => {
    const incident = incidentOf(
      declared(),
      runStarted(),
      runEnded({ seen: { pod: ['a', 'b'] } }),
      runStarted({ run: 'run-2' }),
      runEnded({ run: 'run-2', seen: { pod: ['c', 'b'] } }),
    );
    assert.deepEqual(incident.seen['pod'], ['c', 'b', 'a']);
  });

  it('changes nothing for a fact that makes no sense here', () => {
    const before = incidentOf(
      declared(),
      runStarted(),
      runEnded(),
      acknowledged(),
      entered('triage'),
      ticked('a'),
    );
    const nonsense = [
      declared({ title: 'Other' }),
      runStarted(),
      runEnded(),
      acknowledged(),
      entered('triage'),
    ];
    nonsense.push(runEnded({ run: 'never started' }), ticked('a'), reopened());
    const later = nonsense.reduce<Incident>((state, one) => evolve(state, anEvent(one, 99))!, before);
    assert.equal(later.events.length, before.events.length + nonsense.length);
    assert.deepEqual({ ...later, events: [] }, { ...before, events: [] });
  });

  it('keeps unknown events', () => {
    const unknown = anUnknownEvent(2);
    assert.deepEqual(replay([anEvent(declared()), unknown])!.events.at(-1), unknown);
  });

  it('forgets an end that did not hold when it is reopened', () => {
    const mitigated = fact('MitigatedMarked', { at: after(1) });
    const over = incidentOf(declared(), mitigated, resolved({ cause: 'c' }));
    assert.deepEqual(over.resolution, { cause: 'c' });
    assert.equal(over.resolvedAt, after(2));
    const again = incidentOf(declared(), mitigated, resolved({ cause: 'c' }), reopened());
    assert.equal(again.status, 'active');
    assert.equal(again.resolvedAt, undefined);
    assert.equal(again.mitigatedAt, undefined);
    assert.equal(again.resolution, undefined);
  });

  it('treats names of every object as names', () => {
    const incident = incidentOf(
      declared(),
      ticked('__proto__'),
      fact('ValueSet', { name: '__proto__', value: 'v' }),
    );
    assert.deepEqual(Object.keys(incident.ticked), ['__proto__']);
    assert.deepEqual(Object.entries(incident.values), [['__proto__', 'v']]);
    assert.equal(Object.getPrototypeOf(incident.values), Object.prototype);
  });

  it('never throws and never loses an event, in any order', () => {
    fc.assert(
      fc.property(anyJournal, (events) => {
        const incident = replay(events);
        if (incident) assert.deepEqual(incident.events, events);
        else assert.ok(!events.some(({ type }) => type === 'IncidentDeclared'));
      }),
    );
  });

  it('gives the same one by one as all at once, and leaves earlier states alone', () => {
    fc.assert(
      fc.property(anyJournal, (more) => {
        const events = [anEvent(declared(), 0), ...more];
        let state: Incident | undefined;
        for (const event of events) {
          const before = JSON.stringify(state);
          const next = evolve(state, event);
          assert.equal(JSON.stringify(state), before);
          state = next;
        }
        assert.deepEqual(state, replay(events));
      }),
    );
  });

  it('folds a long journal', () => {
    const facts = Array.from({ length: 2500 }, (_, i) => [
      runStarted({ run: `run-${i}` }),
      runEnded({ run: `run-${i}`, seen: { pod: [`pod-${i}`] } }),
    ]).flat();
    const incident = replay(journalOf(declared(), ...facts))!;
    assert.equal(incident.runs.length, 2500);
    assert.ok(incident.runs.every(({ end }) => end !== undefined));
    assert.equal(incident.seen['pod']![0], 'pod-2499');
  });
});
