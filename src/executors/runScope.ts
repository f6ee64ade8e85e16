import type { Failure, Result } from '../core/errors.ts';
import { failed, messageOf } from '../core/errors.ts';
import type { Outcome } from '../core/plan/plan.ts';
import type { Inspection, RunIo, Signal } from '../core/ports.ts';

/** How an unexpected throw is told: it is our mistake, not the cluster's. */
const unexpected = (thrown: unknown): Outcome => ({
  kind: 'failed',
  message: `This step ended unexpectedly: ${messageOf(thrown)}. What it printed so far is kept; check the state before running it again.`,
});

/** How long a run that was ended may take to print its last words, milliseconds. */
const lastWordsMs = 400;

/**
 * Runs `work` under the caller's signal and an optional timeout (milliseconds) and always ends in an Outcome: soon after
 * the signal aborts `stopped`, soon after the time is up `timed-out`, whatever `work` is waiting for then. The `io`
 * that `work` is given prints nothing any more once the run has ended.
 */
export async function runScoped(
  timeoutMs: number | undefined,
  signal: Signal,
  io: RunIo,
  work: (signal: AbortSignal, io: RunIo) => Promise<Outcome>,
): Promise<Outcome> {
  if (signal.aborted) return { kind: 'stopped' };
  const controller = new AbortController();
  const timers: NodeJS.Timeout[] = [];
  let open = true;
  let why: Outcome | undefined;
  let onAbort = (): void => {};
  const ended = new Promise<void>((resolve) => {
    const end = (outcome: Outcome): void => {
      why ??= outcome;
      controller.abort();
      timers.push(setTimeout(resolve, lastWordsMs));
    };
    onAbort = () => end({ kind: 'stopped' });
    signal.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== undefined) {
      timers.push(setTimeout(() => end({ kind: 'timed-out', afterMs: timeoutMs }), timeoutMs));
    }
  });
  const guarded: RunIo = {
    write: (text, stream) => (open ? io.write(text, stream) : undefined),
    // A change that was accepted is told even when the run has ended meanwhile: its undo must not be lost.
    changed: (change) => io.changed?.(change),
    lookedUp: (found) => {
      if (open) io.lookedUp?.(found);
    },
    measured: (measured) => io.measured?.(measured),
  };
  try {
    const outcome = await Promise.race([ended, work(controller.signal, guarded).catch(unexpected)]);
    // What was done before the end came is told as done.
    if (outcome?.kind === 'succeeded') return outcome;
    return why ?? outcome ?? { kind: 'stopped' };
  } finally {
    open = false;
    for (const timer of timers) clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

/** The outcome of a failure that ended a run. */
export function outcomeOf(failure: Failure & { readonly status?: number }, exitCode?: number): Outcome {
  if (failure.code === 'cancelled') return { kind: 'stopped' };
  return {
    kind: 'failed',
    message: failure.message,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(exitCode === undefined ? {} : { exitCode }),
  };
}

/** A real AbortSignal that follows `signal`; call `dispose` when done so that nothing listens for ever. */
export function followSignal(signal: Signal): {
  readonly signal: AbortSignal;
  dispose(): void;
  abort(): void;
} {
  const controller = new AbortController();
  const abort = () => controller.abort();
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  return { signal: controller.signal, abort, dispose: () => signal.removeEventListener('abort', abort) };
}

/** The look before a change, under the caller's signal. Whatever `look` throws is told as what could not be read. */
export async function inspectScoped(
  signal: Signal,
  look: (signal: AbortSignal) => Promise<Result<Inspection>>,
): Promise<Result<Inspection>> {
  const scope = followSignal(signal);
  try {
    return await look(scope.signal);
  } catch (thrown) {
    return failed(
      'failed',
      `What this would change could not be read: ${messageOf(thrown)}. Nothing was changed.`,
    );
  } finally {
    scope.dispose();
  }
}

/** What can be known before the click, under the caller's signal: nothing where `look` throws, for the run will say. */
export async function foreseeScoped(
  signal: Signal,
  look: (signal: AbortSignal) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const scope = followSignal(signal);
  try {
    return await look(scope.signal);
  } catch {
    return [];
  } finally {
    scope.dispose();
  }
}
