/**
 * kubectl's dialect of JSONPath as a tree: https://kubernetes.io/docs/reference/kubectl/jsonpath/. It has ranges, quoted
 * text and filters that no other dialect has; what it cannot read is for kubectl itself.
 */
export type JsonPathNode =
  | { readonly kind: 'text' | 'field'; readonly text: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'wildcard' | 'recursive' }
  /** `[start:end:step]`; `single` for one index, whose end follows from its start. */
  | {
      readonly kind: 'slice';
      readonly start: number | undefined;
      readonly end: number | undefined;
      readonly step: number | undefined;
      readonly single: boolean;
    }
  | { readonly kind: 'union'; readonly paths: readonly JsonPath[] }
  | {
      readonly kind: 'filter';
      readonly left: JsonPath;
      readonly operator: string;
      readonly right: JsonPath;
    };

/** What stands between two braces: each node is applied to what the one before it found. */
export type JsonPath = readonly JsonPathNode[];

/** A template: text as it is, paths, and `{range …}…{end}` around others. */
export type JsonPathPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'range'; readonly over: JsonPath; readonly body: readonly JsonPathPart[] };

class Unreadable {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}
const unreadable = (why: string): never => {
  throw new Unreadable(why);
};

/** Reads a template such as `{range .items[*]}{.metadata.name}{"\n"}{end}`; undefined for what is none. */
export function parseJsonPath(template: string): readonly JsonPathPart[] | undefined {
  try {
    return parseTemplate(template);
  } catch (thrown) {
    if (thrown instanceof Unreadable) return undefined;
    throw thrown;
  }
}

/** `metadata.name`, `.metadata.name` and `{.metadata.name}` as the template they mean, for --sort-by and columns. */
export function relaxedJsonPath(text: string): string | undefined {
  const [, inBraces, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(text) ?? [];
  const path = inBraces ?? bare;
  return path === undefined ? undefined : `{.${path}}`;
}

/** `NAME:.metadata.name,NODE:.spec.nodeName`; undefined where a column cannot be read. */
export function parseCustomColumns(
  spec: string,
): readonly { readonly header: string; readonly template: string }[] | undefined {
  const columns = spec.split(',').map((part) => {
    const colon = part.indexOf(':');
    const template = colon < 0 ? undefined : relaxedJsonPath(part.slice(colon + 1));
    if (template === undefined || parseJsonPath(template) === undefined) return undefined;
    return { header: part.slice(0, colon), template };
  });
  return columns.every((column) => column !== undefined) ? columns : undefined;
}

function parseTemplate(template: string): JsonPathPart[] {
  const open: { over: JsonPath; body: JsonPathPart[] }[] = [];
  const whole: JsonPathPart[] = [];
  const put = (part: JsonPathPart): void => void (open.at(-1)?.body ?? whole).push(part);
  let at = 0;
  while (at < template.length) {
    const brace = template.indexOf('{', at);
    const end = brace < 0 ? template.length : brace;
    if (end > at) put({ kind: 'literal', text: template.slice(at, end) });
    if (brace < 0) break;
    const action = parseAction(template, brace + 1);
    at = action.at;
    if (action.keyword === 'range') open.push({ over: action.path, body: [] });
    else if (action.keyword === 'end') {
      const range = open.pop() ?? unreadable('nothing to end');
      put({ kind: 'range', over: range.over, body: range.body });
    } else put({ kind: 'path', path: action.path });
  }
  if (open.length > 0) unreadable('a range without end');
  return whole;
}

interface Action {
  readonly path: JsonPath;
  readonly keyword: 'range' | 'end' | undefined;
  /** Behind the closing brace. */
  readonly at: number;
}

const isTerminator = (letter: string | undefined): boolean =>
  letter === undefined || /[\s.,[\]$@{}]/.test(letter);

function parseAction(text: string, from: number): Action {
  const path: JsonPathNode[] = [];
  let keyword: Action['keyword'];
  let at = from;
  const field = (): void => {
    const start = at;
    while (!isTerminator(text[at])) at += text[at] === '\\' ? 2 : 1;
    const name = text.slice(start, at);
    path.push(name === '*' ? { kind: 'wildcard' } : { kind: 'field', text: name.replaceAll('\\', '') });
  };
  for (;;) {
    const letter = text[at];
    if (letter === undefined || letter === '\n' || letter === '\r')
      return unreadable('an action is not closed');
    if (letter === '}') return { path, keyword, at: at + 1 };
    if (letter === ' ' || letter === '@' || letter === '$') at += 1;
    else if (text.startsWith('[?(', at)) {
      const filter = parseFilter(text, at + 3);
      path.push(filter.node);
      at = filter.at;
    } else if (text.startsWith('..', at)) {
      if (path.at(-1)?.kind === 'recursive') unreadable('two recursive descents');
      path.push({ kind: 'recursive' });
      at += 2;
      if (/[\p{L}\p{N}_]/u.test(text[at] ?? '')) field();
    } else if (letter === '[') {
      const end = text.indexOf(']', at);
      if (end < 0) unreadable('an index is not closed');
      path.push(...parseIndex(text.slice(at + 1, end)));
      at = end + 1;
    } else if (letter === '"' || letter === "'") {
      const quoted = parseQuoted(text, at);
      path.push({ kind: 'text', text: quoted.text });
      at = quoted.at;
    } else if (letter === '.') {
      at += 1;
      field();
    } else if (/[-+\d]/.test(letter)) {
      const [number = ''] = /^[-+]?[\d.]*/.exec(text.slice(at)) ?? [];
      if (!/^[-+]?(?:\d+\.?\d*|\.\d+)$/.test(number)) unreadable('not a number');
      path.push({ kind: 'number', value: Number(number) });
      at += number.length;
    } else if (/[\p{L}_]/u.test(letter)) {
      const start = at;
      while (!isTerminator(text[at])) at += 1;
      const word = text.slice(start, at);
      if (word === 'true' || word === 'false') path.push({ kind: 'bool', value: word === 'true' });
      else if ((word === 'range' || word === 'end') && path.length === 0 && keyword === undefined)
        keyword = word;
      else unreadable(`unknown word ${word}`);
    } else return unreadable(`unexpected ${letter}`);
  }
}

const inner = (text: string): JsonPath => {
  const action = parseAction(`${text}}`, 0);
  if (action.at !== text.length + 1 || action.keyword !== undefined) unreadable('a brace inside');
  return action.path;
};

function parseIndex(text: string): JsonPath {
  const parts = text.split(',');
  if (parts.length > 1) return [{ kind: 'union', paths: parts.map((part) => parseIndex(part.trim())) }];
  const [, key] = /^'([^']*)'$/.exec(text) ?? [];
  if (key !== undefined) return inner(`.${key}`);
  const [whole, start, end, step] = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text === '*' ? ':' : text) ?? [];
  if (whole === undefined || (whole === '' && text !== '*')) return unreadable(`index ${text}`);
  const number = (part: string | undefined): number | undefined =>
    part === undefined || part === '' ? undefined : /^-?\d+$/.test(part) ? Number(part) : unreadable(part);
  return [
    {
      kind: 'slice',
      start: number(start),
      end: number(end?.slice(1)),
      step: number(step?.slice(1)),
      single: end === undefined,
    },
  ];
}

