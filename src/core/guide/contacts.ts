import type { Contact } from './guide.ts';
import type { Report } from './report.ts';
import { contentIsMarked } from './sections.ts';
import { columnCells, columnNamed, reportTableShape, type PlacedTable } from './tables.ts';
import { words } from './vocabulary.ts';

const bracketed = /^[[<{(［【].*[\])>}］】]$/s;
const isPlaceholder = (cell: string): boolean =>
  cell === '' || bracketed.test(cell) || /^(?:tbd|tba|todo|n\/a|\.{2,}|…|_+|x{2,}|\?+|-+)$/i.test(cell);
const isReachable = (cell: string): boolean =>
  /^\+?[\d\s().\/-]{6,40}$/.test(cell) || /^[@#]\S|\S@\S+\.\S|^(?:tel|mailto|https?):/i.test(cell);

/** The column that says how to reach people: by its cells (numbers, addresses, handles, placeholders), or -1. */
function reachColumn({ table }: PlacedTable): number {
  const holds = (column: number, test: (cell: string) => boolean) => {
    const cells = columnCells(table, column);
    return cells.length > 0 && cells.filter(test).length * 2 >= cells.length;
  };
  const columns = table.header.map((_, column) => column).filter((column) => column > 0);
  return (
    columns.find((column) => holds(column, isReachable)) ??
    [...columns]
      .reverse()
      .find((column) => holds(column, (cell) => isReachable(cell) || bracketed.test(cell))) ??
    -1
  );
}

/** The guide's contacts from every table with roles and ways to reach them that is not one of `taken`. */
export function readContacts(
  tables: readonly PlacedTable[],
  taken: readonly (PlacedTable | undefined)[],
  report: Report,
): { contacts: Contact[]; sources: PlacedTable[] } {
  const free = tables.filter((placed) => !taken.includes(placed));
  const marked = free.filter(({ section, content }) => contentIsMarked(section, content, 'contacts'));
  const named = free.filter(({ section, table }) => {
    const roleAt = columnNamed(table, words.role);
    const reachAt = columnNamed(table, words.contact, [roleAt]);
    return reachAt >= 0 && (roleAt >= 0 || words.contacts.test(section.heading));
  });
  const shaped = free.filter((placed) => placed.table.header.length > 1 && reachColumn(placed) > 0);
  const sources = [marked, named, shaped].find((found) => found.length > 0) ?? [];
  const contacts = sources.flatMap((placed) => readTable(placed, report));
  return { contacts, sources };
}

function readTable(placed: PlacedTable, report: Report): Contact[] {
  reportTableShape(placed, report);
  const { table } = placed;
  const roleAt = Math.max(0, columnNamed(table, words.role));
  const byCells = reachColumn(placed);
  const byName = columnNamed(table, words.contact, [roleAt]);
  const reachAt = byName >= 0 ? byName : byCells >= 0 ? byCells : table.header.length - 1;
  const rest = table.header.map((_, column) => column).filter((c) => c !== roleAt && c !== reachAt);
  const namedAt = columnNamed(table, words.name, [roleAt, reachAt]);
  const nameAt = namedAt >= 0 ? namedAt : (rest[0] ?? -1);
  const contacts: Contact[] = [];
  for (const row of table.rows) {
    const role = row.cells[roleAt] ?? '';
    const name = row.cells[nameAt] ?? '';
    const contact = row.cells[reachAt] ?? '';
    if (role === '' && name === '' && contact === '') continue;
    const placeholder = isPlaceholder(contact) || (nameAt >= 0 && isPlaceholder(name));
    if (placeholder)
      report(
        row.line,
        'contact-placeholder',
        'info',
        `${role || 'This contact'} still has a placeholder (${[name, contact].filter(isPlaceholder).join(', ') || 'empty'}). Fill in who to call before it is 3 a.m.`,
      );
    contacts.push({ role, name, contact, placeholder, line: row.line });
  }
  return contacts;
}
