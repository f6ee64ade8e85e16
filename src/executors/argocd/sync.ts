import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Inspection } from '../../core/ports.ts';
import type { Application, HistoryEntry } from './application.ts';
import { automatedSync, liveEntry, objectName, shortRevisions, sourcesOf } from './application.ts';
import type { ArgoCdContext, LookContext, VerbOutcome } from './argoCdContext.ts';
import { commandOf, failVerb, settle, succeeded } from './argoCdContext.ts';
import { renderAppDiff } from './diff.ts';
import { waitForApp } from './waitForApp.ts';

export type SyncAction = Extract<ArgoCdAction, { verb: 'sync' }>;

/** `argocd app sync`: starts it and waits until the operation is over. */
export async function runSync(context: ArgoCdContext, action: SyncAction): Promise<VerbOutcome> {
  const { applications, output, signal } = context;
  const found = await applications.get(action.app, 'none', signal);
  if (!found.ok) return failVerb(context, found.failure);
  const app = found.value;
  const { name } = app.metadata;
  const before = app.status.operationState?.startedAt ?? '';
  const result = await settle(
    context,
    action.app,
    await applications.sync(app, action, signal),
    (now) => Boolean(now.operation) || (now.status.operationState?.startedAt ?? '') !== before,
  );
  if (!result.ok)
    return failVerb(
      context,
      result.failure,
      result.failure.uncertain ? `Unknown: whether the sync of ${name} was started.` : '',
    );
  const live = liveEntry(app);
  if (!action.dryRun) await context.changed(madeChange(context, action, app, live));
  await output.write(`${action.dryRun ? 'dry run of the sync' : 'sync'} of ${name} started\n`);
  const waited = await waitForApp(context, action.app, { operation: true, health: false, sync: false }, app);
  if (!waited.ok) {
    const goesOn = waited.failure.code !== 'failed' && !action.dryRun;
    return failVerb(
      context,
      waited.failure,
      goesOn ? `Done: the sync of ${name} was started. It goes on in Argo CD: see argocd app get.` : '',
    );
  }
  const { sync, health } = waited.value.status;
  return succeeded(
    action.dryRun ? 'A dry run: nothing was changed.' : `${name} is ${sync.status} and ${health.status}.`,
  );
}

function madeChange(
  context: LookContext,
  action: SyncAction,
  app: Application,
  live: HistoryEntry | undefined,
): MadeChange {
  const wanted = action.revision ?? (sourcesOf(app)[0]?.targetRevision || 'HEAD');
  const from = live ? `history id ${live.id} (${shortRevisions(live)})` : 'never deployed';
  const changes = [`${objectName(app)} ${from} → synced to ${wanted}`];
  if (live === undefined) return { changes };
  const back = {
    verb: 'rollback',
    app: action.app,
    id: live.id,
    prune: false,
    autoSyncOff: false,
    expectedLive: live.id + 1,
  } as const;
  return {
    changes,
    undo: {
      title: `Roll ${app.metadata.name} back to history id ${live.id} (${shortRevisions(live)})`,
      preview: commandOf(context, back),
      target: context.plan.target,
      act: { kind: 'argocd', action: back },
    },
  };
}

/** What a sync would change, with the diff where a server can tell it. */
export async function inspectSync(
  context: LookContext,
  action: SyncAction,
  app: Application,
): Promise<Inspection> {
  const { name } = app.metadata;
  const live = liveEntry(app);
  const wanted = action.revision ?? (sourcesOf(app)[0]?.targetRevision || 'HEAD');
  const warnings: string[] = [];
  if (action.revision !== undefined && automatedSync(app))
    warnings.push(
      `Auto-sync of ${name} is on: Argo CD refuses a sync to another revision than the one it follows.`,
    );
  if (action.prune) warnings.push('With --prune, objects that git does not have are deleted.');
  if (app.status.sync.status === 'Synced' && action.revision === undefined)
    warnings.push(`${name} already is as git wants it: this applies the same again.`);
  // Compared with the revision the app follows: another one has another diff.
  const diff =
    action.revision === undefined ? await renderAppDiff(context, app) : { ok: false as const, why: '' };
  if (!diff.ok && diff.why !== '') warnings.push(diff.why);
  return {
    changes: [
      {
        object: objectName(app),
        field: 'revision',
        before: live ? shortRevisions(live) : 'none',
        after: wanted,
      },
    ],
    warnings,
    ...(app.operation
      ? {
          refusal: `Another operation on ${name} is in progress: wait until it is over (argocd app wait ${name}).`,
        }
      : {}),
    ...(diff.ok && diff.text !== '' ? { diff: diff.text } : {}),
  };
}
