import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Application, HistoryEntry } from './application.ts';
import { automatedSync, liveEntry, objectName, revisionsOf, shortRevisions } from './application.ts';
import type { ArgoCdContext, LookContext, VerbOutcome } from './argoCdContext.ts';
import { commandOf, failVerb, settle, succeeded } from './argoCdContext.ts';
import type { ArgoCdFailure } from './applications.ts';
import { setAutomatedSync } from './syncPolicy.ts';
import { waitForApp } from './waitForApp.ts';

export type RollbackAction = Extract<ArgoCdAction, { verb: 'rollback' }>;

/** The deployment a rollback goes back to, or why it cannot. */
export type RollbackGoal =
  | { readonly ok: true; readonly entry: HistoryEntry; readonly live: HistoryEntry }
  | { readonly ok: false; readonly refusal: string };

/** Finds what is gone back to: the id, else the deployment before the live one; and checks the guard. */
export function goalOf(app: Application, action: RollbackAction): RollbackGoal {
  const { name } = app.metadata;
  const { history } = app.status;
  const live = liveEntry(app);
  const refuse = (refusal: string): RollbackGoal => ({ ok: false, refusal });
  if (live === undefined)
    return refuse(
      `${name} has no history: Argo CD has never completed a sync of it, so there is nothing to go back to.`,
    );
  const entry = action.id === undefined ? history.at(-2) : history.find(({ id }) => id === action.id);
  if (entry === undefined) {
    const known = history.map(({ id }) => id).join(', ');
    return refuse(
      action.id === undefined
        ? `${name} has been deployed once only (history id ${live.id}), so there is nothing to go back to.`
        : `${name} has no history id ${action.id}; Argo CD keeps ${known}. See argocd app history ${name}.`,
    );
  }
  if (!entry.source?.repoURL && !(entry.sources && entry.sources.length > 0))
    return refuse(
      `History id ${entry.id} of ${name} does not say where it came from, so Argo CD cannot go back to it. Sync to the revision instead.`,
    );
  // Live on the goal itself is no foreign deployment: an earlier try may have failed half way.
  if (action.expectedLive !== undefined && live.id !== action.expectedLive && live.id !== entry.id)
    return refuse(
      `Somebody deployed ${name} meanwhile: history id ${live.id} (${shortRevisions(live)}) is live, not ${action.expectedLive}. Look at the history and decide again.`,
    );
  return { ok: true, entry, live };
}

/**
 * `argocd app rollback`, and before it automated sync off where the person agreed to that; then waits until the
 * operation is over and the app is healthy. Against git the app stays OutOfSync: that is what a rollback is.
 */
