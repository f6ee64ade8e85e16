import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dump, FAILSAFE_SCHEMA, load } from 'js-yaml';
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
  required: true,
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

  it('take texts in blocks and on deeper lines', () => {
    const texts = inputsOf(
      'inputs:\n  - name: a\n    description: >-\n      How many:\n      at most # twenty\n\n      or fewer\n    kind: number\n' +
        '  - name: b\n    description: How many\n      pods to run\n    min: 2\n  - description: |\n      two\n      lines\n    name: c',
    );
    assert.deepEqual(
      texts.map(({ name, description, kind, min }) => [name, description, kind, min]),
      [
        ['a', 'How many: at most # twenty\nor fewer', 'number', undefined],
        ['b', 'How many pods to run', undefined, 2],
        ['c', 'two\nlines', undefined, undefined],
      ],
    );
  });

  it('are read as a YAML library reads them, whatever it writes', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
    const text = fc
      .string({ unit: fc.constantFrom(...'ab1 .,:#-\'"[]{}&*!|>%@`?=\\/é'), minLength: 1, maxLength: 60 })
      .map((made) => made.trim())
      .filter((made) => made !== '');
    const one = fc.record(
      {
        name: word,
        description: text,
        default: text,
        options: fc.uniqueArray(text, { minLength: 1, maxLength: 4 }),
      },
      { requiredKeys: ['name'] },
    );
    const written = fc.record({
      inputs: fc.uniqueArray(one, { selector: ({ name }) => name, minLength: 1, maxLength: 4 }),
      flow: fc.constantFrom(-1, 3),
      indent: fc.constantFrom(2, 4),
    });
    fc.assert(
      fc.property(written, ({ inputs, flow, indent }) => {
        const head = dump(
          { inputs },
          { indent, flowLevel: flow, lineWidth: -1, schema: FAILSAFE_SCHEMA },
        ).trimEnd();
        const { inputs: meant } = load(head, { schema: FAILSAFE_SCHEMA }) as { inputs: typeof inputs };
        const found = inputsOf(head).map((input) => ({
          name: input.name,
          ...(input.description === undefined ? {} : { description: input.description }),
          ...(input.default === undefined ? {} : { default: input.default }),
          ...(input.options.length === 0 ? {} : { options: [...input.options] }),
        }));
        assert.deepEqual(
          found,
          meant.map((input) => ({ ...input })),
          head,
        );
      }),
    );
  });

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
