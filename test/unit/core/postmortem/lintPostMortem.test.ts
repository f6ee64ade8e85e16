import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { LintProblem } from '../../../../src/core/lint/lintProblem.ts';
import { applyEdits } from '../../../../src/core/lint/textEdit.ts';
import { withBase } from '../../../../src/core/postmortem/generatedBase.ts';
import { lintPostMortem, looksLikePostMortem } from '../../../../src/core/postmortem/lint/lintPostMortem.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import { after, aGuide } from '../../../support/builders.ts';
import { journalOfStory, stories } from '../../../support/postMortemStories.ts';

const context = { now: '2026-11-24T10:00:00.000Z', people: ['Ana', 'Ben'] };
/** A whole post-mortem with nothing to say about it; parts of it are replaced. */
const good = {
  head: '# Post-Mortem: Payments failing\n\n- Status: Draft\n- Due: 2026-11-25 10:52 UTC (the guide)\n',
  summary: 'Every eighth payment failed for 27 minutes, until the memory limit was raised.',
  timeline: '- [10:24] Errors begin\n- [10:30] Declared by Ana\n- [11:01] Resolved',
  impact: '- Users affected: 12% (source: Grafana, checkout board)\n- Lost transactions: unknown',
  'root cause': 'The memory limit was below what a full cart needs.',
  resolution: 'The limit was raised to 1Gi.',
  'lessons learned': '- The alert came first',
  'action items': '- [ ] Alert on memory - Ana - 2026-12-01',
};
type Part = keyof typeof good;
const documentOf = (parts: Partial<Record<Part, string>> = {}): string => {
  const { head, ...sections } = { ...good, ...parts };
  return [head, ...Object.entries(sections).map(([name, body]) => `## ${name}\n\n${body}\n`)].join('\n');
};
const lint = (parts: Partial<Record<Part, string>> | string): readonly LintProblem[] =>
  lintPostMortem(typeof parts === 'string' ? parts : documentOf(parts), context);
const codes = (parts: Partial<Record<Part, string>>) => lint(parts).map(({ code }) => code);
/** The document with the named fix of the first problem. */
const mended = (parts: Partial<Record<Part, string>>, title: string | RegExp): string => {
  const [problem] = lint(parts);
  const fix = problem?.fixes.find((one) =>
    typeof title === 'string' ? one.title === title : title.test(one.title),
  );
  assert.ok(
    fix?.kind === 'edit',
    `no fix ${title} among ${problem?.fixes.map((one) => one.title).join(', ')}`,
  );
  return applyEdits(documentOf(parts), fix.edits);
};

