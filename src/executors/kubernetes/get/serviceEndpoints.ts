import type { ServiceRead } from '../../../core/judge/reading.ts';
import type { ApiFailure, ApiResult } from '../access/apiFailure.ts';
import type { ResourceKind } from '../objects/discovery.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObjects } from '../objects/objects.ts';
import { at, listAt, textAt, textsAt } from '../look/look.ts';
import type { LookContext } from '../verb.ts';

/** Named here, so that a cluster that is too old to have them costs one 404 and no discovery. */
const sliceKind: ResourceKind = {
  group: 'discovery.k8s.io',
  version: 'v1',
  plural: 'endpointslices',
  singular: 'endpointslice',
  kind: 'EndpointSlice',
  namespaced: true,
  shortNames: [],
  categories: [],
};
const serviceLabel = 'kubernetes.io/service-name';

/** Of more services than this the slices are not asked for by name: a query has its length. */
const mostNamed = 40;
/** Services of one reading; those without endpoints are kept first. */
const mostRead = 100;
/** How long a step may take longer for what it does not show, milliseconds. */
const longestLookMs = 3_000;

/**
 * How many ready endpoints stand behind these services, from their EndpointSlices. Where they cannot be read, the answer
 * says why and no number; never throws, and takes three seconds at most.
 * https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/
 *
 * An ExternalName is left out: it is a DNS name and has none. A service without a selector counts only where somebody
 * made slices for it, for nothing says that there should be any. A headless one is looked at as any other: its slices
 * are kept in the same way, and who resolves its name finds nobody either.
 */
export async function lookUpEndpoints(
  context: LookContext,
  services: readonly KubeObject[],
  allNamespaces: boolean,
): Promise<readonly ServiceRead[]> {
  const own = services.filter((service) => textAt(service, 'spec.type') !== 'ExternalName');
  if (own.length === 0) return [];
  const slices = await fetchSlices(context, own, allNamespaces);
  const read = own.map((service): ServiceRead => ({
    name: shownName(service, allNamespaces),
    ...(slices.ok ? countEndpoints(service, slices.value) : { because: slices.why }),
  }));
  const rank = ({ endpoints }: ServiceRead): number =>
    endpoints === undefined ? 1 : Math.min(endpoints, 1) * 2;
  return read.toSorted((a, b) => rank(a) - rank(b)).slice(0, mostRead);
}

/** How a reading names a service. */
export const shownName = ({ metadata }: KubeObject, allNamespaces: boolean): string =>
  allNamespaces ? `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}` : (metadata?.name ?? '');

async function fetchSlices(
  context: LookContext,
  services: readonly KubeObject[],
  allNamespaces: boolean,
): Promise<
  { readonly ok: true; readonly value: readonly KubeObject[] } | { readonly ok: false; readonly why: string }
> {
  const names = [...new Set(services.map(({ metadata }) => metadata?.name ?? ''))];
  const tooLong = AbortSignal.timeout(longestLookMs);
  let answer: ApiResult<readonly KubeObject[]>;
  try {
    answer = await fetchObjects<KubeObject>(
      context.transport,
      sliceKind,
      allNamespaces ? undefined : context.namespace,
      { labelSelector: names.length > mostNamed ? serviceLabel : `${serviceLabel} in (${names.join(',')})` },
      AbortSignal.any([context.signal, tooLong]),
    );
  } catch {
    return { ok: false, why: 'the cluster’s answer could not be read' };
  }
  if (answer.ok) return answer;
  const slow = tooLong.aborted && !context.signal.aborted;
  return {
    ok: false,
    why: slow ? `the cluster did not answer within ${longestLookMs / 1000} s` : whyNot(answer.failure),
  };
}

/** Without a capital or a full stop. */
function whyNot({ code, status, message }: ApiFailure): string {
  if (code === 'cancelled') return 'the run was stopped';
  if (status === 403) return 'you may not list endpointslices there (403 Forbidden)';
  if (status === 404) return 'the cluster has no EndpointSlices (404)';
  return `their EndpointSlices could not be read: ${message.replace(/[.\s]+$/, '').slice(0, 300)}`;
}

function countEndpoints(
  service: KubeObject,
  slices: readonly KubeObject[],
): Pick<ServiceRead, 'endpoints' | 'because'> {
  // A port that no container has leaves addresses without a port: nothing can be reached there.
  const hasPorts = listAt(service, 'spec.ports').length > 0;
  const ready = slices
    .filter((slice) => isOf(slice, service) && (!hasPorts || listAt(slice, 'ports').length > 0))
    .flatMap((slice) => listAt(slice, 'endpoints'))
    // Not said is ready, by the API's own words.
    .filter((endpoint) => at(endpoint, 'conditions.ready') !== false)
    // A pod with two kinds of addresses stands in two slices.
    .map((endpoint) => textAt(endpoint, 'targetRef.uid') || (textsAt(endpoint, 'addresses')[0] ?? ''))
    .filter((who) => who !== '');
  if (ready.length > 0) return { endpoints: new Set(ready).size };
  if (at(service, 'spec') === undefined) return { because: 'the service itself could not be read' };
  const selects = Object.keys(Object(at(service, 'spec.selector') ?? {}) as object).length > 0;
  return selects ? { endpoints: 0 } : { because: 'it has no selector, and nobody has made endpoints for it' };
}

const isOf = (slice: KubeObject, service: KubeObject): boolean =>
  slice.metadata?.labels?.[serviceLabel] === service.metadata?.name &&
  (slice.metadata?.namespace ?? '') === (service.metadata?.namespace ?? slice.metadata?.namespace ?? '');

/** The names that the lines of an output begin with: of what a filter took out, a step does not speak. */
export interface ShownNames {
  write(text: string): void;
  has(name: string): boolean;
}

export function createShownNames(allNamespaces: boolean): ShownNames {
  const names = new Set<string>();
  let rest = '';
  const read = (line: string): void => {
    const [first = '', second = ''] = line.trimStart().slice(0, 600).split(/\s+/, 2);
    names.add(
      allNamespaces ? `${first}/${second.replace(/^service\//, '')}` : first.replace(/^service\//, ''),
    );
  };
  return {
    write(text) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(read);
    },
    has(name) {
      if (rest !== '') read(rest);
      return names.has(name);
    },
  };
}
