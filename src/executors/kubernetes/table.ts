import * as v from 'valibot';

/** The API server's own table: https://kubernetes.io/docs/reference/using-api/api-concepts/#receiving-resources-as-tables */
const tableSchema = v.object({
  kind: v.literal('Table'),
  metadata: v.nullish(
    v.object({ continue: v.nullish(v.string()), remainingItemCount: v.nullish(v.number()) }),
  ),
  columnDefinitions: v.array(v.object({ name: v.string(), priority: v.nullish(v.number(), 0) })),
  rows: v.nullish(
    v.array(
      v.object({
        cells: v.array(v.unknown()),
        object: v.nullish(
          v.looseObject({
            metadata: v.nullish(
              v.looseObject({ name: v.nullish(v.string()), namespace: v.nullish(v.string()) }),
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
}

/**
 * Prints a table exactly as kubectl does: upper-case headers, columns three spaces apart and at least six wide, the last
 * one not padded, a cell cut at its first line break. Empty for a table without rows.
 */
export function renderTable(table: ServerTable, layout: TableLayout): string {
  if (table.rows.length === 0) return '';
  const shown = table.columnDefinitions.flatMap((column, index) =>
    layout.wide || column.priority === 0 ? [index] : [],
  );
  const nameIndex = table.columnDefinitions.findIndex((column) => column.name.toLowerCase() === 'name');
  const lines = table.rows.map((row) => {
    const cells = shown
      .filter((index) => index < row.cells.length)
      .map((index) => {
        const cell = cellText(row.cells[index]);
        return index === nameIndex && layout.kindPrefix !== undefined ? `${layout.kindPrefix}/${cell}` : cell;
      });
    return layout.withNamespace ? [row.object?.metadata?.namespace ?? '', ...cells] : cells;
  });
  if (layout.headers) {
    const names = shown.map((index) => (table.columnDefinitions[index]?.name ?? '').toUpperCase());
    lines.unshift(layout.withNamespace ? ['NAMESPACE', ...names] : names);
  }
  return renderColumns(lines);
}

/** Aligns cells like Go's tabwriter with kubectl's settings (minimum width 6, padding 3). */
export function renderColumns(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
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

const characters = (text: string): number => (/^[\x20-\x7e]*$/.test(text) ? text.length : [...text].length);

function cellText(cell: unknown): string {
  if (cell === null || cell === undefined) return '';
  const text =
    typeof cell === 'string'
      ? cell
      : typeof cell === 'object'
        ? JSON.stringify(cell)
        : String(cell as number);
  const cut = text.search(/[\f\n\r]/);
  // A terminal escape in an object's name or status must not reach the screen; kubectl shows it as ^[.
  return (cut < 0 ? text : `${text.slice(0, cut)}...`).replaceAll('\u001b', '^[');
}
