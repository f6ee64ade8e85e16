/** A page to be read: sections of tables, some with a picture of the same numbers. Plain data, drawn by `webview-ui`. */
export interface ReportPage {
  readonly title: string;
  /** Stands first, in a box: what cannot be done here, or what is missing. */
  readonly notices: readonly string[];
  readonly facts: readonly ReportFact[];
  readonly controls: ReportControls | undefined;
  readonly sections: readonly ReportSection[];
}

export interface ReportFact {
  readonly label: string;
  readonly cell: ReportCell;
}

export interface ReportControls {
  readonly ranges: readonly { readonly value: string; readonly label: string; readonly chosen: boolean }[];
  /** Whether drills are counted too. */
  readonly drills: boolean;
}

export interface ReportSection {
  readonly id: string;
  readonly heading: string;
  readonly notes: readonly string[];
  readonly chart: BarChart | undefined;
  readonly table: ReportTable | undefined;
}

export interface ReportTable {
  readonly caption: string;
  readonly columns: readonly { readonly label: string; readonly isNumber: boolean }[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly ReportCell[])[];
}

export interface ReportCell {
  readonly text: string;
  /** What the host knows it by; a cell without one is only text. */
  readonly opens: string | undefined;
  /** What a screen reader says where the text alone is not enough. */
  readonly spoken: string | undefined;
  readonly tone: 'plain' | 'quiet' | 'bad';
}

/** Bars that stand on each other, one for each label. */
export interface BarChart {
  /** What it shows, in words: the table below it has the same numbers. */
  readonly label: string;
  readonly series: readonly string[];
  readonly bars: readonly {
    readonly label: string;
    /** One for each of the series. */
    readonly values: readonly number[];
    readonly opens: string | undefined;
  }[];
}

/** What a cell of a page opens: kept by the host, so that a page can only ask for what it was shown. */
export type ReportTarget =
  | { readonly kind: 'incidents'; readonly title: string; readonly ids: readonly string[] }
  | { readonly kind: 'incident'; readonly id: string }
  | { readonly kind: 'output'; readonly run: string }
  | { readonly kind: 'evidence'; readonly id: string }
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'event'; readonly id: string }
  | { readonly kind: 'file'; readonly path: string };

export interface Report {
  readonly page: ReportPage;
  readonly targets: ReadonlyMap<string, ReportTarget>;
}

/** Makes cells, and remembers under which key each of them opens what. */
export function createCells() {
  const targets = new Map<string, ReportTarget>();
  const cell = (
    text: string,
    more: {
      readonly opens?: ReportTarget | undefined;
      readonly spoken?: string;
      readonly tone?: ReportCell['tone'];
    } = {},
  ): ReportCell => {
    const { opens, spoken, tone = 'plain' } = more;
    return { text, opens: opens && keep(opens), spoken, tone };
  };
  const keep = (target: ReportTarget): string => {
    const key = `${target.kind}/${targets.size}`;
    targets.set(key, target);
    return key;
  };
  /** A figure that opens the incidents behind it; quiet, and nothing to open, where it is zero. */
  const figure = (value: number, ids: readonly string[], title: string): ReportCell =>
    value === 0 || ids.length === 0
      ? cell(String(value), { tone: 'quiet' })
      : cell(String(value), {
          opens: { kind: 'incidents', title, ids },
          spoken: `${value}, open the incidents: ${title}`,
        });
  /** How many incidents. */
  const count = (ids: readonly string[], title: string): ReportCell => figure(ids.length, ids, title);
  return { targets, cell, figure, count, keep };
}
export type Cells = ReturnType<typeof createCells>;

/** The table without columns that say nothing in any row. */
export function withoutEmptyColumns(table: ReportTable): ReportTable {
  const isUsed = (_: unknown, at: number): boolean => table.rows.some((row) => row[at]?.text !== '');
  return {
    ...table,
    columns: table.columns.filter(isUsed),
    rows: table.rows.map((row) => row.filter(isUsed)),
  };
}
