import type { ArgoCdPlan, Outcome } from '../../core/plan/plan.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import { renderArgoCd } from '../../core/plan/argocd/renderArgoCd.ts';
import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { FilteredOutput } from '../filteredOutput.ts';
import type { Application } from './application.ts';
import type { Applications, ArgoCdFailure, ArgoCdResult } from './applications.ts';

/** What looking needs: the apps, the plan and when to stop. */
export interface LookContext {
  readonly applications: Applications;
  readonly plan: ArgoCdPlan;
  readonly signal: AbortSignal;
}

/** What every verb needs. */
export interface ArgoCdContext extends LookContext {
  readonly output: FilteredOutput;
  /** Told the moment a change is accepted. */
  changed(change: MadeChange): Promise<void>;
  /** Milliseconds between two looks at an app that is waited for. */
  readonly pollMs: number;
}

/** How a verb went, before the filters have had their say. */
export type VerbOutcome = Extract<Outcome, { kind: 'succeeded' | 'failed' | 'stopped' }>;

export const succeeded = (detail?: string): VerbOutcome => ({
  kind: 'succeeded',
  exitCode: 0,
  ...(detail === undefined ? {} : { detail }),
});

/** Prints a failure and ends the verb with it; `state` says what is done and what is not. */
export async function failVerb(
  { output }: Pick<ArgoCdContext, 'output'>,
  failure: ArgoCdFailure,
  state = '',
): Promise<VerbOutcome> {
  if (failure.code === 'cancelled') {
    if (state !== '') await output.error(`Ended before it was over. ${state}\n`);
    return { kind: 'stopped' };
  }
  const message = [failure.message, state].filter(Boolean).join(' ');
  await output.error(`${message}\n`);
  return {
    kind: 'failed',
    exitCode: 1,
    message,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
  };
}

/** The command line of an act at the same place as the plan's. */
export const commandOf = ({ plan }: LookContext, action: ArgoCdAction): string =>
  renderArgoCd(action, { server: plan.target.argoCdServer, context: plan.target.context });

/**
 * What became of a change whose answer was lost: the app itself is asked, once. Never sends the change again.
 * `happened` says whether the app shows it.
 */
export async function settle(
  { applications, signal }: LookContext,
  app: string,
  result: ArgoCdResult<Application>,
  happened: (app: Application) => boolean,
): Promise<ArgoCdResult<Application>> {
  if (result.ok || !result.failure.uncertain || result.failure.code === 'cancelled') return result;
  const now = await applications.get(app, 'none', signal);
  if (!now.ok) return result;
  return happened(now.value) ? now : result;
}
