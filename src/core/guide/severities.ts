import { parseDuration } from './durations.ts';
import type { Escalation, Severity } from './guide.ts';
import type { Report } from './report.ts';
import { contentIsMarked } from './sections.ts';
import { severityIdentifier } from './severityNames.ts';
import { columnCells, columnNamed, reportTableShape, type PlacedTable } from './tables.ts';
import { words } from './vocabulary.ts';

/** What was read out of a table, and which table it was. */
export interface FromTable<T> {
  readonly items: readonly T[];
  readonly source: PlacedTable | undefined;
}

function durationColumn(placed: PlacedTable, except: number): number {
  const { times } = placed;
  const named = columnNamed(placed.table, words.time, [except]);
  if (named >= 0 && times[named]) return named;
  const found = times.findIndex((holds, column) => holds && column !== except);
  return found >= 0 ? found : named;
}

/**
 * The guide's severities: the marked table, else the first with a column of identifiers (or a header that says
 * severity) and a column of times, else one whose header says severity and description.
 */
export function readSeverities(tables: readonly PlacedTable[], report: Report): FromTable<Severity> {
  const marked = tables.find(({ section, content }) => contentIsMarked(section, content, 'severities'));
  const source =
    marked ??
    tables.find((placed) => {
      const column = severityColumn(placed);
      return column >= 0 && hasTimes(placed, column) && !saysEscalation(placed);
    }) ??
    tables.find(
      ({ table }) =>
        words.severity.test(table.header[0] ?? '') && columnNamed(table, words.description, [0]) > 0,
    );
  if (!source) return { items: [], source: undefined };
  reportTableShape(source, report);
  const { table } = source;
  const nameColumn = Math.max(0, severityColumn(source));
  const timeColumn = durationColumn(source, nameColumn);
  const examplesColumn = columnNamed(table, words.examples, [nameColumn, timeColumn]);
  const taken = [nameColumn, timeColumn, examplesColumn];
  const named = columnNamed(table, words.description, taken);
  const rest = table.header.map((_, column) => column).filter((column) => !taken.includes(column));
  const descriptionColumn = named >= 0 ? named : (rest[0] ?? -1);
  const moreColumn = examplesColumn >= 0 ? examplesColumn : (rest.find((c) => c !== descriptionColumn) ?? -1);
  const seen = new Set<string>();
  const items: Severity[] = [];
  for (const row of table.rows) {
    const written = row.cells[nameColumn] ?? '';
    const name = severityIdentifier(written)?.name ?? written;
    if (name === '') continue;
    if (seen.has(name.toLowerCase())) {
      report(
        row.line,
        'severity-duplicate',
        'warning',
        `${name} is listed twice. The first row counts; remove or rename this one.`,
      );
      continue;
    }
    seen.add(name.toLowerCase());
    const responseText = row.cells[timeColumn] ?? '';
    const responseMinutes = parseDuration(responseText);
    if (responseMinutes === undefined && timeColumn >= 0)
      report(
        row.line,
        'severity-time-unread',
        'warning',
        `${name} has no response time that can be read${responseText ? ` in “${responseText}”` : ''}, so its incidents ` +
          'have no response clock. Write it like “15 minutes” or “2 hours”.',
      );
    const description = row.cells[descriptionColumn] ?? '';
    const gloss = written.slice(name.length).replace(/^[\s(（:–—-]+|[)）\s]+$/gu, '');
    items.push({
      name,
      description: description === '' ? gloss : description,
      responseMinutes,
      responseText,
      examples: row.cells[moreColumn] ?? '',
      line: row.line,
    });
  }
  return { items, source };
}

function severityColumn(placed: PlacedTable): number {
  const identifiers = placed.identifiers;
  return identifiers >= 0 ? identifiers : words.severity.test(placed.table.header[0] ?? '') ? 0 : -1;
}

const hasTimes = (placed: PlacedTable, except: number): boolean => {
  const column = durationColumn(placed, except);
  return placed.times[column] ?? false;
};

const saysEscalation = ({ table }: PlacedTable): boolean =>
  table.header.slice(1).some((name) => /escala|eskal|эскал|エスカレ|升级/iu.test(name));

/** Who to call for which severity: the marked table, else one whose first column names the guide's severities. */
export function readEscalations(
  tables: readonly PlacedTable[],
  severities: FromTable<Severity>,
  report: Report,
): FromTable<Escalation> {
  const known = new Map(severities.items.map(({ name }) => [name.toLowerCase(), name]));
  const knownNames = [...known.values()].slice(0, 10).join(', ');
  const nameOf = (cell: string) => {
    const name = severityIdentifier(cell)?.name ?? cell;
    return known.get(name.toLowerCase()) ?? name;
  };
  const others = tables.filter((placed) => placed !== severities.source);
  const column = (placed: PlacedTable): number => {
    const first = columnCells(placed.table, 0).filter((cell) => cell !== '');
    const named = first.length > 0 && first.every((cell) => known.has(nameOf(cell).toLowerCase()));
    return named ? 0 : placed.identifiers;
  };
  const candidates = others.filter((placed) => column(placed) >= 0 && placed.table.header.length > 1);
  const source =
    others.find(({ section, content }) => contentIsMarked(section, content, 'escalation')) ??
    candidates.find((placed) => words.escalation.test(placed.table.header.slice(1).join(' '))) ??
    candidates.find((placed) => words.escalation.test(placed.section.heading)) ??
    candidates.find((placed) => !hasTimes(placed, column(placed)));
  if (!source) return { items: [], source: undefined };
  reportTableShape(source, report);
  const { table } = source;
  const severityAt = Math.max(0, column(source));
  const named = columnNamed(table, words.escalation, [severityAt]);
  const whoAt = named >= 0 ? named : severityAt === 0 ? 1 : 0;
  const items: Escalation[] = [];
  for (const row of table.rows) {
    const severity = nameOf(row.cells[severityAt] ?? '');
    const escalateTo = row.cells[whoAt] ?? '';
    if (severity === '' && escalateTo !== '')
      report(
        row.line,
        'escalation-severity-missing',
        'warning',
        `This row names nobody's severity, so ${escalateTo} will never be called by it. Write the severity into it.`,
      );
    if (severity === '') continue;
    if (known.size > 0 && !known.has(severity.toLowerCase()))
      report(
        row.line,
        'escalation-severity-unknown',
        'warning',
        `“${severity}” is not among the guide's severities (${knownNames}), so nobody is ever escalated to by this row.`,
      );
    items.push({ severity, escalateTo, roles: splitRoles(escalateTo), line: row.line });
  }
  return { items, source };
}

const splitRoles = (text: string): string[] =>
  text
    .split(/\s*[+,&;、，＋]\s*|\s+(?:and|und|y|et|e|и|та)\s+/iu)
    .map((role) => role.trim())
    .filter((role) => role !== '');
