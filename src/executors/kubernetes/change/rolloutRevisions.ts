import { isDeepStrictEqual } from 'node:util';
import type { ObjectRef } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { pathOf, type ResourceKind } from '../objects/discovery.ts';
import { refused } from './guardedPatch.ts';
import { resolveObject } from '../objects/objectRef.ts';
import type { KubeObject, PodTemplate, Workload } from '../objects/objects.ts';
import { fetchObject, fetchObjects, selectorText } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

/** One revision of a workload's template, as its controller keeps it. */
export interface Revision {
  readonly number: number;
  readonly template: PodTemplate;
  /** The annotation `kubernetes.io/change-cause` of that revision. */
  readonly cause: string | undefined;
}

export interface Revisions {
  readonly kind: ResourceKind;
  readonly object: Workload;
  /** Oldest first. */
  readonly all: readonly Revision[];
  /** The one that is rolled out, or being rolled out. */
  readonly current: number;
}

type ControllerRevision = KubeObject & {
  readonly revision?: number;
  readonly data?: { readonly spec?: { readonly template?: PodTemplate & { readonly $patch?: string } } };
};

export const causeAnnotation = 'kubernetes.io/change-cause';
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const hashLabel = 'pod-template-hash';

const histories: Readonly<Record<string, string>> = {
  deployments: 'replicasets.apps',
  statefulsets: 'controllerrevisions.apps',
  daemonsets: 'controllerrevisions.apps',
};

/**
 * The revisions of a Deployment (its ReplicaSets), StatefulSet or DaemonSet (its ControllerRevisions).
 * Fails `invalid` for other kinds.
 * https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#checking-rollout-history-of-a-deployment
 */
export async function fetchRevisions(
  context: LookContext,
  resource: ObjectRef,
): Promise<ApiResult<Revisions>> {
  const { transport, discovery, namespace, signal } = context;
  const kind = await resolveObject(context, resource);
  if (!kind.ok) return kind;
  const kept = kind.value.group === 'apps' ? histories[kind.value.plural] : undefined;
  if (kept === undefined)
    return refused('invalid', `error: no history viewer has been implemented for ${kind.value.kind}`);
  const object = await fetchObject<Workload>(transport, kind.value, namespace, resource.name, signal);
  if (!object.ok) return object;
  const keeper =
    kept === 'controllerrevisions.apps' ? controllerRevisions : await discovery.resolve(kept, signal);
  if (!keeper.ok) return keeper;
  const { metadata, spec } = object.value;
  const list = await fetchObjects<KubeObject>(
    transport,
    keeper.value[0]!,
    namespace,
    { labelSelector: selectorText(spec?.selector) },
    signal,
  );
  if (!list.ok) return list;
  const owned = list.value.filter((each) =>
    each.metadata?.ownerReferences?.some((owner) => owner.controller && owner.uid === metadata?.uid),
  );
  const all = owned.flatMap(revisionOf).sort((a, b) => a.number - b.number);
  // The template says at once what is rolled out; annotation and status follow when the controller has looked.
  const template = withoutHash(spec?.template ?? {});
  const current =
    all.findLast((each) => isDeepStrictEqual(withoutHash(each.template), template))?.number ||
    Number(metadata?.annotations?.[revisionAnnotation]) ||
    all.at(-1)?.number ||
    0;
  return { ok: true, value: { kind: kind.value, object: object.value, all, current } };
}

/** A kind every cluster serves in this version, so no discovery is needed for it. */
const controllerRevisions: ApiResult<readonly ResourceKind[]> = {
  ok: true,
  value: [
    {
      group: 'apps',
      version: 'v1',
      plural: 'controllerrevisions',
      singular: 'controllerrevision',
      kind: 'ControllerRevision',
      namespaced: true,
      shortNames: [],
      categories: [],
    },
  ],
};

function revisionOf(kept: KubeObject): Revision[] {
  const cause = kept.metadata?.annotations?.[causeAnnotation];
  const { revision, data } = kept as ControllerRevision;
  if (data?.spec?.template !== undefined && revision !== undefined) {
    const { $patch: _replace, ...template } = data.spec.template;
    return [{ number: revision, template, cause }];
  }
  const number = Number(kept.metadata?.annotations?.[revisionAnnotation]);
  const template = (kept as Workload).spec?.template;
  if (!Number.isInteger(number) || template === undefined) return [];
  return [{ number, template: withoutHash(template), cause }];
}

/** The hash names the ReplicaSet; carrying it into the Deployment would give both the same selector. */
export function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The path of the workload these are the revisions of. */
export const workloadPath = ({ kind, object }: Revisions, namespace: string): string =>
  pathOf(kind, namespace, object.metadata?.name);
