/** A fence's info string taken apart: `bash {"name":"x"}` or `sh { name=x ir.risk="read" }`. */
export interface FenceInfo {
  /** Lower case; empty for an unlabelled fence. */
  readonly language: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** What could not be read of the attributes, as a sentence. */
  readonly problem: string | undefined;
}

const pair = /\s*,?\s*([\w.:-]+)(?:\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s,}]*))?/sy;
/** Our own fence attributes, without their `ir.`. */
export const ownAttributes = [
  'risk',
  'when',
  'assert',
  'undo',
  'timeout',
  'approve',
  'capture',
  'target',
  'keepGoing',
] as const;
const ownKeys: ReadonlySet<string> = new Set(ownAttributes);

/**
 * Reads a fence's info string in both of Runme's attribute styles (https://docs.runme.dev/configuration/cell-level):
 * JSON and `key=value`. Values become text. Never throws.
 */
export function parseFenceInfo(info: string): FenceInfo {
  const text = info.trim();
  const brace = braceOf(text);
  if (brace < 0 && !/[\s,;]/.test(text))
    return { language: text.toLowerCase(), attributes: {}, problem: undefined };
  const label = (brace < 0 ? text : text.slice(0, brace)).trim();
  // Pandoc and R Markdown write the language inside the braces: `{.bash}`, `{bash}`.
  const inside = brace === 0 ? /^\{\s*\.?([\w+-]+)\s*\}?/.exec(text) : null;
  const insideLanguage = inside && !/^\s*[=:]/.test(text.slice(inside[0].length)) ? (inside[1] ?? '') : '';
  const language = ((/^[^\s,;]+/.exec(label)?.[0] ?? '') || insideLanguage).toLowerCase();
  if (brace < 0 || (insideLanguage !== '' && text.endsWith(`${insideLanguage}}`)))
    return { language, attributes: {}, problem: undefined };
  const body = text.slice(brace);
  const json = parseJson(body);
  const { attributes, problem } = json ? { attributes: json, problem: undefined } : parsePairs(body);
  const unknown = Object.keys(attributes).find((key) => key.startsWith('ir.') && !ownKeys.has(key.slice(3)));
  return {
    language,
    attributes,
    problem:
      problem ??
      (unknown === undefined
        ? undefined
        : `“${unknown}” is no attribute of ours and does nothing. Known are ${[...ownKeys].map((key) => `ir.${key}`).join(', ')}.`),
  };
}

/** Where the attributes begin: `{1,3-5}` says which lines a documentation site highlights. */
const braceOf = (text: string): number => text.search(/\{(?![\d,\s-]{0,200}\})/);

/** Whether the attributes in a fence's opening line are JSON, where each value that is text stands in quotes. */
export const hasJsonAttributes = (line: string): boolean => {
  const brace = braceOf(line);
  return brace >= 0 && parseJson(line.slice(brace)) !== undefined;
};

function parseJson(body: string): Record<string, string> | undefined {
  // Asked first, because what JSON.parse throws is dear and most attributes are `{ key=value }`.
  if (!/^\{\s*["}]/.test(body)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    return Object.fromEntries(
      Object.entries(value).map(([key, held]) => [
        key,
        typeof held === 'string' ? held : JSON.stringify(held),
      ]),
    );
  } catch {
    return undefined; // not JSON, so it is the other style
  }
}

function parsePairs(body: string): { attributes: Record<string, string>; problem: string | undefined } {
  const end = body.lastIndexOf('}');
  const { values, unread, bare } = readPairs(body.slice(1, end < 0 ? undefined : end));
  const problem =
    end < 0
      ? 'The attributes of this fence have no closing “}”. What stands before it was read.'
      : bare !== undefined
        ? `The attribute “${bare}” has no value. Write it as ${bare}="…".`
        : unread !== undefined
          ? `The attributes of this fence cannot be read from “${unread}” on. Write them as { key="value" }.`
          : undefined;
  return { attributes: values, problem };
}

/** `key=value key="two words"`: what was read, where it could not be read any more, and the first key without a value. */
export function readPairs(text: string): {
  readonly values: Record<string, string>;
  readonly unread: string | undefined;
  readonly bare: string | undefined;
} {
  const inner = text.trimEnd();
  const values: Record<string, string> = {};
  let bare: string | undefined;
  pair.lastIndex = 0;
  while (pair.lastIndex < inner.length) {
    const from = pair.lastIndex;
    const match = pair.exec(inner);
    if (!match) return { values, unread: inner.slice(from, from + 30).trim(), bare };
    const [, key = '', raw] = match;
    if (key === '__proto__') continue;
    if (raw === undefined) bare ??= key;
    else values[key] = unquote(raw);
  }
  return { values, unread: undefined, bare };
}

function unquote(raw: string): string {
  if (raw.length > 1 && raw.startsWith('"')) return raw.slice(1, -1).replace(/\\(.)/gs, '$1');
  if (raw.length > 1 && raw.startsWith("'")) return raw.slice(1, -1);
  return raw;
}
