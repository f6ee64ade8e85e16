import type { Table } from './blocks.ts';
import { recoverTable } from './brokenTables.ts';
import { parseDuration } from './durations.ts';
import type { Report } from './report.ts';
import type { Content, Section } from './sections.ts';
import { severityIdentifier } from './severityNames.ts';

/** A table with the section it stands in. */
export interface PlacedTable {
  readonly section: Section;
  readonly table: Table;
  /** What stands in the section's content: the table itself, or the paragraph it was recovered from. */
  readonly content: Content;
  readonly recovered: boolean;
  /** The column whose cells are severity identifiers with one common prefix (`P0`, `P1`, …), or -1. */
  readonly identifiers: number;
  /** Of each column, whether at least half of its cells are times. */
  readonly times: readonly boolean[];
}

/** Every table of the file in order, those with a missing or misfitting ruler included. */
export function collectTables(root: Section): PlacedTable[] {
  const tables: PlacedTable[] = [];
  for (const section of root.below)
    for (const content of section.content) {
      if (content.kind === 'table')
        tables.push({ section, table: content, content, recovered: false, ...shapeOf(content) });
      const recovered = content.kind === 'paragraph' && content.pipes ? recoverTable(content) : undefined;
      if (recovered)
        tables.push({ section, table: recovered, content, recovered: true, ...shapeOf(recovered) });
    }
  return tables;
}

function shapeOf(table: Table): Pick<PlacedTable, 'identifiers' | 'times'> {
  const isTime = (cell: string) => parseDuration(cell) !== undefined;
  const times = table.header.map((_, column) => atLeastHalf(columnCells(table, column), isTime));
  return { identifiers: identifierColumn(table), times };
}

/** False for no cells at all. */
export const atLeastHalf = (cells: readonly string[], holds: (cell: string) => boolean): boolean =>
  cells.length > 0 && cells.filter(holds).length * 2 >= cells.length;

function identifierColumn(table: Table): number {
  for (let column = 0; column < Math.min(table.header.length, 4); column++) {
    const read = columnCells(table, column)
      .filter((cell) => cell !== '')
      .map(severityIdentifier);
    const prefixes = new Set(read.map((cell) => cell?.prefix.toLowerCase()));
    const numbers = new Set(read.map((cell) => cell?.number));
    if (read.length > 1 && prefixes.size === 1 && !prefixes.has(undefined) && numbers.size > 1) return column;
  }
  return -1;
}

/** Says what is wrong with the shape of a table that is used. */
export function reportTableShape({ table, recovered }: PlacedTable, report: Report): void {
  if (recovered)
    report(
      table.line,
      'table-broken',
      'warning',
      'This looks like a table, but the line |---|---| under its header is missing or has another number of columns. ' +
        'Its rows were read anyway; add that line so that every Markdown reader shows it as a table.',
    );
  for (const row of table.rows) {
    if (row.written === table.header.length) continue;
    const short = row.written < table.header.length;
    report(
      row.line,
      short ? 'table-row-short' : 'table-row-long',
      'warning',
      `This row has ${String(row.written)} cells where the header has ${String(table.header.length)}. ` +
        (short ? 'The missing ones were read as empty.' : 'What stands in the extra ones was not read.'),
    );
  }
}

/** The first column whose header matches, or -1. */
export const columnNamed = (table: Table, pattern: RegExp, except: readonly number[] = []): number =>
  table.header.findIndex((name, index) => !except.includes(index) && pattern.test(name));

/** The cells of a column, empty ones included. */
export const columnCells = (table: Table, column: number): string[] =>
  table.rows.map((row) => row.cells[column] ?? '');
