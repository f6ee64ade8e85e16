import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { changeMade } from './changeMade.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName } from '../objects/discovery.ts';
import { movedField } from './fieldChanges.ts';
import type { Patched } from './guardedPatch.ts';
import { patchGuarded, refused } from './guardedPatch.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import { restorePatch } from './restorePatch.ts';
import { scaleMade, scaleObject } from './scaleObject.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

export type RestoreAction = Extract<KubernetesAction, { verb: 'restore' }>;

/** True when the object already is as it was before the change. */
const alreadyBack = (live: unknown, { fields }: RestoreAction): boolean =>
  movedField(live, fields, 'before') === undefined;

/**
 * Puts back the fields a change of ours changed, all of them or none: refused with `conflict` when somebody has changed
 * one of them since. With `dryRun` the server only tries.
 */
export async function restoreFields(
  context: LookContext,
  kind: ResourceKind,
  action: RestoreAction,
  dryRun: boolean,
): Promise<ApiResult<Patched>> {
  const { resource, fields } = action;
  if (action.subresource === 'scale') {
    const [{ before, after } = {}] = fields;
    // Anything but a number would be sent as null, and null is zero replicas.
    if (!/^\d{1,9}$/.test(before ?? ''))
      return refused(
        'invalid',
        `This undo names no number of replicas for ${resource.name}. Nothing was changed.`,
      );
    return scaleObject(context, kind, resource.name, {
      replicas: Number(before),
      dryRun,
      check: (live) => (live === Number(before) || live === Number(after) ? undefined : moved(String(live))),
    });
  }
  const object = objectName(kind, resource.name);
  return patchGuarded(context, {
    kind,
    name: resource.name,
    type: 'json',
    dryRun,
    patch: (live) => {
      if (alreadyBack(live, action)) return { ok: true, value: [] };
      const field = movedField(live, fields, 'after');
      return field === undefined
        ? { ok: true, value: restorePatch(fields) }
        : refused('conflict', sentence(object, field.field, field.live, field.expected));
    },
  });

  function moved(live: string) {
    return sentence(objectName(kind, resource.name), 'spec.replicas', live, fields[0]?.after ?? '');
  }
}

const sentence = (object: string, field: string, live: string, expected: string): string =>
  `Somebody changed ${field} of ${object} since (it is ${live} now, not ${expected}): nothing was put back. Look at ${object} and decide again.`;

/** Runs an undo: succeeds only when the server has accepted it, or when nothing was left to put back. */
export async function runRestore(context: VerbContext, action: RestoreAction): Promise<VerbOutcome> {
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return failVerb(context, kind.failure);
  const put = await restoreFields(context, kind.value, action, false);
  if (!put.ok) return failVerb(context, put.failure);
  const object = `${kindName(kind.value)}/${action.resource.name}`;
  const made =
    action.subresource === 'scale'
      ? scaleMade(context, put.value, action.resource.name)
      : changeMade(
          context,
          put.value,
          `Make the change to ${objectName(kind.value, action.resource.name)} again`,
        );
  if (made.changes.length === 0) {
    await context.output.write(`${object} put back (no change)\n`);
    return succeeded('It already was as before the change: nothing had to be put back.');
  }
  await context.changed(made);
  await context.output.write(`${object} put back\n`);
  return succeeded();
}
