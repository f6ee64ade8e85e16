import type { KubeObject } from '../../state/objects.ts';
import type { Resource } from '../../state/resources.ts';
import { groupVersion } from '../../state/resources.ts';
import type { Fresh } from '../../state/store.ts';
import { reconcile } from '../../state/tick.ts';
import { timestamp } from '../../state/objects.ts';
import { uuid } from '../../state/names.ts';
import type { World } from '../../state/world.ts';
import type { Json } from './patch.ts';
import { strategicMerge } from './patch.ts';
import type { Outcome } from './status.ts';
import { alreadyExists, badRequest, done, invalid, methodNotAllowed, refused } from './status.ts';
import type { Target } from './write.ts';
import { parseBody, replace } from './write.ts';
import { validate } from './validate.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A field that is set, as managedFields write it: `{ 'f:data': { 'f:a': {} } }`; lists count as one field. */
function fieldsOf(value: unknown): Record<string, unknown> {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]));
}

interface Managed {
  readonly manager: string;
  readonly operation: string;
  readonly fieldsV1: Record<string, unknown>;
}

const managedOf = (object: KubeObject | undefined): readonly Managed[] =>
  ((object?.metadata as { managedFields?: Managed[] } | undefined)?.managedFields ?? []) as Managed[];

/** Takes away what the manager had applied before and does not apply any more. */
function dropped(object: Json, before: Record<string, unknown>, now: Record<string, unknown>): Json {
  if (!isObject(object)) return object;
  const next: Record<string, Json> = { ...(object as Record<string, Json>) };
  for (const [field, inner] of Object.entries(before)) {
    const key = field.slice(2);
    if (next[key] === undefined) continue;
    if (!(field in now)) delete next[key];
    else next[key] = dropped(next[key], inner as typeof before, now[field] as typeof before);
  }
  return next;
}

/**
 * Server-side apply, as far as one manager goes: sets what the manifest names, drops what it named before, and makes the
 * object where there is none. Conflicts between managers are not simulated.
 * Source: https://kubernetes.io/docs/reference/using-api/server-side-apply/
 */
export function applyObject(
  world: World,
  place: { readonly resource: Resource; readonly namespace: string | undefined; readonly name: string },
  object: KubeObject | undefined,
  body: string,
  options: { readonly manager: string | null; readonly dryRun: boolean },
): Outcome<KubeObject> {
  if (!options.manager) {
    return refused(
      badRequest(
        'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch',
      ),
    );
  }
  const parsed = parseBody(body);
  if (!parsed.ok) return parsed;
  if (!isObject(parsed.value))
    return refused(badRequest('error decoding patch: an apply patch is an object'));
  const { apiVersion: _version, kind: _kind, metadata, ...content } = parsed.value;
  const { name: _name, namespace: _namespace, ...labelled } = isObject(metadata) ? metadata : {};
  const applied = { ...content, ...(Object.keys(labelled).length > 0 ? { metadata: labelled } : {}) };
  const fieldsV1 = fieldsOf(applied);
  const entry = {
    manager: options.manager,
    operation: 'Apply',
    apiVersion: groupVersion(place.resource),
    time: timestamp(world.now),
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  if (object === undefined) {
    const fresh = { ...parsed.value, metadata: { ...(metadata as object), managedFields: [entry] } };
    return createObject(world, place, JSON.stringify(fresh), options.dryRun);
  }
  const managed = managedOf(object);
  const own = managed.find((each) => each.manager === options.manager && each.operation === 'Apply');
  const without = dropped(object as unknown as Json, own?.fieldsV1 ?? {}, fieldsV1);
  const merged = strategicMerge(without, applied as Json) as unknown as KubeObject;
  const others = managed.filter((each) => each !== own);
  const unchanged = JSON.stringify(own?.fieldsV1) === JSON.stringify(fieldsV1) && own !== undefined;
  const next = {
    ...merged,
    metadata: { ...merged.metadata, managedFields: [...others, unchanged ? own : entry] },
  };
  const target: Target = { resource: place.resource, object, dryRun: options.dryRun };
  return replace(world, target, next);
}

/** Applies POST to a collection. Only for kinds whose objects do nothing by themselves. */
export function createObject(
  world: World,
  { resource, namespace }: { readonly resource: Resource; readonly namespace: string | undefined },
  body: string,
  dryRun: boolean,
): Outcome<KubeObject> {
  if (!resource.verbs.includes('create')) return refused(methodNotAllowed());
  const parsed = parseBody(body);
  if (!parsed.ok) return parsed;
  const { value } = parsed;
  const metadata = isObject(value) ? value['metadata'] : undefined;
  if (!isObject(value) || !isObject(metadata) || typeof metadata['name'] !== 'string')
    return refused(badRequest('the object in the request has no name'));
  const name = metadata['name'];
  if (world.store.get(resource.name, namespace, name) !== undefined)
    return refused(alreadyExists(resource, name));
  const fresh = {
    ...value,
    apiVersion: groupVersion(resource),
    kind: resource.kind,
    metadata: { ...metadata, name, ...(namespace === undefined ? {} : { namespace }) },
  };
  const errors = validate(resource, fresh as unknown as KubeObject, fresh as unknown as KubeObject);
  if (errors.length > 0) return refused(invalid(resource, name, errors));
  if (dryRun) {
    const own = { uid: uuid(`${resource.name}/${name}`), creationTimestamp: timestamp(world.now) };
    return done({ ...fresh, metadata: { ...fresh.metadata, ...own } } as unknown as KubeObject);
  }
  const made = world.store.create(resource.name, fresh as unknown as Fresh<never>, world.now);
  reconcile(world);
  return done(made);
}
