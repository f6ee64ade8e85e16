import type { Failure } from '../core/errors.ts';
import { messageOf } from '../core/errors.ts';
import type { Outcome } from '../core/plan/plan.ts';
import type { Signal } from '../core/ports.ts';

/** How an unexpected throw is told: it is our mistake, not the cluster's. */
const unexpected = (thrown: unknown): Outcome => ({
  kind: 'failed',
  message: `This step ended unexpectedly: ${messageOf(thrown)}. What it printed so far is kept; check the state before running it again.`,
});

/**
 * Runs `work` under the caller's signal and an optional timeout (milliseconds) and always ends in an Outcome:
 * `stopped` as soon as the signal aborts, `timed-out` as soon as the time is up, whatever `work` is waiting for then.
 */
export async function runScoped(
  timeoutMs: number | undefined,
  signal: Signal,
  work: (signal: AbortSignal) => Promise<Outcome>,
): Promise<Outcome> {
  if (signal.aborted) return { kind: 'stopped' };
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const ended = new Promise<Outcome>((resolve) => {
    onAbort = () => {
      resolve({ kind: 'stopped' });
      controller.abort();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (timeoutMs !== undefined) {
      timer = setTimeout(() => {
        resolve({ kind: 'timed-out', afterMs: timeoutMs });
        controller.abort();
      }, timeoutMs);
    }
  });
  try {
    return await Promise.race([ended, work(controller.signal).catch(unexpected)]);
  } finally {
    clearTimeout(timer);
    if (onAbort) signal.removeEventListener('abort', onAbort);
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
