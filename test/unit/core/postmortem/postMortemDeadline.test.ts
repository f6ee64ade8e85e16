import assert from 'node:assert/strict';
import { figuresOf } from '../../../../src/core/history/figures.ts';
import { rulesOfGuide } from '../../../../src/core/history/guideRules.ts';
import { recordOfIncident } from '../../../../src/core/history/incidentRecord.ts';
import { clocksOf } from '../../../../src/core/incident/clocks.ts';
import { decide } from '../../../../src/core/incident/decide.ts';
import type { EventData, Fact, PostMortemStatus } from '../../../../src/core/incident/events.ts';
import { calendarEntryOf } from '../../../../src/core/postmortem/calendarEntry.ts';
import { documentHead, readHead } from '../../../../src/core/postmortem/documentHead.ts';
import { openDeadline, postMortemDeadline } from '../../../../src/core/postmortem/postMortemDeadline.ts';
import { incidentNodes } from '../../../../src/core/views/incidentTree.ts';
import { owedPostMortem } from '../../../../src/core/views/postMortemBar.ts';
import { timelineRows } from '../../../../src/core/views/timeline.ts';
import type { TreeNode } from '../../../../src/core/views/treeNode.ts';
import { aGuide, after, declared, fact, incidentOf, resolved } from '../../../support/builders.ts';

const guide = aGuide();
const day = 24 * 60;
const week = 7 * day;
const seen: EventData['RecurrenceSeen'] = {
  windowDays: 30,
  count: 3,
  earlier: [
    {
      id: '01EARLIER',
      number: '2026-11-20-0001',
      title: 'Search slow',
      declaredAt: '2026-11-20T10:30:00.000Z',
      msBefore: 3 * 86_400_000,
      because: [
        { kind: 'alert', value: 'SearchSlow' },
        { kind: 'service', value: 'search' },
      ],
    },
  ],
};
const recurs = fact('RecurrenceSeen', seen);
const nodesOf = (tree: readonly TreeNode[]): readonly TreeNode[] =>
  tree.flatMap((node) => [node, ...nodesOf(node.children)]);
const status = (value: PostMortemStatus): Fact =>
  fact('PostMortemStatusSet', { status: value, file: 'pm.md', sha256: 'cd' });
const sev3 = (...facts: readonly Fact[]) => incidentOf(declared({ severity: 'SEV3' }), resolved(), ...facts);
const why = '2026-11-20-0001, 3 days before: the same alert, SearchSlow; the same service, search';

describe('the deadline of a post-mortem', () => {
  const dueOf = (incident: ReturnType<typeof sev3>): string | undefined =>
    postMortemDeadline(clocksOf(incident, guide, after(5)))?.dueAt;

  it('holds for a severity that needs a recurring incident only once it is seen to recur', () => {
    assert.equal(dueOf(sev3()), undefined);
    assert.equal(dueOf(sev3(recurs)), after(1 + week));
    assert.equal(dueOf(incidentOf(declared(), resolved(), recurs)), after(1 + 2 * day));
  });

  it('is written into the document with what it recurs of, and read from there', () => {
    const head = (...facts: readonly Fact[]): string[] =>
      documentHead([], { incident: sev3(...facts), guide, generatedAt: after(5) });
    assert.deepEqual(head(recurs), [
      '- Status: Draft',
      '- Due: 2026-11-30 10:31 UTC (the guide: Within 1 week for SEV3)',
      `- Recurs: ${why}; and 2 more before`,
    ]);
    assert.equal(readHead(head(recurs)).due?.at, '2026-11-30T10:31:00.000Z');
    assert.equal(readHead(head()).due, undefined);
    assert.match(head()[1] ?? '', /only if it is a recurring one\)$/);
  });

  it('stands in the tree with each earlier incident, which a click opens', () => {
    const found = nodesOf(incidentNodes(sev3(recurs), guide, after(1 + day), []));
    const deadline = found.find(({ label }) => label === 'Within 1 week for SEV3');
    assert.equal(deadline?.description, 'due 2026-11-30 10:31 UTC, 6 d left');
    const [earlier] = deadline?.children ?? [];
    assert.equal(earlier?.label, 'Like 2026-11-20-0001 Search slow');
    assert.equal(earlier?.description, why.replace(/^[^,]*, /, ''));
    assert.deepEqual(earlier?.command, { id: 'incident.openPastIncident', args: ['01EARLIER'] });
    const unknown = nodesOf(incidentNodes(sev3(), guide, after(1 + day), []));
    const open = unknown.find(({ label }) => label === 'Within 1 week for SEV3');
    assert.match(open?.description ?? '', /, if it recurs$/);
    assert.deepEqual(open?.children, []);
  });

  it('is recorded once for the same finding, after the resolution too, and never of nothing', () => {
    const recorded = (incident: ReturnType<typeof sev3>, data = seen) =>
      decide(incident, { type: 'RecordRecurrence', data }, after(5));
    const first = recorded(sev3());
    assert.deepEqual(first.ok && first.value, [recurs]);
    const again = recorded(sev3(recurs), JSON.parse(JSON.stringify(seen)) as typeof seen);
    assert.deepEqual(again.ok && again.value, []);
    const more = recorded(sev3(recurs), { ...seen, count: 4 });
    assert.equal(more.ok && more.value.length, 1);
    assert.equal(recorded(sev3(), { ...seen, earlier: [] }).ok, false);
    assert.equal(
      timelineRows(sev3(recurs)).at(-1)?.text,
      `Thought to be recurring: ${why}; and 2 more before`,
    );
  });
});

