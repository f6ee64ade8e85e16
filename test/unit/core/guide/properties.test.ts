import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { looksLikeGuide } from '../../../../src/core/guide/looksLikeGuide.ts';
import { allSteps } from './parsed.ts';

const read = (text: string) => parseGuide(text, { file: 'a/guide.md' });

/** Command lines that stand for themselves: each carries a number, so that it can be found again. */
const command = fc
  .tuple(
    fc.constantFrom(
      'kubectl get pods',
      'echo "a b"',
      'cat <x>',
      "echo 'q'",
      'a && b',
      'curl -s x',
      'for i in a; do b; done',
    ),
    fc.constantFrom('', ' |', ' \\', ' &&', ' "', " '", ' (', ' <<EOF', ' {'),
  )
  .map(
    ([word, end]) =>
      (n: number) =>
        `${word} mark${String(n)}x${end}`,
  );
const comment = fc
  .constantFrom('# 1. ', '# 2) ', '# If ', '# Falls ', '#', '## ', '# Step 3: ')
  .map((start) => (n: number) => `${start} note${String(n)}x`);
const blank = fc.constant(() => '');
const shellFence = fc
  .tuple(
    fc.constantFrom('bash', 'sh', 'zsh', 'shell', 'bash {"name":"x"}', 'sh { name=x }', 'BASH'),
    fc.array(fc.oneof({ weight: 4, arbitrary: command }, { weight: 2, arbitrary: comment }, blank), {
      maxLength: 8,
    }),
  )
  .map(([info, lines]) => ({ info, lines }));
const prose = fc.constantFrom(
  '# Title',
  '## Runbooks',
  '### Service down (503)',
  '## Phase 1: Triage (0-15 min)',
  '## Phase 2: Mitigation (variable)',
  '### Option A: Roll back',
  '### Option B: Scale',
  '## Meaning',
  '## Diagnosis',
  '## Mitigation',
  '| Severity | Time |\n|--|--|\n| SEV1 | 5 min |\n| SEV2 | x |',
  '| Role | Contact |',
  '- When?\n- Why?',
  '- [ ] done\n- [x] tested',
  '1. First\n2. Second',
  '- Within 48 hours for SEV1/SEV2',
  '```\n/incident create "x" --severity SEV1\n```',
  '```markdown\n# Post-mortem\n## Summary\n[x]\n```',
  'If it began after a deploy:',
  'Update every 15 minutes:',
  '<!-- incident: runbooks -->',
  '<!-- incident: phase triage -->',
  '<!-- incident: checklist -->',
  '[link](other.md)',
  '## Symptoms',
  '## Background',
  'Run `kubectl get pods -n a` and never `kubectl delete pod a`.',
  '- If so:\n  - see `df -h`\n    1. deeper `free -m`\n\n  then text',
  '| Check | Command |\n|--|--|\n| a | `kubectl get pods -n a` |\n| b | df -h \\| tail |',
  '```console\n$ oc get pods\nNAME  READY\na     1/1\n```',
  '=== "A"\n\n    text `ls -l /a`',
  '!!! note\n    text',
  '<details><summary>s</summary>\n\n<pre>ls /a</pre>\n</details>',
  '{{< note >}}',
  '> [!WARNING]\n> Never `rm -rf /a`.',
);
const blocks = fc.array(fc.oneof(prose, shellFence), { maxLength: 12 });

/** Writes the blocks as Markdown; which command and comment marks stand in its fences. */
function write(
  parts: readonly (string | { info: string; lines: readonly ((n: number) => string)[] })[],
  indent = '',
) {
  let n = 0;
  const commands: string[] = [];
  const notes: string[] = [];
  const text = parts.map((part) => {
    if (typeof part === 'string') return part;
    const lines = part.lines.map((line) => {
      const written = line(n++);
      commands.push(...(/mark\d+x/.exec(written) ?? []));
      notes.push(...(/note\d+x/.exec(written) ?? []));
      return indent + written;
    });
    return [`${indent}\`\`\`${part.info}`, ...lines, `${indent}\`\`\``].join('\n');
  });
  return { text: text.join('\n\n'), commands, notes };
}

