import type { CommandResult, World } from '../state/world.ts';

/** What the shop's PostgreSQL allows; the sessions of others than payment-service, psql's own among them. */
export const maxConnections = 100;
const otherSessions = 13;
/** Each running payment-service pod keeps a pool of so many. */
const poolSize = 3;
/** With half open ones of killed pods, until the server notices. */
const whileCrashing = 94;

/** How many sessions the database has; more than `maxConnections` means that the next one is refused. */
export function connectionsOf(world: World, isCrashing: boolean): number {
  const pods = world.store
    .list('pods', 'production')
    .filter(
      ({ metadata, status }) =>
        metadata.labels?.['app'] === 'payment-service' &&
        status.containerStatuses?.[0]?.state.running !== undefined,
    );
  const pooled = otherSessions + poolSize * pods.length;
  return isCrashing ? Math.max(whileCrashing, pooled) : pooled;
}

interface Column {
  readonly name: string;
  readonly value: number;
  readonly isText?: boolean;
}

/**
 * What psql prints for a query about the connections of a database that has so many, in the layout of psql 15; anything
 * else is an error of the simulated database.
 */
export function answerPsql(argv: readonly string[], connections: number): CommandResult {
  if (connections > maxConnections)
    return {
      stdout: '',
      stderr:
        'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: FATAL:  sorry, too many clients already\n',
      exitCode: 2,
    };
  const query = (argv[argv.indexOf('-c') + 1] ?? '').trim().replace(/\s*;$/, '');
  const columns = columnsOf(query, connections);
  if (columns === undefined)
    return {
      stdout: '',
      stderr:
        'ERROR:  the simulated database only knows SELECT count(*) FROM pg_stat_activity and SHOW max_connections\n',
      exitCode: 1,
    };
  return { stdout: renderRow(columns), stderr: '', exitCode: 0 };
}

const count = /^select\s+count\(\*\)(?:\s+as\s+(\w+))?(?:\s*,\s*(.+?))?\s+from\s+pg_stat_activity$/is;
const limit = /^current_setting\('max_connections'\)(::int(?:eger)?)?(?:\s+as\s+(\w+))?$/i;

function columnsOf(query: string, connections: number): readonly Column[] | undefined {
  if (/^show\s+max_connections$/i.test(query))
    return [{ name: 'max_connections', value: maxConnections, isText: true }];
  const counted = count.exec(query);
  if (counted === null) return undefined;
  const first: Column = { name: counted[1] ?? 'count', value: connections };
  if (counted[2] === undefined) return [first];
  const asked = limit.exec(counted[2]);
  if (asked === null) return undefined;
  return [
    first,
    { name: asked[2] ?? 'current_setting', value: maxConnections, isText: asked[1] === undefined },
  ];
}

/** Heads in the middle, numbers to the right, and no blanks behind a text that ends the line. */
function renderRow(columns: readonly Column[]): string {
  const widths = columns.map(({ name, value }) => Math.max(name.length, String(value).length));
  const width = (at: number): number => widths[at] ?? 0;
  const head = columns.map(({ name }, at) => {
    const before = Math.floor((width(at) - name.length) / 2);
    return ` ${' '.repeat(before)}${name}`.padEnd(width(at) + 1);
  });
  const cells = columns.map(({ value, isText }, at) => {
    const text = String(value);
    if (isText !== true) return ` ${text.padStart(width(at))}`;
    return ` ${at === columns.length - 1 ? text : text.padEnd(width(at))}`;
  });
  return [
    `${head.join(' |')} `,
    columns.map((_, at) => '-'.repeat(width(at) + 2)).join('+'),
    cells.join(' |'),
    '(1 row)',
    '',
    '',
  ].join('\n');
}
