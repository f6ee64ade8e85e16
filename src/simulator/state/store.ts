import { isDeepStrictEqual } from 'node:util';
import type { Kinds, KubeObject, ResourceName } from './objects.ts';
import { uuid } from './names.ts';
import { timestamp } from './objects.ts';

/** One change of the world, in the order of resource versions. `before` is missing for what is new. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceName;
  readonly object: KubeObject;
  readonly before?: KubeObject;
  readonly version: number;
}

/** What a new object must bring; the store gives it uid, resourceVersion and creation time. */
export type Fresh<T extends KubeObject> = { [K in keyof T as K extends 'metadata' ? never : K]: T[K] } & {
  metadata: Omit<T['metadata'], 'uid' | 'resourceVersion' | 'creationTimestamp'>;
};

/**
 * The objects of the cluster, with resource versions and a bounded history of changes for watches.
 * Objects handed out are never changed in place: `update` works on a copy.
 */
export interface Store {
  version(): number;
  get<R extends ResourceName>(resource: R, namespace: string | undefined, name: string): Kinds[R] | undefined;
  /** Sorted by namespace and name, as the API lists. */
  list<R extends ResourceName>(resource: R, namespace?: string): Kinds[R][];
  create<R extends ResourceName>(resource: R, fresh: Fresh<Kinds[R]>, atMs: number): Kinds[R];
  /** Applies `change` to a copy; a change that alters nothing makes no new version. */
  update<R extends ResourceName>(resource: R, object: Kinds[R], change: (draft: Kinds[R]) => void): Kinds[R];
  remove(resource: ResourceName, object: KubeObject): void;
  /** The changes after a version, or undefined when they are no longer kept. */
  since(version: number): readonly Change[] | undefined;
  onChange(listener: (change: Change) => void): () => void;
}

const historyLength = 4000;

/** A copy of plain JSON data; structuredClone, which can do more, takes five times as long. */
function copyOf<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(copyOf) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = copyOf((value as Record<string, unknown>)[key]);
  return copy as T;
}
const keyOf = (namespace: string | undefined, name: string): string => `${namespace ?? ''}/${name}`;

export function createStore(): Store {
  const tables = new Map<ResourceName, Map<string, KubeObject>>();
  const sorted = new Map<ResourceName, readonly KubeObject[]>();
  const listeners = new Set<(change: Change) => void>();
  const history: Change[] = [];
  let version = 184_200;
  let created = 0;

  const table = (resource: ResourceName): Map<string, KubeObject> => {
    const found = tables.get(resource) ?? new Map<string, KubeObject>();
    tables.set(resource, found);
    return found;
  };
  const inOrder = (resource: ResourceName): readonly KubeObject[] => {
    const known = sorted.get(resource);
    if (known !== undefined) return known;
    const fresh = [...table(resource)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    sorted.set(resource, fresh);
    return fresh;
  };
  const tell = (change: Change): void => {
    sorted.delete(change.resource);
    history.push(change);
    if (history.length > historyLength) history.splice(0, history.length - historyLength);
    for (const listener of [...listeners]) listener(change);
  };

  return {
    version: () => version,
    get: <R extends ResourceName>(resource: R, namespace: string | undefined, name: string) =>
      table(resource).get(keyOf(namespace, name)) as Kinds[R] | undefined,
    list: <R extends ResourceName>(resource: R, namespace?: string) =>
      inOrder(resource).filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      ) as Kinds[R][],
    create: <R extends ResourceName>(resource: R, fresh: Fresh<Kinds[R]>, atMs: number) => {
      version += 1;
      created += 1;
      const { name, namespace } = fresh.metadata;
      const object = copyOf({
        ...fresh,
        metadata: {
          ...fresh.metadata,
          uid: uuid(`${resource}/${namespace ?? ''}/${name}/${created}`),
          resourceVersion: String(version),
          creationTimestamp: timestamp(atMs),
        },
      }) as unknown as Kinds[R];
      table(resource).set(keyOf(namespace, name), object);
      tell({ type: 'ADDED', resource, object, version });
      return object;
    },
    update: <R extends ResourceName>(resource: R, object: Kinds[R], change: (draft: Kinds[R]) => void) => {
      const key = keyOf(object.metadata.namespace, object.metadata.name);
      const before = table(resource).get(key) as Kinds[R] | undefined;
      if (before === undefined) return object;
      const draft = copyOf(before);
      change(draft);
      if (isDeepStrictEqual(draft, before)) return before;
      version += 1;
      draft.metadata.resourceVersion = String(version);
      table(resource).set(key, draft);
      tell({ type: 'MODIFIED', resource, object: draft, before, version });
      return draft;
    },
    remove: (resource, { metadata: { namespace, name } }) => {
      const before = table(resource).get(keyOf(namespace, name));
      if (before === undefined) return;
      version += 1;
      table(resource).delete(keyOf(namespace, name));
      const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(version) } };
      tell({ type: 'DELETED', resource, object, before, version });
    },
    since: (from) => {
      const oldest = history[0];
      if (oldest !== undefined && oldest.version > from + 1 && history.length >= historyLength)
        return undefined;
      return history.filter((change) => change.version > from);
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
