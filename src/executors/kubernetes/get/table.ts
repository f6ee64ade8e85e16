import * as v from 'valibot';
import { characters, withoutEscapes } from './tabWriter.ts';

/** The API server's own table: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
const tableSchema = v.object({
  kind: v.literal('Table'),
  metadata: v.nullish(
    v.object({
      continue: v.nullish(v.string()),
      remainingItemCount: v.nullish(v.number()),
      resourceVersion: v.nullish(v.string()),
    }),
  ),
  // A watch leaves the columns out once it has told them.
  columnDefinitions: v.nullish(
    v.array(
      v.object({
        name: v.string(),
        format: v.nullish(v.string()),
        priority: v.nullish(v.number(), 0),
      }),
    ),
    [],
  ),
  rows: v.nullish(
    v.array(
      v.object({
        cells: v.array(v.unknown()),
        object: v.nullish(
          v.looseObject({
            metadata: v.nullish(
              v.looseObject({
                name: v.nullish(v.string()),
                namespace: v.nullish(v.string()),
                resourceVersion: v.nullish(v.string()),
                labels: v.nullish(v.record(v.string(), v.string())),
              }),
            ),
          }),
        ),
      }),
    ),
    [],
  ),
});

export type ServerTable = v.InferOutput<typeof tableSchema>;

export function parseTable(answer: unknown): ServerTable | undefined {
  const parsed = v.safeParse(tableSchema, answer);
  return parsed.success ? parsed.output : undefined;
}

export interface TableLayout {
  /** All columns instead of those with priority 0. */
  readonly wide: boolean;
  readonly headers: boolean;
  /** Adds the NAMESPACE column. */
  readonly withNamespace: boolean;
  /** `service` to print names as `service/name`. */
  readonly kindPrefix: string | undefined;
  /** `-L`: labels as columns of their own. */
  readonly labelColumns: readonly string[];
  /** `--show-labels`: all of them in the last column. */
  readonly showLabels: boolean;
}

/**
 * Prints a table exactly as kubectl does: upper-case headers, columns three spaces apart and at least six wide, the last
 * one not padded, a cell cut at its first line break. Empty for a table without rows.
 */
export function renderTable(table: ServerTable, layout: TableLayout): string {
  return table.rows.length === 0 ? '' : renderColumns(tableLines(table, layout));
}

/** The cells of a table's lines, its header first where headers are wanted. */
export function tableLines(table: ServerTable, layout: TableLayout): string[][] {
  const { columnDefinitions: columns } = table;
  const shown = columns.flatMap((column, index) => (layout.wide || column.priority === 0 ? [index] : []));
  const knowsFormats = columns.some(({ format }) => format);
  const nameIndex = columns.findIndex((column) =>
    knowsFormats ? column.format === 'name' : column.name.toLowerCase() === 'name',
  );
  const lines = table.rows.map((row) => {
    const cells = shown
      .filter((index) => index < row.cells.length)
      .map((index) => {
        const cell = cellText(row.cells[index]);
        return index === nameIndex && layout.kindPrefix !== undefined ? `${layout.kindPrefix}/${cell}` : cell;
      });
    const labels = row.object?.metadata?.labels ?? {};
    return [
      ...(layout.withNamespace ? [row.object?.metadata?.namespace ?? ''] : []),
      ...cells,
      ...layout.labelColumns.map((label) => labels[label] ?? ''),
      ...(layout.showLabels ? [labelsText(labels)] : []),
    ];
  });
  if (!layout.headers) return lines;
  const header = [
    ...(layout.withNamespace ? ['NAMESPACE'] : []),
    ...shown.map((index) => (columns[index]?.name ?? '').toUpperCase()),
    ...layout.labelColumns.map((label) => label.replace(/^.*\//, '').toUpperCase()),
    ...(layout.showLabels ? ['LABELS'] : []),
  ];
  return [header, ...lines];
}

const labelsText = (labels: Readonly<Record<string, string>>): string =>
  Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>';

/**
 * Aligns cells like Go's tabwriter with kubectl's settings (minimum width 6, padding 3). `widths` are those of what was
 * printed before, and are widened: a watch's later rows stay below its first ones.
 */
export function renderColumns(lines: readonly (readonly string[])[], widths: number[] = []): string {
  for (const line of lines) {
    line.slice(0, -1).forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 6, characters(cell) + 3);
    });
  }
  return lines
    .map(
      (line) =>
        line
          .map((cell, index) =>
            index === line.length - 1 ? cell : cell + ' '.repeat((widths[index] ?? 6) - characters(cell)),
          )
          .join('') + '\n',
    )
    .join('');
}

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text =
    typeof cell === 'string'
      ? cell
      : typeof cell === 'object'
        ? JSON.stringify(cell)
        : String(cell as number);
  const cut = text.search(/[\f\n\r]/);
  return withoutEscapes(cut < 0 ? text : `${text.slice(0, cut)}...`);
}
