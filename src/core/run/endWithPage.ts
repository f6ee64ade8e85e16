import type { Plan } from '../plan/plan.ts';
import type { Signal } from '../ports.ts';

/** How a run that ended with its page is told in the journal. */
export const pageClosed = 'Its page was closed while it ran.';

/**
 * Stops a run when the page closes that it was started from, where that loses nothing: a question to a server of metrics
 * is only for who looks. Any other run goes on, for one that was stopped half-way may leave something half done.
 * @param page aborts when the page closes; undefined for a run that was started elsewhere
 * @param stop is handed the reason, a sentence
 * @returns lets go of the page; to be called once the run has ended
 */
export function endWithPage(plan: Plan, page: Signal | undefined, stop: (why: string) => void): () => void {
  if (page === undefined || plan.kind !== 'query') return () => undefined;
  const closed = (): void => stop(pageClosed);
  // A question may have stood open until after the page had gone.
  if (page.aborted) closed();
  else page.addEventListener('abort', closed, { once: true });
  return () => page.removeEventListener('abort', closed);
}
