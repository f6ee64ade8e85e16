import { isDeepStrictEqual } from 'node:util';
import { terminatePod } from '../../state/kubelet.ts';
import type { KubeObject, Pod, Workload } from '../../state/objects.ts';
import type { Resource } from '../../state/resources.ts';
import { reconcile } from '../../state/tick.ts';
import type { World } from '../../state/world.ts';
import { jsonPatch } from './jsonPatch.ts';
import type { Json } from './patch.ts';
import { mergePatch, strategicMerge } from './patch.ts';
import type { Outcome } from './status.ts';
import {
  badRequest,
  conflict,
  deleted,
  done,
  invalid,
  methodNotAllowed,
  notFound,
  otherUid,
  refused,
  unprocessable,
  unsupportedMediaType,
} from './status.ts';
import { checkReplicas, validate } from './validate.ts';

/** The object a write is about, as it is stored now. */
export interface Target {
  readonly resource: Resource;
  readonly object: KubeObject;
  readonly subresource?: string | undefined;
  readonly dryRun: boolean;
}

/** An `autoscaling/v1` Scale of a workload. */
export function renderScale({ metadata, spec, status }: Workload): KubeObject {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata;
  const selector = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      name,
      ...(namespace === undefined ? {} : { namespace }),
      uid,
      resourceVersion,
      creationTimestamp,
    },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector: selector.join(',') },
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

export function parseBody(body: string): Outcome<Json> {
  try {
    return done(JSON.parse(body) as Json);
  } catch (thrown) {
    return refused(badRequest(`error decoding patch: ${thrown instanceof Error ? thrown.message : ''}`));
  }
}

function patched(before: Json, contentType: string, body: string): Outcome<Json> {
  const type = contentType.split(';')[0]?.trim() ?? '';
  const kinds = [
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
  ];
  if (!kinds.includes(type)) return refused(unsupportedMediaType());
  const patch = parseBody(body);
  if (!patch.ok) return patch;
  if (type === kinds[0]) {
    if (!Array.isArray(patch.value))
      return refused(badRequest('error decoding patch: a JSON patch is a list'));
    const result = jsonPatch(before, patch.value);
    return result.ok ? done(result.value) : refused(unprocessable());
  }
  // `null` patches nothing: kubectl makes it of an empty YAML document such as `...`.
  if (patch.value === null) return done(before);
  if (!isObject(patch.value)) return refused(badRequest('error decoding patch: a merge patch is an object'));
  return done(type === kinds[1] ? mergePatch(before, patch.value) : strategicMerge(before, patch.value));
}

/** Applies PATCH. The answer is the object as it is, or with a dry run would be, afterwards. */
export function patchObject(
  world: World,
  target: Target,
  contentType: string,
  body: string,
): Outcome<KubeObject> {
  const shown = target.subresource === 'scale' ? renderScale(target.object as Workload) : target.object;
  const next = patched(shown as unknown as Json, contentType, body);
  return next.ok ? replace(world, target, next.value) : next;
}

/** Applies PUT. */
export function putObject(world: World, target: Target, body: string): Outcome<KubeObject> {
  const next = parseBody(body);
  return next.ok ? replace(world, target, next.value) : next;
}

export function replace(world: World, target: Target, next: unknown): Outcome<KubeObject> {
  const { resource, object, subresource } = target;
  if (!isObject(next) || !isObject(next['metadata'])) {
    return refused(badRequest('the object in the request has no metadata'));
  }
  const { name, resourceVersion } = next['metadata'];
  if (name !== object.metadata.name) {
    return refused(
      badRequest(
        `the name of the object (${String(name)}) does not match the name on the URL (${object.metadata.name})`,
      ),
    );
  }
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== object.metadata.resourceVersion
  ) {
    return refused(conflict(resource, object.metadata.name));
  }
  if (subresource === 'scale') return scale(world, target, next);
  return store(world, target, settle(object, next as KubeObject, subresource, hasOwnStatus(resource)));
}

