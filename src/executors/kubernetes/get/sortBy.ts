import { relaxedJsonPath } from '../../../core/plan/kubectl/jsonPath.ts';
import type { Found } from './jsonPath.ts';
import { findJsonPath } from './jsonPath.ts';
import { parseQuantity } from '../objects/quantity.ts';

/**
 * Sorts as `kubectl --sort-by`: by the first value the path finds in each, those without one first, amounts (`2Gi`) by
 * size. What compares equal stays in the server's order. Fails with kubectl's words when no object has the field.
 */
export function sortByPath<T>(
  items: readonly T[],
  path: string,
  objectOf: (item: T) => unknown,
): Found<readonly T[]> {
  const template = relaxedJsonPath(path) ?? path;
  const keyed: { readonly item: T; readonly key: unknown }[] = [];
  for (const item of items) {
    const found = findJsonPath(template, objectOf(item));
    if (!found.ok) return found;
    keyed.push({ item, key: found.value[0]?.[0] });
  }
  if (keyed.length > 0 && keyed.every(({ key }) => key === undefined))
    return { ok: false, message: `couldn't find any field with path "${template}" in the list of objects` };
  return { ok: true, value: keyed.sort((a, b) => compare(a.key, b.key)).map(({ item }) => item) };
}

function compare(a: unknown, b: unknown): number {
  const [hasA, hasB] = [a !== undefined && a !== null, b !== undefined && b !== null];
  if (!hasA || !hasB) return Number(hasA) - Number(hasB);
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [String(a as string), String(b as string)];
  const [amountA, amountB] = [parseQuantity(left), parseQuantity(right)];
  if (amountA && amountB) return amountA.milli < amountB.milli ? -1 : amountA.milli > amountB.milli ? 1 : 0;
  return left < right ? -1 : left > right ? 1 : 0;
}
