import assert from 'node:assert/strict';
import fc from 'fast-check';
import { figuresInPieces, figuresOf, ranges } from '../../../../src/core/history/figures.ts';
import { rulesOfGuide } from '../../../../src/core/history/guideRules.ts';
import { recordOfIncident, type IncidentRecord } from '../../../../src/core/history/incidentRecord.ts';
import {
  findRecurrences,
  recurrenceOf,
  type CommonTrait,
  type RecurrenceSubject,
} from '../../../../src/core/history/recurrence.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { calculateInSlices } from '../../../../src/journal/inSlices.ts';
import { aGuide } from '../../../support/builders.ts';
import { madeNow, manyIncidents } from '../../../support/manyIncidents.ts';

const rules = rulesOfGuide(aGuide());
const recordsOf = (count: number): readonly IncidentRecord[] =>
  manyIncidents(count).flatMap(({ events }) => {
    const incident = replay(events);
    return incident ? [recordOfIncident(incident)] : [];
  });

describe('figures that are worked out in slices', () => {
  const records = recordsOf(300);
  const imported = records.slice(0, 20).map((record, at) => ({
    ...record,
    ...{ id: `imported/${at}.md`, imported: `${at}.md`, declaredAt: at === 0 ? undefined : '2026-11-09' },
  }));
  const all = [...records, ...imported];

  it('are the same as at once, of any incidents, for any period', async () => {
    const some = fc
      .subarray(all)
      .chain((chosen) => fc.shuffledSubarray(chosen, { minLength: chosen.length }));
    await fc.assert(
      fc.asyncProperty(some, fc.constantFrom(...ranges), fc.boolean(), async (chosen, range, drills) => {
        const options = { range, drills, now: madeNow, rulesOf: () => rules };
        const sliced = await calculateInSlices(figuresInPieces(chosen, options));
        assert.deepEqual(sliced, figuresOf(chosen, options));
      }),
      { numRuns: 40 },
    );
  });

  it('let everything else happen in between', async () => {
    const many = recordsOf(10_000);
    let turns = 0;
    let isDone = false;
    const count = (): void => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    await calculateInSlices(
      figuresInPieces(many, { range: 'all', drills: false, now: madeNow, rulesOf: () => rules }),
    );
    isDone = true;
    // At once it would be one turn; how many it is depends on the machine.
    assert.ok(turns > 3, `${turns} turns`);
  });

  it('are given up when they are called off', async () => {
    const abort = new AbortController();
    let pieces = 0;
    const long = (function* () {
      for (; pieces < 5_000_000; pieces += 1) yield;
      return undefined;
    })();
    const begun = calculateInSlices(long, abort.signal);
    abort.abort();
    await assert.rejects(begun, { name: 'AbortError' });
    const then = pieces;
    await new Promise((done) => setImmediate(done));
    assert.equal(pieces, then);
  });
});

describe('recurrence', () => {
  const dayMs = 86_400_000;
  const subjects = fc.array(
    fc.record({
      day: fc.option(fc.integer({ min: 0, max: 50 }), { nil: undefined }),
      service: fc.constantFrom(undefined, 'web', 'Web ', 'search'),
      alerts: fc.uniqueArray(fc.constantFrom('A', 'a', 'B', 'C'), { maxLength: 3 }),
      errors: fc.uniqueArray(fc.constantFrom('error <n>', 'panic'), { maxLength: 2 }),
    }),
    { maxLength: 40 },
  );

  /** The slow way: each against every other, with nothing but the words of the documentation. */
  function plainRecurrence(subject: RecurrenceSubject, all: readonly RecurrenceSubject[]) {
    const key = (one: CommonTrait): string => `${one.kind} ${one.value.trim().toLowerCase()}`;
    const traits = (of: RecurrenceSubject): CommonTrait[] => [
      ...of.alerts.map((value) => ({ kind: 'alert' as const, value })),
      ...of.errors.map((value) => ({ kind: 'error' as const, value })),
      ...(of.service === undefined ? [] : [{ kind: 'service' as const, value: of.service }]),
    ];
    const at = (of: RecurrenceSubject): number => Date.parse(of.declaredAt ?? '');
    const mine = new Set(traits(subject).map(key));
    return all
      .filter((other) => {
        const isBefore = at(other) < at(subject) || (at(other) === at(subject) && other.id < subject.id);
        return (
          isBefore && at(subject) - at(other) <= 30 * dayMs && traits(other).some((one) => mine.has(key(one)))
        );
      })
      .sort((a, b) => at(b) - at(a) || (a.id < b.id ? 1 : -1))
      .map((other) => {
        const theirs = new Set(traits(other).map(key));
        return { id: other.id, because: [...mine].filter((one) => theirs.has(one)).sort() };
      });
  }

  it('is what comparing each with every other gives', () => {
    fc.assert(
      fc.property(subjects, (rows) => {
        const all = rows.map(({ day, ...rest }, at): RecurrenceSubject => ({
          ...{ id: `id-${String(at).padStart(3, '0')}`, number: `no-${at}`, title: `no. ${at}`, ...rest },
          declaredAt: day === undefined ? undefined : new Date(day * dayMs).toISOString(),
        }));
        const found = findRecurrences(all);
        for (const subject of all) {
          const ours = found.get(subject.id);
          const plain = plainRecurrence(subject, all);
          assert.deepEqual(recurrenceOf(subject, all), ours);
          assert.equal(ours?.count ?? 0, plain.length);
          const written = ({ kind, value }: CommonTrait): string => `${kind} ${value.trim().toLowerCase()}`;
          assert.deepEqual(
            ours?.earlier.map(({ id, because }) => ({ id, because: because.map(written).sort() })) ?? [],
            plain.slice(0, 10),
          );
          assert.deepEqual(
            (ours?.because ?? []).map(written).sort(),
            [...new Set(plain.flatMap(({ because }) => because))].sort(),
          );
        }
      }),
    );
  });
});
