import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Inspection } from '../../../core/ports.ts';
import type { DeleteAction, Doomed } from '../change/deleteObjects.ts';
import { deleteOne, expectedOf, findDoomed } from '../change/deleteObjects.ts';
import { gitOpsWarnings } from './gitOps.ts';
import { guardedPlan } from '../change/guardedPlan.ts';
import { objectDiff } from '../change/objectDiff.ts';
import { objectName } from '../objects/objectRef.ts';
import type { LookContext } from '../verb.ts';

/** Kinds whose objects own pods: those end with them. */
const ownsPods = new Set(['deployments', 'statefulsets', 'daemonsets', 'replicasets', 'jobs', 'cronjobs']);
/** Whole objects are shown of no more than these. */
const shownObjects = 3;

/** Looks at what a delete would take away; the plan it gives back deletes exactly these objects. */
export async function inspectDelete(
  context: LookContext,
  plan: KubernetesPlan,
  action: DeleteAction,
): Promise<Result<Inspection>> {
  const found = await findDoomed(context, action);
  if (!found.ok) return found;
  const doomed = found.value;
  if (doomed.length === 0)
    return ok({ changes: [], warnings: ['Nothing is there to delete: this changes nothing.'] });
  const warnings: string[] = [];
  for (const one of doomed) {
    const tried = await deleteOne(context, action, one, true);
    if (!tried.ok) return tried;
    warnings.push(...(await warningsOf(context, action, one)));
  }
  const diffs = doomed
    .slice(0, shownObjects)
    .map(({ kind, name, object }) => `# ${objectName(kind, name)}\n${objectDiff(object, undefined)}`);
  if (doomed.length > shownObjects) diffs.push(`# and ${doomed.length - shownObjects} more objects`);
  return ok({
    changes: doomed.map(({ kind, name }) => ({
      object: objectName(kind, name),
      field: 'object',
      before: 'there',
      after: 'deleted',
    })),
    warnings: [...new Set(warnings)],
    diff: diffs.join('\n'),
    plan: guardedPlan(context, plan, { ...action, expected: expectedOf(doomed) }),
  });
}

async function warningsOf(
  context: LookContext,
  { cascade }: DeleteAction,
  { kind, name, object }: Doomed,
): Promise<readonly string[]> {
  const who = objectName(kind, name);
  const warnings: string[] = [];
  const owner = object.metadata?.ownerReferences?.find((one) => one.controller);
  if (owner !== undefined)
    warnings.push(
      `${owner.kind} ${owner.name} owns ${who} and will make it again: this restarts it, it does not remove it.`,
    );
  else if (kind.plural === 'pods') warnings.push(`Nothing owns ${who}: it will not come back.`);
  if (ownsPods.has(kind.plural) && owner === undefined)
    warnings.push(
      cascade === 'orphan'
        ? `The pods of ${who} go on without an owner: nothing replaces them when they end.`
        : `Every pod of ${who} ends with it, and nothing here can bring it back.`,
    );
  if (kind.plural === 'namespaces') warnings.push(`Everything in the namespace ${name} is deleted with it.`);
  if (kind.plural === 'nodes')
    warnings.push(`The pods on ${name} are deleted with it and made again elsewhere.`);
  if (kind.plural === 'persistentvolumeclaims')
    warnings.push(`The data behind ${who} may be deleted with it: its volume's reclaim policy decides.`);
  if (owner === undefined) warnings.push(...(await gitOpsWarnings(context, kind, object, [])));
  return warnings;
}
