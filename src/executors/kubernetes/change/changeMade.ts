import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import { quoteWord } from '../../../core/plan/words/quoteWord.ts';
import { renderKubectl } from '../../../core/plan/kubectl/renderKubectl.ts';
import type { MadeChange, Undo } from '../../../core/plan/undo.ts';
import type { ChangedField } from './fieldChanges.ts';
import { changedFields, restoredFields } from './fieldChanges.ts';
import type { Patched } from './guardedPatch.ts';
import { isSecret, withHiddenValues } from '../objects/hiddenSecret.ts';
import { objectName, objectRef } from '../objects/objectRef.ts';
import { restorePatch } from './restorePatch.ts';
import type { LookContext } from '../verb.ts';

type Restore = Extract<KubernetesAction, { verb: 'restore' }>;
type Previewed = Exclude<KubernetesAction, Restore>;

/** More lines than this in a journal entry are not read; the diff was shown before. */
const toldChanges = 20;

/** The command for an action on this plan's own target, namespace and context explicit. */
export const previewOf = (context: Pick<LookContext, 'namespace' | 'target'>, action: Previewed): string =>
  renderKubectl(
    { action, openNumbers: {} },
    { namespace: context.namespace, context: context.target.context },
    quoteWord,
  );

/** What an accepted patch changed, with the undo that puts exactly these fields back. */
export function changeMade(
  context: LookContext,
  { kind, before, after }: Patched,
  title: string,
): MadeChange {
  const name = after.metadata?.name ?? before.metadata?.name ?? '';
  const object = objectName(kind, name);
  const all = changedFields(...withHiddenValues(before, after));
  // What is told here is kept in the journal: a Secret's values are not, and so nothing can put them back.
  const fields = isSecret(after) ? [] : restoredFields(before, after);
  const changes = all.slice(0, toldChanges).map((change) => sentenceOf(object, change));
  if (all.length > toldChanges) changes.push(`${object}: ${all.length - toldChanges} more fields`);
  if (fields.length === 0) return { changes };
  const action: Restore = { verb: 'restore', resource: objectRef(kind, name), fields };
  return { changes, undo: undoOf(context, title, action) };
}

export const sentenceOf = (object: string, { field, before, after }: ChangedField): string =>
  `${object} ${field} ${before} → ${after}`;

/** The undo for a restore; its preview is the command that does the same by hand. */
export function undoOf(context: LookContext, title: string, action: Restore, preview?: string): Undo {
  const byHand = (): string =>
    previewOf(context, {
      verb: 'patch',
      resource: action.resource,
      patch: JSON.stringify(restorePatch(action.fields)),
      patchType: 'json',
      dryRun: false,
    });
  return {
    title,
    preview: preview ?? byHand(),
    // The namespace the change was made in, also where the plan left it to the context.
    target: { ...context.target, namespace: context.namespace },
    act: { kind: 'kubernetes', action },
  };
}
