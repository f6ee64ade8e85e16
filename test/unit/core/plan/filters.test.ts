import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { canFilter, createFilterPipeline } from '../../../../src/core/plan/filters/filters.ts';
import type { Filter } from '../../../../src/core/plan/plan.ts';
import { kubernetesPlan, planOf, shellPlan, why } from './planOf.ts';

interface Filtered {
  readonly text: string;
  readonly matched: boolean;
}
function run(filters: readonly Filter[], ...chunks: readonly string[]): Filtered {
  const pipeline = createFilterPipeline(filters);
  const text = chunks.map((chunk) => pipeline.write(chunk)).join('');
  const end = pipeline.end();
  return { text: text + end.text, matched: end.matched };
}

/** What the real tools make of it. */
function real(command: string, input: string): string {
  const { stdout, stderr, error } = spawnSync('bash', ['--norc', '-c', command], {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
  });
  // `head` and `tail -n 0` may leave before they have read everything: that is no failure.
  if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  assert.equal(stderr, '', `${command}: ${stderr}`);
  return stdout;
}
const filtersOf = (tail: string): readonly Filter[] => kubernetesPlan(`kubectl get pods | ${tail}`).filters;

const log = `NAME   READY
web-1  ERROR: timeout after 30s
web-2  ok
web-10 error
web-2  ok
web-2  ok

10
9
-1.5
  007
a+b (c) [d] {e} ^f$ g|h \\i *j
_under_score word-word
`;

const tails = [
  'grep web', 'grep -i error', 'grep -v web', 'grep -c web', 'grep -vc web', 'grep -ic ERROR', 'grep -F a+b', "grep -F '(c)'",
  "grep ''", "grep '^web'", "grep 'ok$'", "grep '^$'", "grep -v '^$'", "grep 'web-.*ok'", "grep '.*web.*'", "grep 'w.b-[0-9]'",
  "grep 'web-[0-9][0-9]'", "grep 'web-[^1]'", "grep '[[:digit:]]s'", "grep '[]d]'", "grep '[a-c]+b'", "grep 'a+b'",
  "grep -E 'a+b'", "grep -E 'a\\+b'", "grep 'web\\|READY'", "grep -E 'web|READY'", "grep -E '^(web|NAME)'", "grep '(c)'",
  "grep -E '\\(c\\)'", "grep '\\(ok\\|error\\)$'", "grep '{e}'", "grep 'e\\{1,2\\}r'", "grep -E 'r{2}'", "grep 'o*k'", "grep '*j'",
  "grep 'a\\?b'", "grep 'f$ g'", "grep '\\bweb\\b'", "grep '\\<word\\>'", "grep '\\<score'", "grep '\\w\\W'", "grep '\\si'",
  "grep 'time.*30s$'", "grep 'e.*r.*r.*o'", "grep '^.*ok'", "grep '\\.5'", "grep '[.]5'", "grep -e -1", 'grep -e web', "grep -- -1",
  "grep '\\*j'", "grep '\\\\i'", "grep '^web-1 '", "egrep 'web-(1|2)'", 'fgrep web', "grep 'ab*'", "grep 'x^y'", "grep '[*.]'",
  "grep -E '[0-9]+ ?e'", "grep 'nothing at all'", 'head', 'head -n 2', 'head -3', 'head -n2', 'head --lines=1', 'head -n 0', 'tail',
  'tail -n 2', 'tail -3', 'tail -n 0', 'wc', 'wc -l', 'sort', 'sort -r', 'sort -n', 'sort -rn', 'sort -u', 'sort -nu', 'sort -run',
  'sort --reverse --numeric-sort', 'uniq', 'uniq -c', 'sort | uniq -c | sort -rn | head -n 2', 'grep web | sort | uniq | wc -l',
  'grep web | grep -v ok', 'tail -n 5 | head -n 2', 'grep --color=auto web',
]; // prettier-ignore

