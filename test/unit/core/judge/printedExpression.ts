import fc from 'fast-check';
import type { Expression, Operand } from '../../../../src/core/judge/expression.ts';

type Comparison = Extract<Expression, { kind: 'compare' }>;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
const inBrackets = (...args: readonly (string | undefined)[]): string => {
  const given = args.filter((arg) => arg !== undefined);
  return given.length === 0 ? '' : `(${given.map(quoted).join(', ')})`;
};

/** One operand as docs/runbooks.md writes it, with the step it is of. */
function printOperand(operand: Operand, step?: string): string {
  switch (operand.kind) {
    case 'number':
      return String(operand.value);
    case 'text':
      return quoted(operand.value);
    case 'value':
      return `$${operand.name}`;
    case 'pods':
      return `pods.${operand.of}${inBrackets(step)}`;
    case 'cell':
      return `${operand.which === undefined ? '' : `${operand.which} `}cell${inBrackets(operand.column, step)}`;
    case 'json':
      return `json${inBrackets(operand.path, step)}`;
    case 'count':
      return `count${inBrackets(operand.text, step)}`;
    default:
      return `${operand.kind}${inBrackets(step)}`;
  }
}

/** An expression as a guide's author would write it. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'compare': {
      const { left, operator, right, step } = expression;
      // A number, a text and a value are of no step: it stands at the other side then.
      const atLeft = !['number', 'text', 'value'].includes(left.kind);
      return `${printOperand(left, atLeft ? step : undefined)} ${operator} ${printOperand(right, atLeft ? undefined : step)}`;
    }
    case 'not':
      return `not ${bracketed(expression.of)}`;
    case 'and':
    case 'or':
      return expression.parts.map(bracketed).join(` ${expression.kind} `);
  }
}

const bracketed = (expression: Expression): string =>
  expression.kind === 'compare' ? printExpression(expression) : `(${printExpression(expression)})`;

/** Every text that fits into one line of a guide. */
export const anyText = fc.string({ unit: 'binary', maxLength: 12 }).filter((text) => !/[\r\n\0]/.test(text));

const plainRecord = <T>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record<T>(model, { noNullPrototype: true });

const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/);
const free: fc.Arbitrary<Operand> = fc.oneof(
  fc.nat({ max: 999_999 }).map((value) => ({ kind: 'number' as const, value: value / 100 })),
  anyText.map((value) => ({ kind: 'text' as const, value })),
  name.map((value) => ({ kind: 'value' as const, name: value })),
);
const ofStep: fc.Arbitrary<Operand> = fc.oneof(
  fc.stringMatching(/^[A-Za-z][\w.-]{0,8}$/).map((of) => ({ kind: 'pods' as const, of })),
  plainRecord({
    column: anyText.map((text) => text.toUpperCase()),
    which: fc.constantFrom('any', 'every', undefined),
  })
    .filter(({ column }) => column === column.toUpperCase())
    .map((cell) => ({ kind: 'cell' as const, ...cell })),
  anyText.map((path) => ({ kind: 'json' as const, path })),
  anyText.map((text) => ({ kind: 'count' as const, text })),
  fc
    .constantFrom('exit', 'lines', 'rows', 'errors', 'connections', 'status', 'output')
    .map((kind) => ({ kind }) as Operand),
);
const operatorOf = fc.constantFrom<Comparison['operator']>(
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  'contains',
  'matches',
);
const comparison: fc.Arbitrary<Expression> = fc.oneof(
  plainRecord({
    kind: fc.constant('compare' as const),
    left: ofStep,
    operator: operatorOf,
    right: fc.oneof(free, ofStep),
    step: fc.option(anyText, { nil: undefined }),
  }),
  plainRecord({
    kind: fc.constant('compare' as const),
    left: free,
    operator: operatorOf,
    right: free,
    step: fc.constant(undefined),
  }),
  plainRecord({
    kind: fc.constant('compare' as const),
    left: free,
    operator: operatorOf,
    right: ofStep,
    step: fc.option(anyText, { nil: undefined }),
  }),
);

/** Any expression that the grammar has. */
export const anyExpression: fc.Arbitrary<Expression> = fc
  .letrec<{ whole: Expression }>((tie) => ({
    whole: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      comparison,
      tie('whole').map((of) => ({ kind: 'not' as const, of })),
      plainRecord({
        kind: fc.constantFrom('and' as const, 'or' as const),
        parts: fc.array(tie('whole'), { minLength: 2, maxLength: 3 }),
      }),
    ),
  }))
  .whole.filter((expression) => printExpression(expression).length <= 1_500);

/** Pieces of the grammar in any order: most are wrong, and all look as if they were right. */
export const tokenSoup = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...'exit lines pods.Pending cell json count output any every not and or contains matches ( ) , == != < <= > >= " \' \\ $x 2 0.5 ; If pods pending'.split(
          ' ',
        ),
      ),
      fc.constantFrom('cell("STATUS")', 'json("$.a[0]")', '"text"', 'exit(2)'),
    ),
    { maxLength: 30 },
  )
  .chain((pieces) => fc.constantFrom(' ', '').map((between) => pieces.join(between)));
