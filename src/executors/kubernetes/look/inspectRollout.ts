import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Inspection } from '../../../core/ports.ts';
import { gitOpsWarnings } from './gitOps.ts';
import { guardedPlan } from '../change/guardedPlan.ts';
import { patchWarnings, shownDifference } from './inspectPatch.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import type { RolloutAction } from '../change/rollout.ts';
import { patchRollout } from '../change/rollout.ts';
import { findRollback, rollBack } from '../change/rolloutUndo.ts';
import type { LookContext } from '../verb.ts';

const nothing: Inspection = { changes: [], warnings: [] };

/** Tries a rollout's change by the server's own dry run; an undo is then bound to the revisions that were seen. */
export async function inspectRollout(
  context: LookContext,
  plan: KubernetesPlan,
  action: RolloutAction,
): Promise<Result<Inspection>> {
  switch (action.sub) {
    case 'status':
    case 'history':
      return ok(nothing);
    case 'undo':
      return inspectUndo(context, plan, action);
    case 'restart':
    case 'pause':
    case 'resume':
      return inspectStep(context, action, action.sub);
  }
}

async function inspectStep(
  context: LookContext,
  { resource }: RolloutAction,
  step: 'restart' | 'pause' | 'resume',
): Promise<Result<Inspection>> {
  const kind = await resolveObject(context, resource);
  if (!kind.ok) return kind;
  const tried = await patchRollout(context, kind.value, resource.name, step, true);
  if (!tried.ok) {
    return tried.failure.code === 'conflict' || tried.failure.code === 'invalid'
      ? ok({ ...nothing, refusal: `${tried.failure.message.replace(/^error: /, '')}.` })
      : tried;
  }
  const object = objectName(kind.value, resource.name);
  const { before, after } = tried.value;
  if (step !== 'restart') {
    const warnings = await gitOpsWarnings(context, kind.value, before, ['/spec/paused']);
    return ok(shownDifference(object, before, after, warnings));
  }
  const change = { object, field: 'pods', before: 'running', after: 'replaced, a few at a time' };
  return ok({ changes: [change], warnings: [] });
}

async function inspectUndo(
  context: LookContext,
  plan: KubernetesPlan,
  action: RolloutAction,
): Promise<Result<Inspection>> {
  const { name } = action.resource;
  const found = await findRollback(context, action);
  if (!found.ok) {
    const { code, message } = found.failure;
    return code === 'conflict' ? ok({ ...nothing, refusal: `${message.replace(/^error: /, '')}.` }) : found;
  }
  const { kind, to, currentRevision, same } = found.value;
  const object = objectName(kind, name);
  if (same) {
    return ok({
      changes: [],
      warnings: [`${object} already runs the template of revision ${to.number}: this changes nothing.`],
    });
  }
  const tried = await rollBack(context, found.value, name, true);
  if (!tried.ok) return tried;
  const { before, after } = tried.value;
  const warnings = await patchWarnings(context, tried.value, name);
  const shown = shownDifference(object, before, after, warnings);
  const revisions = { object, field: 'revision', before: String(currentRevision), after: String(to.number) };
  return ok({
    ...shown,
    changes: [revisions, ...shown.changes],
    plan: guardedPlan(context, plan, {
      ...action,
      toRevision: to.number,
      expectedRevision: currentRevision,
    }),
  });
}
