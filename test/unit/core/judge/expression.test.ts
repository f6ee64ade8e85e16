import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkAssertions, clausesOf } from '../../../../src/core/judge/assertions.ts';
import { parseExpression } from '../../../../src/core/judge/expression.ts';
import { judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import { incidentAfter, podTable, stepOf, worked } from './judging.ts';
import { anyExpression, printExpression, tokenSoup } from './printedExpression.ts';

const any = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  tokenSoup,
  anyExpression.map(printExpression),
);

describe('an expression of ir.when and ir.assert', () => {
  it('reads back as it was written, whatever it compares', () => {
    fc.assert(
      fc.property(anyExpression, (expression) => {
        const printed = printExpression(expression);
        assert.deepEqual(parseExpression(printed), { ok: true, value: expression }, printed);
      }),
      { numRuns: 1_000 },
    );
  });

  it('never throws, and what it refuses it refuses in a sentence', () => {
    fc.assert(
      fc.property(any, (written) => {
        const read = parseExpression(written);
        if (read.ok) assert.deepEqual(parseExpression(printExpression(read.value)), read, written);
        else assert.match(read.failure.message, /\.$/, written);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is one clause of several, whatever stands in its quotes', () => {
    fc.assert(
      fc.property(
        fc.array(anyExpression, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(';', '; ', '\n'),
        (all, sign) => {
          const read = clausesOf(all.map(printExpression).join(sign)).map(parseExpression);
          assert.deepEqual(
            read,
            all.map((value) => ({ ok: true, value })),
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('a condition and an assertion, whatever is written', () => {
  const look = stepOf(1, 'kubectl get pods');
  const incident = incidentAfter([look, podTable('Running', 'Pending'), worked]);

  it('are judged without a throw, and always say why', () => {
    fc.assert(
      fc.property(any, fc.string({ unit: 'binary', maxLength: 80 }), (written, output) => {
        const step = stepOf(2, 'kubectl get nodes', { attributes: { 'ir.when': written } });
        const judged = judgeStep(step, [look, step], incident);
        assert.ok(judged && ['applies', 'does-not-apply', 'cannot-tell'].includes(judged.verdict));
        assert.notEqual(judged.because, '');
        const seen = { reading: undefined, output, count: () => 0 };
        for (const { result, because } of checkAssertions(written, worked, seen, {})) {
          assert.ok(['passed', 'failed', 'not-checked'].includes(result));
          assert.notEqual(because, '');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('are never green where nothing was seen', () => {
    fc.assert(
      fc.property(any, (written) => {
        const stopped = checkAssertions(written, { kind: 'stopped' }, { reading: undefined }, {});
        assert.ok(
          stopped.every(({ result }) => result === 'not-checked'),
          written,
        );
      }),
    );
  });
});
