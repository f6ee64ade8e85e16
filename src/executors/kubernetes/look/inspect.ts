import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Inspection } from '../../../core/ports.ts';
import { inspectApply } from './inspectApply.ts';
import { inspectDelete } from './inspectDelete.ts';
import { inspectPatch } from './inspectPatch.ts';
import { inspectRestore } from './inspectRestore.ts';
import { inspectRollout } from './inspectRollout.ts';
import { inspectScale } from './inspectScale.ts';
import type { LookContext } from '../verb.ts';

/** Looks at what a plan would change. Changes nothing: what can be tried is tried by the server's own dry run. */
export async function inspectPlan(context: LookContext, plan: KubernetesPlan): Promise<Result<Inspection>> {
  const { action } = plan;
  switch (action.verb) {
    case 'scale':
      return inspectScale(context, plan, action);
    case 'patch':
      return inspectPatch(context, plan, action);
    case 'rollout':
      return inspectRollout(context, plan, action);
    case 'restore':
      return inspectRestore(context, action);
    case 'apply':
      return inspectApply(context, plan, action);
    case 'delete':
      return inspectDelete(context, plan, action);
    case 'exec':
    default: // reads change nothing
      return ok({ changes: [], warnings: [] });
  }
}
