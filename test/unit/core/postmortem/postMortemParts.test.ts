import assert from 'node:assert/strict';
import type { Fact } from '../../../../src/core/incident/events.ts';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import { documentHead, readHead } from '../../../../src/core/postmortem/documentHead.ts';
import { keyTimeline } from '../../../../src/core/postmortem/keyTimeline.ts';
import { lessonPrompts } from '../../../../src/core/postmortem/lessonPrompts.ts';
import { lessonLines } from '../../../../src/core/postmortem/lessonSection.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import { timelineEntries } from '../../../../src/core/postmortem/timelineEntries.ts';
import { triedLines } from '../../../../src/core/postmortem/triedSection.ts';
import {
  acknowledged,
  after,
  aGuide,
  declared,
  entered,
  fact,
  incidentOf,
  noted,
  reopened,
  resolved,
  runEnded,
  runStarted,
  step,
  stepDone,
  template,
  ticked,
  updated,
} from '../../../support/builders.ts';
import { deliveryFailed, deliveryRequested, deliveryStarted } from '../../../support/deliveryBuilders.ts';

type Told = Fact | readonly [string, Fact];
const linkToOutput = () => 'out.log';
const key = (...facts: readonly Told[]) => keyTimeline(timelineEntries(incidentOf(...facts), linkToOutput));
const texts = (...facts: readonly Told[]) =>
  key(...facts).groups.flatMap(({ rows }) => rows.map(({ text }) => text));
const tried = (facts: readonly Told[], guide: Guide | undefined = undefined) =>
  triedLines({ incident: incidentOf(...facts), guide, linkToOutput });
const failed = { kind: 'failed', message: 'It broke.' } as const;
const read = (run: string): Fact[] => [
  runStarted({ run, step: run, text: `Look ${run}` }),
  runEnded({ run }),
];

