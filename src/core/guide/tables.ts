import type { Table } from './blocks.ts';
import { recoverTable } from './brokenTables.ts';
import type { Report } from './report.ts';
import type { Content, Section } from './sections.ts';

/** A table with the section it stands in. */
export interface PlacedTable {
  readonly section: Section;
  readonly table: Table;
  /** What stands in the section's content: the table itself, or the paragraph it was recovered from. */
  readonly content: Content;
  readonly recovered: boolean;
}

/** Every table of the file in order, those with a missing or misfitting ruler included. */
export function collectTables(root: Section): PlacedTable[] {
  const tables: PlacedTable[] = [];
  for (const section of root.below)
    for (const content of section.content) {
      if (content.kind === 'table') tables.push({ section, table: content, content, recovered: false });
      const recovered = content.kind === 'paragraph' && content.pipes ? recoverTable(content) : undefined;
      if (recovered) tables.push({ section, table: recovered, content, recovered: true });
    }
  return tables;
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
