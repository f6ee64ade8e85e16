import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyLineEdits } from '../../../../src/core/actionItems/editActionItem.ts';
import {
  newIssueRow,
  placeOfIssue,
  planActionSync,
  seenItems,
  type IssueState,
} from '../../../../src/core/actionItems/planActionSync.ts';
import { readActionItems } from '../../../../src/core/actionItems/readActionItems.ts';
import type { TicketPlace } from '../../../../src/core/deliveries/outwardPlaces.ts';
import type { Fact, SeenActionItem } from '../../../../src/core/incident/events.ts';
import { declared, fact, incidentOf } from '../../../support/builders.ts';

const github: TicketPlace = {
  system: 'github',
  baseUrl: 'https://api.github.test',
  repository: 'techcorp/payments',
};
const jira: TicketPlace = {
  system: 'jira',
  baseUrl: 'https://jira.test',
  project: 'OPS',
  issueType: 'Task',
  email: 'a@example.com',
};
const url = 'https://github.test/techcorp/payments/issues/12';
const link = `([techcorp/payments#12](${url}))`;
const document = (line: string) => `## Action Items\n${line}\n`;
const seen = (state: IssueState | undefined, done = state === 'closed'): Fact =>
  fact('ActionItemsSeen', {
    file: 'pm.md',
    items: [
      { text: 'Alert', done, issue: { name: 'techcorp/payments#12', url, ...(state ? { state } : {}) } },
    ],
  });

function sync(line: string, state: IssueState | undefined, ...facts: readonly Fact[]) {
  const text = document(line);
  const items = readActionItems(text, { today: '2026-11-28', people: [] });
  const planned = planActionSync({
    incident: incidentOf(declared(), ...facts),
    items,
    states: new Map(state ? [[url, state]] : []),
    placeOf: (issue) => placeOfIssue([github, jira], issue),
    mark: 'MARK',
  });
  const [, after] = applyLineEdits(text, planned.edits).text.split('\n');
  return {
    ...planned,
    after,
    acts: planned.rows.flatMap(({ requests }) => requests.map(({ task }) => task.act)),
  };
}

