/**
 * Careful looks into an object as it came from a server: whatever is missing or of another shape than expected reads as
 * nothing, so that a description never fails for one odd field. Paths are dotted: `spec.template.spec`.
 */
export function at(value: unknown, path: string): unknown {
  let found = value;
  for (const key of path.split('.')) {
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined;
    found = Object.hasOwn(found, key) ? (found as Record<string, unknown>)[key] : undefined;
  }
  return found;
}

/** The text of a string, number or boolean; empty for anything else. */
export function textAt(value: unknown, path: string): string {
  const found = at(value, path);
  return typeof found === 'string'
    ? found
    : typeof found === 'number' || typeof found === 'boolean'
      ? String(found)
      : '';
}

export function numberAt(value: unknown, path: string): number | undefined {
  const found = at(value, path);
  return typeof found === 'number' ? found : undefined;
}

export const flagAt = (value: unknown, path: string): boolean => at(value, path) === true;

export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}

export const textsAt = (value: unknown, path: string): readonly string[] =>
  listAt(value, path).filter((each): each is string => typeof each === 'string');

export function recordAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  const found = at(value, path);
  return typeof found === 'object' && found !== null && !Array.isArray(found)
    ? (found as Record<string, unknown>)
    : {};
}

/** Key and value of a map of texts, sorted by key: labels, quantities. */
export const pairsAt = (value: unknown, path: string): readonly (readonly [string, string])[] =>
  Object.entries(recordAt(value, path))
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .sort(([a], [b]) => (a < b ? -1 : 1));
