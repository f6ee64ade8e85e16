import { createHash } from 'node:crypto';
import { messageOf } from '../../../core/errors.ts';
import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { changeMade } from './changeMade.ts';
import { kindName } from '../objects/discovery.ts';
import { changedFields, isRecord, movedField } from './fieldChanges.ts';
import type { Patched } from './guardedPatch.ts';
import { patchGuarded, refused } from './guardedPatch.ts';
import { readPlanFile } from './planFiles.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import { scaleMade } from './scaleObject.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';
import { parseYaml } from '../objects/yaml.ts';

export type PatchAction = Extract<KubernetesAction, { verb: 'patch' }>;

/**
 * Applies the patch (YAML or JSON, as kubectl takes both) on the server; with `dryRun` nothing is kept. Fails with
 * `conflict` when a field that `expected` guards, or the patch file, is not as it was when the person agreed.
 */
export async function applyPatch(
  context: LookContext,
  action: PatchAction,
  dryRun: boolean,
): Promise<ApiResult<Patched>> {
  const text = await patchText(context, action);
  if (!text.ok) return text;
  const body = patchBody(text.value.text, action.patchType);
  if (!body.ok) return body;
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return kind;
  const object = objectName(kind.value, action.resource.name);
  return patchGuarded(context, {
    kind: kind.value,
    name: action.resource.name,
    subresource: action.subresource,
    type: action.patchType,
    dryRun,
    patch: (live) => {
      const moved = movedField(live, action.expected ?? [], 'before');
      if (moved === undefined) return body;
      return refused(
        'conflict',
        `Somebody changed ${moved.field} of ${object} since you agreed (it is ${moved.live} now, not ${moved.expected}): nothing was patched. Look at the change again before you run it.`,
      );
    },
  });
}

/** The patch as text, and the hash of the file it came from. */
export async function patchText(
  context: LookContext,
  action: PatchAction,
): Promise<ApiResult<{ readonly text: string; readonly sha256: string | undefined }>> {
  if (action.patchFile === undefined) return { ok: true, value: { text: action.patch, sha256: undefined } };
  const read = await readPlanFile(context.cwd, action.patchFile);
  if (!read.ok) return read;
  const sha256 = createHash('sha256').update(read.value).digest('hex');
  if (action.patchSha256 !== undefined && action.patchSha256 !== sha256) {
    return refused(
      'conflict',
      `${action.patchFile} has changed since you agreed to it: nothing was patched. Look at the change again before you run it.`,
    );
  }
  return { ok: true, value: { text: read.value, sha256 } };
}

function patchBody(text: string, type: PatchAction['patchType']): ApiResult<unknown> {
  const wanted = type === 'json' ? 'a list of operations' : 'an object';
  const refuse = (why: string): ApiResult<never> =>
    refused('invalid', `error: unable to parse the patch: ${why}. Nothing was sent; correct the step.`);
  try {
    const value = parseYaml(text);
    const fits = type === 'json' ? Array.isArray(value) : isRecord(value);
    return fits ? { ok: true, value } : refuse(`it must be ${wanted} in JSON or YAML`);
  } catch (thrown) {
    return refuse(messageOf(thrown).split('\n')[0] ?? 'not JSON or YAML');
  }
}

/** kubectl patch. Says `(no change)` when the object already was as the patch wants it. */
export async function runPatch(context: VerbContext, action: PatchAction): Promise<VerbOutcome> {
  const patched = await applyPatch(context, action, action.dryRun);
  if (!patched.ok) return failVerb(context, patched.failure);
  const { kind, before, after } = patched.value;
  const { name } = action.resource;
  const same = action.subresource !== 'status' && changedFields(before, after).length === 0;
  if (!same && !action.dryRun) {
    const object = objectName(kind, name);
    if (action.subresource === 'scale') await context.changed(scaleMade(context, patched.value, name));
    // The status belongs to a controller, which writes it again: there is nothing of ours to put back.
    else if (action.subresource === 'status')
      await context.changed({ changes: [`${object} status patched`] });
    else await context.changed(changeMade(context, patched.value, `Take the patch of ${object} back`));
  }
  const suffix = (action.dryRun ? ' (server dry run)' : '') + (same ? ' (no change)' : '');
  await context.output.write(`${kindName(kind)}/${name} patched${suffix}\n`);
  return succeeded(same ? 'Nothing was different.' : undefined);
}