describe('a post-mortem on time', () => {
  const drafted = fact('PostMortemDrafted', { file: 'pm.md', sha256: 'ab' });
  const said = (minutes: number, value: Parameters<typeof status>[0]) =>
    [after(minutes), status(value)] as const;
  const due = 1 + 2 * day;
  const [inTime, tooLate] = [said(due, 'reviewed'), said(due + 30, 'reviewed')];
  type Facts = readonly (Fact | readonly [at: string, fact: Fact])[];

  /** What each of those who speak of it says. */
  function answers(minutes: number, incident: ReturnType<typeof incidentOf>) {
    const now = after(minutes);
    const [tree] = nodesOf(incidentNodes(incident, guide, now, [])).filter(({ label }) =>
      label.startsWith('Within '),
    );
    const clocks = clocksOf(incident, guide, now);
    const options = { range: 'all', drills: false, now, rulesOf: () => rulesOfGuide(guide) } as const;
    const { onTime, late, pending } = figuresOf([recordOfIncident(incident)], options).postMortems;
    return {
      tree: tree?.description,
      bar: owedPostMortem([incident], undefined, () => guide, now)?.bar.text.replace(/^\S+ /, ''),
      calendar: calendarEntryOf({ incident, dueAt: openDeadline(clocks)?.dueAt }) !== undefined,
      trends: `${onTime} on time, ${late} late, ${pending.length} pending`,
    };
  }

  const cases: Record<string, readonly [at: number, facts: Facts, ReturnType<typeof answers>]> = {
    'is not one while it is a draft': [
      due - 30,
      [drafted],
      {
        tree: 'due 2026-11-25 10:31 UTC, 30 min left',
        bar: 'Post-mortem due in 30 min',
        calendar: true,
        trends: '0 on time, 0 late, 1 pending',
      },
    ],
    'is overdue with the draft, and in review': [
      due + 60,
      [drafted, status('in-review')],
      {
        tree: 'overdue by 1 h',
        bar: 'Post-mortem 1 h late',
        calendar: true,
        trends: '0 on time, 1 late, 0 pending',
      },
    ],
    'is reviewed by its deadline': [
      due + 60,
      [drafted, status('in-review'), inTime],
      {
        tree: 'reviewed on time',
        bar: undefined,
        calendar: false,
        trends: '1 on time, 0 late, 0 pending',
      },
    ],
    'is not one that was drafted in time and reviewed after it': [
      due + 60,
      [drafted, status('in-review'), tooLate],
      {
        tree: 'reviewed 30 min late',
        bar: undefined,
        calendar: false,
        trends: '0 on time, 1 late, 0 pending',
      },
    ],
    'is not one that went back to the draft': [
      due + 60,
      [drafted, inTime, said(due + 1, 'draft')],
      {
        tree: 'overdue by 1 h',
        bar: 'Post-mortem 1 h late',
        calendar: true,
        trends: '0 on time, 1 late, 0 pending',
      },
    ],
    'is one that two people called reviewed, the first of them in time': [
      due + 60,
      [drafted, inTime, tooLate],
      {
        tree: 'reviewed on time',
        bar: undefined,
        calendar: false,
        trends: '1 on time, 0 late, 0 pending',
      },
    ],
  };
  for (const [name, [at, facts, expected]] of Object.entries(cases))
    it(`${name}, to tree, status bar, calendar and Trends`, () => {
      assert.deepEqual(answers(at, incidentOf(declared(), resolved(), ...facts)), expected);
    });

  it('is asked of a SEV3 once it was seen to recur, by tree, status bar, calendar and Trends', () => {
    assert.deepEqual(answers(1 + week + 60, sev3()), {
      tree: 'overdue by 1 h, if it recurs',
      bar: undefined,
      calendar: false,
      trends: '0 on time, 0 late, 0 pending',
    });
    assert.deepEqual(answers(1 + week + 60, sev3(recurs)), {
      tree: 'overdue by 1 h',
      bar: 'Post-mortem 1 h late',
      calendar: true,
      trends: '0 on time, 1 late, 0 pending',
    });
  });
});

