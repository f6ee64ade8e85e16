import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const windows = process.platform === 'win32';

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
}

/** How often a tree that was asked to end is looked at, milliseconds. */
const lookAgainMs = 40;

/**
 * Ends a process started detached with everything it started: SIGTERM to its group and to descendants that left the
 * group (`setsid`, job control), SIGKILL to what is left after `killAfterMs`. Resolves when nothing of it runs any
 * more, or after the SIGKILL. On Windows `taskkill` ends the tree at once.
 */
export async function endTree(pid: number, killAfterMs: number): Promise<void> {
  if (windows) {
    await execute('taskkill', ['/pid', String(pid), '/T', '/F']).catch(() => undefined);
    return;
  }
  // Listed before the first signal: once their parent is dead, nothing tells whose children they were.
  const strays = descendants(pid, await livingProcesses());
  send(-pid, 'SIGTERM');
  for (const stray of strays) send(stray, 'SIGTERM');
  const deadline = Date.now() + killAfterMs;
  for (;;) {
    const left = (await livingProcesses()).filter((one) => one.group === pid || strays.includes(one.pid));
    if (left.length === 0) return;
    if (Date.now() >= deadline) {
      send(-pid, 'SIGKILL');
      for (const one of left) send(one.pid, 'SIGKILL');
      return;
    }
    await new Promise((next) => setTimeout(next, lookAgainMs));
  }
}

/** True while a process of the group runs; zombies, which a container without an init leaves behind, do not count. */
export async function isGroupAlive(pid: number): Promise<boolean> {
  if (windows || !mayBeAlive(pid)) return false;
  return (await livingProcesses()).some((one) => one.group === pid);
}

const mayBeAlive = (group: number): boolean => send(-group, 0);

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false; // already gone, which is what was wanted
  }
}

async function livingProcesses(): Promise<readonly Process[]> {
  const listed = await execute('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=']).catch(() => undefined);
  return (listed?.stdout.split('\n') ?? []).flatMap((row) => {
    const [pid, parent, group, state] = row.trim().split(/\s+/);
    if (state === undefined || state.startsWith('Z')) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group) }];
  });
}

function descendants(root: number, processes: readonly Process[]): readonly number[] {
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const own = processes.filter((one) => one.parent === pid).map((one) => one.pid);
    found.push(...own);
    waiting.push(...own);
  }
  return found;
}