describe('the lint of post-mortems', () => {
  it('has nothing to say about a good one', () => assert.deepEqual(lint({}), []));

  describe('section-empty', () => {
    for (const [name, parts] of Object.entries({
      nothing: { summary: '' },
      'a prompt': { 'root cause': '[Detailed technical analysis]' },
      unknown: { 'root cause': 'unknown\n\nKey questions:\n\n- Was there a deploy? no' },
      'labels that nobody filled': { impact: '- Users affected: not given\n- Orders lost: not given' },
      'labels without values': { impact: '- Duration: X minutes\n- Users affected: X%' },
      'a row of placeholders': { 'action items': '- [ ] [Action] - [Owner] - [Deadline]' },
      'a heading above a rule': { 'action items': '\n---\n\nDrafted 2026.' },
    })) {
      it(`is an error of ${name}`, () => {
        assert.deepEqual(codes(parts), ['section-empty']);
        assert.equal(lint(parts)[0]?.severity, 'error');
      });
    }

    it('is a warning of lessons, and not of headings that hold others', () => {
      assert.equal(lint({ 'lessons learned': '' })[0]?.severity, 'warning');
      assert.deepEqual(
        codes({ 'lessons learned': '### Went well\n\nThe alert.\n\n### Went badly\n\nThe runbook.' }),
        [],
      );
    });

    it('is not said of what answers in a word, of a table, or of a reason why there is none', () => {
      assert.deepEqual(codes({ resolution: 'None.' }), []);
      assert.deepEqual(codes({ 'action items': 'None is needed: the service is switched off.' }), []);
      assert.deepEqual(codes({ timeline: '| Time | Event |\n|---|---|\n| 10:30 | Declared |' }), []);
    });

    it('is mended by the questions, which still have to be answered', () => {
      const text = mended({ 'root cause': 'unknown' }, 'Write the questions in its place');
      assert.match(text, /## root cause\n\n\[What failed, why did it fail, and why was it possible\?\]\n/);
      assert.deepEqual(
        lint(text).map(({ code }) => code),
        ['section-empty'],
      );
      assert.doesNotMatch(mended({ 'lessons learned': '' }, /Remove the section/), /lessons/);
    });
  });

  describe('action items', () => {
    it('need an owner and a day', () => {
      assert.deepEqual(codes({ 'action items': '- [ ] Write the alert' }), [
        'action-no-owner',
        'action-no-deadline',
      ]);
      assert.deepEqual(codes({ 'action items': '- [x] Write the alert' }), []);
      assert.deepEqual(codes({ 'action items': '- [ ] Write the alert - Ben - next week' }), [
        'action-unsure-deadline',
      ]);
    });

    it('get both by a quick fix each, in the template’s own place or behind', () => {
      const parts = { 'action items': '- [ ] Write the alert - [Owner] - [Deadline]' };
      assert.match(mended(parts, 'Give it to Ana'), /- \[ \] Write the alert - Ana - \[Deadline\]/);
      assert.match(
        mended({ 'action items': '- [ ] Write the alert - Ana' }, 'Due in a week, 2026-12-01'),
        /alert - Ana - 2026-12-01\n/,
      );
      assert.deepEqual(
        lint(mended({ 'action items': '- [ ] Write the alert - 2026-12-01' }, 'Give it to Ben')),
        [],
      );
    });

    it('are overdue from the day after theirs, and are ticked by a fix', () => {
      const late = { 'action items': '- [ ] Write the alert - Ana - 2026-11-23' };
      assert.deepEqual(codes(late), ['action-overdue']);
      assert.deepEqual(lint(mended(late, /Tick it/)), []);
      assert.deepEqual(codes({ 'action items': '- [ ] Write the alert - Ana - 2026-11-24' }), []);
    });
  });

  describe('blame', () => {
    const blamed = [
      'It was human error.',
      'An operator error dropped the table.',
      'Ben forgot to turn it on.',
      'The deploy broke, which was Ana’s fault.',
      'Ana was to blame.',
      'A careless change went out.',
      'We should have known better.',
    ];
    for (const text of blamed)
      it(`is found in: ${text}`, () => assert.deepEqual(codes({ 'root cause': text }), ['blame']));

    const fair = [
      'The fault tolerance of the cluster was off.',
      'A page fault ended the process.',
      'Ben deployed v2 at 10:15.',
      'Ana failed over the database.',
      'Ana’s alert came first.',
      'The job forgot its lock after a restart.',
      'The support page says “human error”.',
      'Run `grep -c "user error"` on the logs.',
      '> it was human error, the customer wrote',
      'The error was shown to humans.',
    ];
    for (const text of fair)
      it(`is not found in: ${text}`, () => assert.deepEqual(codes({ 'root cause': text }), []));

    it('is mended by a question, or by the role in the place of the name', () => {
      assert.match(
        mended({ 'root cause': 'It was human error.' }, /made it possible/),
        /It was \[what made this easy to get wrong\]\./,
      );
      assert.match(
        mended({ 'root cause': 'Ben forgot the flag.' }, /the responder/),
        /\nthe responder forgot the flag\./,
      );
    });
  });

  describe('counterfactuals', () => {
    const row = (text: string) => ({ timeline: `- [10:24] Errors begin\n- [10:30] ${text}` });
    for (const text of [
      'The alert should have fired',
      'If only we knew',
      'It would have been found by a test',
      'Had we looked at the graph, it was clear',
      'The pager shouldn’t have been off',
    ])
      it(`are found in the timeline: ${text}`, () => assert.deepEqual(codes(row(text)), ['counterfactual']));

    for (const text of [
      'The alert fired',
      'Asked whether it should be rolled back',
      'We could not reach the DBA',
      'Suspected that the deploy might have caused it',
      'Asked what could have changed',
      'The restart would have to wait',
      'If pods are pending, add nodes',
      'The queue had drained',
    ])
      it(`are not found in: ${text}`, () => assert.deepEqual(codes(row(text)), []));

    it('are fine outside the timeline, and in what the journal holds word for word', () => {
      assert.deepEqual(codes({ 'lessons learned': 'The alert should have fired.' }), []);
      assert.deepEqual(
        codes({ timeline: '- [10:30] x\n\n<details>\n\n- [10:31] Note: it should have fired\n\n</details>' }),
        [],
      );
      const generated = documentOf(row('Note: it should have fired'));
      assert.deepEqual(
        lint(withBase(generated, '01JDPM000000000000000000A0')).filter(
          ({ code }) => code === 'counterfactual',
        ),
        [],
      );
    });

    it('are moved to the lessons by a fix', () => {
      const text = mended(row('The alert should have fired'), 'Move it to “lessons learned”');
      assert.match(text, /- The alert came first\n- \[10:30\] The alert should have fired\n/);
      assert.deepEqual(lint(text), []);
    });
  });

  describe('impact-without-source', () => {
    for (const text of [
      '- Users affected: 12%',
      '- Lost transactions: 214',
      '- About 3,000 customers could not pay',
      '- Revenue lost: €12,000',
      '- Duration: 45 minutes',
      '| Orders | 40 orders |',
    ])
      it(`is found in: ${text}`, () =>
        assert.deepEqual(codes({ impact: `${text}\n` }), ['impact-without-source']));

    for (const text of [
      '- Users affected: 12% (source: Grafana)',
      '- Users affected: [12%](https://grafana.example/d/1)',
      '- Lost transactions: 214, according to billing',
      '- Duration: 45 min (from the onset, 2026-11-23 10:24 UTC, to the mitigation, 2026-11-23 11:09 UTC)',
      '- Affected versions: 2.3.1 and 2.3.2',
      '- From 10:24 to 10:51 UTC nobody could pay with a card',
      '- Payments by card failed; other ways worked',
      '- Region eu-west-1 alone',
      '- Nobody could pay by card for 27 minutes',
    ])
      it(`is not found in: ${text}`, () => assert.deepEqual(codes({ impact: text }), []));

    it('is mended by a source, which then has to be written, or by unknown', () => {
      const parts = { impact: '- Users affected: 12%' };
      const asked = mended(parts, 'Add where it is from');
      assert.match(asked, /12% \(source: \[where this figure is from\]\)/);
      assert.deepEqual(
        lint(asked).map(({ code }) => code),
        ['impact-without-source'],
      );
      assert.match(mended(parts, /unknown/), /- Users affected: unknown/);
    });
  });

  describe('outage-for-partial', () => {
    const say = (summary: string, impact: string) => codes({ summary, impact });
    const part = '- Users affected: 12% (source: Grafana)';
    it('is found where the impact says that a part failed', () => {
      assert.deepEqual(say('An outage of payments.', part), ['outage-for-partial']);
      assert.deepEqual(say('Two outages.', '- Some users could not pay'), ['outage-for-partial']);
    });

    it('is not found where all failed, where nobody knows, or where it says partial', () => {
      assert.deepEqual(say('An outage of payments.', '- Users affected: 100% (source: Grafana)'), []);
      assert.deepEqual(say('An outage of payments.', '- Users affected: unknown\n- Regions: all'), []);
      assert.deepEqual(say('A partial outage. No outage of logins.', part), []);
    });

    it('is mended by the word', () =>
      assert.match(
        mended({ summary: 'An outage of payments.', impact: part }, 'Write “partial outage”'),
        /A partial outage of payments/,
      ));
  });

  describe('times-not-in-order', () => {
    it('is found, and sorted by a fix with the lines that belong to a row', () => {
      const parts = { timeline: '- [10:30] B\n  more of B\n- [10:24] A\n- [10:40] C' };
      assert.deepEqual(codes(parts), ['times-not-in-order']);
      const text = mended(parts, 'Sort these rows by time');
      assert.match(text, /- \[10:24\] A\n- \[10:30\] B\n  more of B\n- \[10:40\] C\n/);
      assert.deepEqual(lint(text), []);
    });

    for (const [name, timeline] of Object.entries({
      'a night': '- [23:50] A\n- [00:10] B\n- [02:00] C',
      'a day that is written': '- [10:30] A\n- [2026-11-24 00:05] B\n- [2026-11-24 00:05] C',
      'the same minute twice': '- [10:30] A\n- [10:30] B',
      'times inside sentences': '- [10:30] Set the onset to 10:24\n- [10:31] B',
      'the folded journal': '- [10:30] A\n\n<details>\n\n- [10:24] B\n\n</details>',
      'a table': '| Time | Event |\n|---|---|\n| 10:24 | A |\n| 10:30 | B |',
    }))
      it(`is not found in ${name}`, () => assert.deepEqual(codes({ timeline }), []));

    it('is found in a table, too', () =>
      assert.deepEqual(codes({ timeline: '| Time | Event |\n|---|---|\n| 10:30 | A |\n| 10:24 | B |' }), [
        'times-not-in-order',
      ]));
  });

  describe('deadline-passed', () => {
    const due = (at: string, status = 'Draft') => ({
      head: `# T\n\n- Status: ${status}\n- Due: ${at} UTC (the guide)\n`,
    });
    it('is found after the time in the document’s head', () =>
      assert.deepEqual(codes(due('2026-11-24 09:59')), ['deadline-passed']));
    it('is not found before it, once it is reviewed, or where it only may be due', () => {
      assert.deepEqual(codes(due('2026-11-24 10:01')), []);
      assert.deepEqual(codes(due('2026-11-24 09:59', 'Reviewed')), []);
      assert.deepEqual(
        codes({
          head: '# T\n\n- Due: 2026-11-24 09:59 UTC (the guide: SEV3, only if it is a recurring one)\n',
        }),
        [],
      );
    });
  });

  it('finds in fresh drafts only what people have to write', () => {
    for (const [name, story] of Object.entries(stories)) {
      const { events, unreadable } = journalOfStory(story);
      const incident = replay(events);
      assert.ok(incident);
      const links = { linkToOutput: () => 'x', linkToEvidence: () => 'x' };
      const text = renderPostMortem({
        incident,
        guide: aGuide(),
        generatedAt: after(60),
        unreadable,
        ...links,
      });
      for (const source of [text, withBase(text, incident.id)]) {
        const found = new Set(lintPostMortem(source, { now: after(60), people: [] }).map(({ code }) => code));
        for (const expected of ['section-empty', 'action-no-owner', 'action-no-deadline'])
          found.delete(expected);
        assert.deepEqual([...found], [], name);
      }
    }
  });

  it('never throws, and every fix leaves a document that can be looked at', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '## Timeline',
        '## Impact',
        '## Root Cause',
        '## Action Items',
        '- [10:30] x',
        '- [09:00] y',
        '- 12%',
        '- [ ] x',
        '<details>',
        '</details>',
        '```',
        '<!--',
        '| 10:00 | x |',
        'human error',
        'unknown',
        '---',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
        const source = lines.join('\n');
        for (const problem of lintPostMortem(source, context)) {
          assert.ok(problem.message.endsWith('.') || problem.message.endsWith('?'), problem.message);
          for (const fix of problem.fixes)
            if (fix.kind === 'edit') lintPostMortem(applyEdits(source, fix.edits), context);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('what counts as a post-mortem', () => {
  it('is what says so, and in their folder what has their sections', () => {
    assert.equal(looksLikePostMortem(withBase('# x\n', '01JDPM000000000000000000A0'), false), true);
    assert.equal(looksLikePostMortem('# x\n\n## Timeline\n\n## Root cause\n', true), true);
    assert.equal(looksLikePostMortem('# x\n\n## Timeline\n\n## Root cause\n', false), false);
    assert.equal(looksLikePostMortem('# Notes\n', true), false);
  });
});
