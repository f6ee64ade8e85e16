import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import type { Result } from '../../core/errors.ts';
import { messageOf } from '../../core/errors.ts';
import type { Outcome, ShellPlan, Target } from '../../core/plan/plan.ts';
import type { Executor, OutputStream, RunIo, Signal } from '../../core/ports.ts';
import { maskIo, maskOutcome } from '../maskSecrets.ts';
import { outcomeOf } from '../runScope.ts';
import type { Secrets } from '../secretValues.ts';
import { fetchSecrets } from '../secretValues.ts';
import type { Interpreter } from './interpreter.ts';
import { findInterpreter, isPosixInterpreter, wantsScriptFile } from './interpreter.ts';
import { createPinnedEnvironment } from './pinnedEnvironment.ts';
import { endTree, isGroupAlive } from './processTree.ts';
import { prepareReadBack, readLeftBehind, withReadBack } from './readBack.ts';
import type { ShellSessions } from './shellSessions.ts';

export interface ShellDeps {
  /** The text of a kubeconfig with the target's context alone. */
  readonly kubeconfigFor: (target: Target) => Result<string>;
  /** The folder a plan's own `cwd` is relative to. */
  readonly cwd: () => string;
  readonly env: () => Readonly<Record<string, string | undefined>>;
  /** Where a run's kubeconfig lies while it runs. */
  readonly tempFolder: () => string;
  /** Values of the secrets that plans name; without it every one counts as not set. */
  readonly secrets?: Secrets;
  /** What carries from step to step; without it each step begins anew. */
  readonly sessions?: ShellSessions;
}

/** How long a process may take to end itself after SIGTERM, milliseconds. */
const killAfterMs = 2000;
/** After the shell's end its output is read until nothing came for this long: a background child may hold it open. */
const drainMs = 300;

/**
 * Runs shell plans in real processes: streams both outputs as fast as they are taken, closes stdin, gives cluster tools
 * the pinned context alone, hands secrets over in the environment and hides their values in the output, and on stop or
 * timeout ends the whole process tree before it answers.
 */
export function createShellExecutor(deps: ShellDeps): Executor<ShellPlan> {
  return {
    async run(plan, io, signal) {
      if (signal.aborted) return { kind: 'stopped' };
      try {
        return await run(deps, plan, io, signal);
      } catch (thrown) {
        return failedToRun(
          `This step ended unexpectedly: ${messageOf(thrown)}. What it printed so far is kept.`,
        );
      }
    },
  };
}

const failedToRun = (message: string): Outcome => ({ kind: 'failed', message });