describe('the status bar while nothing burns', () => {
  const guideOf = () => guide;
  const over = incidentOf(declared(), resolved());

  it('counts down for the post-mortem that is owed, until it is reviewed', () => {
    const owed = owedPostMortem([over], undefined, guideOf, after(1 + day));
    assert.equal(owed?.bar.text, '$(notebook) Post-mortem due in 1 d');
    assert.equal(owed.bar.tone, 'normal');
    assert.equal(
      owed.bar.tooltip,
      [
        'Post-mortem of SEV2 Payments failing (2026-11-23-0001): not drafted yet',
        'Due 2026-11-25 10:31 UTC. The guide: Within 48 hours for SEV1/SEV2',
        'Owner: nobody yet',
      ].join('\n'),
    );
    const inReview = incidentOf(declared(), resolved(), status('in-review'));
    const late = owedPostMortem([inReview], undefined, guideOf, after(1 + 2 * day + 90));
    assert.equal(late?.bar.text, '$(notebook) Post-mortem 1 h 30 min late');
    assert.equal(late.bar.tone, 'warning');
    assert.match(late.bar.tooltip, /: In review\n/);
    const reviewed = incidentOf(declared(), resolved(), status('reviewed'));
    assert.equal(owedPostMortem([reviewed], undefined, guideOf, after(1 + day)), undefined);
  });

  it('says who owes it, and what it recurs of', () => {
    const owner = fact('PostMortemOwnerSet', { owner: 'Ben' });
    const owed = owedPostMortem([sev3(recurs, owner)], undefined, guideOf, after(5));
    assert.match(owed?.bar.tooltip ?? '', /\nIt recurs: 2026-11-20-0001, [^\n]*\nOwner: Ben$/);
  });

  it('owes none for a drill, without a deadline, while it burns, and after a month', () => {
    const none = [incidentOf(declared({ drill: true }), resolved()), sev3(), incidentOf(declared())];
    assert.equal(owedPostMortem(none, undefined, guideOf, after(5)), undefined);
    assert.equal(
      owedPostMortem([over], undefined, () => undefined, after(5)),
      undefined,
    );
    assert.equal(owedPostMortem([over], undefined, guideOf, after(1 + 31 * day)), undefined);
  });

  it('takes the current incident’s, else the one resolved last, and counts the others', () => {
    const other = { ...incidentOf(declared(), [after(60), resolved()]), id: '01OTHER' };
    const both = [over, other];
    assert.equal(owedPostMortem(both, undefined, guideOf, after(70))?.incident.id, '01OTHER');
    const current = owedPostMortem(both, over.id, guideOf, after(70));
    assert.equal(current?.incident.id, over.id);
    assert.match(current.bar.tooltip, /\n1 more is owed\.$/);
  });
});
