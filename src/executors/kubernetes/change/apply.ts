import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { MadeChange } from '../../../core/plan/undo.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import type { Applied } from './applyObject.ts';
import { applyObject } from './applyObject.ts';
import { changeMade } from './changeMade.ts';
import { kindName } from '../objects/discovery.ts';
import { changedFields } from './fieldChanges.ts';
import { refused } from './guardedPatch.ts';
import { objectName } from '../objects/objectRef.ts';
import type { Manifests } from './planFiles.ts';
import { readManifests } from './planFiles.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

export type ApplyAction = Extract<KubernetesAction, { verb: 'apply' }>;

/** The action's files; fails `conflict` when they are not as they were when the person agreed. */
export async function readApplied(context: LookContext, action: ApplyAction): Promise<ApiResult<Manifests>> {
  const read = await readManifests(context.cwd, action.files, action.recursive);
  if (!read.ok || action.sha256 === undefined || read.value.sha256 === action.sha256) return read;
  return refused(
    'conflict',
    `${action.files.join(', ')} has changed since you agreed to it: nothing was applied. Look at the change again before you run it.`,
  );
}

/** kubectl apply -f of files and folders: object by object, in the files' order; stops at the first that is refused. */
export async function runApply(context: VerbContext, action: ApplyAction): Promise<VerbOutcome> {
  const read = await readApplied(context, action);
  if (!read.ok) return failVerb(context, read.failure);
  let done = 0;
  for (const [index, manifest] of read.value.objects.entries()) {
    if (context.signal.aborted) return { kind: 'stopped' };
    const applied = await applyObject(context, manifest, wayOf(action, index, action.dryRun));
    if (!applied.ok) {
      const { failure } = applied;
      const before =
        done === 0 ? '' : ` ${done} of ${read.value.objects.length} objects were applied before it.`;
      return failVerb(context, { ...failure, message: `${failure.message}${before}` });
    }
    done += 1;
    const { kind, name, adopted } = applied.value;
    const object = `${kindName(kind)}/${name}`;
    if (adopted) {
      await context.output.error(
        `Warning: resource ${kind.plural}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. The missing annotation will be patched automatically.\n`,
      );
    }
    const made = madeBy(context, applied.value);
    if (!action.dryRun && made !== undefined) await context.changed(made);
    const suffix = action.dryRun ? ' (server dry run)' : '';
    await context.output.write(`${object} ${wordFor(action, applied.value)}${suffix}\n`);
  }
  return succeeded();
}

export const wayOf = (action: ApplyAction, index: number, dryRun: boolean) => ({
  serverSide: action.serverSide,
  forceConflicts: action.forceConflicts,
  fieldManager: action.fieldManager,
  dryRun,
  expected: action.expected?.[index],
});

const isSame = ({ before, after }: Applied): boolean =>
  before !== undefined && changedFields(before, after).length === 0;

function wordFor(action: ApplyAction, applied: Applied): string {
  if (action.serverSide) return 'serverside-applied';
  if (applied.before === undefined) return 'created';
  return isSame(applied) ? 'unchanged' : 'configured';
}

/** What an apply did to one object; what it made anew cannot be put back by restoring fields. */
function madeBy(context: LookContext, applied: Applied): MadeChange | undefined {
  const { kind, name, before, after } = applied;
  const object = objectName(kind, name);
  if (before === undefined) return { changes: [`${object} made`] };
  if (isSame(applied)) return undefined;
  return changeMade(context, { kind, before, after }, `Put ${object} back as it was before the apply`);
}
