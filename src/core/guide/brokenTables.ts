import type { Paragraph, Row, Table } from './blocks.ts';

/** Cells of a table's source line, as CommonMark tables count them; escaped pipes are content. */
export const countCells = (line: string): number => splitCells(line).length;

export function splitCells(line: string): string[] {
  const trimmed = line.replace(/^[\s>]+|\s+$/g, '');
  const cells: string[] = [];
  let cell = '';
  for (let at = 0; at < trimmed.length; at++) {
    const char = trimmed[at] ?? '';
    if (char === '\\' && trimmed[at + 1] === '|') {
      cell += '|';
      at++;
    } else if (char === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += char;
  }
  cells.push(cell.trim());
  if (trimmed.startsWith('|')) cells.shift();
  if (cells.length > 1 && trimmed.endsWith('|') && !trimmed.endsWith('\\|')) cells.pop();
  return cells;
}

const isDelimiter = (line: string): boolean => line.includes('-') && /^[\s|:>-]+$/.test(line);
const plain = (cell: string): string => cell.replace(/^[*_`]+|[*_`]+$/g, '').trim();

/**
 * A paragraph that was meant as a table: several lines with pipes whose ruler (`|---|---|`) is missing or does not
 * fit. Its rows are read as far as they go; undefined when it is prose.
 */
export function recoverTable(paragraph: Paragraph): Table | undefined {
  const piped = (paragraph.pipes ?? [])
    .map((text, index) => ({ text, line: paragraph.line + index }))
    .filter(({ text }) => text.includes('|'));
  const [head, ...rest] = piped;
  if (!head || rest.length === 0 || piped.length * 2 <= (paragraph.pipes?.length ?? 0)) return undefined;
  const header = splitCells(head.text).map(plain);
  if (header.length < 2) return undefined;
  const rows: Row[] = rest
    .filter(({ text }) => !isDelimiter(text))
    .map(({ text, line }) => {
      const cells = splitCells(text).map(plain);
      return { cells, written: cells.length, line };
    });
  return rows.length > 0 ? { kind: 'table', header, rows, line: paragraph.line } : undefined;
}
