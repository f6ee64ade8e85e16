import { formatValue } from '../metrics/units.ts';
import type { Evaluation, Seen, Told } from './evaluate.ts';
import type { Operand, Operator } from './expression.ts';

/**
 * Holds what a query's series are now against a number: of several series one that fits is enough in a condition
 * (`any`), every one must in an assertion (`every`). Series that have ended are none of now; without any that is known,
 * nothing is.
 */
export function compareMetric(
  { which }: Extract<Operand, { kind: 'metric' }>,
  operator: Operator,
  right: Operand,
  { reading }: Seen,
  world: Evaluation,
): Told {
  const unknown = (because: string): Told => ({ truth: undefined, because });
  const wanted =
    right.kind === 'value' ? world.value(right.name) : right.kind === 'number' ? right.value : undefined;
  const limit = wanted === undefined || wanted === '' ? NaN : Number(wanted);
  if (!Number.isFinite(limit)) return unknown('a query’s value is compared with a number');
  const read = reading?.metrics?.queries[0];
  if (!read) return unknown('no run has shown a query’s value');
  if (read.failed !== undefined)
    return unknown(`the query was not answered: ${read.failed.replace(/\.$/, '')}`);
  const { highest, lowest, unit, series } = read;
  if (highest === undefined || lowest === undefined)
    return unknown(series === 0 ? 'the query has no data' : 'the query has no data of now');
  const any = (which ?? world.cells) === 'any';
  const figure =
    highest === lowest
      ? formatValue(highest, unit)
      : `${formatValue(lowest, unit)} to ${formatValue(highest, unit)}`;
  const because = `the value is ${figure}`;
  // What decides: for "any" the end that fits most easily, for "every" the one that fits least.
  switch (operator) {
    case '>':
      return { truth: (any ? highest : lowest) > limit, because };
    case '>=':
      return { truth: (any ? highest : lowest) >= limit, because };
    case '<':
      return { truth: (any ? lowest : highest) < limit, because };
    case '<=':
      return { truth: (any ? lowest : highest) <= limit, because };
    case '==':
    case '!=':
      return highest === lowest
        ? { truth: (highest === limit) === (operator === '=='), because }
        : unknown(`${because}: several series are compared with <, <=, > or >= only`);
    case 'contains':
    case 'matches':
      return unknown('a query’s value is compared with a number');
  }
}
