import type { Resource } from '../../state/resources.ts';
import { resources } from '../../state/resources.ts';

/** Which object, or which collection, a request is about. */
export interface ObjectPath {
  readonly resource: Resource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Reads `/api/v1/…` and `/apis/GROUP/VERSION/…`; undefined for what the cluster does not serve. */
export function parseRequestPath(path: string): ObjectPath | undefined {
  const [, version, group, groupVersion, rest] =
    /^(?:\/api\/(v1)|\/apis\/([^/]+)\/([^/]+))\/(.+)$/.exec(path) ?? [];
  if (rest === undefined) return undefined;
  const parts = rest.split('/').map(decodeSafely);
  const find = (name: string | undefined): Resource | undefined =>
    resources.find(
      (one) => one.name === name && one.group === (group ?? '') && one.version === (version ?? groupVersion),
    );
  if (parts[0] === 'namespaces' && version !== undefined && parts.length <= 2)
    return toPath(find('namespaces'), undefined, parts.slice(1));
  if (parts[0] === 'namespaces') return toPath(find(parts[2]), parts[1], parts.slice(3));
  return toPath(find(parts[0]), undefined, parts.slice(1));
}

const decodeSafely = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
};

function toPath(
  resource: Resource | undefined,
  namespace: string | undefined,
  [name, subresource, ...more]: readonly string[],
): ObjectPath | undefined {
  if (resource === undefined || more.length > 0) return undefined;
  if (namespace !== undefined && !resource.namespaced) return undefined;
  if (subresource !== undefined && !resource.subresources.includes(subresource)) return undefined;
  return {
    resource,
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}
