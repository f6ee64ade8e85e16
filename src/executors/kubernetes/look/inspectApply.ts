import type { Result } from '../../../core/errors.ts';
import { ok } from '../../../core/errors.ts';
import type { RestoredField } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import type { Change, Inspection } from '../../../core/ports.ts';
import type { ApplyAction } from '../change/apply.ts';
import { readApplied, wayOf } from '../change/apply.ts';
import { applyObject } from '../change/applyObject.ts';
import { restoredFields } from '../change/fieldChanges.ts';
import { guardedPlan } from '../change/guardedPlan.ts';
import { patchWarnings, shownDifference } from './inspectPatch.ts';
import { objectDiff } from '../change/objectDiff.ts';
import { objectName } from '../objects/objectRef.ts';
import type { LookContext } from '../verb.ts';

/** Tries an apply by the server's own dry run, object by object. */
export async function inspectApply(
  context: LookContext,
  plan: KubernetesPlan,
  action: ApplyAction,
): Promise<Result<Inspection>> {
  const read = await readApplied(context, action);
  if (!read.ok) return read;
  const { objects, sha256 } = read.value;
  const changes: Change[] = [];
  const warnings: string[] = [];
  const diffs: string[] = [];
  const expected: (readonly RestoredField[] | null | undefined)[] = [];
  for (const [index, manifest] of objects.entries()) {
    const tried = await applyObject(context, manifest, wayOf(action, index, true));
    if (!tried.ok) {
      // What an earlier object of the same files makes possible (a definition, a namespace) is not there yet.
      if (tried.failure.code !== 'not-found' || !expected.includes(null)) return tried;
      const { kind: typed, metadata } = manifest.object;
      warnings.push(
        `${typed.toLowerCase()}/${metadata.name} could not be tried before what it needs is made: ${tried.failure.message}`,
      );
      expected.push(undefined);
      continue;
    }
    const { kind, name, before, after } = tried.value;
    const object = objectName(kind, name);
    if (before === undefined) {
      expected.push(null);
      changes.push({ object, field: 'object', before: '(not there)', after: 'made' });
      diffs.push(titled(object, objects.length, objectDiff(undefined, after)));
      continue;
    }
    expected.push(restoredFields(before, after));
    const lost = await patchWarnings(context, { kind, before, after }, name);
    const shown = shownDifference(object, before, after, lost);
    changes.push(...shown.changes);
    warnings.push(...shown.warnings);
    if (shown.diff !== undefined) diffs.push(titled(object, objects.length, shown.diff));
  }
  if (changes.length === 0)
    warnings.push('Everything already is as the files want it: this changes nothing.');
  return ok({
    changes,
    warnings,
    ...(diffs.length === 0 ? {} : { diff: diffs.join('\n') }),
    plan: guardedPlan(context, plan, { ...action, sha256, expected }),
  });
}

const titled = (object: string, objects: number, diff: string): string =>
  objects === 1 ? diff : `# ${object}\n${diff}`;
