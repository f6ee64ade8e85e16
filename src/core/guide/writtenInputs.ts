import type { Report } from './report.ts';

export interface Written {
  readonly value: string | readonly string[];
  /** 0-based. */
  readonly line: number;
}

/** One input as it stands in a file, before anybody asks what it means. */
export interface WrittenInput {
  /** 0-based. */
  readonly line: number;
  readonly keys: Map<string, Written>;
}

const keyLine = /^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?$/s;
const nameLine = /^(?:"([^"]+)"|'([^']+)'|([^\s:#"'-][^:#"']*?))[ \t]*:[ \t]*(?:#.*)?$/;

/**
 * Takes the block below `inputs:` apart by its indentation. Of YAML it knows what such a block needs: plain and quoted
 * values, block texts (`>`, `|`), values that go on in deeper lines, `[a, b]`, block lists, comments. Lines that fit
 * nowhere are reported and left out. `from` is 0-based.
 */
export function writtenInputs(head: readonly string[], from: number, report: Report): WrittenInput[] {
  const found: WrittenInput[] = [];
  let current: WrittenInput | undefined;
  let outer: number | undefined; // indentation of `- name: x` or of the name
  let list: { readonly indent: number; readonly items: string[] } | undefined;
  let open: { readonly key: string; readonly column: number; readonly value: string } | undefined; // may go on
  for (let at = from; at < head.length; at++) {
    const whole = head[at] ?? '';
    const text = stripComment(whole).trim();
    if (text === '') continue;
    const indent = whole.length - whole.trimStart().length;
    const isItem = /^-(?:[ \t]|$)/.test(text);
    if (indent === 0 && !isItem) break; // the next key of the frontmatter, or its end
    if (list && isItem && indent >= list.indent && (outer === undefined || indent > outer)) {
      list.items.push(scalar(text.slice(1).trim()));
      continue;
    }
    list = undefined;
    if (open && current && indent > open.column) {
      open = { ...open, value: `${open.value} ${scalar(text)}` };
      current.keys.set(open.key, { value: open.value, line: current.keys.get(open.key)?.line ?? at });
      continue;
    }
    open = undefined;
    outer ??= indent;
    if (indent <= outer) {
      current = { line: at, keys: new Map() };
      found.push(current);
      if (!isItem) {
        const hit = nameLine.exec(text);
        const name = hit?.[1] ?? hit?.[2] ?? hit?.[3];
        if (name === undefined) {
          unreadable(report, at, text);
          found.pop();
          current = undefined;
        } else current.keys.set('name', { value: name, line: at });
        continue;
      }
    }
    const inner = isItem && indent <= outer ? text.slice(1).trim() : text;
    if (inner === '') continue;
    const hit = keyLine.exec(inner);
    if (!hit || !current) {
      if (current || indent > outer || isItem) unreadable(report, at, inner);
      continue;
    }
    const [, key = '', raw = ''] = hit;
    const column =
      whole.length -
      whole
        .trimStart()
        .slice(isItem && indent <= outer ? 1 : 0)
        .trimStart().length;
    if (raw === '' && key === 'options') {
      list = { indent, items: [] };
      current.keys.set(key, { value: list.items, line: at });
    } else if (/^[|>][+-]?$/.test(raw)) {
      const end = endOfBlock(head, at + 1, column);
      current.keys.set(key, { value: blockText(head.slice(at + 1, end), raw.startsWith('>')), line: at });
      at = end - 1;
    } else {
      const value = raw.startsWith('[') ? flowList(raw) : scalar(raw);
      current.keys.set(key, { value, line: at });
      if (typeof value === 'string' && value === raw.trim() && value !== '') open = { key, column, value };
    }
  }
  return found;
}

/** The line behind a block text: the first that is neither empty nor deeper than its key. */
function endOfBlock(head: readonly string[], from: number, column: number): number {
  let end = from;
  for (let at = from; at < head.length; at++) {
    const line = head[at] ?? '';
    if (line.trim() === '') continue;
    if (line.length - line.trimStart().length <= column) break;
    end = at + 1;
  }
  return end;
}

/** Without its indentation; a folded one has its lines joined, and a line end for each empty line. */
function blockText(lines: readonly string[], folded: boolean): string {
  const first = lines.find((line) => line.trim() !== '') ?? '';
  const indent = first.length - first.trimStart().length;
  const text = lines.map((line) => line.slice(indent).trimEnd()).join('\n');
  return folded ? text.replace(/(\S)\n(?=\S)/g, '$1 ').replace(/\n\n/g, '\n') : text;
}

const unreadable = (report: Report, at: number, text: string): void =>
  report(
    at + 1,
    'input-unreadable',
    'warning',
    `“${text.slice(0, 80)}” could not be read as part of an input. Write “key: value” there, indented below its name.`,
  );

/** A quoted text from where it stands: the whole of it, or what there is of one that has no end. */
const quoted = /"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?/sy;
/** What stands before a value: `- `, `key: `, both or nothing. */
const beforeValue = /^\s*(?:-\s+)*(?:[\w-]+[ \t]*:[ \t]+)?/;

/** Without its comment: a `#` behind a space, unless it stands in a quoted text. Quotes count where a value begins. */
export function stripComment(line: string): string {
  const start = beforeValue.exec(line)?.[0].length ?? 0;
  const isFlow = line[start] === '[';
  let begins = true;
  for (let at = start; at < line.length; at++) {
    const c = line[at] ?? '';
    if (begins && (c === '"' || c === "'")) {
      quoted.lastIndex = at;
      at += (quoted.exec(line)?.[0].length ?? 1) - 1;
    } else if (c === '#' && /^\s?$/.test(line[at - 1] ?? '')) return line.slice(0, at);
    begins = isFlow && (c === '[' || c === ',' || (begins && c === ' '));
  }
  return line;
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', 0: '\0', _: '\u00A0' };

export function scalar(raw: string): string {
  const text = raw.trim();
  const [, quote, inner = ''] = /^(["'])(.*)\1$/s.exec(text) ?? [];
  if (quote === "'") return inner.replaceAll("''", "'");
  if (quote !== '"') return text;
  return inner.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|(.))/gs, (_all, two, four, one: string) => {
    const code: unknown = two ?? four;
    return typeof code === 'string' ? String.fromCharCode(Number.parseInt(code, 16)) : (escapes[one] ?? one);
  });
}

/** `[a, "b, c"]`, also without its brackets. */
export const flowList = (raw: string): readonly string[] =>
  [
    ...raw
      .trim()
      .replace(/^\[|\]$/g, '')
      .matchAll(/\s*("(?:\\.|[^"\\])*"|'(?:''|[^'])*'|[^,]+)/g),
  ]
    .map(([, item = '']) => scalar(item))
    .filter((item) => item !== '');
