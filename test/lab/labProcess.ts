import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { PlainFailure, seconds } from '../../scripts/cache.mjs';

export interface LabProcessSpec {
  /** Unique in its folder; names the log file. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** The system's folder: logs go to `logs/`, the record that `lab down` ends the process by to `processes/`. */
  readonly folder: string;
  /** Asked again and again until it says true; a throw counts as not yet. */
  readonly ready: () => Promise<boolean>;
  readonly timeoutMs: number;
}

export interface LabProcess {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** When the system started the process, in its own words: tells it from a later one with the same id. */
  readonly started: string;
}

/**
 * Starts a server that outlives this program and resolves when it is ready. Its stdout and stderr go to
 * `<folder>/logs/<name>.log`. One that ends or is not ready in time is ended, and a PlainFailure names the log file
 * and its last lines.
 */
export async function startProcess(spec: LabProcessSpec): Promise<LabProcess> {
  const { name, command, args, env, cwd, folder, ready, timeoutMs } = spec;
  const logFile = path.join(folder, 'logs', `${name}.log`);
  await mkdir(path.dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  const child = spawn(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let ended: string | undefined;
  child.once('error', (error) => (ended = `could not be started: ${error.message}`));
  child.once('exit', (code, signal) => (ended ??= `ended with ${code ?? signal}`));
  child.unref();
  // Not even forked: the error event says why.
  if (child.pid === undefined) {
    await new Promise((resolve) => setImmediate(resolve));
    throw await failureOf(name, ended ?? 'could not be started', logFile);
  }
  const labProcess = { name, pid: child.pid, logFile, started: startOf(child.pid) ?? '' };
  const record = recordOf(folder, name);
  await mkdir(path.dirname(record), { recursive: true });
  await writeFile(record, JSON.stringify(labProcess));

  const deadline = Date.now() + timeoutMs;
  while (ended === undefined) {
    if (await ready().catch(() => false)) return labProcess;
    if (Date.now() > deadline) {
      await endProcess(labProcess);
      await rm(record, { force: true });
      throw await failureOf(name, `was not ready within ${seconds(timeoutMs)}`, logFile);
    }
    await wait(100);
  }
  await rm(record, { force: true });
  throw await failureOf(name, ended, logFile);
}

/** The processes that were started in a system's folder and whose records are still there, oldest first. */
export async function readProcesses(folder: string): Promise<LabProcess[]> {
  const records = await readdir(path.join(folder, 'processes')).catch(() => []);
  const found = await Promise.all(
    records.map(
      async (file) => JSON.parse(await readFile(path.join(folder, 'processes', file), 'utf8')) as LabProcess,
    ),
  );
  return found.sort((one, other) => one.pid - other.pid);
}

/** Whether the very process that was started is still running; another one with its id is not it. */
export function isRunning({ pid, started }: LabProcess): boolean {
  return started !== '' && startOf(pid) === started;
}

/** Ends a process: SIGTERM, and SIGKILL after `graceMs`; resolves when it is gone. Never signals a stranger. */
export async function endProcess(labProcess: LabProcess, graceMs = 5000): Promise<void> {
  signal(labProcess, 'SIGTERM');
  const deadline = Date.now() + graceMs;
  while (isRunning(labProcess)) {
    if (Date.now() > deadline) signal(labProcess, 'SIGKILL');
    await wait(50);
  }
}

/** Ends every process of a system, the newest first, and forgets it. */
export async function endProcesses(folder: string): Promise<void> {
  for (const labProcess of (await readProcesses(folder)).reverse()) {
    await endProcess(labProcess);
    await rm(recordOf(folder, labProcess.name), { force: true });
  }
}

const recordOf = (folder: string, name: string) => path.join(folder, 'processes', `${name}.json`);

function signal(labProcess: LabProcess, name: NodeJS.Signals): void {
  if (!isRunning(labProcess)) return;
  try {
    process.kill(labProcess.pid, name);
  } catch {
    // It ended by itself between looking and signalling.
  }
}

/** When the process `pid` began, or undefined when there is none or only its zombie. */
function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') {
    try {
      // The program's name is in parentheses and may hold anything; state and start time are fields 3 and 22.
      const [, rest = ''] = /^\d+ \(.*\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
      const fields = rest.trim().split(' ');
      return fields[0] === 'Z' ? undefined : fields[19];
    } catch {
      return undefined;
    }
  }
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}

async function failureOf(name: string, what: string, logFile: string): Promise<PlainFailure> {
  const log = await readFile(logFile, 'utf8').catch(() => '');
  const tail = log.trimEnd().split('\n').slice(-15).join('\n  ');
  return new PlainFailure(`${name} ${what}. Its log is ${logFile}, and it ends so:\n  ${tail}`);
}
