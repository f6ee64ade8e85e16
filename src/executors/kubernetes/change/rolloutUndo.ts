import { isDeepStrictEqual } from 'node:util';
import type { ApiResult } from '../access/apiFailure.ts';
import { changeMade } from './changeMade.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName } from '../objects/discovery.ts';
import type { Patched } from './guardedPatch.ts';
import { patchGuarded, refused } from './guardedPatch.ts';
import { objectName } from '../objects/objectRef.ts';
import type { PodTemplate, Workload } from '../objects/objects.ts';
import type { RolloutAction } from './rollout.ts';
import type { Revision } from './rolloutRevisions.ts';
import { causeAnnotation, fetchRevisions, withoutHash } from './rolloutRevisions.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

/** Where `rollout undo` would go back to. */
export interface RolloutTarget {
  readonly kind: ResourceKind;
  readonly before: PodTemplate;
  readonly currentRevision: number;
  readonly to: Revision;
  /** The current template already is that revision's. */
  readonly same: boolean;
}

/**
 * Finds the revision to go back to: the one named, else the one before the current. Fails `not-found` without such a
 * revision, `conflict` while the rollout is paused or when another revision runs than the one that was agreed on.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
export async function findRollback(
  context: LookContext,
  action: RolloutAction,
): Promise<ApiResult<RolloutTarget>> {
  const { name } = action.resource;
  const found = await fetchRevisions(context, action.resource);
  if (!found.ok) return found;
  const { kind, object, all, current } = found.value;
  if (object.spec?.paused) {
    return refused(
      'conflict',
      `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  if (action.expectedRevision !== undefined && action.expectedRevision !== current) {
    return refused(
      'conflict',
      `Somebody rolled out ${objectName(kind, name)} since you agreed (revision ${current} runs now, not ${action.expectedRevision}): nothing was rolled back. Look at its history before you run it.`,
    );
  }
  const others = all.map(({ number }) => number).filter((number) => number !== current);
  const wanted = action.toRevision || others.findLast((number) => number < current) || others.at(-1);
  const to = all.find(({ number }) => number === wanted);
  if (to === undefined) {
    const known = all.map(({ number }) => number).join(', ') || 'none';
    const what = action.toRevision
      ? `unable to find specified revision ${action.toRevision} in history`
      : `no rollout history found for ${kind.singular} "${name}"`;
    return refused('not-found', `error: ${what} (revisions there: ${known}). Nothing was changed.`);
  }
  const before = object.spec?.template ?? {};
  const same = isDeepStrictEqual(withoutHash(before), withoutHash(to.template));
  return { ok: true, value: { kind, before, currentRevision: current, to, same } };
}

/** Puts a revision's template back, with the cause that belongs to it; refused when the template has changed since the look. */
export const rollBack = (
  context: LookContext,
  { kind, before, to }: RolloutTarget,
  name: string,
  dryRun: boolean,
): Promise<ApiResult<Patched>> =>
  patchGuarded(context, {
    kind,
    name,
    type: 'json',
    dryRun,
    patch: (live) => {
      const { spec, metadata } = live as Workload;
      if (!isDeepStrictEqual(spec?.template ?? {}, before)) {
        return refused(
          'conflict',
          `Somebody changed the template of ${objectName(kind, name)} in this moment: nothing was rolled back. Look at its history before you run it again.`,
        );
      }
      const template = { op: 'replace', path: '/spec/template', value: to.template };
      return { ok: true, value: [template, ...causeChange(metadata?.annotations, to.cause)] };
    },
  });

function causeChange(
  annotations: Readonly<Record<string, string>> | undefined,
  cause: string | undefined,
): object[] {
  const path = `/metadata/annotations/${causeAnnotation.replaceAll('/', '~1')}`;
  if (annotations?.[causeAnnotation] === cause) return [];
  if (cause === undefined) return [{ op: 'remove', path }];
  return annotations === undefined
    ? [{ op: 'add', path: '/metadata/annotations', value: { [causeAnnotation]: cause } }]
    : [{ op: 'add', path, value: cause }];
}

/** kubectl rollout undo, for Deployments, StatefulSets and DaemonSets. */
export async function rolloutUndo(context: VerbContext, action: RolloutAction): Promise<VerbOutcome> {
  const { name } = action.resource;
  const found = await findRollback(context, action);
  if (!found.ok) return failVerb(context, found.failure);
  const { kind, to, same, currentRevision } = found.value;
  const object = `${kindName(kind)}/${name}`;
  if (same) {
    await context.output.write(
      `${object} skipped rollback (current template already matches revision ${to.number})\n`,
    );
    return succeeded(`The current template already is revision ${to.number}.`);
  }
  const done = await rollBack(context, found.value, name, action.dryRun);
  if (!done.ok) return failVerb(context, done.failure);
  if (!action.dryRun) {
    const title = `Put ${objectName(kind, name)} back to what ran as revision ${currentRevision}`;
    await context.changed(changeMade(context, done.value, title));
  }
  await context.output.write(`${object} rolled back${action.dryRun ? ' (server dry run)' : ''}\n`);
  return succeeded(`Back to revision ${to.number}.`);
}