describe('the short timeline of a post-mortem', () => {
  it('tells of a step what a reader asks for, and how long it took only where that says something', () => {
    const run = (name: string, durationMs: number, exitCode: number) => [
      runStarted({ run: name, text: name, risk: 'change' }),
      runEnded({ run: name, durationMs, outcome: { kind: 'succeeded', exitCode } }),
    ];
    const rows = texts(declared(), ...run('Quick', 120, 0), ...run('Slow', 61_000, 0));
    assert.match(rows[1]!, /^Quick: `[^`]*`; succeeded(?:; \[output\]\([^)]*\))? \(Ana\)$/);
    assert.match(rows[2]!, /^Slow: `[^`]*`; succeeded \(1 min\)/);
  });

  it('names one look that was had many times, and until when', () => {
    const rows = texts(declared(), ...read('a'), ...read('a'), ...read('a'), acknowledged());
    assert.match(rows[1]!, /^Look a, 3 times until 10:3\d \(Ana\)$/);
  });

  it('counts by their kind the notes and failed checks of a long one, and no kind that is not there', () => {
    const notes = (count: number): Told[] => Array.from({ length: count }, (_, at) => noted(`Note ${at}`));
    const turn = fact('SeverityChanged', { severity: 'SEV1' });
    assert.match(
      texts(declared(), ...notes(70))[1]!,
      /^70 notes until \d\d:\d\d, in the whole journal below \(Ana\)$/,
    );
    const bad = [runStarted({ run: 'r' }), runEnded({ run: 'r', outcome: failed })];
    const kept = fact('TargetPinned', { target: { context: 'prod', namespace: 'production' } });
    assert.match(
      texts(declared(), ...notes(70), ...bad, stepDone('x'), kept, turn, ...notes(2))[1]!,
      /^70 notes, 1 failed check, 1 step by hand and 1 other entry until /,
    );
  });

  it('tells routine between two events in one row, and keeps what failed by itself', () => {
    const rows = texts(
      declared(),
      ...read('a'),
      ...read('b'),
      ...read('c'),
      acknowledged(),
      runStarted({ run: 'x', text: 'Logs' }),
      runEnded({ run: 'x', outcome: failed }),
      ticked('m', 'Metrics'),
      ticked('l', 'Logs'),
    );
    assert.equal(rows[1], '3 checks: Look a, Look b, Look c (Ana)');
    assert.match(rows[3]!, /^Logs: `kubectl .*failed: It broke \(Ana\)/);
    assert.equal(rows[4], 'Checked: Metrics, Logs (Ana)');
    assert.equal(rows.length, 5);
  });

  it('is grouped by the phases that have anything in them', () => {
    const { groups } = key(
      declared(),
      entered('a', 'Triage'),
      acknowledged(),
      entered('b', 'Diagnosis'),
      entered('c', 'Mitigation'),
      noted('x'),
    );
    assert.deepEqual(
      groups.map(({ name, rows }) => [name, rows.length]),
      [
        [undefined, 1],
        ['Triage', 1],
        ['Mitigation', 1],
      ],
    );
  });

  it('shortens a very long one, and loses no change and no turn in silence', () => {
    const many: Fact[] = [];
    for (let i = 0; i < 300; i++) many.push(i % 10 === 0 ? updated(i / 10 + 1) : noted(`Note ${i}`));
    const rows = texts(declared(), ...many, acknowledged(), resolved());
    assert.ok(rows.length < 60, String(rows.length));
    assert.ok(rows.some((row) => row.startsWith('270 notes')));
    assert.ok(rows.some((row) => row.startsWith('Updates #2 to #30 posted')));
    assert.equal(rows.filter((row) => /^(?:Declared|Acknowledged|Resolved)/.test(row)).length, 3);
  });

  it('is in the order of the clocks, and says when the journal’s order is another', () => {
    const told = key(declared(), [after(9), noted('later')], [after(4), noted('earlier')]);
    assert.equal(told.isReordered, true);
    assert.deepEqual(
      told.groups.flatMap(({ rows }) => rows.map(({ at }) => at)),
      [after(0), after(4), after(9)],
    );
    assert.equal(key(declared(), noted('x')).isReordered, false);
  });

  it('shows an update as people read it, without the form of its template', () => {
    assert.equal(
      texts(declared(), updated(2, '**Update [10:44]**\n- Status: Looking\n- ETA: unknown'))[1],
      'Update #2: Status: Looking; ETA: unknown (Ana)',
    );
  });
});

describe('what was tried', () => {
  const change = { risk: 'change', text: 'Scale out', command: 'kubectl scale x', step: 'scale' } as const;

  it('has changes that failed or were taken back, and not those that worked', () => {
    const facts = [
      declared(),
      runStarted({ ...change, run: 'a' }),
      runEnded({ run: 'a', outcome: failed }),
      runStarted({ ...change, run: 'b' }),
      runEnded({ run: 'b' }),
    ];
    assert.deepEqual(tried(facts), ['- Scale out (`kubectl scale x`): failed: It broke']);
  });

  it('does not count what was only tried without changing anything', () => {
    const dry = { ...change, dryRun: true };
    assert.deepEqual(tried([declared(), runStarted(dry), runEnded({ outcome: failed })]), []);
  });

  it('has steps that were skipped, with their reason', () => {
    const skip = fact('StepSkipped', { step: 's', sequence: 'q', text: 'Flush', reason: 'hit rate is fine' });
    assert.deepEqual(tried([declared(), skip]), ['- Flush: not run, hit rate is fine']);
  });

  it('has conditions that the output spoke against, and says nothing where it cannot tell', () => {
    const steps = [
      step('get-pods', { text: 'Pods' }),
      step('pending', { number: 2, text: 'Add nodes', condition: 'If pods pending' }),
    ];
    const guide = aGuide({
      phases: [],
      runbooks: [{ id: 'r', title: 'R', line: 1, source: 'section', about: '', steps }],
    });
    const pods = { total: 3, healthy: 3, restarted: 0, states: { Running: 3 }, troubled: [] };
    const seen = runEnded({ reading: { whole: true, lines: 4, pods } });
    assert.match(
      tried([declared(), runStarted(), seen], guide)[0] ?? '',
      /^- Add nodes: If pods pending did not apply, /,
    );
    assert.deepEqual(tried([declared(), runStarted(), runEnded()], guide), []);
  });

  it('names the options not used only where another was', () => {
    assert.deepEqual(tried([declared()], aGuide()), []);
    assert.deepEqual(
      tried([declared(), runStarted({ ...change, run: 'b' }), runEnded({ run: 'b' })], aGuide()),
      ['- Option A, Rollback Deploy (If problem started after deploy): not used'],
    );
  });
});

describe('what the lessons are asked', () => {
  const lucky = (...facts: readonly Told[]) =>
    lessonPrompts(incidentOf(declared(), ...facts), undefined).lucky;
  const failing = [runStarted({ text: 'Fail over' }), runEnded({ outcome: failed })] as const;

  it('is whether what never succeeded was needed, but only once it is over', () => {
    assert.match(
      lucky(...failing, resolved())[0]!,
      /^“Fail over” \(10:31 UTC\) did not succeed, and it ended all the same: was it needed\?$/,
    );
    assert.equal(lucky(...failing).filter((one) => one.includes('Fail over')).length, 0);
  });

  it('asks once about all that failed', () => {
    const other = [
      runStarted({ run: 'r', step: 'restart', text: 'Restart' }),
      runEnded({ run: 'r', outcome: failed }),
    ] as const;
    assert.match(
      lucky(...failing, ...other, resolved())[0]!,
      /^“Fail over” \(10:31 UTC\) and “Restart” \(\d\d:\d\d UTC\) did not succeed, and it ended all the same: were they needed\?$/,
    );
  });

  it('leaves out what worked at the second try, or by hand', () => {
    const again = [runStarted({ run: 'again' }), runEnded({ run: 'again' })];
    assert.ok(!lucky(...failing, ...again, resolved()).some((one) => one.includes('Fail over')));
    assert.ok(!lucky(...failing, stepDone('get-pods'), resolved()).some((one) => one.includes('Fail over')));
  });

  it('leaves out what timed out, which may have worked all the same', () => {
    const slow = [
      runStarted({ text: 'Fail over' }),
      runEnded({ outcome: { kind: 'timed-out', afterMs: 60_000 } }),
    ] as const;
    assert.ok(!lucky(...slow, resolved()).some((one) => one.includes('Fail over')));
  });

  it('is who did not hear of it, in the words for what it was', () => {
    const post = { system: 'slack', act: 'post', text: 'Hello' } as const;
    const asked = (request: Parameters<typeof deliveryRequested>[0]) => {
      const facts = [deliveryRequested(request), deliveryStarted(), deliveryFailed()];
      return lessonPrompts(incidentOf(declared(), ...facts), undefined).badly[0];
    };
    assert.equal(asked({}), 'Slack channel was never created: who did not hear of it?');
    assert.equal(asked({ task: post }), 'Message in Slack was never sent: who did not hear of it?');
  });

  it('is that it came back', () => {
    const { badly } = lessonPrompts(incidentOf(declared(), resolved(), reopened()), undefined);
    assert.match(badly[0]!, /^It was called resolved and came back \(reopened 10:32 UTC\)/);
  });

  it('stands below the line that asks for it, else at the end', () => {
    const incident = incidentOf(declared(), ...failing, resolved(), reopened(), resolved());
    const lines = lessonLines(['* Went well', '* Where we got lucky', '* Else'], incident, undefined);
    assert.equal(lines[1], '* Where we got lucky');
    assert.match(lines[2]!, /^  - “Fail over” \(10:31 UTC\) did not succeed/);
    assert.equal(lines.at(-3), 'Asked by the journal:');
    assert.match(lines.at(-1)!, /^- It was called resolved/);
  });
});

describe('the head of a post-mortem', () => {
  const head = (preamble: readonly string[], ...facts: readonly Fact[]) =>
    documentHead(preamble, {
      incident: incidentOf(declared(), ...facts),
      guide: aGuide(),
      generatedAt: after(5),
    });

  it('says its status and the guide’s deadline', () => {
    assert.deepEqual(head([], resolved()), [
      '- Status: Draft',
      '- Due: 2026-11-25 10:31 UTC (the guide: Within 48 hours for SEV1/SEV2)',
    ]);
    assert.match(head([])[1]!, /^- Due: after the resolution/);
  });

  it('uses the template’s own place for them', () => {
    assert.deepEqual(
      head(['**Author:** ', '**Status:** active'], resolved())[0],
      '- Due: 2026-11-25 10:31 UTC (the guide: Within 48 hours for SEV1/SEV2)',
    );
    assert.ok(head(['**Author:** ', '**Status:** active'], resolved()).includes('**Status:** Draft'));
  });

  it('is read back as it was written', () => {
    const lines = ['# T', '', ...head([], resolved()), '', '## Summary', '- Status: Reviewed'];
    assert.deepEqual(readHead(lines), {
      status: { line: 2, value: 'draft' },
      due: { line: 3, at: '2026-11-25T10:31:00.000Z' },
    });
  });
});

describe('the organisation’s own template', () => {
  it('is taken before the guide’s, and its YAML head stays first and as it is', () => {
    const document = renderPostMortem({
      incident: incidentOf(declared(), resolved()),
      guide: aGuide({ templates: [template('post-mortem', '# Guide')] }),
      generatedAt: after(5),
      linkToOutput,
      linkToEvidence: linkToOutput,
      template: '---\ntags: [pm]\n---\n# Ours: <title>\n\n## What happened (summary)\n',
    });
    assert.ok(
      document.startsWith('---\ntags: [pm]\n---\n\n# Ours: Payments failing\n\n- Status: Draft\n'),
      document.slice(0, 120),
    );
    assert.match(document, /## What happened \(summary\)\n\nPayments failing\./);
    assert.ok(!document.includes('# Guide'));
  });
});
