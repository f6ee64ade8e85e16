import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { allSteps, codes, commandsOf } from './parsed.ts';

const file = path.join(import.meta.dirname, '../../../../media/default-guide.md');
const source = readFileSync(file, 'utf8');
const read = (text: string) => parseGuide(text, { file: 'guide.md' });
const noError = (text: string) => {
  const guide = read(text);
  assert.deepEqual(
    guide.problems.filter(({ severity }) => severity === 'error'),
    [],
  );
  return guide;
};

describe('a broken guide', () => {
  it('reads the same with CRLF, lone CR and a byte order mark', () => {
    const expected = read(source);
    assert.deepEqual(read(source.replaceAll('\n', '\r\n')), expected);
    assert.deepEqual(read(source.replaceAll('\n', '\r')), expected);
    assert.deepEqual(read(`\uFEFF${source}`), expected);
  });

  it('may be empty, blank or without headings', () => {
    assert.deepEqual(codes(noError('')), ['file-empty']);
    assert.deepEqual(codes(noError(' \n\t\n')), ['file-empty']);
    assert.deepEqual(codes(noError('Only prose.')), ['nothing-recognised']);
    const guide = noError('| Sev | Time |\n|--|--|\n| S1 | 5 min |\n| S2 | 9 min |\n\n```sh\ndate\n```');
    assert.deepEqual([guide.severities.length, commandsOf(allSteps(guide))], [2, ['date']]);
  });

  it('may hold NUL bytes, and says on which line', () => {
    const guide = noError(`${source}\n\n\0\0`);
    assert.equal(guide.phases.length, 5);
    const [problem] = guide.problems.filter(({ code }) => code === 'nul-bytes');
    assert.equal(problem?.line, source.split('\n').length + 2);
    assert.equal(problem?.severity, 'warning');
  });

  it('may hold the letters of any script, unpaired halves included', () => {
    const guide = noError('## Runbooks\n\n### خدمة 服务 \uD800 🔥\n\n```sh\necho "да" # \uDFFF\n```');
    assert.equal(guide.runbooks[0]?.title, 'خدمة 服务 \uD800 🔥');
    assert.equal(guide.runbooks[0]?.id, 'خدمة-服务');
  });

  it('has rows read although the table is broken', () => {
    const table = (...rows: string[]) => noError(['| Sev | Meaning | Time |', ...rows].join('\n'));
    const names = (guide: ReturnType<typeof table>) =>
      guide.severities.map(({ name, responseMinutes }) => `${name} ${String(responseMinutes)}`);
    const ragged = table(
      '|--|--|--|',
      '| S1 | dead | 5 min |',
      '| S2 | slow |',
      '| S3 | x | 9 min | extra |',
    );
    assert.deepEqual(names(ragged), ['S1 5', 'S2 undefined', 'S3 9']);
    assert.deepEqual(codes(ragged), ['table-row-short', 'severity-time-unread', 'table-row-long']);
    for (const ruler of [[], ['|--|--|']]) {
      const broken = table(...ruler, '| **S1** | dead | 5 min |', '| S2 | slow \\| odd | 9 min |');
      assert.deepEqual(names(broken), ['S1 5', 'S2 9']);
      assert.equal(broken.severities[1]?.description, 'slow | odd');
      assert.deepEqual(codes(broken), ['table-broken']);
    }
  });

  it('keeps the commands of a fence that never closes', () => {
    const guide = noError('## Runbooks\n\n### R\n\n```bash\n# 1. Look\ndate\n');
    assert.deepEqual(commandsOf(allSteps(guide)), ['date']);
    assert.deepEqual(
      guide.problems.map(({ line, code, severity }) => [line, code, severity]),
      [[5, 'fence-unclosed', 'warning']],
    );
  });

  it('is read on behind a fence whose end was forgotten', () => {
    const lines = source.split('\n');
    const close = lines.indexOf('```', lines.indexOf('### Service Unavailable (503)') + 3);
    for (const cut of [
      lines.toSpliced(close, 1),
      lines.slice(0, -1).toSpliced(lines.lastIndexOf('```'), 1),
    ]) {
      const guide = noError(cut.join('\n'));
      assert.equal(codes(guide).filter((code) => code === 'fence-unclosed').length, 1);
      const { runbooks, contacts } = read(source);
      assert.deepEqual(
        guide.runbooks.map(({ title, steps }) => [title, commandsOf(steps)]),
        runbooks.map(({ title, steps }) => [title, commandsOf(steps)]),
      );
      assert.equal(guide.contacts.length, contacts.length);
    }
  });

  it('may be five megabytes of guide', () => {
    const times = Math.ceil(5_000_000 / source.length);
    const guide = noError(`${source}\n`.repeat(times));
    assert.equal(guide.severities.length, 4);
    const count = (of: ReturnType<typeof read>) =>
      allSteps(of).filter(({ command }) => command !== undefined).length;
    assert.equal(count(guide), count(read(source)) * times);
  });

  // Each of these costs a reader that is quadratic in one of its loops minutes; mocha's own limit is the judge.
  for (const [what, line] of [
    ['brackets', '['.repeat(5000)],
    ['stars', '*a_ '.repeat(1000)],
    ['open comments', '<!-- '.repeat(1000)],
    ['markers', '<!-- incident: phase x -->\n\n# a'],
    ['headings of one name', '## Phase 1: a'],
    ['unclosed fences', '```bash\nkubectl get pods\n\n## Next'],
    ['quotes that never close', '```bash\necho it\'s "so `for (\n```'],
    ['table rows', '| S1 | 5 min |'],
    ['escaped cells', '| \\| '.repeat(50)],
    ['durations', '15 '.repeat(1000)],
    ['inline commands', '`kubectl get pods -n a`'.repeat(100)],
    ['one paragraph of inline commands', 'x. `kubectl get pods -n a` '],
    ['warnings', 'Never run `kubectl delete pod a`.\n'],
    [
      'nested bullets',
      `${Array.from({ length: 40 }, (_, n) => `${'  '.repeat(n)}- \`df -h /a\``).join('\n')}\n`,
    ],
    ['rows of commands', '| a | `df -h /a` |'],
    ['a table of commands', '| a | command |\n|--|--|\n| b | `df -h /a` |\n'],
    ['tabs of a site', '=== "A"\n\n    text'],
    ['nested notes', Array.from({ length: 40 }, (_, n) => `${'    '.repeat(n)}!!! note`).join('\n')],
    ['unclosed pre', '<pre>\n\n<pre><code>'],
    ['summaries', '<details><summary>a'],
    ['shortcodes', '{{< a >}}{{% '],
    ['console output', '```console\nNAME  READY\na  b  c\n```'],
    ['capitals', `\`\`\`console\n${'A '.repeat(2000)}\n\`\`\``],
    ['blank characters', `a${' '.repeat(5000)}b`],
  ] as const)
    it(`may be a megabyte of ${what}`, () => {
      noError(`# T\n\n${`${line}\n`.repeat(Math.ceil(1_000_000 / line.length))}`);
    });

  it('may be one line of five megabytes', () => {
    const text = 'word '.repeat(1_000_000);
    const guide = noError(`# T\n\n${text}\n\n\`\`\`sh\necho ${text}\n\`\`\``);
    assert.ok(codes(guide).includes('text-too-long'));
    assert.equal(allSteps(guide)[0]?.command, `echo ${text}`);
  });
});
