import { failed, ok, type Result } from '../errors.ts';
import type { Outcome } from '../plan/plan.ts';
import type { Change, Signal } from '../ports.ts';
import { dryRunOf, refuse, runStep, type RunDeps, type RunRequest } from './runStep.ts';

/** What a dry run of one step came to. Nothing was changed by any of them. */
export type Rehearsal =
  /** A read, run as it is. */
  | { readonly kind: 'read'; readonly outcome: Outcome }
  /** A change, sent with `--dry-run=server`. */
  | { readonly kind: 'dry-run'; readonly outcome: Outcome }
  /** A change that was looked at: what it would do, and what stands against it. */
  | {
      readonly kind: 'looked';
      readonly changes: readonly Change[];
      readonly warnings: readonly string[];
      readonly refusal: string | undefined;
    }
  /** Nothing can be known without doing it: it was not run. */
  | { readonly kind: 'none' };

/**
 * Finds out what a step would do without changing anything: runs a read, sends a change as a dry run where its API has
 * one, else looks at what it would change. Fails as a run would, before anything was done.
 */
export async function rehearseStep(
  request: RunRequest,
  deps: RunDeps,
  signal: Signal,
): Promise<Result<Rehearsal>> {
  const refusal = refuse(request, deps);
  if (refusal) return { ok: false, failure: refusal };
  const { plan } = request;
  if (plan.risk === 'read') {
    const ran = await runStep(request, deps, signal);
    return ran.ok ? ok({ kind: 'read', outcome: ran.value }) : ran;
  }
  const dry = dryRunOf(plan);
  if (dry) {
    const ran = await runStep({ ...request, plan: dry }, deps, signal);
    return ran.ok ? ok({ kind: 'dry-run', outcome: ran.value }) : ran;
  }
  const executor = await deps.executorFor(plan);
  if (!executor) return failed('invalid', `Nothing here can run "${plan.preview}". Nothing was run.`);
  const looked = await executor.inspect?.(plan, signal);
  if (looked === undefined) return ok({ kind: 'none' });
  if (!looked.ok) return looked;
  const { changes, warnings, refusal: against } = looked.value;
  return ok({ kind: 'looked', changes, warnings, refusal: against });
}