describe('action items and their issues', () => {
  it('ticks the box when the issue was closed, and unticks it when it was opened again', () => {
    const closed = sync(`- [ ] Alert ${link}`, 'closed', seen('open'));
    assert.equal(closed.after, `- [x] Alert ${link}`);
    assert.deepEqual([closed.acts, closed.seen[0]?.done], [[], true]);
    assert.deepEqual(closed.says, ['“Alert” is done: techcorp/payments#12 was closed.']);
    const opened = sync(`- [x] Alert ${link}`, 'open', seen('closed'));
    assert.equal(opened.after, `- [ ] Alert ${link}`);
    assert.deepEqual(opened.acts, []);
  });

  it('closes the issue when the box was ticked, and opens it again', () => {
    const ticked = sync(`- [x] Alert ${link}`, 'open', seen('open'));
    assert.deepEqual([ticked.acts, ticked.edits], [['close'], []]);
    const [request] = ticked.rows[0]?.requests ?? [];
    assert.deepEqual(request?.task, {
      system: 'github',
      act: 'close',
      text: 'Done, as the post-mortem says.',
      ticket: { id: '12', name: 'techcorp/payments#12', url },
    });
    assert.deepEqual(request?.place, { baseUrl: 'https://api.github.test', repository: 'techcorp/payments' });
    assert.deepEqual(sync(`- [ ] Alert ${link}`, 'closed', seen('closed')).acts, ['reopen']);
  });

  it('does nothing to what is alike, and to what could not be read', () => {
    for (const [line, state, before] of [
      [`- [x] Alert ${link}`, 'closed', 'open'],
      [`- [ ] Alert ${link}`, 'open', 'closed'],
      [`- [x] Alert ${link}`, undefined, 'open'],
      [`- [ ] Alert ${link}`, undefined, 'closed'],
    ] as const) {
      const { edits, acts, seen: known } = sync(line, state, seen(before));
      assert.deepEqual([edits, acts], [[], []], line);
      assert.equal(known[0]?.issue?.state, state ?? before);
    }
  });

  it('takes an issue that it never read for open before', () => {
    assert.equal(sync(`- [ ] Alert ${link}`, 'closed').after, `- [x] Alert ${link}`);
    assert.deepEqual(sync(`- [x] Alert ${link}`, 'open').acts, ['close']);
  });

  it('remembers what it closed itself: a box that is unticked afterwards opens the issue again', () => {
    const delivery = 'github/close/MARK/1';
    const task = { system: 'github', act: 'close', text: 'Done', ticket: { id: '12', url } } as const;
    const closedByUs = [
      seen('open'),
      fact('DeliveryRequested', { delivery, task, place: {}, after: [] }),
      fact('DeliveryStarted', { delivery, attempt: 1 }),
      fact('DeliveryDelivered', { delivery, receipt: { id: '12', url } }),
    ];
    const { acts, edits } = sync(`- [ ] Alert ${link}`, 'closed', ...closedByUs);
    assert.deepEqual([acts, edits], [['reopen'], []]);
  });

  it('puts the link of an issue that was made into a file that never got it, and its box with it', () => {
    const delivery = 'github/action/abc';
    const task = {
      system: 'github',
      act: 'create-ticket',
      title: 'Alert',
      body: '',
      labels: [],
      action: 'Alert',
    } as const;
    const made = [
      fact('DeliveryRequested', { delivery, task, place: {}, after: [] }),
      fact('DeliveryStarted', { delivery, attempt: 1 }),
      fact('DeliveryDelivered', { delivery, receipt: { id: '12', url, name: 'techcorp/payments#12' } }),
    ];
    assert.equal(sync('- [ ] Alert', 'open', ...made).after, `- [ ] Alert ${link}`);
    assert.equal(sync('- [ ] Alert', undefined, ...made).after, `- [ ] Alert ${link}`);
    const closed = sync('- [ ] Alert', 'closed', ...made);
    assert.equal(closed.after, `- [x] Alert ${link}`);
    assert.equal(closed.edits.length, 1);
  });

  it('offers an issue for what is open and has none', () => {
    const { without } = sync('- [ ] Alert - Ana - 2026-12-01', undefined);
    assert.deepEqual(
      without.map(({ text }) => text),
      ['Alert'],
    );
    assert.deepEqual(sync('- [x] Alert', undefined).without, []);
  });

  it('makes the same request of the same item each time, with what is known of it', () => {
    const incident = incidentOf(declared());
    const [item] = readActionItems(document('- [ ] Alert - Ana Souza - 2026-12-01'), {
      today: '2026-11-28',
      people: [],
    });
    assert.ok(item);
    const row = newIssueRow(item, { incident, place: github, hash: (text) => `${text}-hash` });
    assert.equal(row.requests[0]?.delivery, 'github/action/Alert-hash');
    assert.equal(
      row.text,
      'Alert\nAction item of the post-mortem of incident 2026-11-23-0001, Payments failing.\n\nOwner: Ana Souza\nDeadline: 2026-12-01',
    );
  });

  it('knows only issues of connected places, and Jira’s by its own server', () => {
    const of = (address: string) => placeOfIssue([github, jira], { name: 'x', url: address })?.system;
    assert.equal(of(url), 'github');
    assert.equal(of('https://evil.test/techcorp/payments/issues/12'), 'github'); // asked at api.github.test
    assert.equal(of('https://github.test/other/payments/issues/12'), undefined);
    assert.equal(of('https://jira.test/browse/OPS-7'), 'jira');
    assert.equal(of('https://evil.test/browse/OPS-7'), undefined);
    assert.equal(of('https://jira.test/browse/DEV-7'), undefined);
  });

  it('is alike after one round, whatever both sides were', () => {
    const states = fc.constantFrom<IssueState>('open', 'closed');
    fc.assert(
      fc.property(fc.boolean(), states, fc.option(states, { nil: undefined }), (done, now, before) => {
        const first = sync(`- [${done ? 'x' : ' '}] Alert ${link}`, now, ...(before ? [seen(before)] : []));
        const isDone = first.after?.startsWith('- [x]') ?? false;
        const remote = first.acts.includes('close') ? 'closed' : first.acts.includes('reopen') ? 'open' : now;
        assert.equal(isDone, remote === 'closed');
        assert.ok(first.edits.length + first.acts.length <= 1);
      }),
    );
  });

  it('notes a save, and keeps what was read of the issues', () => {
    const [item] = readActionItems(document(`- [x] Alert - Ana Souza - 2026-12-01 ${link}`), {
      today: '2026-11-28',
      people: [],
    });
    assert.ok(item);
    const noted = seenItems([item]);
    const issue = { name: 'techcorp/payments#12', url };
    const expected: SeenActionItem = {
      text: 'Alert',
      done: true,
      owner: 'Ana Souza',
      due: '2026-12-01',
      issue,
    };
    assert.deepEqual(noted, [expected]);
    const after = incidentOf(
      declared(),
      seen('closed'),
      fact('ActionItemsSeen', { file: 'pm.md', items: noted }),
    );
    assert.deepEqual(after.actionItems?.items, [{ ...expected, issue: { ...issue, state: 'closed' } }]);
    // A box that is unticked afterwards opens the issue again, and is not ticked anew.
    const save = fact('ActionItemsSeen', { file: 'pm.md', items: [{ ...expected, done: false }] });
    assert.deepEqual(sync(`- [ ] Alert ${link}`, 'closed', seen('closed'), save).acts, ['reopen']);
  });
});
