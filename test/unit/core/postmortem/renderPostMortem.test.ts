import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import { readActionItems } from '../../../../src/core/actionItems/readActionItems.ts';
import type { AnyEvent, EventData, Fact } from '../../../../src/core/incident/events.ts';
import { replay } from '../../../../src/core/incident/evolve.ts';
import { renderPostMortem } from '../../../../src/core/postmortem/renderPostMortem.ts';
import {
  acknowledged,
  aGuide,
  after,
  anEvent,
  answered,
  changeMade,
  anUnknownEvent,
  declared,
  entered,
  fact,
  incidentOf,
  itemDone,
  journalOf,
  noted,
  resolved,
  runEnded,
  runStarted,
  stepDone,
  template,
  ticked,
  updated,
} from '../../../support/builders.ts';
import { assertGolden } from '../../../support/golden.ts';

const guide = aGuide();
const withTemplate = (text: string) => aGuide({ templates: [template('post-mortem', text)] });
const render = (facts: readonly (Fact | readonly [string, Fact])[], of: Guide | undefined = guide) =>
  renderPostMortem({
    incident: incidentOf(...facts),
    guide: of,
    generatedAt: after(180),
    linkToOutput: ({ file }) => `../incidents/${file}`,
    linkToEvidence: ({ file }) => `../incidents/${file}`,
  });

