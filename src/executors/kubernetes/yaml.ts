import { dump, load } from 'js-yaml';

/** YAML as kubectl prints objects: sorted keys, lists not indented, double quotes where quotes are needed. */
export function renderYaml(value: unknown): string {
  return dump(value, {
    sortKeys: true,
    seqNoIndent: true,
    lineWidth: -1,
    quoteStyle: 'double',
    noRefs: true,
  });
}

/** A document in YAML or JSON; throws what is wrong with it. */
export const parseYaml = (text: string): unknown => load(text);

/** JSON as kubectl prints it: sorted keys, four spaces, `<`, `>` and `&` escaped as Go does. */
export function renderJson(value: unknown): string {
  return JSON.stringify(sorted(value), null, 4)
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .concat('\n');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