/** Argo CD's resources have no status subresource: whoever may write the object writes its status too. */
const hasOwnStatus = ({ group }: Resource): boolean => group !== 'argoproj.io';

function scale(world: World, target: Target, next: Record<string, unknown>): Outcome<KubeObject> {
  const replicas = isObject(next['spec']) ? (next['spec']['replicas'] ?? 0) : undefined;
  const errors = checkReplicas(replicas);
  const { object } = target;
  if (errors.length > 0) {
    return refused(invalid({ kind: 'Scale', group: 'autoscaling' }, object.metadata.name, errors));
  }
  const workload = object as Workload;
  const wanted = { ...workload, spec: { ...workload.spec, replicas: replicas as number } };
  const result = store(world, target, settle(object, wanted, undefined));
  return result.ok ? done(renderScale(result.value as Workload)) : result;
}

/** What a client may not change stays as it is: identity, and the status or all but the status. */
function settle(
  before: KubeObject,
  next: KubeObject,
  subresource: string | undefined,
  ownStatus = true,
): KubeObject {
  if (subresource === 'status') return { ...before, status: next['status'] ?? before['status'] };
  const { uid, resourceVersion, creationTimestamp, namespace, generation, deletionTimestamp } =
    before.metadata;
  const changed = !isDeepStrictEqual(next['spec'], before['spec']);
  return {
    ...next,
    apiVersion: before.apiVersion,
    kind: before.kind,
    metadata: {
      ...next.metadata,
      uid,
      resourceVersion,
      creationTimestamp,
      ...(namespace === undefined ? {} : { namespace }),
      ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
      ...(generation === undefined ? {} : { generation: changed ? generation + 1 : generation }),
    },
    ...('status' in before && ownStatus ? { status: before['status'] } : {}),
  };
}

function store(world: World, { resource, object, dryRun }: Target, next: KubeObject): Outcome<KubeObject> {
  const errors = validate(resource, next, object);
  if (errors.length > 0) return refused(invalid(resource, object.metadata.name, errors));
  if (dryRun) return done(next);
  const stored = world.store.update(resource.name, object as never, (draft: KubeObject) => {
    for (const field of Object.keys(draft)) delete draft[field];
    Object.assign(draft, structuredClone(next));
  });
  reconcile(world);
  // The controllers may already have written the status: the answer is what was stored by this request.
  return done(stored);
}

/** Deletes an object: pods gracefully, everything else at once with what it owns. */
export function deleteObject(
  world: World,
  target: Target,
  body: string,
  query: URLSearchParams,
): Outcome<unknown> {
  const { resource, object, subresource } = target;
  if (subresource !== undefined || !resource.verbs.includes('delete')) return refused(methodNotAllowed());
  const parsed = body === '' ? done<Json>({}) : parseBody(body);
  if (!parsed.ok) return parsed;
  const options = isObject(parsed.value) ? parsed.value : {};
  const dryRun = target.dryRun || (Array.isArray(options['dryRun']) && options['dryRun'].includes('All'));
  const wanted = Number(options['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds') ?? 30);
  const grace = Number.isFinite(wanted) && wanted >= 0 ? wanted : 30;
  const { namespace, name, uid } = object.metadata;
  if (world.store.get(resource.name, namespace, name) === undefined) return refused(notFound(resource, name));
  const preconditions = isObject(options['preconditions']) ? options['preconditions'] : {};
  const wantedUid = preconditions['uid'];
  if (typeof wantedUid === 'string' && wantedUid !== uid)
    return refused(otherUid(resource, name, wantedUid, uid));
  if (dryRun) return done(resource.name === 'pods' ? object : deleted(resource, name, uid));
  if (resource.name !== 'pods') {
    world.store.remove(resource.name, object);
    reconcile(world);
    return done(deleted(resource, name, uid));
  }
  terminatePod(world, object as Pod, grace);
  const left = world.store.get('pods', namespace, name) ?? object;
  reconcile(world);
  return done(left);
}
