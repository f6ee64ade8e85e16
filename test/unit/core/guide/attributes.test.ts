import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseFenceInfo } from '../../../../src/core/guide/attributes.ts';
import { parseExpression } from '../../../../src/core/judge/expression.ts';
import { anyExpression, anyText, printExpression } from '../judge/printedExpression.ts';
import { allSteps } from './parsed.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';

/** The two styles of Runme, as an author or Runme itself would write them. */
const styles = {
  JSON: (attributes: Readonly<Record<string, string>>): string => JSON.stringify(attributes),
  'key="value"': (attributes: Readonly<Record<string, string>>): string =>
    `{ ${Object.entries(attributes)
      .map(([key, value]) => `${key}="${value.replace(/["\\]/g, '\\$&')}"`)
      .join(' ')} }`,
};
const key = fc.stringMatching(/^[a-z][a-z.]{0,9}$/).filter((name) => name !== 'constructor');
const attributesOf = (value: fc.Arbitrary<string>) =>
  fc.dictionary(key, value, { minKeys: 1, maxKeys: 5, noNullPrototype: true });

describe('the attributes of a fence', () => {
  const pieces = [
    ...'{}"\'=, :\\[',
    'ir.when',
    'ir.assert',
    'name',
    'x',
    'bash',
    '__proto__',
    '.bash',
    '\0',
    '\uD800',
  ];
  const info = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((some) => some.join('')),
    fc.json().map((json) => `bash ${json}`),
  );

  it('never throw, whatever is written, and are text by name', () => {
    fc.assert(
      fc.property(info, (written) => {
        const { language, attributes, problem } = parseFenceInfo(written);
        assert.equal(language, language.toLowerCase());
        assert.ok(Object.values(attributes).every((value) => typeof value === 'string'));
        assert.ok(problem === undefined || /[.”}]$/.test(problem));
      }),
      { numRuns: 2_000 },
    );
  });

  for (const [style, write] of Object.entries(styles)) {
    it(`come back as they were written as ${style}, whatever their values`, () => {
      fc.assert(
        fc.property(attributesOf(fc.string({ unit: 'binary', maxLength: 20 })), (wanted) => {
          assert.deepEqual({ ...parseFenceInfo(`bash ${write(wanted)}`).attributes }, wanted);
        }),
        { numRuns: 1_000 },
      );
    });

    it(`come to the step of a guide as they were written as ${style}`, () => {
      fc.assert(
        fc.property(attributesOf(anyText), anyExpression, (more, condition) => {
          const wanted = { ...more, 'ir.when': printExpression(condition) };
          const text = `# T\n\n## Runbooks\n\n### R\n\n~~~bash ${write(wanted)}\nkubectl get pods\n~~~\n`;
          const [step] = allSteps(parseGuide(text, { file: 'guide.md' }));
          assert.equal(step?.command, 'kubectl get pods', text);
          assert.deepEqual({ ...step.attributes }, wanted, text);
          assert.deepEqual(parseExpression(step.attributes['ir.when'] ?? ''), { ok: true, value: condition });
        }),
        { numRuns: 300 },
      );
    });
  }
});
