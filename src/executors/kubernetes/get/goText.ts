/** A JSON value as Go's `%v` prints it: `map[a:1 b:2]`, `[x y]`, `<nil>`. kubectl's columns and descriptions do so. */
export function goText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value === 'object')
    return `map[${Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, inner]) => `${key}:${goText(inner)}`)
      .join(' ')}]`;
  return typeof value === 'string' ? value : String(value as number);
}
