import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { Change, Inspection } from '../../core/ports.ts';
import type { ResourceKind } from './discovery.ts';
import type { KubeObject, PodTemplate } from './objects.ts';
import { fetchObjects } from './objects.ts';
import { applyPatch, changedFields } from './patch.ts';
import { findUndo } from './rolloutUndo.ts';
import type { LookContext } from './scale.ts';
import { fetchScale, resolveObject } from './scale.ts';

const nothing: Inspection = { changes: [], warnings: [] };
/** A confirmation with more lines than this is not read. */
const shownChanges = 40;

/** Looks at what an action would change. Reads only; a patch is tried by the server's own dry run. */
export async function inspectAction(
  context: LookContext,
  action: KubernetesAction,
): Promise<Result<Inspection>> {
  switch (action.verb) {
    case 'scale':
      return inspectScale(context, action);
    case 'patch':
      return inspectPatch(context, action);
    case 'rollout':
      return action.sub === 'undo' ? inspectUndo(context, action) : ok(nothing);
    case 'restore':
    case 'get':
    case 'describe':
    case 'logs':
    case 'exec':
      return ok(nothing);
  }
}

const objectName = (kind: ResourceKind, name: string): string => `${kind.kind.toLowerCase()}/${name}`;

async function inspectScale(
  context: LookContext,
  action: Extract<KubernetesAction, { verb: 'scale' }>,
): Promise<Result<Inspection>> {
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return kind;
  const { name } = action.resource;
  const [scale, autoscalers] = await Promise.all([
    fetchScale(context, kind.value, name),
    autoscalerWarnings(context, kind.value, name),
  ]);
  if (!scale.ok) return scale;
  const before = scale.value.spec?.replicas ?? 0;
  const object = objectName(kind.value, name);
  const warnings = [...autoscalers];
  if (action.currentReplicas !== undefined && action.currentReplicas !== before) {
    warnings.push(
      `${object} has ${before} replicas, not ${action.currentReplicas} as the command expects: it will be refused.`,
    );
  }
  if (before === action.replicas) {
    warnings.push(`${object} already has ${before} replicas: this changes nothing.`);
    return ok({ changes: [], warnings });
  }
  const change = { object, field: 'spec.replicas', before: String(before), after: String(action.replicas) };
  return ok({ changes: [change], warnings });
}

type Autoscaler = KubeObject<{
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
}>;

/** An autoscaler sets the number again within seconds; KEDA's and others' end up as this object too. */
async function autoscalerWarnings(
  context: LookContext,
  kind: ResourceKind,
  name: string,
): Promise<readonly string[]> {
  const found = await context.discovery.resolve('horizontalpodautoscalers', context.signal);
  if (!found.ok) return [];
  const list = await fetchObjects<Autoscaler>(
    context.transport,
    found.value[0]!,
    context.namespace,
    {},
    context.signal,
  );
  if (!list.ok) {
    return list.failure.status === 404
      ? []
      : [`Whether an autoscaler would undo this could not be checked: ${list.failure.message}`];
  }
  return list.value
    .filter(({ spec }) => spec?.scaleTargetRef?.kind === kind.kind && spec.scaleTargetRef.name === name)
    .map(
      ({ metadata, spec }) =>
        `HorizontalPodAutoscaler ${metadata?.name} (min ${spec?.minReplicas ?? 1}, max ${spec?.maxReplicas}) scales ${objectName(kind, name)} and will set the number of replicas again; change its minimum or maximum instead.`,
    );
}

async function inspectPatch(
  context: LookContext,
  action: Extract<KubernetesAction, { verb: 'patch' }>,
): Promise<Result<Inspection>> {
  const tried = await applyPatch(context, action, true);
  if (!tried.ok) return tried;
  const object = objectName(tried.value.kind, action.resource.name);
  const all = changedFields(tried.value.before, tried.value.after).map((change): Change => ({
    object,
    ...change,
  }));
  const warnings: string[] = [];
  if (all.length === 0) warnings.push(`${object} already is as this patch wants it: it changes nothing.`);
  if (all.length > shownChanges)
    warnings.push(`${all.length - shownChanges} more fields change than are shown here.`);
  return ok({ changes: all.slice(0, shownChanges), warnings });
}

async function inspectUndo(
  context: LookContext,
  action: Extract<KubernetesAction, { verb: 'rollout' }>,
): Promise<Result<Inspection>> {
  const undo = await findUndo(context, action);
  if (!undo.ok) return undo;
  const { kind, before, template, currentRevision, revision, same } = undo.value;
  const object = objectName(kind, action.resource.name);
  if (same) {
    return ok({
      changes: [],
      warnings: [`${object} already runs the template of revision ${revision}: this changes nothing.`],
    });
  }
  const revisions = { object, field: 'revision', before: String(currentRevision), after: String(revision) };
  return ok({ changes: [revisions, ...imageChanges(object, before, template)], warnings: [] });
}

function imageChanges(object: string, before: PodTemplate, after: PodTemplate): Change[] {
  const images = (template: PodTemplate) =>
    new Map(
      (template.spec?.containers ?? []).map((container) => [container.name, container.image ?? '(not set)']),
    );
  const [old, next] = [images(before), images(after)];
  return [...new Set([...old.keys(), ...next.keys()])]
    .map((name) => ({
      object,
      field: `spec.template.spec.containers[${name}].image`,
      before: old.get(name) ?? '(not set)',
      after: next.get(name) ?? '(not set)',
    }))
    .filter((change) => change.before !== change.after);
}
