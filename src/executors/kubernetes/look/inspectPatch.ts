import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Change, Inspection } from '../../../core/ports.ts';
import { autoscalerWarnings } from './autoscalers.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { changedFields, restoredFields } from '../change/fieldChanges.ts';
import { gitOpsWarnings } from './gitOps.ts';
import { guardedPlan } from '../change/guardedPlan.ts';
import type { Patched } from '../change/guardedPatch.ts';
import { isSecret, withHiddenValues } from '../objects/hiddenSecret.ts';
import { lostRules } from './ingressRules.ts';
import { objectDiff } from '../change/objectDiff.ts';
import { objectName } from '../objects/objectRef.ts';
import type { Workload } from '../objects/objects.ts';
import type { PatchAction } from '../change/patch.ts';
import { applyPatch, patchText } from '../change/patch.ts';
import type { LookContext } from '../verb.ts';

/** A confirmation with more lines than this is not read. */
const shownChanges = 40;

/** Tries a patch by the server's own dry run; the plan it gives back patches only while those fields are as seen. */
export async function inspectPatch(
  context: LookContext,
  plan: KubernetesPlan,
  action: PatchAction,
): Promise<Result<Inspection>> {
  const tried = await applyPatch(context, action, true);
  if (!tried.ok) return tried;
  const { kind, before, after } = tried.value;
  const object = objectName(kind, action.resource.name);
  const text = await patchText(context, action);
  if (!text.ok) return text;
  const expected = restoredFields(before, after);
  const warnings = await patchWarnings(context, tried.value, action.resource.name);
  if (isSecret(after))
    warnings.push(`The values of ${object} are not kept, so this cannot be put back from here.`);
  if (expected.length === 0 && action.subresource !== 'status')
    warnings.push(`${object} already is as this patch wants it: it changes nothing.`);
  const { sha256 } = text.value;
  return ok({
    ...shownDifference(object, before, after, warnings),
    plan: guardedPlan(context, plan, {
      ...action,
      expected,
      ...(sha256 === undefined ? {} : { patchSha256: sha256 }),
    }),
  });
}

/** What differs, as lines and as a diff, with a word where there is more than is shown. */
export function shownDifference(
  object: string,
  before: unknown,
  after: unknown,
  warnings: readonly string[],
): Pick<Inspection, 'changes' | 'warnings' | 'diff'> {
  const all = changedFields(...withHiddenValues(before, after)).map((change): Change => ({
    object,
    ...change,
  }));
  const diff = objectDiff(before, after);
  const more =
    all.length > shownChanges ? [`${all.length - shownChanges} more fields change than are shown here.`] : [];
  return {
    changes: all.slice(0, shownChanges),
    warnings: [...warnings, ...more],
    ...(diff === '' ? {} : { diff }),
  };
}

/** What would undo a change of these fields, and what it loses. */
export async function patchWarnings(
  context: LookContext,
  { kind, before, after }: Patched,
  name: string,
): Promise<string[]> {
  const pointers = restoredFields(before, after)
    .filter((field) => field.before !== field.after)
    .map(({ pointer }) => pointer);
  if (pointers.length === 0) return [];
  const object = objectName(kind, name);
  const warnings = [
    ...rulesWarning(kind, object, before, after),
    ...(await gitOpsWarnings(context, kind, before, pointers)),
  ];
  if (pointers.includes('/spec/replicas')) {
    const replicas = Number((after as Workload).spec?.replicas ?? 0);
    warnings.push(...(await autoscalerWarnings(context, kind, name, replicas)));
    if (replicas === 0)
      warnings.push(
        `0 replicas ends every pod of ${object}: nobody answers behind it until it is scaled up again.`,
      );
  }
  const { paused } = (after as Workload).spec ?? {};
  if (paused && kind.plural === 'deployments' && pointers.some((each) => each.startsWith('/spec/template')))
    warnings.push(`${object} is paused: the new template is kept, but no pod gets it until rollout resume.`);
  return warnings;
}

function rulesWarning(
  kind: ResourceKind,
  object: string,
  before: unknown,
  after: unknown,
): readonly string[] {
  if (kind.plural !== 'ingresses') return [];
  const lost = lostRules(before, after);
  if (lost.length === 0) return [];
  return [
    `The rules of an ingress are replaced as a whole, they are not merged: ${lost.join(', ')} would no longer be routed by ${object}. Name every rule that has to stay, or change one backend with the form.`,
  ];
}
