import type { Operator } from './expression.ts';
import { parseGrepLike } from './linePattern.ts';

/** Whether two values compare so; `unknown` says why that cannot be told, without a capital or a full stop. */
export type Held = { readonly truth: boolean } | { readonly unknown: string };

/**
 * Compares by `==` and its kin: as numbers where both are, else as texts. By size only numbers compare, or figures with the
 * same unit (`250m`, `61Mi`, `78%`): what is none is neither less nor more. Total.
 */
export function compareValues(a: number | string, operator: Operator, b: number | string): Held {
  switch (operator) {
    case '==':
      return { truth: isSame(a, b) };
    case '!=':
      return { truth: !isSame(a, b) };
    case 'contains':
      return { truth: String(a).includes(String(b)) };
    case 'matches': {
      const pattern = parseGrepLike(String(b));
      return pattern
        ? { truth: pattern.matches(String(a)) }
        : { unknown: `“${String(b)}” is no pattern that can be used` };
    }
    case '<':
    case '<=':
    case '>':
    case '>=':
      return compareSizes(a, operator, b);
  }
}

export const isNumber = (value: number | string): boolean =>
  typeof value === 'number' || /^-?\d+(?:\.\d+)?$/.test(value);

const isSame = (a: number | string, b: number | string): boolean =>
  isNumber(a) && isNumber(b) ? Number(a) === Number(b) : String(a) === String(b);

/** A number and what kubectl puts behind it: https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const figure = /^(-?\d+(?:\.\d+)?)(%|[numkMGTPE]|[KMGTPE]i)?$/;

function compareSizes(a: number | string, operator: '<' | '<=' | '>' | '>=', b: number | string): Held {
  const [left, right] = [figure.exec(String(a)), figure.exec(String(b))];
  const wrong = !right ? b : !left || left[2] !== right[2] ? a : undefined;
  if (wrong !== undefined || !left || !right) {
    const unit = right?.[2] === undefined ? '' : ` of “${right[2]}”`;
    return { unknown: `“${String(wrong)}” is no number${wrong === b ? '' : unit}` };
  }
  const [one, other] = [Number(left[1]), Number(right[1])];
  switch (operator) {
    case '<':
      return { truth: one < other };
    case '<=':
      return { truth: one <= other };
    case '>':
      return { truth: one > other };
    case '>=':
      return { truth: one >= other };
  }
}