export async function runRollback(context: ArgoCdContext, action: RollbackAction): Promise<VerbOutcome> {
  const { applications, output, signal } = context;
  const found = await applications.get(action.app, 'none', signal);
  if (!found.ok) return failVerb(context, found.failure);
  let app = found.value;
  const { name } = app.metadata;
  const goal = goalOf(app, action);
  if (!goal.ok) return failVerb(context, conflict(`${goal.refusal} Nothing was changed.`));
  const { entry, live } = goal;
  if (app.operation)
    return failVerb(
      context,
      conflict(
        `Another operation on ${name} is in progress. Nothing was changed; wait until it is over (argocd app wait ${name}), then run this step again.`,
      ),
    );

  const done: string[] = [];
  const automated = automatedSync(app);
  if (automated !== undefined && !action.autoSyncOff)
    return failVerb(
      context,
      conflict(
        `Argo CD refuses a rollback while auto-sync is on, and it is on for ${name} now. Nothing was changed; run this step again, and it is turned off first.`,
      ),
    );
  if (automated !== undefined) {
    const off = await setAutomatedSync(context, app, action.app, undefined);
    if (!off.ok) {
      const first = off.failure.uncertain
        ? `Unknown: whether auto-sync of ${name} was turned off.`
        : `Auto-sync of ${name} is as it was.`;
      return failVerb(context, off.failure, `${first} Not done: the rollback was not started.`);
    }
    app = off.value;
    done.push(`auto-sync of ${name} is off`);
    await output.write(`auto-sync of ${name} is off\n`);
  }
  const state = (rest: string): string => (done.length === 0 ? rest : `Done: ${done.join('; ')}. ${rest}`);
  if (signal.aborted) return failVerb(context, stopped, state('Not done: the rollback was not started.'));

  const result = await settle(
    context,
    action.app,
    await applications.rollback(app, entry, action.prune, signal),
    (now) => shows(now, entry, app),
  );
  if (!result.ok && result.failure.autoSyncIsOn && automated !== undefined)
    return failVerb(
      context,
      conflict(
        `Auto-sync of ${name} was turned off, but was on again before the rollback could start: whoever owns the app (an ApplicationSet, a parent app) puts it back. The rollback was not started; ${name} runs what it ran. Change the setting at its owner first.`,
      ),
    );
  if (!result.ok) {
    const rest = result.failure.uncertain
      ? `Unknown: whether the rollback to history id ${entry.id} was started.`
      : 'Not done: the rollback was not started.';
    return failVerb(context, result.failure, state(rest));
  }
  await context.changed(madeChange(context, action, app, entry, live));
  done.push(`the rollback of ${name} to history id ${entry.id} (${shortRevisions(entry)}) was started`);
  await output.write(`rollback of ${name} to history id ${entry.id} (${shortRevisions(entry)}) started\n`);

  const waited = await waitForApp(context, action.app, { operation: true, health: true, sync: false }, app);
  if (!waited.ok) {
    const rest =
      waited.failure.code === 'failed' ? '' : 'It goes on in Argo CD: see argocd app get for how it ends.';
    return failVerb(context, waited.failure, state(rest).trim());
  }
  const now = liveEntry(waited.value);
  if (automatedSync(waited.value) || (now !== undefined && shortRevisions(now) !== shortRevisions(entry))) {
    const on = automatedSync(waited.value)
      ? `auto-sync of ${name} is on again`
      : `something else was deployed since`;
    const runs = now === undefined ? '' : ` History id ${now.id} (${shortRevisions(now)}) is live.`;
    return failVerb(
      context,
      conflict(
        `The rollback to history id ${entry.id} (${shortRevisions(entry)}) was done, but does not last: ${on}.${runs} Look at the history, and at whoever owns the app (an ApplicationSet, a parent app).`,
      ),
    );
  }
  const off = automated === undefined ? '' : ' Auto-sync is off until you turn it on again.';
  return succeeded(
    `${name} runs history id ${entry.id} (${shortRevisions(entry)}) and is ${waited.value.status.health.status}.${off}`,
  );
}

const stopped: ArgoCdFailure = { code: 'cancelled', message: 'Stopped.' };
const conflict = (message: string): ArgoCdFailure => ({ code: 'conflict', message });

/** Whether an app shows that a rollback to this entry has been accepted since it was `before`. */
function shows(now: Application, entry: HistoryEntry, before: Application): boolean {
  const [revision] = revisionsOf(entry);
  const state = now.status.operationState;
  const isNewer = (liveEntry(now)?.id ?? 0) > (liveEntry(before)?.id ?? 0);
  return (
    now.operation?.sync?.revision === revision ||
    (isNewer && liveEntry(now)?.revision === revision) ||
    (state?.operation?.sync?.revision === revision &&
      state?.startedAt !== before.status.operationState?.startedAt)
  );
}

function madeChange(
  context: LookContext,
  action: RollbackAction,
  app: Application,
  entry: HistoryEntry,
  live: HistoryEntry,
): MadeChange {
  // A rollback is a new deployment: Argo CD gives it the next id, and nothing newer may be live when it is undone.
  const back: RollbackAction = {
    verb: 'rollback',
    app: action.app,
    id: live.id,
    prune: action.prune,
    autoSyncOff: false,
    expectedLive: live.id + 1,
  };
  const { name } = app.metadata;
  return {
    changes: [
      `${objectName(app)} history id ${live.id} (${shortRevisions(live)}) → ${entry.id} (${shortRevisions(entry)})`,
    ],
    undo: {
      title: `Bring ${name} back to history id ${live.id} (${shortRevisions(live)})`,
      preview: commandOf(context, back),
      target: context.plan.target,
      act: { kind: 'argocd', action: back },
    },
  };
}
