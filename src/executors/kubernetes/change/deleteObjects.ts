import type { DeletedObject, KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import { resolveManifest } from './applyObject.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import { kindName, pathOf } from '../objects/discovery.ts';
import { followObject } from '../objects/followObject.ts';
import { refused } from './guardedPatch.ts';
import { objectName, objectRef } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject, fetchObjects } from '../objects/objects.ts';
import { readManifests } from './planFiles.ts';
import type { LookContext, VerbContext, VerbOutcome } from '../verb.ts';
import { failVerb, succeeded } from '../verb.ts';

export type DeleteAction = Extract<KubernetesAction, { verb: 'delete' }>;

/** One object that would be deleted, as it is now. */
export interface Doomed {
  readonly kind: ResourceKind;
  readonly name: string;
  readonly object: KubeObject;
}

/** The objects a delete means now. An object that is not there fails, unless `--ignore-not-found` says otherwise. */
export async function findDoomed(
  context: LookContext,
  action: DeleteAction,
): Promise<ApiResult<readonly Doomed[]>> {
  const named =
    action.files.length > 0 ? await namedByFiles(context, action) : await namedByWords(context, action);
  if (!named.ok) return named;
  const doomed: Doomed[] = [];
  for (const { kind, name } of named.value) {
    if (name === undefined) {
      const all = await fetchObjects<KubeObject>(
        context.transport,
        kind,
        context.namespace,
        { labelSelector: action.selector },
        context.signal,
      );
      if (!all.ok) return all;
      doomed.push(...all.value.map((object) => ({ kind, name: object.metadata?.name ?? '', object })));
      continue;
    }
    const object = await fetchObject<KubeObject>(
      context.transport,
      kind,
      context.namespace,
      name,
      context.signal,
    );
    if (object.ok) doomed.push({ kind, name, object: object.value });
    else if (object.failure.status !== 404 || !action.ignoreNotFound) return object;
  }
  return { ok: true, value: doomed };
}

interface Named {
  readonly kind: ResourceKind;
  /** Undefined: all of them, or those of the selector. */
  readonly name: string | undefined;
}

async function namedByWords(
  context: LookContext,
  action: DeleteAction,
): Promise<ApiResult<readonly Named[]>> {
  const named: Named[] = [];
  for (const typed of action.kinds) {
    const kinds = await context.discovery.resolve(typed, context.signal);
    if (!kinds.ok) return kinds;
    for (const kind of kinds.value) {
      if (action.names.length === 0) named.push({ kind, name: undefined });
      else named.push(...action.names.map((name) => ({ kind, name })));
    }
  }
  return { ok: true, value: named };
}

async function namedByFiles(
  context: LookContext,
  action: DeleteAction,
): Promise<ApiResult<readonly Named[]>> {
  const read = await readManifests(context.cwd, action.files, action.recursive);
  if (!read.ok) return read;
  const named: Named[] = [];
  for (const { object, file } of read.value.objects) {
    const kind = await resolveManifest(context, object);
    if (!kind.ok) return kind;
    const { name, namespace } = object.metadata;
    if (kind.value.namespaced && namespace !== undefined && namespace !== context.namespace) {
      return refused(
        'wrong-target',
        `error: the namespace from the provided object "${namespace}" does not match the namespace "${context.namespace}" of this step (${file}). Nothing was deleted.`,
      );
    }
    named.push({ kind: kind.value, name });
  }
  return { ok: true, value: named };
}

/** The guard of a delete: these objects and no others. */
export const expectedOf = (doomed: readonly Doomed[]): readonly DeletedObject[] =>
  doomed.map(({ kind, name, object }) => ({ ...objectRef(kind, name), uid: object.metadata?.uid ?? '' }));

/**
 * kubectl delete: each object by its uid, so that one which was made anew under the same name is left alone; then waits
 * until they are gone, as kubectl does, unless `--wait=false`.
 * https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/delete-options/
 */
