import type { ArgoCdAction } from '../../core/plan/argocd/argoCdAction.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { Inspection } from '../../core/ports.ts';
import type { Application, AutomatedSync } from './application.ts';
import { automatedSync, liveEntry, objectName, shortRevisions, syncPolicyText } from './application.ts';
import type { ArgoCdContext, LookContext, VerbOutcome } from './argoCdContext.ts';
import { commandOf, failVerb, settle, succeeded } from './argoCdContext.ts';
import type { ArgoCdResult } from './applications.ts';
import { findOwnership } from './ownership.ts';

export type SyncPolicyAction = Extract<ArgoCdAction, { verb: 'set-sync-policy' }>;

const wantedBy = (action: SyncPolicyAction): AutomatedSync | undefined =>
  action.policy === 'manual'
    ? undefined
    : {
        prune: action.prune ?? false,
        selfHeal: action.selfHeal ?? false,
        allowEmpty: action.allowEmpty ?? false,
      };

export const samePolicy = (a: AutomatedSync | undefined, b: AutomatedSync | undefined): boolean =>
  syncPolicyText(a) === syncPolicyText(b);

/** The act that sets automated sync as it is now. */
export const policyAction = (app: string, automated: AutomatedSync | undefined): SyncPolicyAction =>
  automated === undefined
    ? { verb: 'set-sync-policy', app, policy: 'manual' }
    : { verb: 'set-sync-policy', app, policy: 'automated', ...automated };

export const policyChange = (app: Application, after: AutomatedSync | undefined) => ({
  object: objectName(app),
  field: 'auto-sync',
  before: syncPolicyText(automatedSync(app)),
  after: syncPolicyText(after),
});

/** Sets automated sync, tells the change with its undo, and the debt where it is off now. */
export async function setAutomatedSync(
  context: ArgoCdContext,
  app: Application,
  written: string,
  after: AutomatedSync | undefined,
): Promise<ArgoCdResult<Application>> {
  const before = automatedSync(app);
  const result = await settle(
    context,
    written,
    await context.applications.setAutomatedSync(app, after, context.signal),
    (now) => samePolicy(automatedSync(now), after),
  );
  if (!result.ok) return result;
  await context.changed(madeChange(context, app, written, before, after));
  return result;
}

function madeChange(
  context: LookContext,
  app: Application,
  written: string,
  before: AutomatedSync | undefined,
  after: AutomatedSync | undefined,
): MadeChange {
  const { name } = app.metadata;
  const action = { ...policyAction(written, before), expected: syncPolicyText(after) };
  const { object, field, ...change } = policyChange(app, after);
  return {
    changes: [`${object} ${field} ${change.before} → ${change.after}`],
    undo: {
      title:
        before === undefined ? `Turn auto-sync of ${name} off again` : `Turn auto-sync of ${name} on again`,
      preview: commandOf(context, action),
      target: context.plan.target,
      act: { kind: 'argocd', action },
    },
    ...(before !== undefined && after === undefined ? { debt: `auto-sync is off for ${name}` } : {}),
  };
}

/** Why an undo must not run: somebody has set auto-sync in another way since. */
function movedSince(app: Application, { expected }: SyncPolicyAction): string | undefined {
  const now = syncPolicyText(automatedSync(app));
  return expected === undefined || now === expected
    ? undefined
    : `Somebody set auto-sync of ${app.metadata.name} since: it is ${now}, not ${expected}. Look at it and decide again.`;
}

/** `argocd app set --sync-policy`. */
export async function runSetSyncPolicy(
  context: ArgoCdContext,
  action: SyncPolicyAction,
): Promise<VerbOutcome> {
  const app = await context.applications.get(action.app, 'none', context.signal);
  if (!app.ok) return failVerb(context, app.failure);
  const wanted = wantedBy(action);
  const { name } = app.value.metadata;
  if (samePolicy(automatedSync(app.value), wanted)) {
    await context.output.write(`auto-sync of ${name} already is ${syncPolicyText(wanted)}\n`);
    return succeeded('Nothing was different.');
  }
  const moved = movedSince(app.value, action);
  if (moved !== undefined)
    return failVerb(context, { code: 'conflict', message: `${moved} Nothing was changed.` });
  const result = await setAutomatedSync(context, app.value, action.app, wanted);
  if (!result.ok)
    return failVerb(
      context,
      result.failure,
      result.failure.uncertain ? `Whether auto-sync of ${name} was set is unknown.` : '',
    );
  await context.output.write(`auto-sync of ${name} is ${syncPolicyText(wanted)}\n`);
  return succeeded();
}

/** What a sync policy would change, and what follows from it. */
export async function inspectSetSyncPolicy(
  context: LookContext,
  action: SyncPolicyAction,
  app: Application,
): Promise<Inspection> {
  const wanted = wantedBy(action);
  const before = automatedSync(app);
  const { name } = app.metadata;
  if (samePolicy(before, wanted))
    return {
      changes: [],
      warnings: [`Auto-sync of ${name} already is ${syncPolicyText(wanted)}: this changes nothing.`],
    };
  const moved = movedSince(app, action);
  if (moved !== undefined) return { changes: [], warnings: [], refusal: moved };
  const { warnings, refusal } = await findOwnership(context, app, wanted !== undefined);
  const live = liveEntry(app);
  const deploys =
    wanted !== undefined && app.status.sync.status === 'OutOfSync'
      ? [
          `${name} differs from git${live ? ` (live: ${shortRevisions(live)})` : ''}: with auto-sync on, Argo CD deploys what git has (${app.status.sync.revision?.slice(0, 7) || 'its newest commit'}) at once. Revert the bad change in git first.`,
        ]
      : [];
  return {
    changes: [policyChange(app, wanted)],
    warnings: [...warnings, ...deploys],
    ...(refusal === undefined ? {} : { refusal }),
  };
}