describe('filters behind a plan', () => {
  describe('give what the real tools give', () => {
    const inputs = [log, log.trimEnd(), ''];
    let answers: readonly (readonly string[])[] = [];
    before(() => {
      // One shell for all of them: each tool reads the input afresh and ends its answer with a NUL.
      const script = tails.map((tail) => `printf %s "$input" | { ${tail}; }; printf '\\0'`).join('\n');
      answers = inputs.map((input) =>
        real(`input=$(cat; printf x); input=\${input%x}\n${script}`, input).split('\0'),
      );
    });
    for (const [index, tail] of tails.entries())
      it(tail, () => {
        for (const [which, input] of inputs.entries())
          assert.equal(run(filtersOf(tail), input).text, answers[which]?.[index], JSON.stringify(input));
      });
  });

  it('give the same however the text is cut', () => {
    fc.assert(
      fc.property(fc.constantFrom(...tails), fc.array(fc.nat(log.length), { maxLength: 8 }), (tail, cuts) => {
        const at = [0, ...cuts.sort((a, b) => a - b), log.length];
        const chunks = at.slice(1).map((end, index) => log.slice(at[index], end));
        assert.deepEqual(run(filtersOf(tail), ...chunks), run(filtersOf(tail), log));
      }),
      { numRuns: 300 },
    );
  });

  it('agree with the real tools on arbitrary lines and patterns, or leave the pattern to grep', () => {
    const line = fc.string({ unit: fc.constantFrom(...'aabbB01 -.+*[]'), maxLength: 8 });
    const pattern = fc.string({ unit: fc.constantFrom(...'aabB01.*+?[]^$\\|(){}-,'), maxLength: 7 });
    let translated = 0;
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 1, maxLength: 8 }),
        pattern,
        fc.record({
          ignoreCase: fc.boolean(),
          invert: fc.boolean(),
          extended: fc.boolean(),
          count: fc.boolean(),
        }),
        (lines, text, how) => {
          const filter: Filter = { name: 'grep', pattern: text, fixed: false, ...how };
          if (!canFilter(filter)) return;
          translated += 1;
          const flags = `${how.ignoreCase ? '-i ' : ''}${how.invert ? '-v ' : ''}${how.extended ? '-E ' : ''}${how.count ? '-c ' : ''}`;
          const input = `${lines.join('\n')}\n`;
          const { stdout, status } = spawnSync('grep', [...flags.split(' ').filter(Boolean), '-e', text], {
            input,
            encoding: 'utf8',
            env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C' },
          });
          const ours = run([filter], input);
          assert.equal(ours.text, stdout, `grep ${flags}-e '${text}'`);
          assert.equal(ours.matched, status === 0);
        },
      ),
      { numRuns: 250 },
    );
    assert.ok(translated > 50, `only ${translated} patterns were translated`);
  });

  it('sort numbers and bytes as the real sort does', () => {
    const line = fc.string({ unit: fc.constantFrom(...'0019.-  aBé€\u{1F600}\uFFFD'), maxLength: 6 });
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 10 }),
        fc.constantFrom(
          'sort',
          'sort -n',
          'sort -rn',
          'sort -nu',
          'sort -run',
          'sort -u',
          'sort -r',
          'wc -l',
          'uniq -c',
        ),
        (lines, command) => {
          const input = lines.join('\n');
          assert.equal(run(filtersOf(command), input).text, real(command, input));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('say whether grep selected anything', () => {
    assert.equal(run(filtersOf('grep web'), log).matched, true);
    assert.equal(run(filtersOf('grep nothing'), log).matched, false);
    assert.equal(run(filtersOf('grep -c nothing'), log).matched, false);
    assert.equal(run(filtersOf('grep nothing | wc -l'), log).matched, false);
    assert.equal(run(filtersOf('head'), '').matched, true);
  });

  it('tell upstream when head has its lines', () => {
    const pipeline = createFilterPipeline(filtersOf('grep web | head -n 2'));
    assert.equal(pipeline.write('web-1\nother\n'), 'web-1\n');
    assert.equal(pipeline.done, false);
    assert.equal(pipeline.write('web-2\nweb-3\n'), 'web-2\n');
    assert.equal(pipeline.done, true);
    assert.equal(pipeline.write('web-4\n'), '');
    assert.equal(pipeline.end().text, '');
  });

  it('pass everything through when there are none', () => {
    assert.equal(run([], 'a', 'b\nc').text, 'ab\nc');
  });

  it('leave to the shell what only the real grep can answer', () => {
    const patterns = [
      "'\\(a\\)\\1'", "-E '(a*)*b'", "-E '(a|b)+c'", "-E 'a**'", "-E 'a+?'", "-E 'a{2'", "'[z-a]'", "'[é-ü]'", "'[[.a.]]'", "-E '(a'",
      "-E 'a)'", "'a\\'", "-E 'a||b'", "-E '*a'", "'\\d'", "-E 'x*y*z*w'",
    ]; // prettier-ignore
    for (const pattern of patterns)
      assert.match(why(shellPlan(`kubectl get pods | grep ${pattern}`)), /grep|closed/);
    for (const flags of [
      '-n x',
      '-o x',
      '-A 3 x',
      '-w x',
      '-q x',
      '-P x',
      '-e a -e b',
      'x file',
      '-E -F x',
      '--color=always x',
      '',
      '-e=x -m 1',
    ])
      assert.equal(planOf(`kubectl get pods | grep ${flags}`).kind, 'shell', flags);
    for (const tail of [
      'head -c 5',
      'head -n -1',
      'head file',
      'tail -f',
      'tail -n +2',
      'wc -c',
      'wc file',
      'sort -k 2',
      'sort file',
      'uniq -d',
      'jq .',
      'awk 1',
    ])
      assert.equal(planOf(`kubectl get pods | ${tail}`).kind, 'shell', tail);
  });

  it('do not run away on a line that nearly matches', () => {
    const line = `${'a'.repeat(200_000)}\n`;
    // Quadratic work on this line would take minutes: the test would end by mocha's timeout.
    for (const tail of ["grep 'a.*b'", "grep '.*b'", "grep 'a.*a.*a.*a.*b'", "grep -v '^.*b$'"])
      assert.equal(run(filtersOf(tail), line).matched, tail.includes('-v'));
  });

  it('take a hundred thousand lines', () => {
    const many = 'web-1 error at step\nweb-2 ok\n'.repeat(50_000);
    const chunks = many.match(/[\s\S]{1,65536}/g) ?? [];
    assert.equal(run(filtersOf('grep -i ERROR | wc -l'), ...chunks).text, '50000\n');
    assert.equal(
      run(filtersOf('sort | uniq -c'), ...chunks).text,
      '  50000 web-1 error at step\n  50000 web-2 ok\n',
    );
    assert.equal(run(filtersOf('tail -n 1'), ...chunks).text, 'web-2 ok\n');
  });
});
