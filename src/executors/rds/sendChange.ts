import type { Outcome } from '../../core/plan/plan.ts';
import type { RdsRun } from './rdsContext.ts';
import { attempt, failRun } from './rdsContext.ts';
import { outcomeOfRds } from './rdsFailure.ts';

export interface SentChange<T> {
  /** `failover` */
  readonly what: string;
  /** `example-production` */
  readonly name: string;
  send(): Promise<T>;
  /** States the change; called once, when AWS has accepted it. */
  state(): Promise<void>;
}

export type Sent<T> =
  | { readonly kind: 'accepted'; readonly answer: T }
  /** It was sent and the answer was lost: only asking AWS can tell what became of it. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ended'; readonly outcome: Outcome };

/** How long an answer that is on its way may still take once the person has stopped, ms. */
const lastAnswerMs = 250;

/**
 * Sends a change exactly once and states it as soon as AWS has accepted it. Stopping does not take back what was sent
 * and its answer is worth having, so the request is not tied to the signal.
 */
export async function sendChange<T>(run: RdsRun, change: SentChange<T>): Promise<Sent<T>> {
  const { io, signal } = run;
  const { what, name } = change;
  const sent = attempt(run, () => change.send()).then(async (answer) => {
    if (answer.ok) await change.state();
    return answer;
  });
  const answer = await orAborted(sent, signal, lastAnswerMs);
  if (answer === 'aborted') {
    await io.write(
      `Stopped after the ${what} was sent and before AWS had answered: it may happen. Look at ${name} before anything else.\n`,
      'stderr',
    );
    return { kind: 'ended', outcome: { kind: 'stopped' } };
  }
  if (answer.ok) return { kind: 'accepted', answer: answer.value };
  const { failure } = answer;
  if (failure.fate !== 'unknown') {
    const nothing = `The ${what} was not started and nothing was changed.`;
    return { kind: 'ended', outcome: await failRun(io, outcomeOfRds(failure, nothing)) };
  }
  await io.write(
    `${failure.message} Whether AWS has accepted the ${what} is unknown; it is not sent again. Asking about ${name}.\n`,
    'stderr',
  );
  return { kind: 'unknown' };
}

/** The answer, or `aborted` when the signal aborts and it does not come within `graceMs` after. */
export async function orAborted<T>(
  answer: Promise<T>,
  signal: AbortSignal,
  graceMs: number,
): Promise<T | 'aborted'> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => {};
  const given = new Promise<'aborted'>((resolve) => {
    onAbort = () => {
      timer = setTimeout(() => resolve('aborted'), graceMs);
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([answer, given]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}
