import { insertAt, insertBelow, type TextEdit } from './textEdit.ts';

/** One cell of a table's source line; columns from 1, of its text without the space around it. */
export interface Cell {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The cells of a table's line with their places; an escaped pipe is content. */
export function cellsOf(line: string): readonly Cell[] {
  const bars = [...line.matchAll(/\\?\|/g)].filter(([found]) => found === '|').map(({ index }) => index);
  const start = line.length - line.replace(/^[\s>]+/, '').length;
  const edges = line[start] === '|' ? bars : [start - 1, ...bars];
  const ends = line.trimEnd().endsWith('|') ? edges : [...edges, line.trimEnd().length];
  return ends.slice(1).map((end, index) => {
    const raw = line.slice((ends[index] ?? 0) + 1, end);
    const before = raw.length - raw.trimStart().length;
    const text = raw.trim();
    // An empty cell is written behind its first space.
    const from = (ends[index] ?? 0) + 1 + (text === '' ? Math.min(1, raw.length) : before);
    return { text, from: from + 1, to: from + text.length + 1 };
  });
}

export const isRuler = (line: string): boolean => line.includes('-') && /^[\s|:>-]+$/.test(line);

/** The header and ruler above a table's row; the ruler is 0 where the table has none. Lines from 1. */
export function tableAround(
  lines: readonly string[],
  row: number,
): { readonly header: number; readonly ruler: number; readonly last: number } {
  let header = row;
  while (header > 1 && (lines[header - 2] ?? '').includes('|')) header -= 1;
  let last = row;
  while (last < lines.length && (lines[last] ?? '').includes('|')) last += 1;
  return { header, ruler: isRuler(lines[header] ?? '') ? header + 1 : 0, last };
}

/** Puts a text into the cell of a row, and the cells before it where the row is too short. */
export function fillCell(lines: readonly string[], line: number, column: number, text: string): TextEdit {
  const written = lines[line - 1] ?? '';
  const cells = cellsOf(written);
  const cell = cells[column];
  if (cell)
    return {
      range: { line, column: cell.from, endLine: line, endColumn: cell.to },
      text: spaced(written, cell, text),
    };
  return addCells(written, line, [...Array<string>(column - cells.length).fill(''), text]);
}

/** An empty cell `||` has no space to be written into. */
const spaced = (line: string, { from, to }: Cell, text: string): string =>
  from !== to ? text : `${line[from - 2] === '|' ? ' ' : ''}${text}${line[to - 1] === '|' ? ' ' : ''}`;

/** Puts cells behind a row's last one. */
export function addCells(written: string, line: number, cells: readonly string[]): TextEdit {
  const end = written.trimEnd();
  const more = cells.map((cell) => (cell === '' ? '  |' : ` ${cell} |`)).join('');
  return insertAt(line, end.length + 1, end.endsWith('|') ? more : ` |${more}`);
}

/** The ruler that a table's header lacks. */
export const insertRuler = (lines: readonly string[], header: number): TextEdit =>
  insertBelow(lines, header, `|${'---|'.repeat(cellsOf(lines[header - 1] ?? '').length)}`);
