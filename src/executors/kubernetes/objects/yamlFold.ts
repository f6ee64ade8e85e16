/** Where Go's YAML begins to look for a place to break a line, columns. */
const bestWidth = 80;

/**
 * Breaks the long lines of a YAML document where Go's YAML breaks them: at the first single space behind column 80 of a
 * plain or quoted text, which goes on two columns deeper than its key. Texts with lines of their own stay as they are.
 */
export function foldLongLines(yaml: string): string {
  let block: number | undefined;
  return yaml
    .split('\n')
    .map((line) => {
      const indent = line.search(/[^ ]/);
      if (block !== undefined && (indent < 0 || indent > block)) return line;
      block = undefined;
      const { keyColumn, valueColumn } = placesOf(line);
      if (/^[|>][-+\d]*$/.test(line.slice(valueColumn))) block = keyColumn;
      return line.length > bestWidth ? folded(line, keyColumn, valueColumn) : line;
    })
    .join('\n');
}

/** Where a line's key (or its last dash) stands, and where its value begins. */
function placesOf(line: string): { readonly keyColumn: number; readonly valueColumn: number } {
  const [before = ''] = /^ *(?:- )*/.exec(line) ?? [];
  const rest = line.slice(before.length);
  const [key] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^"'].*?): /.exec(rest) ?? [];
  if (key !== undefined) return { keyColumn: before.length, valueColumn: before.length + key.length };
  return { keyColumn: Math.max(0, before.length - 2), valueColumn: before.length };
}

function folded(line: string, keyColumn: number, valueColumn: number): string {
  const quote = line[valueColumn];
  const isDouble = quote === '"';
  const isSingle = quote === "'";
  const next = ' '.repeat(keyColumn + 2);
  const first = valueColumn + (isDouble || isSingle ? 1 : 0);
  const last = line.length - (isDouble || isSingle ? 2 : 1);
  let text = line.slice(0, first);
  let column = [...text].length;
  for (let at = first; at < line.length; at += 1) {
    const letter = line[at] ?? '';
    const isBreak =
      letter === ' ' &&
      line[at - 1] !== ' ' &&
      column > bestWidth &&
      at > first &&
      at < last &&
      (isDouble || line[at + 1] !== ' ');
    if (isBreak) {
      text += `\n${next}${line[at + 1] === ' ' ? '\\' : ''}`;
      column = next.length + (line[at + 1] === ' ' ? 1 : 0);
    } else {
      text += letter;
      // The second half of a letter outside the basic plane takes no column of its own.
      column += /[\udc00-\udfff]/.test(letter) ? 0 : 1;
    }
  }
  return text;
}
