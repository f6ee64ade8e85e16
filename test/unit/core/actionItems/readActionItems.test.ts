import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isOverdue } from '../../../../src/core/actionItems/actionItem.ts';
import { applyLineEdits, issueEdit, tickEdit } from '../../../../src/core/actionItems/editActionItem.ts';
import { findDates } from '../../../../src/core/actionItems/findDates.ts';
import { readActionItems } from '../../../../src/core/actionItems/readActionItems.ts';

const options = { today: '2026-11-28', people: ['Ana Souza', 'Tech Lead', 'bo'] };
const read = (...lines: string[]) =>
  readActionItems(`# PM\n\n## Action Items\n${lines.join('\n')}\n`, options);
const one = (line: string) => {
  const [item] = read(line);
  assert.ok(item, line);
  return [item.text, item.owner, item.due, item.done];
};

describe('action items of a post-mortem', () => {
  const full = ['Alert on 5xx', 'Ana Souza', '2026-12-01', false];
  for (const line of [
    '- [ ] Alert on 5xx - Ana Souza - 2026-12-01',
    '* [ ] Alert on 5xx - 2026-12-01 - Ana Souza',
    '1. [ ] Ana Souza - Alert on 5xx - 2026-12-01',
    '- [ ] 2026-12-01 - Alert on 5xx - Ana Souza',
    '- [ ] Alert on 5xx – Ana Souza – 1 Dec 2026',
    '- [ ] Alert on 5xx — Ana Souza — Dec 1st, 2026',
    '- [ ] Alert on 5xx | Ana Souza | 01.12.2026',
    '- [ ] Alert on 5xx (Ana Souza, 2026-12-01)',
    '- [ ] Alert on 5xx (owner: Ana Souza, due: 2026-12-01)',
    '- [ ] Alert on 5xx (Ana Souza, due 1 December)',
    '- [ ] Alert on 5xx - owner: Ana Souza - deadline: 2026/12/01',
    '- [ ] Alert on 5xx - **Ana Souza** - **2026-12-01**',
    '- [ ] Alert on 5xx; Ana Souza; by 2026-12-01',
    '-[ ] Alert on 5xx - Ana Souza - 2026-12-01',
    '- [] Alert on 5xx - Ana Souza - 2026-12-01',
    '[ ] Alert on 5xx - Ana Souza - 2026-12-01',
    '- TODO: Alert on 5xx - Ana Souza - 2026-12-01',
    '- Alert on 5xx - Ana Souza - 2026-12-01',
    '  - [ ] Alert on 5xx - Ana Souza - 2026-12-01',
  ])
    it(`reads “${line.trim()}”`, () => assert.deepEqual(one(line), full));

  it('reads what is done', () => {
    assert.deepEqual(one('- [x] Alert - @ana - 2026-12-01'), ['Alert', '@ana', '2026-12-01', true]);
    assert.equal(one('- [X] Alert - @ana')[3], true);
    assert.equal(one('- DONE Alert - @ana')[3], true);
  });

  it('knows people by name in any case, and a name nobody told it of by its look', () => {
    assert.equal(one('- [ ] bo - tune the pool')[1], 'bo');
    assert.equal(one('- [ ] tune the pool - tech lead')[1], 'tech lead');
    assert.equal(one('- [ ] Tune the pool - Jean-Luc O’Neil')[1], 'Jean-Luc O’Neil');
    assert.equal(one('- [ ] @ana tunes the pool by 2026-12-01')[1], '@ana');
    assert.equal(one('- [ ] Tune the pool - 田中 - 2026-12-01')[1], '田中');
  });

  it('names nobody and no day where none is given, and says so', () => {
    for (const line of [
      '- [ ] Tune the pool',
      '- [ ] Tune the pool - Owner - Deadline',
      '- [ ] Tune the pool - [Owner] - TBD',
    ]) {
      const [item] = read(line);
      assert.deepEqual([item?.text, item?.owner, item?.due], ['Tune the pool', undefined, undefined]);
      assert.deepEqual(
        item?.problems.map(({ code }) => code),
        ['no-owner', 'no-deadline'],
      );
    }
  });

  it('takes the template’s own line for no item', () => {
    assert.deepEqual(
      read(
        '- [ ] [Action] - [Owner] - [Deadline]',
        '- [ ] Action 1 - Owner - Deadline',
        '- [ ] ...',
        '- [ ]',
      ),
      [],
    );
  });

  it('never guesses a day', () => {
    const [item] = read('- [ ] Tune the pool - Ana Souza - 03/04/2027');
    assert.equal(item?.due, undefined);
    assert.match(item?.problems[0]?.message ?? '', /2027-03-04 or 2027-04-03/);
    assert.equal(one('- [ ] Tune - Ana Souza - 25/12/2026')[2], '2026-12-25');
    const [none] = read('- [ ] Tune the pool - Ana Souza - 2027-02-30');
    assert.match(none?.problems[0]?.message ?? '', /no day of the calendar/);
    for (const vague of ['next week', 'Friday', 'ASAP', 'end of month', 'Q1 2027']) {
      const [item] = read(`- [ ] Tune the pool - Ana Souza - ${vague}`);
      assert.deepEqual(
        [item?.text, item?.owner, item?.due],
        ['Tune the pool', 'Ana Souza', undefined],
        vague,
      );
      assert.deepEqual(
        item?.problems.map(({ code }) => code),
        ['unsure-deadline'],
      );
    }
  });

  it('leaves a date and a dash inside a sentence or code where they are', () => {
    assert.deepEqual(one('- [ ] Delete logs from before 2026-01-01 in the bucket - Ana Souza - 2026-12-01'), [
      'Delete logs from before 2026-01-01 in the bucket',
      'Ana Souza',
      '2026-12-01',
      false,
    ]);
    assert.equal(
      one('- [ ] Run `a - b | c 2026-01-01` nightly - Ana Souza')[0],
      'Run `a - b | c 2026-01-01` nightly',
    );
    assert.equal(
      one('- [ ] Raise the pool (it is 20 today) - Ana Souza')[0],
      'Raise the pool (it is 20 today)',
    );
  });

  it('reads its issue', () => {
    const [item] = read(
      '- [ ] Alert - Ana Souza - 2026-12-01 ([techcorp/payments#12](https://github.com/techcorp/payments/issues/12))',
    );
    assert.deepEqual(item?.issue, {
      name: 'techcorp/payments#12',
      url: 'https://github.com/techcorp/payments/issues/12',
    });
    assert.deepEqual([item?.text, item?.owner, item?.due], ['Alert', 'Ana Souza', '2026-12-01']);
    const [jira] = read('- [ ] Alert ([OPS-7](https://jira.example/browse/OPS-7)) - Ana Souza');
    assert.equal(jira?.issue?.name, 'OPS-7');
    assert.equal(read('- [ ] Read [this](https://example.com/a) - Ana Souza')[0]?.issue, undefined);
  });

  it('looks into sections about actions alone, and not into code', () => {
    const text =
      '## Timeline\n- [ ] no\n## Action items from the root cause\n### Soon\n- [ ] yes - bo\n```\n- [ ] no\n```\n### Later\n* [ ] too - bo\n## Lessons\n- [ ] no\n';
    assert.deepEqual(
      readActionItems(text, options).map(({ text, line }) => [text, line]),
      [
        ['yes', 4],
        ['too', 9],
      ],
    );
    assert.equal(readActionItems('## Massnahmen\r\n- [ ] Alarm - bo\r\n', options).length, 1);
  });

  it('is overdue the day after its day', () => {
    assert.equal(isOverdue({ done: false, due: '2026-12-01' }, '2026-12-01'), false);
    assert.equal(isOverdue({ done: false, due: '2026-12-01' }, '2026-12-02'), true);
    assert.equal(isOverdue({ done: true, due: '2026-12-01' }, '2027-12-02'), false);
  });

  it('is ticked, unticked and linked without another letter changed', () => {
    const document = '## Action Items\r\n- [ ] Alert - bo\r\n- TODO: Pool - bo\r\n';
    const [first, second] = readActionItems(document, options);
    assert.ok(first && second);
    const issue = { name: 'a/b#1', url: 'https://github.com/a/b/issues/1' };
    const { text, missed } = applyLineEdits(document, [tickEdit(first, true), issueEdit(second, issue)]);
    assert.equal(
      text,
      '## Action Items\r\n- [x] Alert - bo\r\n- TODO: Pool - bo ([a/b#1](https://github.com/a/b/issues/1))\r\n',
    );
    assert.deepEqual(missed, []);
    assert.equal(tickEdit(second, true).becomes, '- [x] Pool - bo');
    assert.equal(applyLineEdits(text, [tickEdit(first, true)]).missed.length, 1);
    assert.equal(applyLineEdits(text, [tickEdit(first, true)]).text, text);
  });

  it('reads any text, and a ticked item as ticked', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('- [ ] ', ' - ', '(', ')', '[', '](', '2026-12-01', '@a', '`', '1/2/2026', '\n', '|'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const document = `## Actions\n- [ ] ${pieces.join('')}`;
        for (const item of readActionItems(document, options)) {
          const { text, missed } = applyLineEdits(document, [tickEdit(item, true)]);
          assert.deepEqual(missed, []);
          const again = readActionItems(text, options).find(({ line }) => line === item.line);
          assert.ok(again?.done, text);
          assert.deepEqual([again.owner, again.due], [item.owner, item.due]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds dates that are days', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
        (date) => {
          const iso = date.toISOString().slice(0, 10);
          assert.deepEqual(
            findDates(`x ${iso} y`, '2026-11-28').map((found) => found.date),
            [iso],
          );
        },
      ),
    );
  });
});