function parseFilter(text: string, from: number): { node: JsonPathNode; at: number } {
  let at = from;
  let quote: string | undefined;
  for (; ; at += 1) {
    const letter = text[at];
    if (letter === undefined || letter === '\n') return unreadable('a filter is not closed');
    if (quote === undefined && (letter === '"' || letter === "'")) quote = letter;
    else if (letter === quote && text[at - 1] !== '\\') quote = undefined;
    else if (letter === ')' && quote === undefined) break;
  }
  if (text[at + 1] !== ']') unreadable('a filter is not closed');
  const condition = text.slice(from, at);
  const [, left = condition, operator = 'exists', right = ''] =
    /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(condition) ?? [];
  if (!['exists', '<', '>', '==', '!=', '<=', '>='].includes(operator)) unreadable(`operator ${operator}`);
  return {
    node: { kind: 'filter', left: inner(left), operator, right: inner(right) },
    at: at + 2,
  };
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\',
}; // prettier-ignore

function parseQuoted(text: string, from: number): { text: string; at: number } {
  const quote = text[from];
  let found = '';
  for (let at = from + 1; ; at += 1) {
    const letter = text[at];
    if (letter === undefined || letter === '\n') return unreadable('a quote is not closed');
    if (letter === quote) return { text: found, at: at + 1 };
    if (letter !== '\\') {
      found += letter;
      continue;
    }
    at += 1;
    const escaped = text[at] ?? '';
    const plain = escaped === quote ? quote : ESCAPES[escaped];
    if (plain !== undefined) {
      found += plain;
      continue;
    }
    if (!/^(?:x[\da-fA-F]{2}|u[\da-fA-F]{4})/.test(text.slice(at, at + 5)))
      return unreadable(`escape ${escaped}`);
    const digits = escaped === 'x' ? 2 : 4;
    found += String.fromCharCode(parseInt(text.slice(at + 1, at + 1 + digits), 16));
    at += digits;
  }
}
