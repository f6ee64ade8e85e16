import type { KubernetesAction } from '../../core/plan/kubernetesAction.ts';
import type { ApiResult } from './apiFailure.ts';
import { apiFailed } from './apiFailure.ts';
import type { ResourceKind } from './discovery.ts';
import type { PodTemplate, Workload } from './objects.ts';
import { fetchObject, fetchObjects, selectorText } from './objects.ts';
import type { LookContext } from './scale.ts';
import { resolveObject } from './scale.ts';

/** Where `rollout undo` would go back to. */
export interface Undo {
  readonly kind: ResourceKind;
  readonly before: PodTemplate;
  readonly template: PodTemplate;
  readonly currentRevision: number;
  readonly revision: number;
  /** The current template already is that revision's. */
  readonly same: boolean;
  readonly resourceVersion: string | undefined;
}

const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

/**
 * Finds the revision to go back to among the Deployment's ReplicaSets: the one named, else the one before the current.
 * Fails `not-found` without such a revision, `conflict` while the rollout is paused, `invalid` for other kinds.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
export async function findUndo(
  context: LookContext,
  action: Extract<KubernetesAction, { verb: 'rollout' }>,
): Promise<ApiResult<Undo>> {
  const { transport, discovery, namespace, signal } = context;
  const { name } = action.resource;
  const kind = await resolveObject(context, action.resource);
  if (!kind.ok) return kind;
  if (kind.value.plural !== 'deployments') {
    return apiFailed({
      code: 'invalid',
      message: `error: rollout undo works here for deployments only, not for ${kind.value.plural}. Nothing was changed; run this step in a terminal.`,
    });
  }
  const deployment = await fetchObject<Workload>(transport, kind.value, namespace, name, signal);
  if (!deployment.ok) return deployment;
  const { metadata, spec } = deployment.value;
  if (spec?.paused) {
    return apiFailed({
      code: 'conflict',
      message: `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    });
  }
  const replicaSetKind = await discovery.resolve('replicasets.apps', signal);
  if (!replicaSetKind.ok) return replicaSetKind;
  const list = await fetchObjects<Workload>(
    transport,
    replicaSetKind.value[0]!,
    namespace,
    { labelSelector: selectorText(spec?.selector) },
    signal,
  );
  if (!list.ok) return list;
  const revisions = new Map<number, PodTemplate>();
  for (const set of list.value) {
    const revision = Number(set.metadata?.annotations?.[revisionAnnotation]);
    const owned = set.metadata?.ownerReferences?.some(
      (owner) => owner.controller && owner.uid === metadata?.uid,
    );
    if (owned && Number.isInteger(revision) && set.spec?.template) revisions.set(revision, set.spec.template);
  }
  const numbers = [...revisions.keys()].sort((a, b) => b - a);
  const current = Number(metadata?.annotations?.[revisionAnnotation]) || numbers[0] || 0;
  const wanted =
    action.toRevision ||
    numbers.find((number) => number < current) ||
    numbers.filter((number) => number !== current)[0];
  const template = wanted === undefined ? undefined : revisions.get(wanted);
  if (wanted === undefined || template === undefined) {
    const known = numbers.length === 0 ? 'none' : [...numbers].reverse().join(', ');
    const what = action.toRevision
      ? `unable to find specified revision ${action.toRevision} in history`
      : `no rollout history found for deployment "${name}"`;
    return apiFailed({
      code: 'not-found',
      message: `error: ${what} (revisions there: ${known}). Nothing was changed.`,
    });
  }
  const restored = withoutHash(template);
  const before = spec?.template ?? {};
  return {
    ok: true,
    value: {
      kind: kind.value,
      before,
      template: restored,
      currentRevision: current,
      revision: wanted,
      same: canonical(withoutHash(before)) === canonical(restored),
      resourceVersion: metadata?.resourceVersion,
    },
  };
}

/** The hash names the ReplicaSet; carrying it into the Deployment would give both the same selector. */
function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Text that is the same for the same value whatever the order of its keys. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
