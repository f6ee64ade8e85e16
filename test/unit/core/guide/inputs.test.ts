import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { GuideInput } from '../../../../src/core/guide/guideInput.ts';
import { refusePattern } from '../../../../src/core/guide/inputs.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { validateInput } from '../../../../src/core/plan/words/validateInput.ts';

const guide = (head: string) =>
  parseGuide(
    `---\n${head}\n---\n# Guide\n\n## Runbooks\n\n### Scale\n\n\`\`\`sh\nkubectl scale deploy <app> --replicas=<replicas>\n\`\`\`\n`,
    {
      file: 'guide.md',
    },
  );
const inputsOf = (head: string): readonly GuideInput[] =>
  guide(head).runbooks[0]?.steps[0]?.document?.inputs ?? [];
const problemsOf = (head: string) =>
  guide(head)
    .problems.filter(({ code }) => code.startsWith('input-'))
    .map(({ line, code }) => [line, code]);

const replicas = {
  name: 'replicas',
  kind: 'number',
  description: 'How many: at most what the nodes hold',
  default: '3',
  options: [],
  pattern: undefined,
  min: 1,
  max: 20,
};
const withoutLine = ({ line: _line, ...rest }: GuideInput) => rest;

describe('the inputs of a guide', () => {
  it('are a list of maps, with quotes and comments', () => {
    const inputs = inputsOf(
      'shell: bash\ninputs: # asked once\n  - name: replicas\n    kind: number # whole\n    min: 1\n    max: 20\n' +
        '    default: 3\n    description: "How many: at most what the nodes hold"\ncwd: /tmp',
    );
    assert.deepEqual(inputs.map(withoutLine), [replicas]);
    assert.equal(inputs[0]?.line, 4);
  });

  it('are a map by name too, also without further indentation of a list', () => {
    const description = '    description: "How many: at most what the nodes hold"';
    assert.deepEqual(
      inputsOf(
        `inputs:\n  replicas:\n    kind: number\n    min: 1\n    max: 20\n    default: '3'\n${description}`,
      ).map(withoutLine),
      [replicas],
    );
    assert.deepEqual(
      inputsOf('inputs:\n- name: Colour\n  options:\n  - blue\n  - "green, dark"\n- name: $APP_NAME').map(
        ({ name, kind, options }) => [name, kind, options],
      ),
      [
        ['colour', 'choice', ['blue', 'green, dark']],
        ['app-name', undefined, []],
      ],
    );
  });

  it('take options on one line', () => {
    assert.deepEqual(
      inputsOf('inputs:\n  - name: x\n    kind: choice\n    options: [a, "b, c", a]')[0]?.options,
      ['a', 'b, c'],
    );
  });

  it('leave the flat keys as they are', () => {
    const { frontmatter } = guide('shell: bash\ninputs:\n  - name: x\nservices: a, b');
    assert.equal(frontmatter['shell'], 'bash');
    assert.equal(frontmatter['services'], 'a, b');
  });

  it('know RDS instances as `instance`', () => {
    assert.equal(inputsOf('inputs:\n  - name: db\n    kind: instance')[0]?.kind, 'db-instance');
  });

  it('have no default where they are secret', () => {
    const head = 'inputs:\n  - name: dsn\n    kind: secret\n    default: marker-of-a-secret';
    assert.equal(inputsOf(head)[0]?.default, undefined);
    assert.deepEqual(problemsOf(head), [[5, 'input-invalid']]);
    assert.doesNotMatch(JSON.stringify(guide(head).problems), /marker-of-a-secret/);
  });

  for (const [what, head, problems] of [
    ['an unknown kind', 'inputs:\n  - name: x\n    kind: colour', [[4, 'input-invalid']]],
    ['an unknown key', 'inputs:\n  - name: x\n    hint: y', [[4, 'input-invalid']]],
    ['a choice without options', 'inputs:\n  - name: x\n    kind: choice', [[3, 'input-invalid']]],
    ['a least that is no number', 'inputs:\n  - name: x\n    min: few', [[4, 'input-invalid']]],
    ['a least above its most', 'inputs:\n  - name: x\n    min: 5\n    max: 2', [[4, 'input-invalid']]],
    ['a pattern that is none', 'inputs:\n  - name: x\n    pattern: "["', [[4, 'input-invalid']]],
    ['an input without a name', 'inputs:\n  - kind: pod', [[3, 'input-invalid']]],
    ['a second one of the name', 'inputs:\n  - name: x\n  - name: X', [[4, 'input-duplicate']]],
    ['a line that is no key', 'inputs:\n  - name: x\n    what is this', [[4, 'input-unreadable']]],
    ['values behind the key', 'inputs: {a: b}', [[2, 'input-unreadable']]],
  ] as const)
    it(`tell ${what} with its line`, () => assert.deepEqual(problemsOf(head), problems));

  it('never throw and never take for ever, whatever stands there', () => {
    const part = fc.constantFrom(
      'inputs:',
      '  - name: x',
      '    kind: ',
      '- ',
      'pattern: ',
      '[',
      ']',
      '"',
      "'",
      ':',
      '#',
      ' ',
      '\n',
      '\t',
      'x',
      '{{',
      '__proto__: a',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(part).map((parts) => parts.join('')),
        ),
        (text) => {
          guide(`inputs:\n${text}`);
        },
      ),
    );
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, value) => {
        if (refusePattern(pattern) !== undefined) return;
        validateInput('text', { ...inputsOf('inputs:\n - name: x')[0]!, pattern }, value);
      }),
    );
  });

  it('leave out patterns that could hang the window', () => {
    for (const pattern of ['(a+)+b', '(a|a)*b', '(.*)\\1', 'a*a*a*a*b', 'x'.repeat(201)])
      assert.ok(refusePattern(pattern), pattern);
    for (const pattern of ['v\\d+', '[a-z]{3,8}-[0-9]+', '(blue|green)', 'a(b)?'])
      assert.equal(refusePattern(pattern), undefined, pattern);
  });
});
