import { isDeepStrictEqual } from 'node:util';
import { isRecord } from './fieldChanges.ts';
import type { KubeObject } from '../objects/objects.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';

type Json = Readonly<Record<string, unknown>>;
interface Annotated extends Json {
  readonly metadata: Json & { readonly annotations?: Readonly<Record<string, string>> };
}

/** The manifest with itself in the annotation that the next apply compares with, in kubectl's own words. */
export function withLastApplied<T extends Annotated>(manifest: T): T {
  const { [lastAppliedAnnotation]: _before, ...annotations } = manifest.metadata.annotations ?? {};
  const plain = { ...manifest, metadata: { ...manifest.metadata, annotations } };
  const text = `${JSON.stringify(sorted(plain))}\n`;
  return {
    ...plain,
    metadata: { ...plain.metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } },
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/**
 * The patch that makes of the live object what the manifest says: the manifest itself, and a removal of whatever the last
 * applied manifest had and this one has not. What only others have set stays. Strategic: keyed lists are merged by the
 * server; merge (for kinds of a CRD): lists are replaced.
 */
export function applyPatchOf(live: KubeObject, manifest: Annotated, type: 'strategic' | 'merge'): Json {
  const wanted = withLastApplied(manifest);
  const last = parseLast(live.metadata?.annotations?.[lastAppliedAnnotation]);
  return withRemovals(last, wanted, type === 'strategic', []) as Json;
}

function parseLast(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

/** Lists that the API merges by a key, as their `patchMergeKey` says; only what a file drops needs to know it. */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  env: 'name',
  volumes: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  secrets: 'name',
  hostAliases: 'ip',
  topologySpreadConstraints: 'topologyKey',
};

const keyOf = (path: readonly string[]): string | undefined => {
  const field = path.at(-1) ?? '';
  if (field === 'ports') return path.includes('containers') ? 'containerPort' : 'port';
  return mergeKeys[field];
};

function withRemovals(last: unknown, wanted: unknown, strategic: boolean, path: readonly string[]): unknown {
  if (Array.isArray(wanted)) {
    const key = strategic ? keyOf(path) : undefined;
    if (key === undefined || !Array.isArray(last)) return wanted;
    const items = wanted as readonly unknown[];
    const idOf = (item: unknown): unknown => (isRecord(item) ? item[key] : undefined);
    const before = last as readonly unknown[];
    const gone = before.filter((old) => !items.some((item) => isDeepStrictEqual(idOf(item), idOf(old))));
    return [
      ...items.map((item) =>
        withRemovals(
          before.find((old) => isDeepStrictEqual(idOf(old), idOf(item))),
          item,
          strategic,
          path,
        ),
      ),
      ...gone.map((old) => ({ $patch: 'delete', [key]: idOf(old) })),
    ];
  }
  if (!isRecord(wanted)) return wanted;
  const removed = isRecord(last) ? Object.keys(last).filter((key) => !Object.hasOwn(wanted, key)) : [];
  return {
    ...Object.fromEntries(
      Object.entries(wanted).map(([key, value]) => [
        key,
        withRemovals(isRecord(last) ? last[key] : undefined, value, strategic, [...path, key]),
      ]),
    ),
    ...Object.fromEntries(removed.map((key) => [key, null])),
  };
}
