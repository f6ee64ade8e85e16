import type { IncomingMessage } from 'node:http';
import type { Resource } from '../../state/resources.ts';
import { qualified } from '../../state/resources.ts';
import type { Status } from './status.ts';
import { forbidden } from './status.ts';

/**
 * The one user who may not do everything: impersonated (`as: reader` in a kubeconfig, `--as=reader`), for clients send
 * no credentials over plain HTTP, a caller may read and nothing else.
 */
export const readerUser = 'reader';

const readVerbs = new Set(['get', 'list', 'watch']);

/** What a caller wants to do, as RBAC names it. */
export interface Wanted {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string | undefined;
}

/** Whether the caller of a request may do this; everybody else may do everything. */
export function mayDo(request: IncomingMessage, wanted: Wanted): boolean {
  if (request.headers['impersonate-user'] !== readerUser) return true;
  const { verb, resource, subresource } = wanted;
  return readVerbs.has(verb) && resource !== 'secrets' && subresource !== 'exec';
}

/** The 403 for a request that its caller may not make; undefined when it may. */
export function refuseCaller(
  request: IncomingMessage,
  resource: Resource,
  verb: string,
  place: {
    readonly namespace?: string | undefined;
    readonly name?: string | undefined;
    readonly subresource?: string | undefined;
  },
): Status | undefined {
  const { namespace, name = '', subresource } = place;
  const wanted = { verb, group: resource.group, resource: resource.name, subresource };
  if (mayDo(request, wanted)) return undefined;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const what = `${resource.name}${subresource === undefined ? '' : `/${subresource}`}`;
  return forbidden(
    resource,
    name,
    `${qualified(resource).replace(resource.name, what)} "${name}" is forbidden: User "${readerUser}" cannot ${verb} resource "${what}" in API group "${resource.group}" ${where}`,
  );
}
