import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parsePostMortem } from '../../../../src/core/history/parsePostMortem.ts';
import { findDay, parseHandDuration } from '../../../../src/core/history/writtenTimes.ts';

const minute = 60_000;
const read = (markdown: string, file = 'old/one.md') => {
  const found = parsePostMortem(markdown, file);
  return (
    found && {
      title: found.record.title,
      date: found.record.declaredAt,
      severity: found.record.severity,
      service: found.record.service,
      minutes: found.record.durationMs === undefined ? undefined : found.record.durationMs / minute,
      cause: found.record.cause,
      people: found.record.people,
      unknown: found.unknown,
    }
  );
};

describe('a post-mortem written by hand', () => {
  it('is read from bold labels and sections', () => {
    const text = `# Post-Mortem: Checkout down

**Date:** 14 March 2025
**Severity:** Sev-1 (critical)
**Affected services:** checkout, payments
**Duration:** about 1 h 20 min
**Incident Commander:** Ana and Björn

## Timeline
- 10:00 It began

## Root Cause
The certificate of \`db-1\` had expired.
`;
    assert.deepEqual(read(text), {
      ...{ title: 'Checkout down', date: '2025-03-14', severity: 'SEV1', service: 'checkout', minutes: 80 },
      cause: 'The certificate of `db-1` had expired.'.replaceAll('`', ''),
      people: ['Ana', 'Björn'],
      unknown: [],
    });
  });

  it('is read from a table, a frontmatter, and headings that are underlined', () => {
    const table =
      '# Incident report\n\n| Date | 2025/02/03 |\n|---|---|\n| Priority | P2 |\n| Duration | 45m |\n\n## Impact\n\n## Resolution\n';
    assert.deepEqual(read(table)?.severity, 'P2');
    assert.deepEqual(read(table)?.minutes, 45);
    const front =
      '---\ntitle: "Search empty"\ndate: 2024-12-31\nseverity: SEV3\n---\n\n## Timeline\n\n## Lessons learned\n';
    assert.deepEqual([read(front)?.title, read(front)?.date], ['Search empty', '2024-12-31']);
    const underlined =
      'Postmortem: Queue grew\n======\n\nDate: 2024-01-02\n\nRoot Cause\n----------\nA slow consumer.\n';
    assert.deepEqual([read(underlined)?.title, read(underlined)?.cause], ['Queue grew', 'A slow consumer.']);
  });

  it('leaves unknown what it does not say, and says so', () => {
    const text =
      '# Post-Mortem: Something\n\n- Severity: [P0/P1/P2]\n- Duration: X minutes\n- Date: 2025-01-01\n\n## Root Cause\n[Detailed technical analysis]\n';
    assert.deepEqual(read(text), {
      ...{
        title: 'Something',
        date: '2025-01-01',
        severity: undefined,
        service: undefined,
        minutes: undefined,
      },
      ...{ cause: undefined, people: [], unknown: ['severity', 'service', 'duration', 'cause'] },
    });
  });

  it('has its date and title from the file name where they stand nowhere else', () => {
    const text = '# Post-mortem\n\n## Root cause\nA typo.\n';
    assert.deepEqual(read(text, 'a/2023-07-09-db-full.md')?.date, '2023-07-09');
    assert.deepEqual(read(text, 'a/2023-07-09-db-full.md')?.title, 'Post-mortem');
  });

  it('is none where the page is a template, a README or empty', () => {
    assert.equal(
      read(
        '# Postmortem: [Brief Description]\n\n**Date:** [YYYY-MM-DD]\n\n## Timeline\n\n## Root Cause\n[Why]\n',
      ),
      undefined,
    );
    assert.equal(read('# Our service\n\nDate: 2025-01-01\n\n## Install\n'), undefined);
    assert.equal(read(''), undefined);
  });

  it('has its action items, a day without its year counted from its own date', () => {
    const actionsOf = (markdown: string) => parsePostMortem(markdown, 'one.md')?.record.actions;
    const text = (date: string, section: string) =>
      `# Post-mortem: Search\n\nOwner: bo\n${date}\nSeverity: SEV1\n\n${section}\n`;
    const items =
      '- [ ] Watch the index - Ana Souza - March 1\n- [x] Restart it - bo - 2024-02-05\n* Write it down';
    const read = (due?: string) => [
      { text: 'Watch the index', done: false, ...(due === undefined ? {} : { due }), owner: 'Ana Souza' },
      { text: 'Restart it', done: true, due: '2024-02-05', owner: 'bo' },
      { text: 'Write it down', done: false },
    ];
    assert.deepEqual(actionsOf(text('Date: 2024-02-03', `## Action Items\n${items}`)), read('2024-03-01'));
    assert.deepEqual(
      actionsOf(text('Date: 2024-02-03', `Action Items\n------------\n${items}\n\nLessons\n-------\n- Luck`)),
      read('2024-03-01'),
    );
    assert.deepEqual(
      actionsOf(text('', `## Follow-up actions\n${items}`)),
      read(),
      'of no year that is known',
    );
  });

  it('has none without a section about them, and those that cannot be read are not known', () => {
    const actionsOf = (section: string) =>
      parsePostMortem(`# Post-mortem\n\nDate: 2024-02-03\n\n${section}\n`, 'one.md')?.record.actions;
    assert.deepEqual(actionsOf('## Impact\n- Search was empty'), []);
    assert.equal(actionsOf('## Action items\n| What | Who |\n|---|---|\n| Watch it | Ana |'), undefined);
  });

  it('knows one that this product wrote by its number', () => {
    const own = readFileSync(new URL('../../../golden/postmortem/payments.md', import.meta.url), 'utf8');
    const found = parsePostMortem(own, 'payments.md');
    assert.equal(found?.incident, '2026-11-23-0001');
    assert.equal(found.record.durationMs, 30 * minute);
    assert.equal(found.record.cause, 'Load outgrew the memory limit');
  });

  it('never throws, whatever the file holds', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('# ', '\n', '---', '**Date:** ', '| a | b |', '```', '2025-01-01', ':'),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (parts) => {
        parsePostMortem(parts.join(''), 'x.md');
      }),
    );
  });
});

describe('a day or a duration written by hand', () => {
  it('is read in the forms people use', () => {
    for (const text of [
      '2025-03-04',
      '2025/3/4',
      'on 4 March 2025 at noon',
      'March 4th, 2025',
      '04.03.2025',
      '4. Mar 2025',
    ])
      assert.equal(findDay(text), '2025-03-04', text);
    assert.equal(findDay('13/04/2025'), '2025-04-13');
    assert.equal(findDay('04/13/2025'), '2025-04-13');
    for (const [text, minutes] of [
      ['45 minutes', 45],
      ['~2 hours', 120],
      ['1h30m', 90],
      ['1,5 h', 90],
      ['2 days', 2880],
      ['1:30', 90],
    ] as const)
      assert.equal(parseHandDuration(text), minutes * minute, text);
  });

  it('is unknown where it could be two things, or is none', () => {
    for (const text of ['03/04/2025', '2025-13-01', '2025-02-30', 'last Tuesday', '', undefined])
      assert.equal(findDay(text), undefined, text);
    for (const text of ['2-3 hours', '10:00 to 10:45', 'X minutes/hours', 'long', '0 min', undefined])
      assert.equal(parseHandDuration(text), undefined, text);
  });
});
