import assert from 'node:assert/strict';
import { distributionOf } from '../../../../src/core/history/distribution.ts';
import { figuresOf, type Figures, type Range } from '../../../../src/core/history/figures.ts';
import { rulesOfGuide, rulesOfGuides } from '../../../../src/core/history/guideRules.ts';
import { recordOfIncident, type IncidentRecord } from '../../../../src/core/history/incidentRecord.ts';
import { updatesKept } from '../../../../src/core/history/promises.ts';
import type { Fact } from '../../../../src/core/incident/events.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import {
  acknowledged,
  aGuide,
  after,
  declared,
  fact,
  incidentOf,
  resolved,
  updated,
} from '../../../support/builders.ts';
import { madeNow, manyIncidents } from '../../../support/manyIncidents.ts';
import { plainFigures } from './independentFigures.ts';

const rules = rulesOfGuide(aGuide());
const figures = (records: readonly IncidentRecord[], range: Range = 'all', more = {}): Figures =>
  figuresOf(records, { range, drills: false, now: madeNow, rulesOf: () => rules, ...more });

type Facts = readonly (Fact | readonly [at: string, fact: Fact])[];

describe('the figures of ten thousand incidents', function () {
  this.timeout(120_000);
  const made = manyIncidents(10_000);
  let records: readonly IncidentRecord[];
  before(() => {
    records = made.flatMap(({ events }) => {
      const incident = replay(events);
      return incident ? [recordOfIncident(incident)] : [];
    });
    assert.equal(records.length, 10_000);
  });

  for (const range of [30, 90, 365, 'all'] as const)
    it(`are what a calculation from the bare events gives, for ${range}`, () => {
      const ours = figures(records, range);
      const now = Date.parse(madeNow);
      const plain = plainFigures(made, range === 'all' ? -Infinity : now - range * 86_400_000, now);
      const sizes = (groups: ReadonlyMap<string, readonly string[]>, week: string) =>
        [...groups].map(([name, ids]) => [`${week} ${name}`, ids.length]);
      assert.deepEqual(
        {
          incidents: ours.incidents.length,
          perWeek: counts(ours.weeks.map(({ week, incidents }) => [week, incidents.length])),
          perWeekAndSeverity: counts(ours.weeks.flatMap(({ week, bySeverity }) => sizes(bySeverity, week))),
          perWeekAndService: counts(ours.weeks.flatMap(({ week, byService }) => sizes(byService, week))),
          median: each(ours, ({ median }) => median),
          p90: each(ours, ({ p90 }) => p90),
          known: each(ours, ({ count }) => count),
          updatesOnTime: ours.updates.onTime,
          updatesLate: ours.updates.late,
          postMortemsOnTime: ours.postMortems.onTime,
          postMortemsLate: ours.postMortems.late,
          actionsOpen: ours.actions.open,
          actionsOverdue: ours.actions.overdue,
          actionsDone: ours.actions.done,
          failedRuns: counts(ours.steps.map(({ step, failedRuns }) => [step, failedRuns])),
          failedIn: counts(ours.steps.map(({ step, failedIn }) => [step, failedIn.length])),
          skippedIn: counts(ours.steps.map(({ step, skippedIn }) => [step, skippedIn.length])),
          recurring: ours.recurrences.length,
        },
        sorted(plain),
      );
    });

  it('leave drills out unless asked', () => {
    const drills = plainFigures(made, -Infinity, Date.parse(madeNow)).drills;
    assert.ok(drills > 100);
    assert.equal(figures(records).incidents.length, 10_000 - drills);
    assert.equal(figures(records).drillsLeftOut.length, drills);
    assert.equal(figures(records, 'all', { drills: true }).incidents.length, 10_000);
  });
});