function assertNothingLost(text: string, commands: readonly string[], notes: readonly string[]): void {
  const steps = allSteps(read(text));
  const script = steps.map(({ command: own }) => own ?? '').join('\n');
  for (const mark of commands) assert.equal(script.split(mark).length - 1, 1, `${mark} in:\n${text}`);
  const said = steps
    .flatMap((step) => [step.text, step.condition ?? '', ...step.details, step.command ?? ''])
    .join('\n');
  for (const note of notes) assert.ok(said.includes(note), `${note} in:\n${text}`);
}

describe('any text as a guide', () => {
  it('never throws', () => {
    const nasty = fc.string({
      unit: fc.constantFrom(...'#|-`~<>![]()*_{}\\:"\' \n\t\r\0', 'a', '1', 'é', '阶', '\u2028', '\uD800'),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), nasty), (text) => {
        const guide = read(text);
        JSON.stringify(guide);
        looksLikeGuide(text);
        const lines = text.split(/\r\n?|\n/).length;
        for (const { line } of [...guide.problems, ...guide.links, ...allSteps(guide)])
          assert.ok(line >= 1 && line <= lines, `line ${String(line)} of ${String(lines)}`);
      }),
      { numRuns: 600 },
    );
  });

  it('never loses a command line or a comment of a shell fence', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const { text, commands, notes } = write(parts);
        assertNothingLost(text, commands, notes);
      }),
      { numRuns: 400 },
    );
  });

  it('never loses one inside a list either', () => {
    fc.assert(
      fc.property(
        fc.array(shellFence, { maxLength: 4 }),
        fc.constantFrom('1. Do', '- If it is so:'),
        (fences, item) => {
          const { text, commands, notes } = write(fences, '   ');
          assertNothingLost(`## Runbooks\n\n### R\n\n${item}\n\n${text}`, commands, notes);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('never loses one before a fence end that was forgotten', () => {
    fc.assert(
      fc.property(blocks, shellFence, (parts, last) => {
        const { text, commands, notes } = write([...parts, last]);
        assertNothingLost(text.slice(0, -3), commands, notes);
      }),
      { numRuns: 200 },
    );
  });

  it('gives every step the lines its command really has', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const { text } = write(parts);
        const lines = text.split('\n');
        for (const { command: own, line, endLine } of allSteps(read(text))) {
          const held = lines.slice(line - 1, endLine).map((each) => each.trim().replaceAll('\\|', '|'));
          for (const each of own?.split('\n') ?? [])
            assert.ok(
              held.some((written) => written.includes(each.trim())),
              `“${each}” in lines ${String(line)}-${String(endLine)} of\n${text}`,
            );
        }
      }),
      { numRuns: 200 },
    );
  });

  it('gives every step and runbook an id of its own', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const { text } = write(parts);
        const guide = read(text);
        const ids = [...guide.runbooks.map(({ id }) => id), ...allSteps(guide).map(({ id }) => id)];
        assert.deepEqual([...new Set(ids)], ids);
      }),
      { numRuns: 200 },
    );
  });

  it('reads each command of running text once, in its line', () => {
    const form = fc.constantFrom(
      (code: string) => `Look with ${code} and think.`,
      (code: string) => `- First ${code}\n  - then think`,
      (code: string) => `1. Think\n   - with ${code}`,
      (code: string) => `| What | Command |\n|--|--|\n| x | ${code} |`,
      (code: string) => `> ${code}`,
      (code: string) => `!!! note\n    See ${code}.`,
    );
    fc.assert(
      fc.property(fc.array(form, { minLength: 1, maxLength: 8 }), (forms) => {
        const text = `## Runbooks\n\n### R\n\n${forms
          .map((write_, n) => write_(`\`kubectl get pods -n mark${String(n)}x\``))
          .join('\n\ntext\n\n')}`;
        const steps = allSteps(read(text));
        const lines = text.split('\n');
        for (let n = 0; n < forms.length; n++) {
          const own = steps.filter(({ command: held }) => held === `kubectl get pods -n mark${String(n)}x`);
          assert.equal(own.length, 1, text);
          assert.match(lines[(own[0]?.line ?? 0) - 1] ?? '', new RegExp(`mark${String(n)}x`), text);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('reads CRLF as LF', () => {
    fc.assert(
      fc.property(blocks, (parts) => {
        const { text } = write(parts);
        assert.deepEqual(read(text.replaceAll('\n', '\r\n')), read(text));
      }),
      { numRuns: 100 },
    );
  });
});