/** The text under a heading that holds `name`. */
const section = (document: string, name: string) => {
  const found = document.split(/^(?=#)/m).find((one) => one.split('\n')[0]!.includes(name));
  assert.ok(found, `no section ${name} in:\n${document}`);
  return found.split('\n').slice(1).join('\n').trim();
};

const output = (run: string) => ({ file: `output/${run}.log`, sha256: 'ab', bytes: 42, lines: 3 });
const scale = {
  run: 'run-3',
  step: 'scale',
  sequence: 'option-b',
  text: 'Scale out',
  risk: 'change',
  confirmed: true,
  command: 'kubectl --context sim scale deployment payment-service -n production --replicas=10',
  changes: ['deployment/payment-service spec.replicas 3 → 10'],
} as const;
const wholeStory: readonly Fact[] = [
  declared(),
  entered('triage', 'Triage'),
  acknowledged(),
  itemDone('escalate/SEV2', 'Escalate to Tech Lead'),
  entered('diagnosis', 'Diagnosis'),
  runStarted(),
  runEnded({ output: output('run-1') }),
  fact('ValueSet', { name: 'pod', value: 'payment-service-7d9f' }),
  runStarted({
    run: 'run-2',
    step: 'rb-logs',
    text: 'Look at logs',
    command: 'kubectl logs payment-service-7d9f --previous',
  }),
  runEnded({
    run: 'run-2',
    outcome: { kind: 'failed', status: 404, message: 'The pod is gone.' },
    durationMs: 900,
  }),
  answered('q-when', 'When did it start?', 'About 10:20, says the dashboard'),
  fact('OnsetSet', { at: after(-10) }),
  noted('Memory limit reached; see https://grafana.example/d/abc'),
  updated(1, '**Update [10:44]**\n- Status: Investigating'),
  stepDone('grafana', 'load doubled'),
  entered('mitigation', 'Mitigation'),
  runStarted(scale),
  runEnded({ run: 'run-3', outcome: { kind: 'succeeded' }, durationMs: 61_000, output: output('run-3') }),
  fact('MitigatedMarked', { at: after(20) }),
  fact('ImpactSet', { figure: '~5% of payments failed', source: 'Grafana checkout board', at: after(18) }),
  entered('resolution', 'Resolution'),
  ticked('metrics', 'Metrics are normal'),
  resolved({ cause: 'Load outgrew the memory limit', resolution: 'Scaled out from 3 to 10' }),
];

describe('a post-mortem', () => {
  it('is the guide’s template filled with what happened', () => {
    const events = [...journalOf(...wholeStory), anUnknownEvent(24, 'HypothesisRaised')];
    const document = renderPostMortem({
      incident: replay(events)!,
      guide,
      generatedAt: after(180),
      linkToOutput: ({ file }) => `../incidents/${file}`,
      linkToEvidence: ({ file }) => `../incidents/${file}`,
    });
    assertGolden('postmortem/payments.md', document);
  });

  it('keeps the template’s headings in their order and their words', () => {
    const text =
      '# PM\n\n## Effect on users (impact)\n## What we do next: actions\n- [ ] x\n## 2. Timeline\n## Appendix B\nKeep me.\n';
    const document = render([declared(), resolved({ cause: 'c' })], withTemplate(text));
    assert.deepEqual(document.match(/^#+ .*$/gm), [
      '# PM: Payments failing',
      '## Effect on users (impact)',
      '## What we do next: actions',
      '## 2. Timeline',
      '## Appendix B',
      '## Summary',
      '## Root Cause',
    ]);
    assert.equal(section(document, 'Appendix B').split('\n')[0], 'Keep me.');
    assert.equal(section(document, 'actions'), '- [ ] x');
    assert.match(section(document, 'Timeline'), /^All times are UTC\.\n\n- \[10:30\] Declared/);
  });

  it('says "unknown" where the journal holds nothing', () => {
    const document = render([declared({ service: '' })]);
    assert.match(section(document, 'Summary'), /Service: unknown[^]*Acknowledged: unknown[^]*Cause: unknown/);
    assert.match(
      section(document, 'Root Cause'),
      /^unknown\n\nKey questions:\n\n- When did it start\? not answered/,
    );
    assert.equal(section(document, 'Resolution'), 'unknown');
    assert.match(section(document, 'Impact'), /Duration: unknown \(not over when this was drafted\)/);
  });

  it('gives the impact with its source and time, and nothing it was not told', () => {
    const impact = fact('ImpactSet', { figure: '~5% of payments', source: 'Grafana', at: after(4) });
    const document = render([declared(), impact, resolved({ impact: 'Angry users' })]);
    assert.equal(
      section(document, 'Impact'),
      [
        '- Impact: ~5% of payments (source: Grafana, as of 2026-11-23 10:34 UTC)',
        '- Impact: Angry users (as said when it was resolved)',
        '- Duration: 2 min (from the declaration, 2026-11-23 10:30 UTC, to the resolution, 2026-11-23 10:32 UTC; the onset is unknown)',
        '- Users affected: not given',
        '- Lost transactions: not given',
        '- Time to detect: unknown (the onset is unknown)',
        '- Time to acknowledge: unknown (nobody acknowledged it)',
        '- Time to mitigate: unknown (nobody marked it mitigated)',
        '- Time to resolve: 2 min (from the declaration, 10:30 UTC, to the resolution, 10:32 UTC)',
      ].join('\n'),
    );
  });

  it('never keeps a template’s sample figures as impact', () => {
    const text =
      '## Impact\n- ~5% of users\nRoughly 300 orders\n| What | How much |\n|---|---|\n| Orders lost | 40 |\n| Dauer | 45 min |\n';
    const impact = section(render([declared()], withTemplate(text)), 'Impact');
    assert.doesNotMatch(impact, /\d/);
    assert.match(impact, /\| Orders lost \| not given \|\n\| Dauer \| unknown \(not over/);
  });

  it('puts what was given before a table of the template, and into the template’s own label for it', () => {
    const facts = [declared(), resolved({ impact: '214 orders lost' })];
    const said = '214 orders lost (as said when it was resolved)';
    const table = '## Impact\n\n| What | How much |\n|---|---|\n| Orders lost | 40 |\n';
    assert.ok(
      section(render(facts, withTemplate(table)), 'Impact').startsWith(
        `- Impact: ${said}\n\n| What | How much |\n|---|---|\n| Orders lost | not given |\n\n- Duration: `,
      ),
    );
    const own = section(render(facts, withTemplate('## Impact\n- Users: 5\n- Impact: [text]\n')), 'Impact');
    assert.match(own, /^- Users: not given\n- Impact: 214 orders lost \(.*\)\n- Duration: /);
    assert.equal(own.match(/214/g)?.length, 1);
  });

  it('fills the template’s own labels for times, each with its own figure', () => {
    const text = '## Impact\n- Time to detect: X minutes\n- Time to recover: X minutes\n';
    const impact = section(render([declared(), resolved()], withTemplate(text)), 'Impact');
    assert.match(impact, /- Time to detect: unknown \(.*\n- Time to recover: 1 min .*\n- Duration: 1 min/);
  });

  it('says that times contradict each other rather than compute from them', () => {
    const facts = [
      declared(),
      fact('OnsetSet', { at: after(30) }),
      fact('MitigatedMarked', { at: after(20) }),
    ];
    assert.match(
      section(render(facts), 'Impact'),
      /Duration: unknown \(the recorded times contradict each other\)/,
    );
  });

  it('takes neither a mitigation nor a duration from a mark that is later than the resolution', () => {
    const document = render([
      declared(),
      [after(10), resolved()],
      [after(25), fact('MitigatedMarked', { at: after(20) })],
    ]);
    assert.match(section(document, 'Summary'), /^Payments failing\.$/m);
    assert.match(
      section(document, 'Summary'),
      /- Mitigated: unknown \(marked 2026-11-23 10:50 UTC, after the resolution\)/,
    );
    assert.match(
      section(document, 'Impact'),
      /- Duration: unknown \(the recorded times contradict each other\)/,
    );
    assert.match(
      section(document, 'Impact'),
      /- Time to mitigate: unknown \(the mitigation is after the resolution\)/,
    );
  });

  it('puts onset and mitigation where they were, and dates another day', () => {
    const midnight = '2026-11-24T00:05:00.000Z';
    const document = render([
      declared(),
      fact('OnsetSet', { at: after(-30) }),
      [midnight, noted('still here')],
      [midnight, resolved()],
    ]);
    const lines = section(document, 'Timeline').split('\n').slice(2);
    assert.deepEqual(lines.slice(0, 3), [
      '- [10:00] Onset: the problem began (recorded 10:31 by Ana)',
      '- [10:30] Declared SEV2: Payments failing (payment-service) (Ana)',
      '- [2026-11-24 00:05] Note: still here (Ana)',
    ]);
  });

  it('writes its timeline as the template does', () => {
    const row = (text: string) =>
      section(render([declared()], withTemplate(`## Timeline\n${text}\n`)), 'Timeline')
        .split('\n')
        .at(-1);
    const first = (text: string) =>
      section(render([declared()], withTemplate(`# T\n## Timeline\n${text}\n## X\n`)), 'Timeline')
        .split('\n')
        .at(-1);
    assert.ok(row('- [HH:MM] x'));
    assert.equal(
      first('* 12:00 - Event'),
      '* 10:30 - Declared SEV2: Payments failing (payment-service) (Ana)',
    );
    assert.equal(
      first('**12:00** Event'),
      '- **10:30** Declared SEV2: Payments failing (payment-service) (Ana)',
    );
    assert.equal(
      first('| Time | Event | Who |\n|---|---|---|\n| 12:00 | x | y |'),
      '| 10:30 | Declared SEV2: Payments failing (payment-service) (Ana) | |',
    );
  });

  it('recognises sections in other languages, by what is in them, and by their place', () => {
    const german =
      '# Nachbericht: [Titel]\n## Zusammenfassung\n[x]\n## Zeitleiste\n- [HH:MM] x\n## Auswirkung\n- Dauer: X Minuten\n- Betroffene: X%\n## Ursache\n[x]\n## Behebung\n[x]\n## Erkenntnisse\n- Gut\n## Maßnahmen\n- [ ] x\n';
    const made =
      '# Zyx: [Qwe]\n## Aaa\n[x]\n## Bbb\n- [HH:MM] x\n## Ccc\n- Ddd: X%\n## Eee\n[x]\n## Fff\n[x]\n## Ggg\n- Hhh\n## Iii\n- [ ] x\n';
    const facts = [declared(), resolved({ cause: 'the cause', resolution: 'the fix' })];
    for (const [text, impact, cause, fix] of [
      [german, 'Auswirkung', 'Ursache', 'Behebung'],
      [made, 'Ccc', 'Eee', 'Fff'],
    ] as const) {
      const document = render(facts, withTemplate(text));
      assert.match(section(document, impact), /: unknown/);
      assert.match(section(document, cause), /^the cause/);
      assert.equal(section(document, fix), 'the fix');
      assert.equal(document.match(/^## /gm)!.length, 7);
    }
  });

  it('has the same sections without a guide', () => {
    const document = render(wholeStory, undefined);
    for (const name of [
      'Summary',
      'Timeline',
      'Impact',
      'Root Cause',
      'Resolution',
      'Lessons',
      'Action Items',
    ]) {
      assert.notEqual(section(document, name), '');
    }
    const bare = render(wholeStory, aGuide({ templates: [] }));
    assert.equal(bare.match(/^## /gm)!.length, 7);
  });

  it('says what it was made from and what has no end', () => {
    assert.match(
      render([declared(), runStarted()]),
      /\n---\n\nDrafted 2026-11-23 13:30 UTC from the journal of incident 2026-11-23-0001: 2 events, 1 run\. 1 run has no recorded end/,
    );
  });

  it('opens its action items with what was turned off and still is, and not with what was settled', () => {
    const off = changeMade({ debt: 'auto-sync is off for storefront' });
    const settled = [
      runStarted({ run: 'run-9', undoes: 'event-00003' }),
      runEnded({ run: 'run-9', outcome: { kind: 'succeeded' } }),
    ];
    const left = section(render([declared(), runStarted(), off, runEnded()]), 'Action');
    const item = /^- \[ \] Scale .*: auto-sync is off for storefront since 2026-11-23 10:32 UTC\n/;
    assert.match(left, item);
    // It is read as one thing to do, for which nobody and no day is named yet.
    const [read] = readActionItems(`## Actions\n${left}`, { today: '2026-11-28', people: [] });
    assert.match(`- [ ] ${read?.text ?? ''}\n`, item);
    assert.deepEqual([read?.owner, read?.due], [undefined, undefined]);
    const { undo: _none, ...bareOff } = off.data as EventData['ChangeMade'];
    assert.match(
      section(render([declared(), runStarted(), fact('ChangeMade', bareOff), runEnded()]), 'Action'),
      /^- \[ \] Decide on: auto-sync is off for storefront since 2026-11-23 10:32 UTC\n/,
    );
    assert.ok(!render([declared(), runStarted(), off, runEnded(), ...settled]).includes('auto-sync is off'));
    const bare = withTemplate('# Post-Mortem\n\n## Timeline\n');
    assert.ok(
      render([declared(), runStarted(), off, runEnded()], bare).includes(
        '## Action Items\n\n- [ ] Scale deployment/payment-service back',
      ),
    );
  });

  it('keeps everybody’s text inside its line', () => {
    const evil = 'x\n# Heading\n- [ ] task `code` <b> | cell ](http://evil) \\';
    const document = render([
      declared({ title: evil, service: evil, severity: evil }),
      noted(evil),
      fact('ImpactSet', { figure: evil, source: evil, at: after(1) }),
      runStarted({ command: `echo ${evil} \`\`\`\n## More`, text: evil }),
      runEnded({ outcome: { kind: 'failed', message: evil } }),
      resolved({ cause: evil, resolution: evil }),
    ]);
    const headings = document.match(/^#.*$/gm)!;
    assert.deepEqual(
      headings.slice(1).map((one) => one.slice(3)),
      ['Summary', 'Timeline', 'Impact', 'Root Cause', 'Resolution', 'Lessons Learned', 'Action Items'],
    );
    assert.equal(document.match(/^\s*- \[ \]/gm)!.length, 1);
  });

  const texts = fc.oneof(
    fc.string(),
    fc.constantFrom('## x', '```', '| a |', '- [10:00] x', '$&', '**Impact**'),
  );
  const anyFact: fc.Arbitrary<Fact> = texts.chain((text) =>
    fc.constantFrom(
      noted(text),
      answered(text, text, text),
      updated(1, text),
      fact('OnsetSet', { at: text }),
      fact('MitigatedMarked', { at: after(text.length) }),
      runStarted({ run: text, command: text, text }),
      runEnded({ run: text, outcome: { kind: 'failed', message: text } }),
      resolved({ cause: text, resolution: text }),
    ),
  );
  const anyEvents: fc.Arbitrary<AnyEvent[]> = fc
    .array(anyFact, { maxLength: 12 })
    .map((facts) => [declared(), ...facts].map((one, i) => anEvent(one, i + 1)));

  it('never throws, and holds no figure in its impact that nobody set', () => {
    fc.assert(
      fc.property(anyEvents, (events) => {
        const incident = replay(events)!;
        const links = { linkToOutput: () => 'x', linkToEvidence: () => 'x' };
        const input = { incident, generatedAt: after(1), ...links };
        const document = renderPostMortem({ ...input, guide });
        const impact = section(document, 'Impact').split('\n');
        assert.match(impact[0]!, /^- Duration: /);
        const figures = impact.slice(1).filter((line) => !/^- Time to /.test(line));
        assert.doesNotMatch(figures.join('\n'), /\d/);
        assert.match(document, /What the journal does not hold is written "unknown"\.\n$/);
      }),
    );
  });

  it('never throws on any template', () => {
    const line = fc.oneof(
      texts,
      fc.constantFrom('# T', '## Timeline', '- Duration: X', '|---|', '', '1. 10:00 x'),
    );
    fc.assert(
      fc.property(fc.array(line), (lines) => {
        const document = render(wholeStory, withTemplate(lines.join('\n')));
        assert.match(document, /Declared SEV2/);
        assert.match(document, /What the journal does not hold/);
      }),
    );
  });
});