/** Every figure that the product keeps as zero is one that the other calculation does not have. */
const counts = (pairs: readonly (readonly [string, number] | readonly (string | number)[])[]) =>
  Object.fromEntries(
    pairs.filter(([, count]) => count !== 0).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
const each = <T>(ours: Figures, of: (figure: Figures['times']['detect']) => T) =>
  Object.fromEntries(Object.entries(ours.times).map(([measure, figure]) => [measure, of(figure)]));
const sorted = (plain: ReturnType<typeof plainFigures>) => {
  const { drills: _drills, ...rest } = plain;
  return Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      typeof value === 'object' && !['median', 'p90', 'known'].includes(name)
        ? counts(Object.entries(value as Record<string, number>))
        : value,
    ]),
  );
};

describe('figures', () => {
  const recorded = (...facts: Facts) => recordOfIncident(incidentOf(...facts));

  it('say of a median of few that it is of few, and of none that there is none', () => {
    assert.deepEqual(distributionOf([]), { count: 0, median: undefined, p90: undefined, few: true });
    assert.deepEqual(distributionOf([4, 1, 3, 2]), { count: 4, median: 2.5, p90: 4, few: true });
    assert.deepEqual(distributionOf([5, 4, 3, 2, 1]), { count: 5, median: 3, p90: 5, few: false });
    assert.equal(distributionOf(Array.from({ length: 10 }, (_, at) => at + 1)).p90, 9);
  });

  it('keep what is not known apart from what is', () => {
    const shown = figures([recorded(declared(), acknowledged(), resolved())]);
    assert.deepEqual(shown.times.acknowledge.incidents.length, 1);
    assert.equal(shown.times.mitigate.count, 0);
    assert.equal(shown.times.mitigate.unknown.length, 1);
    assert.deepEqual(shown.actions.unknown.length, 1);
    assert.equal(shown.actions.open, 0);
  });

  it('cannot tell of updates and post-mortems where the guide is gone', () => {
    const shown = figures([recorded(declared(), resolved())], 'all', { rulesOf: () => undefined });
    assert.equal(shown.updates.unknown.length, 1);
    assert.equal(shown.postMortems.unknown.length, 1);
    assert.equal(shown.updates.late + shown.postMortems.late, 0);
  });

  it('ask the guide of the incident, also where its folder is called otherwise, and no other one', () => {
    const slow = { ...aGuide(), file: 'ops/teams/slow.md', cadence: undefined };
    const own = { ...aGuide(), file: 'ops/incident-guide.md' };
    const rulesOf = rulesOfGuides([slow, own]);
    const every = (file: string | undefined) => rulesOf(file)?.updateEveryMs;
    const quarter = 15 * 60_000;
    assert.deepEqual(
      [every('ops/incident-guide.md'), every('my-clone/incident-guide.md'), every('incident-guide.md')],
      [quarter, quarter, quarter],
    );
    assert.ok(rulesOf('ops/teams/slow.md'));
    assert.equal(every('ops/teams/slow.md'), undefined);
    assert.deepEqual(
      [rulesOf(undefined), rulesOf('ops/other.md'), rulesOf('slow.md')],
      [undefined, undefined, undefined],
    );
    const twice = rulesOfGuides([own, { ...own, file: 'shop/incident-guide.md' }]);
    assert.ok(twice('shop/incident-guide.md'));
    assert.equal(twice('my-clone/incident-guide.md'), undefined);
  });

  it('count one late update for each gap that was too long, and none while there is time', () => {
    const kept = (...facts: Facts) => updatesKept(recorded(...facts), rules, after(16));
    assert.deepEqual(kept(declared(), [after(15), updated(1)]), { onTime: 1, late: 0 });
    assert.deepEqual(kept(declared(), [after(15, 1), updated(1)]), { onTime: 0, late: 1 });
    assert.deepEqual(kept(declared()), { onTime: 0, late: 1 });
    const snoozed = fact('UpdateSnoozed', { until: after(20), reason: 'no news' });
    assert.deepEqual(kept(declared(), [after(5), snoozed]), { onTime: 0, late: 0 });
    assert.deepEqual(kept(declared(), [after(14), resolved()]), { onTime: 0, late: 0 });
    assert.deepEqual(kept(declared(), [after(90), resolved()]), { onTime: 0, late: 1 });
  });
});
