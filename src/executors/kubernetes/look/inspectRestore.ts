import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { Inspection } from '../../../core/ports.ts';
import { autoscalerWarnings } from './autoscalers.ts';
import { gitOpsWarnings } from './gitOps.ts';
import { patchWarnings, shownDifference } from './inspectPatch.ts';
import { objectName, resolveObject } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject } from '../objects/objects.ts';
import type { RestoreAction } from '../change/restore.ts';
import { restoreFields } from '../change/restore.ts';
import { replicasOf } from '../change/scaleObject.ts';
import type { LookContext } from '../verb.ts';

/** Tries an undo by the server's own dry run; refused where somebody has changed one of its fields since. */
export async function inspectRestore(
  context: LookContext,
  action: RestoreAction,
): Promise<Result<Inspection>> {
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return kind;
  const { name } = action.resource;
  const tried = await restoreFields(context, kind.value, action, true);
  if (!tried.ok) {
    return tried.failure.code === 'conflict'
      ? ok({ changes: [], warnings: [], refusal: tried.failure.message })
      : tried;
  }
  const object = objectName(kind.value, name);
  const { before, after } = tried.value;
  if (action.subresource === 'scale') {
    const [from, to] = [replicasOf(before), replicasOf(after)];
    const change = { object, field: 'spec.replicas', before: String(from), after: String(to) };
    if (from === to) return ok({ changes: [], warnings: [] });
    const [whole, autoscalers] = await Promise.all([
      fetchObject<KubeObject>(context.transport, kind.value, context.namespace, name, context.signal),
      autoscalerWarnings(context, kind.value, name, to),
    ]);
    const gitOps = whole.ok ? await gitOpsWarnings(context, kind.value, whole.value, ['/spec/replicas']) : [];
    return ok({ changes: [change], warnings: [...autoscalers, ...gitOps] });
  }
  const warnings = await patchWarnings(context, tried.value, name);
  return ok(shownDifference(object, before, after, warnings));
}
