import assert from 'node:assert/strict';
import type { Fact, SeenActionItem } from '../../../../src/core/incident/events.ts';
import { figuresOf } from '../../../../src/core/history/figures.ts';
import { recordOfIncident, type IncidentRecord } from '../../../../src/core/history/incidentRecord.ts';
import { parsePostMortem } from '../../../../src/core/history/parsePostMortem.ts';
import { actionItemRows, actionItemsTitle } from '../../../../src/core/views/actionItemRows.ts';
import { summaryOf } from '../../../../src/journal/summaries.ts';
import { declared, fact, incidentOf, resolved } from '../../../support/builders.ts';

const now = '2026-12-05T09:00:00.000Z';
const seen = (...items: readonly SeenActionItem[]): Fact => fact('ActionItemsSeen', { file: 'pm.md', items });
const late: SeenActionItem = { text: 'Alert on 5xx', done: false, owner: 'Ana', due: '2026-12-04' };
const issue = { name: 'techcorp/payments#12', url: 'https://github.com/techcorp/payments/issues/12' };
const today: SeenActionItem = { text: 'Raise the pool', done: false, due: '2026-12-05', issue };
const open: SeenActionItem = { text: 'Write it down', done: false };
const done: SeenActionItem = { text: 'Renew the key', done: true, due: '2026-11-30' };

let made = 0;
const record = (...facts: readonly Fact[]): IncidentRecord => ({
  ...recordOfIncident(incidentOf(...facts)),
  id: `01INCIDENT${made++}`,
});
const figures = (...records: readonly IncidentRecord[]) =>
  figuresOf(records, { range: 'all', drills: false, now, rulesOf: () => undefined }).actions;

describe('the actions of incidents', () => {
  it('are counted as they were last seen: open, overdue once their day is over, done', () => {
    const first = record(declared(), resolved(), seen(late, late), seen(late, today, open, done));
    const none = record(declared(), resolved(), seen());
    const unread = record(declared(), resolved());
    const counted = figures(first, none, unread);
    assert.deepEqual([counted.open, counted.overdue, counted.done], [3, 1, 1]);
    assert.deepEqual(counted.openIn, [first.id]);
    assert.deepEqual(counted.overdueIn, [first.id]);
    assert.deepEqual(counted.unknown, [unread.id], 'none is known of, which is not the same as none');
  });

  it('are listed over all incidents, the longest overdue first, those without a day last', () => {
    const one = record(declared(), resolved(), seen(open, today, done));
    const other = record(declared(), resolved(), seen(late));
    const drill = record(declared({ drill: true }), resolved(), seen(late));
    const rows = actionItemRows([one, other, drill], now.slice(0, 10));
    assert.deepEqual(
      rows.map(({ label, description, incident }) => [label, description, incident]),
      [
        ['Alert on 5xx', 'Ana  due 2026-12-04, 1 day overdue', other.id],
        ['Raise the pool', 'nobody yet  due 2026-12-05  techcorp/payments#12', one.id],
        ['Write it down', 'nobody yet  no day', one.id],
      ],
    );
    assert.equal(rows[0]?.detail, '2026-11-23-0001 SEV2 Payments failing');
    assert.equal(
      actionItemsTitle(rows, 2),
      'Action Items: 3 open, 1 overdue. Of 2 resolved incidents none are known',
    );
    assert.equal(actionItemsTitle([], 0), 'Action Items: 0 open');
  });

  it('of an imported post-mortem are counted and listed too, marked by what they belong to', () => {
    const byHand = (markdown: string): IncidentRecord => {
      const read = parsePostMortem(markdown, 'search.md');
      assert.ok(read);
      return { ...read.record, id: 'imported/search.md' };
    };
    const head = '# Post-mortem: Search was empty\n\nDate: 2026-02-03\nSeverity: SEV1\n\n## Action Items\n';
    const one = byHand(`${head}- [ ] Watch the index - Ana - 2026-03-01\n- [x] Restart it - 2026-02-04\n`);
    const table = { ...byHand(`${head}| What |\n|---|\n| Watch it |\n`), id: 'imported/table.md' };
    const counted = figures(one, table, record(declared(), resolved(), seen(open)));
    assert.deepEqual([counted.open, counted.overdue, counted.done], [2, 1, 1]);
    assert.deepEqual([counted.overdueIn, counted.unknown], [['imported/search.md'], ['imported/table.md']]);
    const [row] = actionItemRows([one], now.slice(0, 10));
    assert.deepEqual(
      [row?.label, row?.detail, row?.isOverdue, row?.isImported],
      ['Watch the index', '2026-02-03 SEV1 Search was empty, imported', true, true],
    );
  });

  it('stand in the summary with their days, those of drills in none', () => {
    const days = (...facts: readonly Fact[]) => summaryOf(incidentOf(...facts)).openActions;
    assert.deepEqual(days(declared(), resolved(), seen(late, open, done)), ['2026-12-04', '']);
    assert.equal(days(declared(), resolved(), seen(done)), undefined);
    assert.equal(days(declared({ drill: true }), resolved(), seen(late)), undefined);
  });
});
