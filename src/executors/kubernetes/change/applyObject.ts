import type { RestoredField } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { applyPatchOf, lastAppliedAnnotation, withLastApplied } from './clientSideApply.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { pathOf } from '../objects/discovery.ts';
import { movedField } from './fieldChanges.ts';
import { patchGuarded, refused, sendPatch } from './guardedPatch.ts';
import { objectName } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject } from '../objects/objects.ts';
import type { Manifest } from './planFiles.ts';
import type { LookContext } from '../verb.ts';

/** One object of an apply, before and after; `before` undefined means that it was made. */
export interface Applied {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly before: KubeObject | undefined;
  readonly after: KubeObject;
  /** The live object was never applied before, so nothing says which of its fields a file has dropped. */
  readonly adopted: boolean;
}

export interface ApplyWay {
  readonly serverSide: boolean;
  readonly forceConflicts: boolean;
  readonly fieldManager: string | undefined;
  readonly dryRun: boolean;
  /** What was seen when the person agreed: fields with their values, or null for an object that was not there. */
  readonly expected: readonly RestoredField[] | null | undefined;
}

/** kubectl's own names, so that it sees these fields as its own. */
const serverSideManager = 'kubectl';
const clientSideManager = 'kubectl-client-side-apply';

/**
 * Applies one manifest as kubectl does, on the server (server-side apply) or by a patch made of the last applied
 * configuration. Fails `wrong-target` where it names another namespace than the plan.
 * https://kubernetes.io/docs/reference/using-api/server-side-apply/ and
 * https://kubernetes.io/docs/tasks/manage-kubernetes-objects/declarative-config/
 */
export async function applyObject(
  context: LookContext,
  { object, file }: Manifest,
  way: ApplyWay,
): Promise<ApiResult<Applied>> {
  const found = await resolveManifest(context, object);
  if (!found.ok) return found;
  const kind = found.value;
  const { name, namespace } = object.metadata;
  if (kind.namespaced && namespace !== undefined && namespace !== context.namespace) {
    return refused(
      'wrong-target',
      `error: the namespace from the provided object "${namespace}" does not match the namespace "${context.namespace}" of this step (${file}). Nothing was sent; pin that namespace, or write -n ${namespace}.`,
    );
  }
  const wanted = kind.namespaced
    ? { ...object, metadata: { ...object.metadata, namespace: context.namespace } }
    : object;
  const live = await fetchObject<KubeObject>(
    context.transport,
    kind,
    context.namespace,
    name,
    context.signal,
  );
  if (!live.ok && live.failure.status !== 404) return live;
  const before = live.ok ? live.value : undefined;
  const moved = movedSince(kind, name, before, way);
  if (moved !== undefined) return refused('conflict', moved);
  const done = { kind, name, before, adopted: false };
  if (way.serverSide) {
    const after = await sendPatch(context, {
      path: pathOf(kind, context.namespace, name),
      type: 'apply',
      body: JSON.stringify(wanted),
      query: {
        fieldManager: way.fieldManager ?? serverSideManager,
        force: way.forceConflicts ? true : undefined,
        dryRun: way.dryRun ? 'All' : undefined,
        fieldValidation: 'Strict',
      },
    });
    return after.ok ? { ok: true, value: { ...done, after: after.value } } : after;
  }
  if (before === undefined) {
    const after = await context.transport.json(
      {
        method: 'POST',
        path: pathOf(kind, context.namespace),
        query: {
          fieldManager: clientSideManager,
          dryRun: way.dryRun ? 'All' : undefined,
          fieldValidation: 'Strict',
        },
        body: JSON.stringify(withLastApplied(wanted)),
      },
      context.signal,
    );
    return after.ok ? { ok: true, value: { ...done, after: after.value as KubeObject } } : after;
  }
  const adopted = before.metadata?.annotations?.[lastAppliedAnnotation] === undefined;
  const strategic = await patchLive(context, kind, name, wanted, way, 'strategic');
  // Kinds of a CRD have no strategic merge.
  const patched =
    !strategic.ok && strategic.failure.status === 415
      ? await patchLive(context, kind, name, wanted, way, 'merge')
      : strategic;
  return patched.ok
    ? { ok: true, value: { ...done, adopted, before: patched.value.before, after: patched.value.after } }
    : patched;
}

const patchLive = (
  context: LookContext,
  kind: ResourceKind,
  name: string,
  wanted: Manifest['object'],
  way: ApplyWay,
  type: 'strategic' | 'merge',
) =>
  patchGuarded(context, {
    kind,
    name,
    type,
    dryRun: way.dryRun,
    patch: (live) => {
      const moved = movedSince(kind, name, live, way);
      return moved === undefined
        ? { ok: true, value: applyPatchOf(live, wanted, type) }
        : refused('conflict', moved);
    },
  });

/** The kind a manifest names, in exactly the version it names where the cluster prefers that one. */
export const resolveManifest = async (
  context: LookContext,
  { apiVersion, kind }: Manifest['object'],
): Promise<ApiResult<ResourceKind>> => {
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  const found = await context.discovery.resolve(`${kind}.${version}.${group}`, context.signal);
  if (found.ok) return { ok: true, value: found.value[0]! };
  return found.failure.code === 'not-found'
    ? refused(
        'not-found',
        `error: no matches for kind "${kind}" in version "${apiVersion}". Nothing was sent for it; install its definition first, or name the version this cluster prefers.`,
      )
    : found;
};

function movedSince(
  kind: ResourceKind,
  name: string,
  live: KubeObject | undefined,
  { expected }: ApplyWay,
): string | undefined {
  if (expected === undefined) return undefined;
  const object = objectName(kind, name);
  const again = 'nothing of it was applied. Look at the change again before you run it.';
  if (expected === null)
    return live === undefined ? undefined : `Somebody made ${object} since you agreed: ${again}`;
  if (live === undefined) return `Somebody deleted ${object} since you agreed: ${again}`;
  const moved = movedField(live, expected, 'before');
  return (
    moved &&
    `Somebody changed ${moved.field} of ${object} since you agreed (it is ${moved.live} now, not ${moved.expected}): ${again}`
  );
}
