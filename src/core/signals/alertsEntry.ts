import { parseFrontmatter } from '../guide/frontmatter.ts';
import { insertAt, insertBelow, linesOf, replaceIn, type TextEdit } from '../lint/textEdit.ts';

/** What a file begins with: nothing of the kind, a YAML head, or one that is left alone (TOML, JSON, what nobody can read). */
export type Head =
  | { readonly kind: 'none' }
  /** 0-based: its second ruler. */
  | { readonly kind: 'yaml'; readonly end: number }
  /** 0-based: the line below its second ruler, or below its first one where no second is found. */
  | { readonly kind: 'other'; readonly bodyLine: number };

export function headOf(source: string): Head {
  const lines = linesOf(source);
  const { bodyLine } = parseFrontmatter(lines);
  const ruler = lines[0]?.trimEnd();
  if (ruler !== '---' && ruler !== '+++') return { kind: 'none' };
  if (bodyLine > 0 && ruler === '---' && !lines[1]?.trimStart().startsWith('{'))
    return { kind: 'yaml', end: bodyLine - 1 };
  const second = lines.findIndex((line, at) => at > 0 && line.trimEnd() === ruler);
  return { kind: 'other', bodyLine: bodyLine || second + 1 || 1 };
}

/**
 * Adds a value, written as YAML, to the list under `alerts` of a YAML head and leaves all else of it as it is; undefined
 * where what stands there is no list that can be read line by line.
 * @param end 0-based: the head's second ruler.
 * @param whole what replaces an `alerts` that holds nothing, or one name.
 */
export function addToAlerts(
  lines: readonly string[],
  end: number,
  value: string,
  whole: string,
): TextEdit | undefined {
  const at = lines.findIndex((text, index) => index > 0 && index < end && /^alerts:(?:\s|$)/.test(text));
  if (at < 0) return insertBelow(lines, end, whole);
  const written = lines[at] ?? '';
  const first = written.slice('alerts:'.length).trim();
  let last = at;
  for (let next = at + 1; next < end && /^(?:\s|#|-(?:\s|$)|$)/.test(lines[next] ?? ''); next++)
    if (/^(?:\s+[^\s#]|-)/.test(lines[next] ?? '')) last = next;
  const below = lines.slice(at + 1, last + 1);
  if (first.startsWith('[')) return addToFlow(lines, at, last, value);
  if (below.length === 0)
    return first === '' || first.startsWith('#') || /^(?:[\w./:-]|"[^"]*"$|'[^']*'$)/.test(first)
      ? replaceIn(at + 1, 1, written.length + 1, whole)
      : undefined;
  const items = below.filter((line) => line.trim() !== '' && !/^\s*#/.test(line));
  const dash = /^\s*-\s+(?=\S)/.exec(lines[last] ?? '')?.[0];
  const isList =
    (first === '' || first.startsWith('#')) &&
    dash !== undefined &&
    items.every((line) => line.startsWith(dash.trimEnd()) && !/:\s/.test(line));
  return isList ? insertBelow(lines, last + 1, dash + value) : undefined;
}

/** `[A, "B"]`, on one line or more. */
function addToFlow(lines: readonly string[], at: number, last: number, value: string): TextEdit | undefined {
  let quote = '';
  let before = '['; // the last character that is no blank
  for (let line = at; line <= last; line++) {
    const text = lines[line] ?? '';
    for (let column = line === at ? text.indexOf('[') + 1 : 0; column < text.length; column++) {
      const char = text[column] ?? '';
      if (quote !== '') {
        if (char === quote) quote = '';
      } else if (char === '"' || char === "'") quote = char;
      else if (char === '#' && /\s/.test(text[column - 1] ?? ' ')) break;
      else if (char === '[' || char === '{') return undefined;
      else if (char === ']')
        return insertAt(
          line + 1,
          column + 1,
          before === '[' ? value : `${before === ',' ? '' : ','} ${value}`,
        );
      if (/\S/.test(char)) before = char;
    }
  }
  return undefined;
}
