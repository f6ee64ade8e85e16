const piece = /\.?([A-Za-z_][\w-]*)|\[(\d+)\]|\['([^']*)'\]/y;

/**
 * The text or number at a path such as `$.items[0].status` in a JSON text; a list or an object gives its length, `true`
 * its word. Undefined where there is nothing, or no JSON.
 */
export function findJson(text: string | undefined, path: string): string | number | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // not JSON, so it has no such path
  }
  const from = path.startsWith('$') ? 1 : 0;
  piece.lastIndex = from;
  while (piece.lastIndex < path.length) {
    const match = piece.exec(path);
    if (!match) return undefined;
    const key = match[1] ?? match[2] ?? match[3] ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (typeof value === 'boolean' || value === null) return String(value);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' ? Object.keys(value).length : undefined;
}
