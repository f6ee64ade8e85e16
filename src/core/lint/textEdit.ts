/** A place in a text: lines and columns from 1, columns in UTF-16 units, the end exclusive. */
export interface TextRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

/** A text's lines as guides are read: without their ends, a byte order mark left out. */
export function linesOf(source: string): readonly string[] {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  return text.includes('\r') ? text.split(/\r\n?|\n/) : text.split('\n');
}

/** The range between two columns of one line. */
export const inLine = (line: number, column: number, endColumn: number): TextRange => ({
  line,
  column,
  endLine: line,
  endColumn,
});

/** What is written in a line, without the space around it; an empty line has its first column. */
export function wholeLine(lines: readonly string[], line: number): TextRange {
  const text = lines[line - 1] ?? '';
  const indent = text.length - text.trimStart().length;
  return inLine(line, Math.min(indent, text.trimEnd().length) + 1, text.trimEnd().length + 1);
}

export const insertAt = (line: number, column: number, text: string): TextEdit => ({
  range: inLine(line, column, column),
  text,
});

export const replaceIn = (line: number, from: number, to: number, text: string): TextEdit => ({
  range: inLine(line, from, to),
  text,
});

/** A line of its own below `line`; 0 puts it above the first. */
export const insertBelow = (lines: readonly string[], line: number, text: string): TextEdit =>
  line === 0 ? insertAt(1, 1, `${text}\n`) : insertAt(line, (lines[line - 1] ?? '').length + 1, `\n${text}`);

/** Removes a whole line with its end. */
export const removeLine = (lines: readonly string[], line: number): TextEdit =>
  line < lines.length
    ? { range: { line, column: 1, endLine: line + 1, endColumn: 1 }, text: '' }
    : { range: inLine(line, 1, (lines[line - 1] ?? '').length + 1), text: '' };

/** The text with edits applied, as an editor does it; they must not overlap. Line ends become LF. */
export function applyEdits(source: string, edits: readonly TextEdit[]): string {
  const lines = linesOf(source);
  const starts: number[] = [0];
  for (const line of lines) starts.push((starts.at(-1) ?? 0) + line.length + 1);
  const offset = (line: number, column: number): number => (starts[line - 1] ?? 0) + column - 1;
  let text = lines.join('\n');
  const placed = edits
    .map(({ range, text: put }, index) => ({
      from: offset(range.line, range.column),
      to: offset(range.endLine, range.endColumn),
      put,
      index,
    }))
    .sort((a, b) => b.from - a.from || b.index - a.index);
  for (const { from, to, put } of placed) text = text.slice(0, from) + put + text.slice(to);
  return text;
}