async function run(deps: ShellDeps, plan: ShellPlan, io: RunIo, signal: Signal): Promise<Outcome> {
  if (plan.interactive) {
    return failedToRun(
      'This step asks for a terminal (interactive) and cannot run here. Nothing was run; open it in a terminal.',
    );
  }
  const cwd = resolve(deps.cwd(), plan.cwd ?? '.');
  if (!isFolder(cwd)) return failedToRun(`The folder ${cwd} of this step does not exist. Nothing was run.`);
  const secrets = await fetchSecrets(plan.secrets ?? [], deps.secrets);
  if (!secrets.ok) {
    await io.write(`${secrets.failure.message}\n`, 'stderr');
    return outcomeOf(secrets.failure);
  }
  const pinned = await createPinnedEnvironment(plan, deps.kubeconfigFor, deps.tempFolder());
  if (!pinned.ok) {
    await io.write(`${pinned.failure.message}\n`, 'stderr');
    return failedToRun(pinned.failure.message);
  }
  try {
    if (pinned.value.note !== undefined) await io.write(`${pinned.value.note}\n`, 'stderr');
    const session = plan.session;
    const carried = session === undefined ? {} : (deps.sessions?.variables(session) ?? {});
    // A secret reaches the script by its environment alone: the script's text and its arguments keep `$NAME`. What is
    // pinned wins over what an earlier step exported.
    const env = {
      ...deps.env(),
      ...carried,
      ...pinned.value.variables,
      ...Object.fromEntries(secrets.value),
    };
    const ownSecrets = [...secrets.value.values()];
    const hidden = [...ownSecrets, ...(session === undefined ? [] : (deps.sessions?.hidden(session) ?? []))];
    const output = maskIo(io, hidden);
    const file = join(pinned.value.folder, 'environment');
    const readsBack = session !== undefined && deps.sessions && isPosixInterpreter(plan.interpreter, env);
    try {
      const script = readsBack ? withReadBack(plan.script, file) : plan.script;
      if (readsBack) await prepareReadBack(file);
      const started = await interpreterFor({ ...plan, script }, env, pinned.value.folder);
      return maskOutcome(await runProcess(plan, started, cwd, env, output, signal), hidden);
    } finally {
      await output.end();
      if (readsBack)
        deps.sessions?.leave(
          session,
          await readLeftBehind(file, env, new Set(secrets.value.keys()), ownSecrets),
        );
    }
  } finally {
    await pinned.value.dispose().catch(() => undefined);
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

type Ended =
  { readonly code: number | null; readonly signal: NodeJS.Signals | null } | { readonly thrown: Error };

async function interpreterFor(
  { interpreter, script }: ShellPlan,
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
): Promise<Interpreter> {
  if (!wantsScriptFile(interpreter, env)) return findInterpreter(interpreter, script, env);
  const file = join(folder, 'script');
  await writeFile(file, script, { mode: 0o600 });
  return findInterpreter(interpreter, script, env, file);
}

async function runProcess(
  plan: ShellPlan,
  { command, args }: Interpreter,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
  io: RunIo,
  signal: Signal,
): Promise<Outcome> {
  const child = spawn(command, [...args], {
    cwd,
    env,
    // A group of its own is what lets the whole tree be signalled.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let why: Outcome | undefined;
  let killing: Promise<void> | undefined;
  const ended = endOf(child);
  const end = (outcome: Outcome): void => {
    why ??= outcome;
    if (child.pid !== undefined) killing ??= endTree(child.pid, killAfterMs);
  };
  const onAbort = () => end({ kind: 'stopped' });
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  const { timeoutMs } = plan;
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => end({ kind: 'timed-out', afterMs: timeoutMs }), timeoutMs);

  const onLost = (thrown: unknown) =>
    end(
      failedToRun(`The output of this step could not be kept: ${messageOf(thrown)}. The step was stopped.`),
    );
  const pumps = [pump(child.stdout, 'stdout', io, onLost), pump(child.stderr, 'stderr', io, onLost)];
  try {
    const result = await ended;
    await drain(pumps, () => why !== undefined);
    await killing;
    if (why !== undefined) return why;
    if ('thrown' in result) return startFailure(command, result.thrown);
    if (child.pid !== undefined && (await isGroupAlive(child.pid))) {
      await io.write(
        `Processes of this step still run in the background (process group ${child.pid}).\n`,
        'stderr',
      );
    }
    return outcomeOfExit(command, result.code, result.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

const endOf = (child: ChildProcess): Promise<Ended> =>
  new Promise((done) => {
    child.once('exit', (code, signal) => done({ code, signal }));
    child.once('error', (thrown) => done({ thrown }));
  });

interface Pump {
  readonly done: Promise<void>;
  /** True while it waits for the sink or has just read something. */
  isBusy(now: number): boolean;
}

/** Copies one stream to the run's output, chunk by chunk, waiting for the sink; UTF-8 split anywhere is put together. */
function pump(stream: Readable, name: OutputStream, io: RunIo, onLost: (thrown: unknown) => void): Pump {
  const decoder = new TextDecoder();
  let writing = false;
  let last = Date.now();
  const write = async (text: string): Promise<void> => {
    if (text === '') return;
    writing = true;
    try {
      await io.write(text, name);
    } catch (thrown) {
      onLost(thrown);
      throw thrown;
    } finally {
      writing = false;
      last = Date.now();
    }
  };
  const copy = async (): Promise<void> => {
    try {
      for await (const chunk of stream as AsyncIterable<Uint8Array>) {
        last = Date.now();
        await write(decoder.decode(chunk, { stream: true }));
      }
      await write(decoder.decode());
    } catch (thrown) {
      // A stream we destroyed at the end is no loss, and one whose sink failed has been told already.
      if (!stream.destroyed) onLost(thrown);
    }
  };
  return { done: copy(), isBusy: (now) => writing || now - last < drainMs };
}

/** Waits until all output has been read, or until only a background child still holds it open. */
async function drain(pumps: readonly Pump[], ending: () => boolean): Promise<void> {
  let open = true;
  const done = Promise.all(pumps.map((one) => one.done)).then(() => (open = false));
  const ended = Date.now();
  for (;;) {
    await Promise.race([done, new Promise((next) => setTimeout(next, 50))]);
    const now = Date.now();
    const busy = now - ended < drainMs || pumps.some((one) => one.isBusy(now));
    // Stopped while the sink is full: what is left of the output is not waited for.
    if (!open || !busy || (ending() && now - ended >= drainMs)) return;
  }
}

function startFailure(command: string, thrown: NodeJS.ErrnoException): Outcome {
  return thrown.code === 'ENOENT'
    ? failedToRun(
        `The interpreter ${command} is not installed here. Nothing was run; install it or name another one at the fence.`,
      )
    : failedToRun(`The interpreter ${command} could not be started: ${messageOf(thrown)}. Nothing was run.`);
}

function outcomeOfExit(command: string, code: number | null, signal: NodeJS.Signals | null): Outcome {
  if (code === 0) return { kind: 'succeeded', exitCode: 0 };
  if (code === null) {
    return {
      kind: 'failed',
      signal: signal ?? 'unknown',
      message: `The ${command} process was ended by ${signal} from outside. What it printed so far is kept.`,
    };
  }
  const hint =
    code === 127
      ? ': a command in it was not found'
      : code === 126
        ? ': a command in it could not be executed'
        : '; its output says why';
  return { kind: 'failed', exitCode: code, message: `The script ended with exit code ${code}${hint}.` };
}
