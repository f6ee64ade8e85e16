import type { MadeChange } from '../../../core/plan/undo.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { previewOf, undoOf } from './changeMade.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { pathOf } from '../objects/discovery.ts';
import type { Patched } from './guardedPatch.ts';
import { patchGuarded, refused } from './guardedPatch.ts';
import { objectName, objectRef } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/ : the `/scale` subresource. */
export type Scale = KubeObject<
  { readonly replicas?: number },
  { readonly replicas?: number; readonly selector?: string }
>;

/** The server leaves a zero out. */
export const replicasOf = (scale: KubeObject): number => Number((scale as Scale).spec?.replicas ?? 0);

/** The scale of a workload: how many replicas are asked for now. */
export async function fetchScale(
  context: LookContext,
  kind: ResourceKind,
  name: string,
): Promise<ApiResult<Scale>> {
  const path = pathOf(kind, context.namespace, name, 'scale');
  return (await context.transport.json({ path }, context.signal)) as ApiResult<Scale>;
}

export interface WantedScale {
  readonly replicas: number;
  readonly dryRun: boolean;
  /** Why the present number of replicas (or version) forbids it, as a sentence. */
  readonly check: (replicas: number, resourceVersion: string | undefined) => string | undefined;
}

/**
 * Sets the number of replicas through the `/scale` subresource, of exactly the state that `check` allowed. Where
 * patching it is not permitted it is updated, which is the other of kubectl's two ways.
 */
export async function scaleObject(
  context: LookContext,
  kind: ResourceKind,
  name: string,
  { replicas, dryRun, check }: WantedScale,
): Promise<ApiResult<Patched>> {
  const checked = (live: KubeObject): ApiResult<unknown> => {
    const why = check(replicasOf(live), live.metadata?.resourceVersion);
    return why === undefined ? { ok: true, value: { spec: { replicas } } } : refused('conflict', why);
  };
  const patched = await patchGuarded(context, {
    kind,
    name,
    subresource: 'scale',
    type: 'merge',
    dryRun,
    patch: checked,
  });
  if (patched.ok || patched.failure.status !== 403) return patched;
  const before = await fetchScale(context, kind, name);
  if (!before.ok) return patched;
  const allowed = checked(before.value);
  if (!allowed.ok) return allowed;
  const after = await context.transport.json(
    {
      method: 'PUT',
      path: pathOf(kind, context.namespace, name, 'scale'),
      query: { dryRun: dryRun ? 'All' : undefined },
      body: JSON.stringify({ ...before.value, spec: { ...before.value.spec, replicas } }),
    },
    context.signal,
  );
  if (after.ok) return { ok: true, value: { kind, before: before.value, after: after.value as KubeObject } };
  return after.failure.status === 403 ? patched : after;
}

/** The change an accepted scale made, with the undo that scales back from exactly there; empty when nothing was different. */
export function scaleMade(context: LookContext, { kind, before, after }: Patched, name: string): MadeChange {
  const [from, to] = [replicasOf(before), replicasOf(after)];
  if (from === to) return { changes: [] };
  const object = objectName(kind, name);
  const resource = objectRef(kind, name);
  const field = { pointer: '/spec/replicas', before: String(from), after: String(to) };
  const preview = previewOf(context, {
    verb: 'scale',
    resource,
    replicas: from,
    currentReplicas: to,
    wait: { seconds: 0, required: false },
    dryRun: false,
  });
  return {
    changes: [`${object} spec.replicas ${from} → ${to}`],
    undo: undoOf(
      context,
      `Scale ${object} back from ${to} to ${from}`,
      { verb: 'restore', resource, subresource: 'scale', fields: [field] },
      preview,
    ),
  };
}
