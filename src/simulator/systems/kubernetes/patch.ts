import { isDeepStrictEqual } from 'node:util';

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

export type Patched =
  { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };

const isObject = (value: Json | undefined): value is JsonObject =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** JSON Merge Patch (RFC 7386): null removes, objects merge, everything else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

/** The field that tells a list's elements apart, by the list's name; lists without one are replaced whole. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  conditions: 'type',
  ownerReferences: 'uid',
  addresses: 'type',
  topologySpreadConstraints: 'topologyKey',
};
const primitiveSets = new Set(['finalizers']);

const mergeKeyOf = (path: readonly string[]): string | undefined => {
  const field = path.at(-1) ?? '';
  // A container's ports go by their own number, a service's by the number it listens on.
  if (field === 'ports') return path.includes('containers') ? 'containerPort' : 'port';
  return mergeKeys[field];
};

function mergeList(
  current: readonly Json[],
  patch: readonly Json[],
  key: string,
  path: readonly string[],
): Json[] {
  if (patch.some((one) => isObject(one) && one['$patch'] === 'replace' && Object.keys(one).length === 1)) {
    return patch.filter((one) => !(isObject(one) && one['$patch'] === 'replace'));
  }
  let merged = [...current];
  for (const change of patch) {
    if (!isObject(change)) continue;
    const index = merged.findIndex((one) => isObject(one) && isDeepStrictEqual(one[key], change[key]));
    if (change['$patch'] === 'delete') merged = merged.filter((_one, at) => at !== index);
    else if (index === -1) merged.push(strategicMerge(undefined, change, path));
    else merged[index] = strategicMerge(merged[index], change, path);
  }
  return merged;
}

function sortByOrder(list: readonly Json[], order: readonly Json[], key: string | undefined): Json[] {
  const keyed = (one: Json): Json | undefined => (key !== undefined && isObject(one) ? one[key] : one);
  const wanted = order.map(keyed);
  const place = (one: Json): number => wanted.findIndex((value) => isDeepStrictEqual(value, keyed(one)));
  const inOrder = list.filter((one) => place(one) !== -1).sort((a, b) => place(a) - place(b));
  return [...inOrder, ...list.filter((one) => place(one) === -1)];
}

function applyDirective(merged: JsonObject, directive: string, value: Json, path: readonly string[]): void {
  const [, kind, field] = /^\$(deleteFromPrimitiveList|setElementOrder)\/(.+)$/.exec(directive) ?? [];
  if (field !== undefined && Array.isArray(value)) {
    const list = merged[field];
    if (!Array.isArray(list)) return;
    merged[field] =
      kind === 'setElementOrder'
        ? sortByOrder(list, value, mergeKeyOf([...path, field]))
        : list.filter((one) => !value.some((gone) => isDeepStrictEqual(gone, one)));
  }
  if (directive === '$retainKeys' && Array.isArray(value)) {
    for (const key of Object.keys(merged)) if (!value.includes(key)) delete merged[key];
  }
}

/**
 * Strategic merge patch for the built-in kinds: lists of containers, ports, env and their like merge by key.
 * An Ingress's rules and paths are atomic in the API, so they are replaced whole here too.
 * Source: https://kubernetes.io/docs/tasks/manage-kubernetes-objects/update-api-object-kubectl-patch/
 */
export function strategicMerge(target: Json | undefined, patch: Json, path: readonly string[] = []): Json {
  if (!isObject(patch)) return patch;
  const { $patch: mode, ...changes } = patch;
  if (mode === 'replace') return changes;
  if (mode === 'delete') return {};
  const merged: JsonObject = isObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(changes)) {
    if (field.startsWith('$')) continue;
    const current = merged[field];
    const here = [...path, field];
    if (value === null) delete merged[field];
    else if (Array.isArray(value) && mergeKeyOf(here) !== undefined) {
      merged[field] = mergeList(Array.isArray(current) ? current : [], value, mergeKeyOf(here) ?? '', here);
    } else if (Array.isArray(value) && primitiveSets.has(field) && Array.isArray(current)) {
      merged[field] = [...current, ...value.filter((one) => !current.includes(one))];
    } else merged[field] = strategicMerge(current, value, here);
  }
  for (const [field, value] of Object.entries(changes)) {
    if (field.startsWith('$')) applyDirective(merged, field, value, path);
  }
  return merged;
}
