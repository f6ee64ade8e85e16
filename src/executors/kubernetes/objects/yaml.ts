import type { ScalarStyleRule } from 'js-yaml';
import { DEFAULT_SCALAR_STYLE_RULES, dump, load, loadAll, SCALAR_STYLE } from 'js-yaml';
import { foldLongLines } from './yamlFold.ts';

/** Text that YAML 1.1 may read as something else: a number, a date, `yes`, nothing. */
const readsAsAnotherType = (text: string): boolean =>
  text === '' || text === '~' || (/^[-+.\w:]+$/.test(text) && /\w/.test(text) && !text.endsWith(':'));

/** Go's YAML writes `"true"` but `'a: b'`: double quotes where the type is in doubt, single ones where the syntax is. */
const singleQuoteSyntax: ScalarStyleRule = (layout) => {
  const plainAllowed = (layout.allowedStylesMask & (1 << SCALAR_STYLE.PLAIN)) !== 0;
  if (layout.style === SCALAR_STYLE.PLAIN && !plainAllowed && !readsAsAnotherType(layout.node.value)) {
    layout.style = SCALAR_STYLE.SINGLE_QUOTED;
  }
};

const { quoteInvalidPlain, fallbackToDoubleQuoted, ...earlierRules } = DEFAULT_SCALAR_STYLE_RULES;

/** YAML as kubectl prints objects: sorted keys, lists not indented, quotes and long lines as Go's YAML writes them. */
export function renderYaml(value: unknown): string {
  const text = dump(value, {
    sortKeys: true,
    seqNoIndent: true,
    lineWidth: -1,
    quoteStyle: 'double',
    noRefs: true,
    scalarStyleRules: [
      ...Object.values(earlierRules),
      singleQuoteSyntax,
      quoteInvalidPlain,
      fallbackToDoubleQuoted,
    ],
  });
  return foldLongLines(text);
}

/** A document in YAML or JSON; throws what is wrong with it. */
export const parseYaml = (text: string): unknown => load(text);

/** All documents of a YAML stream (`---` between them), or one of JSON; throws what is wrong with it. */
export const parseYamlDocuments = (text: string): readonly unknown[] => loadAll(text);

/** JSON as kubectl prints it: sorted keys, four spaces, `<`, `>` and `&` escaped as Go does. */
export const renderJson = (value: unknown): string =>
  escapedAsGo(JSON.stringify(sorted(value), null, 4)).concat('\n');

/** The same on one line, as a JSONPath prints a map or a list. */
export const compactJson = (value: unknown): string => escapedAsGo(JSON.stringify(sorted(value)));

const escapedAsGo = (json: string): string =>
  json
    .replaceAll('<', '\\u003c')
    .replaceAll('>', '\\u003e')
    .replaceAll('&', '\\u0026')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
