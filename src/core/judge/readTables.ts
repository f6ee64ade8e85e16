import type { DatabaseRead, PodsRead, TableRead } from './reading.ts';

const mostRows = 60;
const mostTroubled = 30;
const mostStates = 30;
const longestCell = 200;
/** Characters of all cells together: a journal's line is no place for more. */
const mostText = 6_000;

/**
 * Two or more words in capitals, as kubectl, argocd and our RDS tables head their columns; `kubectl top` has the unit
 * behind them: `CPU(cores)`.
 */
const header =
  /^[A-Z][A-Z0-9()%/_.-]*(?: [A-Z0-9()%/_.-]+)*(?: {2,}[A-Z][A-Z0-9()%/_.-]*(?:\((?:cores|bytes)\)|(?: [A-Z0-9()%/_.-]+)*))+\s*$/;
/** psql's line between head and rows. */
const rule = /^-{2,}(?:\+-{2,})*$|^-+(?:\+-+)+$/;

interface Columns {
  readonly names: readonly string[];
  /** Where each begins; undefined for psql, which draws bars. */
  readonly starts: readonly number[] | undefined;
}

export interface TableReader {
  line(text: string): void;
  table(): TableRead | undefined;
  pods(): PodsRead | undefined;
  database(): DatabaseRead | undefined;
}

/**
 * Reads tables line by line: the rows of the first one, and of every table of pods how many are in which state. `command`
 * is what printed them, for what a column alone does not say.
 */
export function createTableReader(command = ''): TableReader {
  let columns: Columns | undefined;
  let first: Columns | undefined;
  const rows: string[][] = [];
  let cut = false;
  let kept = 0;
  let before = '';
  let pods: { total: number; healthy: number; restarted: number } | undefined;
  const states = new Map<string, number>();
  const troubled: { name: string; status: string }[] = [];
  const database: { connections?: number; limit?: number; refused?: string } = {};
  const settings = command.match(setting) ?? [];
  const asksForLimit = settings.length === 1 && limitSetting.test(settings[0] ?? '');

  const begin = (next: Columns): void => {
    columns = next;
    first ??= next;
  };
  const readPod = (cell: (name: string) => string): void => {
    const status = cell('STATUS');
    const [ready, of] = cell('READY').split('/');
    const done = status === 'Completed' || status === 'Succeeded';
    const healthy = done || (status === 'Running' && ready === of);
    pods ??= { total: 0, healthy: 0, restarted: 0 };
    pods.total++;
    if (healthy) pods.healthy++;
    if (Number.parseInt(cell('RESTARTS'), 10) > 0) pods.restarted++;
    if (states.size < mostStates || states.has(status)) states.set(status, (states.get(status) ?? 0) + 1);
    if (!healthy && troubled.length < mostTroubled) troubled.push({ name: cell('NAME'), status });
  };
  const readRow = (text: string, { names, starts }: Columns): void => {
    const cells = starts
      ? names.map((_, at) => text.slice(starts[at], starts[at + 1]).trim())
      : text.split('|').map((cell) => cell.trim());
    const cell = (name: string): string => cells[names.indexOf(name)] ?? '';
    if (isPods(names)) readPod(cell);
    if (!starts) readDatabase(names, cells, asksForLimit, database);
    if (columns !== first) return;
    const row = cells.map((each) => each.slice(0, longestCell));
    kept += row.reduce((sum, each) => sum + each.length, 0);
    if (rows.length < mostRows && kept <= mostText && !cut) rows.push(row);
    else cut = true;
  };
  return {
    line(text) {
      if (text.trim() === '') columns = undefined;
      else if (header.test(text)) begin(columnsOf(text));
      else if (rule.test(text.trim()) && before.trim() !== '')
        begin({ names: before.split('|').map((name) => name.trim()), starts: undefined });
      else if (columns && /^\(\d+ rows?\)$/.test(text.trim())) columns = undefined;
      else if (columns) readRow(text, columns);
      const refused = database.refused ?? refusal.exec(text)?.[0];
      if (refused !== undefined) database.refused = refused;
      before = text;
    },
    table: () => first && { columns: first.names.slice(0, 20), rows, cut },
    pods: () => {
      // kubectl says so when a selector finds none.
      if (!pods) return /^No resources found/.test(before) ? { ...noPods } : undefined;
      return { ...pods, states: Object.fromEntries(states), troubled };
    },
    database: () => (Object.keys(database).length > 0 ? database : undefined),
  };
}

const noPods: PodsRead = { total: 0, healthy: 0, restarted: 0, states: {}, troubled: [] };

const isPods = (names: readonly string[]): boolean =>
  ['NAME', 'READY', 'STATUS', 'RESTARTS'].every((name) => names.includes(name));

function columnsOf(text: string): Columns {
  const found = [...text.matchAll(/\S+(?: \S+)*/g)];
  return { names: found.map(([name]) => name), starts: found.map(({ index }) => index) };
}

/** PostgreSQL's own words (errcodes 53300) and MySQL's. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const refusal =
  /(?:sorry, )?too many clients already|remaining connection slots are reserved[^"\n]{0,80}|Too many connections/;

/** Quotes as they are, or as a shell or JSON around the query made of them. */
const setting = /\bcurrent_setting\s*\([^)]*\)?/gi;
const limitSetting = /\(\W*max_connections\W*(?:,[^)]*\)?)?$/i;

/**
 * `SELECT count(*) FROM pg_stat_activity` counts connections; a limit is known only where it is shown too. PostgreSQL
 * calls the column of `current_setting('max_connections')` after the function: which setting it is says the command, and
 * only where that asks for one.
 */
function readDatabase(
  names: readonly string[],
  cells: readonly string[],
  asksForLimit: boolean,
  into: { connections?: number; limit?: number },
): void {
  names.forEach((name, at) => {
    const value = Number(cells[at]);
    if (!/^\d+$/.test(cells[at] ?? '') || !Number.isSafeInteger(value)) return;
    if (name === 'max_connections' || (name === 'current_setting' && asksForLimit)) into.limit = value;
    else if (/^(?:count|connections|numbackends|sum)$/.test(name)) into.connections ??= value;
  });
}
