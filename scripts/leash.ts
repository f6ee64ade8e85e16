import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * Starts a program that cannot outlive us: a small keeper process starts it, holds a pipe to us and ends the program's
 * whole process tree when that pipe closes, even when we are ended by SIGKILL. The child's stdout and stderr are the
 * program's. `kill()` of the child itself would leave the tree: call `endTree`.
 */
export function spawnLeashed(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
): ChildProcess {
  return spawn(process.execPath, [fileURLToPath(import.meta.url), command, ...args], {
    ...options,
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that Ctrl-C in the terminal reaches us first and things end in order.
    detached: process.platform !== 'win32',
  });
}

export interface RunningProcess {
  readonly id: number;
  readonly parent: number;
  readonly command: string;
}

/** Everything running below the process `id`, nearest first. Empty where `ps` does not exist (Windows). */
export function getDescendants(id: number): RunningProcess[] {
  if (process.platform === 'win32') return [];
  const table = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,ppid=,args='], {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
  });
  const all = table.split('\n').flatMap((line) => {
    const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
    return match ? [{ id: Number(match[1]), parent: Number(match[2]), command: match[3] ?? '' }] : [];
  });
  const found: RunningProcess[] = [];
  const parents = [id];
  for (const parent of parents) {
    for (const child of all.filter((one) => one.parent === parent)) {
      found.push(child);
      parents.push(child.id);
    }
  }
  return found;
}

/** Ends the process `id` and everything below it, at once; resolves when the child is gone. */
export async function endTree(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const below = getDescendants(child.pid);
  if (process.platform === 'win32') execFileSync('taskkill', ['/pid', String(child.pid), '/t', '/f']);
  else for (const { id } of below) signalIfAlive(id, signal);
  // The keeper ends by itself with the program; after SIGKILL of the program there is nothing left to keep.
  if (signal === 'SIGKILL') child.kill('SIGKILL');
  await gone;
}

function signalIfAlive(id: number, signal: NodeJS.Signals): void {
  try {
    process.kill(id, signal);
  } catch {
    // It ended by itself between listing and signalling.
  }
}

/** The keeper: runs the program, and ends its tree when the pipe to the starter closes. */
function keep([command, ...args]: string[]): void {
  if (command === undefined) throw new Error('leash: no command');
  const child = spawn(command, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  const stop = () => {
    for (const { id } of getDescendants(process.pid)) signalIfAlive(id, 'SIGKILL');
    if (process.platform === 'win32') child.kill('SIGKILL');
    process.exit(137);
  };
  process.stdin.on('end', stop).on('close', stop).on('error', stop).resume();
  // A signal to the whole group is for the program to answer; the keeper leaves when the program has.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(127);
  });
  child.on('exit', (code, signal) => process.exit(code ?? (signal ? 128 : 1)));
}

if (import.meta.main) keep(process.argv.slice(2));
