import { chmod, chown, cp, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PlainFailure, runQuietly } from '../../../scripts/cache.mjs';
import { onPath } from '../../../scripts/programs.ts';
import { unpackDebian, unpacked } from '../builds/debianPrograms.ts';
import { freePort } from '../freePort.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';

export interface PostgresqlDescription {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Holds the table `payments`, locked by a session that is idle in a transaction. */
  readonly database: string;
  /** What psql reads (PGHOST, PGPORT, …): a shell or a container with it needs no arguments. */
  readonly env: Readonly<Record<string, string>>;
  /** The folder of psql, createdb and the others. */
  readonly programs: string;
}

/** A PostgreSQL with something to see in it: https://www.postgresql.org/docs/15/app-initdb.html */
export const postgresql: LabSystem<'postgresql'> = {
  name: 'postgresql',
  build: ensurePostgresql,
  start: async ({ folder }) => {
    const found = await ensurePostgresql();
    const asUser = await unprivileged(folder);
    const { programs, env: libraries } = asUser === undefined ? found : await within(found, folder);
    const data = path.join(folder, 'data');
    const passwordFile = path.join(folder, 'password');
    const password = `lab-${randomBytes(6).toString('hex')}`;
    await mkdir(data, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (asUser) for (const file of [data, passwordFile]) await chown(file, asUser.uid, asUser.gid);

    const before = asUser?.prefix ?? [];
    const settings = ['--username=app', `--pwfile=${passwordFile}`, '--auth=password', '--encoding=UTF8'];
    const make = [
      ...before,
      path.join(programs, 'initdb'),
      '-D',
      data,
      '--locale=C',
      '--no-sync',
      ...settings,
    ];
    await runQuietly(make[0] ?? '', make.slice(1), { env: libraries, cwd: folder });

    const port = await freePort();
    const env = { PGHOST: '127.0.0.1', PGPORT: String(port), PGUSER: 'app', PGDATABASE: 'app' };
    const description = {
      host: env.PGHOST,
      port,
      user: env.PGUSER,
      password,
      database: env.PGDATABASE,
      env: { ...env, PGPASSWORD: password },
      programs,
    };
    const query = (sql: string, database = 'app') =>
      runQuietly(path.join(programs, 'psql'), ['-v', 'ON_ERROR_STOP=1', '-XAtc', sql], {
        env: { ...libraries, ...description.env, PGDATABASE: database },
      });
    const serve = [...before, path.join(programs, 'postgres'), '-D', data, '-p', String(port)];
    const only = ['-h', '127.0.0.1', '-c', 'unix_socket_directories=', '-c', 'fsync=off', '-c', 'jit=off'];
    await startProcess({
      name: 'postgresql',
      command: serve[0] ?? '',
      args: [...serve.slice(1), ...only],
      env: libraries,
      cwd: folder,
      folder,
      ready: async () => (await query('SELECT 1', 'postgres')).trim() === '1',
      timeoutMs: 30_000,
    });
    await query('CREATE DATABASE app', 'postgres');
    await query(payments);
    await startProcess({
      name: 'idle-session',
      command: process.execPath,
      args: [fileURLToPath(new URL('idleSession.ts', import.meta.url))],
      env: description.env,
      folder,
      ready: async () => (await query(idleSessions)).trim() === '1',
      timeoutMs: 15_000,
    });
    return description;
  },
};

const payments = `
  CREATE TABLE payments (id serial PRIMARY KEY, amount numeric NOT NULL, state text NOT NULL);
  INSERT INTO payments (amount, state)
    SELECT 10 + n, CASE WHEN n % 4 = 0 THEN 'failed' ELSE 'captured' END FROM generate_series(1, 40) AS n;`;
const idleSessions = `SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'`;

interface FoundPrograms {
  readonly programs: string;
  readonly env: NodeJS.ProcessEnv;
  /** The folder it was unpacked into; undefined for the machine's own. */
  readonly unpackedIn?: string;
}

async function ensurePostgresql(): Promise<FoundPrograms> {
  const debian = '/usr/lib/postgresql';
  const versions = await readdir(debian).catch(() => []);
  const folders = [
    ...versions
      .sort()
      .reverse()
      .map((version) => path.join(debian, version, 'bin')),
  ];
  const linked = onPath('initdb');
  const own = [...folders, ...(linked ? [path.dirname(linked)] : [])].find((folder) =>
    ['initdb', 'postgres', 'psql'].every((program) => existsSync(path.join(folder, program))),
  );
  if (own) return { programs: own, env: process.env };
  const advice = 'sudo apt-get update && sudo apt-get install -y postgresql';
  if (process.platform !== 'linux' || !onPath('apt-get') || !onPath('dpkg')) {
    throw new PlainFailure(
      `The lab needs PostgreSQL (initdb, postgres, psql on PATH). On Debian: \`${advice}\`.`,
    );
  }
  const folder = await unpackDebian('postgresql', advice);
  const [version] = await readdir(path.join(folder, debian)).catch(() => []);
  if (version === undefined) throw new PlainFailure(`Debian's postgresql holds no server. ${advice}`);
  const { command, env } = unpacked(folder, path.join(debian, version, 'bin'));
  return { programs: command, env, unpackedIn: folder };
}

interface Unprivileged {
  /** What to put before a command so that it runs as this user. */
  readonly prefix: readonly string[];
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root: then it runs as `postgres`, or as `nobody`, who must reach its folder. */
async function unprivileged(folder: string): Promise<Unprivileged | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const setpriv = onPath('setpriv');
  if (!setpriv) throw new PlainFailure('As root, the lab needs setpriv (util-linux) to start PostgreSQL.');
  const id = (flag: string, user: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8' }));
  const known = ['postgres', 'nobody'].flatMap((user) => {
    try {
      return [{ uid: id('-u', user), gid: id('-g', user) }];
    } catch {
      return [];
    }
  })[0];
  if (!known) throw new PlainFailure('As root, the lab needs a user `postgres` or `nobody` for PostgreSQL.');
  const prefix = [setpriv, `--reuid=${known.uid}`, `--regid=${known.gid}`, '--clear-groups'];
  await letPass(folder);
  await runQuietly(setpriv, [...prefix.slice(1), 'test', '-x', folder], {
    advice: `As root, PostgreSQL runs as another user, who cannot reach ${folder}: let INCIDENT_LAB_DIR name a folder below ${os.tmpdir()}.`,
  });
  return { ...known, prefix };
}

/** Others may pass through the lab's own folders, which they still cannot list; nobody else's are touched. */
async function letPass(folder: string): Promise<void> {
  for (
    let passed = folder;
    `${path.dirname(passed)}/`.startsWith(`${os.tmpdir()}/`);
    passed = path.dirname(passed)
  ) {
    const { mode, uid } = await stat(passed);
    if (uid === process.getuid?.()) await chmod(passed, (mode & 0o777) | 0o011);
  }
}

/** Root's cache is closed to others: what was unpacked there goes into the lab's folder. */
async function within(found: FoundPrograms, folder: string): Promise<FoundPrograms> {
  if (found.unpackedIn === undefined) return found;
  const copy = path.join(folder, 'programs');
  await cp(path.join(found.unpackedIn, 'usr'), path.join(copy, 'usr'), { recursive: true });
  const { command, env } = unpacked(copy, path.relative(found.unpackedIn, found.programs));
  return { programs: command, env };
}