export async function runDelete(context: VerbContext, action: DeleteAction): Promise<VerbOutcome> {
  const found = await findDoomed(context, action);
  if (!found.ok) return failVerb(context, found.failure);
  const { expected } = action;
  // What has come since the person agreed was not agreed to.
  const doomed = found.value.filter(
    ({ kind, name, object }) =>
      expected === undefined ||
      expected.some(
        (one) =>
          one.uid === object.metadata?.uid && one.name === name && one.kind === objectRef(kind, name).kind,
      ),
  );
  if (expected !== undefined && doomed.length < expected.length) {
    const gone = expected.filter((one) => !doomed.some(({ object }) => object.metadata?.uid === one.uid));
    return failVerb(context, {
      code: 'conflict',
      message: `${gone.map(({ kind, name }) => `${kind.split('.')[0]}/${name}`).join(', ')} is not the object you agreed to delete any more (it was deleted or made anew since): nothing was deleted. Look again before you run it.`,
    });
  }
  if (doomed.length === 0) {
    if (action.names.length === 0 && action.files.length === 0)
      await context.output.write('No resources found\n');
    return succeeded('There was nothing to delete.');
  }
  if (action.force && !action.dryRun) {
    await context.output.error(
      'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
    );
  }
  for (const one of doomed) {
    const deleted = await deleteOne(context, action, one, action.dryRun);
    if (!deleted.ok) return failVerb(context, deleted.failure);
    if (!action.dryRun) await context.changed({ changes: [`${objectName(one.kind, one.name)} deleted`] });
    await context.output.write(`${sentence(context, one, action)}\n`);
  }
  return action.wait && !action.dryRun ? waitUntilGone(context, doomed, action.timeoutSeconds) : succeeded();
}

function sentence(context: LookContext, { kind, name }: Doomed, { force, dryRun }: DeleteAction): string {
  const place = kind.namespaced ? ` from ${context.namespace} namespace` : '';
  return `${kindName(kind)} "${name}" ${force ? 'force deleted' : 'deleted'}${place}${dryRun ? ' (server dry run)' : ''}`;
}

/** Asks the server to delete exactly this object. */
export async function deleteOne(
  context: LookContext,
  action: DeleteAction,
  { kind, name, object }: Doomed,
  dryRun: boolean,
): Promise<ApiResult<unknown>> {
  const policy = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }[action.cascade];
  // Without --force kubectl waits for a pod's end even where no time was granted.
  const grace = action.gracePeriodSeconds === 0 && !action.force ? 1 : action.gracePeriodSeconds;
  const uid = object.metadata?.uid;
  return context.transport.json(
    {
      method: 'DELETE',
      path: pathOf(kind, context.namespace, name),
      query: { dryRun: dryRun ? 'All' : undefined },
      body: JSON.stringify({
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: policy,
        ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
        ...(uid === undefined ? {} : { preconditions: { uid } }),
        ...(dryRun ? { dryRun: ['All'] } : {}),
      }),
    },
    context.signal,
  );
}

async function waitUntilGone(
  context: VerbContext,
  doomed: readonly Doomed[],
  timeoutSeconds: number | undefined,
): Promise<VerbOutcome> {
  const limit = timeoutSeconds === undefined ? undefined : AbortSignal.timeout(timeoutSeconds * 1000);
  const signal = limit === undefined ? context.signal : AbortSignal.any([context.signal, limit]);
  for (const { kind, name, object } of doomed) {
    for await (const seen of followObject<KubeObject>({ ...context, signal }, kind, name)) {
      if (!seen.ok && seen.failure.code === 'not-found') break;
      if (!seen.ok && signal.aborted) break;
      if (!seen.ok) return failVerb(context, seen.failure);
      // One of the same name is not this one: a StatefulSet makes its pods again under their names.
      if (seen.value.metadata?.uid !== object.metadata?.uid) break;
    }
    if (signal.aborted) break;
  }
  if (context.signal.aborted)
    return succeeded(
      'You stopped watching. The deletion was accepted; what ends slowly may still be ending.',
    );
  if (!signal.aborted) return succeeded();
  return failVerb(context, {
    code: 'timeout',
    message: `error: timed out waiting for the condition. The deletion was accepted, but something holds it back (a finalizer, or a pod that does not end).`,
  });
}
