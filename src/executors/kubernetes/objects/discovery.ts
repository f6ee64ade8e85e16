import * as v from 'valibot';
import type { ApiResult } from '../access/apiFailure.ts';
import { apiFailed } from '../access/apiFailure.ts';
import type { Transport } from '../access/transport.ts';

/** One kind of object the API server knows. */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  /** `deployments` */
  readonly plural: string;
  readonly singular: string;
  /** `Deployment` */
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
}

/** Finds kinds by any of their names, as kubectl does. */
export interface Discovery {
  /** One kind, or for a category (`all`) each kind in it. Unknown names fail with kubectl's words. */
  resolve(typed: string, signal: AbortSignal): Promise<ApiResult<readonly ResourceKind[]>>;
}

/** `deployment.apps`, the way kubectl names an object's kind; core kinds have no group. */
export const kindName = (kind: ResourceKind): string =>
  kind.kind.toLowerCase() + (kind.group === '' ? '' : `.${kind.group}`);

export const isServices = ({ group, plural }: ResourceKind): boolean => group === '' && plural === 'services';

/** The URL path of a list, an object or its subresource. */
export function pathOf(
  kind: ResourceKind,
  namespace: string | undefined,
  name?: string,
  subresource?: string,
): string {
  const base = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope =
    kind.namespaced && namespace !== undefined ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  const object = name === undefined ? '' : `/${encodeURIComponent(name)}`;
  return `${base}${scope}/${kind.plural}${object}${subresource === undefined ? '' : `/${subresource}`}`;
}

/** Kinds which every cluster serves in exactly these versions: no discovery is needed for them. */
const wellKnown: readonly ResourceKind[] = (
  [
    ['', 'pods', 'Pod', true, 'po'],
    ['', 'services', 'Service', true, 'svc'],
    ['', 'namespaces', 'Namespace', false, 'ns'],
    ['', 'nodes', 'Node', false, 'no'],
    ['', 'configmaps', 'ConfigMap', true, 'cm'],
    ['', 'secrets', 'Secret', true, ''],
    ['', 'events', 'Event', true, 'ev'],
    ['', 'persistentvolumeclaims', 'PersistentVolumeClaim', true, 'pvc'],
    ['apps', 'deployments', 'Deployment', true, 'deploy'],
    ['apps', 'replicasets', 'ReplicaSet', true, 'rs'],
    ['apps', 'statefulsets', 'StatefulSet', true, 'sts'],
    ['apps', 'daemonsets', 'DaemonSet', true, 'ds'],
  ] as const
).map(([group, plural, kind, namespaced, short]) => ({
  group,
  version: 'v1',
  plural,
  singular: kind.toLowerCase(),
  kind,
  namespaced,
  shortNames: short === '' ? [] : [short],
  categories: [],
}));

const resourceSchema = v.object({
  name: v.string(),
  singularName: v.nullish(v.string(), ''),
  namespaced: v.boolean(),
  kind: v.string(),
  verbs: v.nullish(v.array(v.string()), []),
  shortNames: v.nullish(v.array(v.string()), []),
  categories: v.nullish(v.array(v.string()), []),
});
const resourceListSchema = v.object({
  groupVersion: v.string(),
  resources: v.nullish(v.array(resourceSchema), []),
});
const groupListSchema = v.object({
  groups: v.nullish(
    v.array(
      v.object({
        name: v.string(),
        versions: v.array(v.object({ version: v.string() })),
        preferredVersion: v.nullish(v.object({ version: v.string() })),
      }),
    ),
    [],
  ),
});

/** Aggregated discovery, one answer for all groups; servers before 1.27 answer the plain list instead. */
const aggregatedAccept = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');
const aggregatedSchema = v.object({
  kind: v.literal('APIGroupDiscoveryList'),
  items: v.array(
    v.object({
      metadata: v.nullish(v.object({ name: v.nullish(v.string(), '') }), { name: '' }),
      versions: v.array(
        v.object({
          version: v.string(),
          resources: v.nullish(
            v.array(
              v.object({
                resource: v.string(),
                responseKind: v.nullish(v.object({ kind: v.string() })),
                scope: v.nullish(v.string(), 'Namespaced'),
                singularResource: v.nullish(v.string(), ''),
                verbs: v.nullish(v.array(v.string()), []),
                shortNames: v.nullish(v.array(v.string()), []),
                categories: v.nullish(v.array(v.string()), []),
              }),
            ),
            [],
          ),
        }),
      ),
    }),
  ),
});

/** How long a kind that was not found is taken for unknown: a CRD may be installed meanwhile. */
const renewAfterMs = 10 * 60_000;

/** Discovery for one cluster: well-known kinds at once, others by asking the API server, cached for ten minutes. */
export function createDiscovery(transport: Transport): Discovery {
  let known: { readonly kinds: readonly ResourceKind[]; readonly at: number } | undefined;

  return {
    async resolve(typed, signal) {
      const common = find(wellKnown, typed);
      if (common.length > 0) return { ok: true, value: common };
      if (known !== undefined && Date.now() - known.at < renewAfterMs) {
        const found = find(known.kinds, typed);
        if (found.length > 0) return { ok: true, value: found };
      }
      const kinds = await fetchKinds(transport, signal);
      if (!kinds.ok) return kinds;
      known = { kinds: kinds.value, at: Date.now() };
      const found = find(kinds.value, typed);
      if (found.length > 0) return { ok: true, value: found };
      return apiFailed({
        code: 'not-found',
        message: `error: the server doesn't have a resource type "${typed}"`,
      });
    },
  };
}

/** kubectl's precedence: `name.version.group` and `name.group` first, then plural, singular, kind, short name, category. */
function find(kinds: readonly ResourceKind[], typed: string): readonly ResourceKind[] {
  const [name = '', ...rest] = typed.toLowerCase().split('.');
  const suffix = rest.join('.');
  const within = kinds.filter(
    (kind) =>
      suffix === '' ||
      suffix === kind.group ||
      suffix === `${kind.version}.${kind.group}` ||
      suffix === `${kind.version}.`,
  );
  const first =
    within.find(
      (kind) => kind.plural === name || kind.singular === name || kind.kind.toLowerCase() === name,
    ) ?? within.find((kind) => kind.shortNames.includes(name));
  if (first !== undefined) return [first];
  return suffix === '' ? kinds.filter((kind) => kind.categories.includes(name)) : [];
}

async function fetchKinds(
  transport: Transport,
  signal: AbortSignal,
): Promise<ApiResult<readonly ResourceKind[]>> {
  const [core, groups] = await Promise.all([
    transport.json({ path: '/api', accept: aggregatedAccept }, signal),
    transport.json({ path: '/apis', accept: aggregatedAccept }, signal),
  ]);
  if (!core.ok) return core;
  if (!groups.ok) return groups;
  const aggregated = [core.value, groups.value].map((value) => v.safeParse(aggregatedSchema, value));
  if (aggregated.every((answer) => answer.success)) {
    return { ok: true, value: aggregated.flatMap((answer) => aggregatedKinds(answer.output)) };
  }
  const list = v.safeParse(groupListSchema, groups.value);
  const versions = (list.success ? list.output.groups : []).flatMap((group) => {
    const preferred = group.preferredVersion?.version;
    const all = group.versions.map((entry) => entry.version);
    const ordered =
      preferred === undefined ? all : [preferred, ...all.filter((version) => version !== preferred)];
    return ordered.map((version) => `/apis/${group.name}/${version}`);
  });
  // A group whose own server is down (an aggregated API) costs only its kinds, as in kubectl.
  const answers = await Promise.all(['/api/v1', ...versions].map((path) => transport.json({ path }, signal)));
  const first = answers[0];
  if (first !== undefined && !first.ok) return first;
  return {
    ok: true,
    value: distinct(answers.flatMap((answer) => (answer.ok ? legacyKinds(answer.value) : []))),
  };
}

function legacyKinds(value: unknown): ResourceKind[] {
  const parsed = v.safeParse(resourceListSchema, value);
  if (!parsed.success) return [];
  const [first = '', second] = parsed.output.groupVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return parsed.output.resources
    .filter((resource) => !resource.name.includes('/') && resource.verbs.includes('get'))
    .map((resource) => ({
      group,
      version,
      plural: resource.name,
      singular: resource.singularName || resource.kind.toLowerCase(),
      kind: resource.kind,
      namespaced: resource.namespaced,
      shortNames: resource.shortNames,
      categories: resource.categories,
    }));
}

function aggregatedKinds(list: v.InferOutput<typeof aggregatedSchema>): ResourceKind[] {
  const kinds = list.items.flatMap((group) =>
    group.versions.flatMap(({ version, resources }) =>
      resources
        .filter((resource) => resource.verbs.includes('get'))
        .map((resource) => ({
          group: group.metadata.name,
          version,
          plural: resource.resource,
          singular: resource.singularResource || (resource.responseKind?.kind ?? '').toLowerCase(),
          kind: resource.responseKind?.kind ?? '',
          namespaced: resource.scope === 'Namespaced',
          shortNames: resource.shortNames,
          categories: resource.categories,
        })),
    ),
  );
  return distinct(kinds);
}

/** The first version of each kind: groups list their preferred version first. */
function distinct(kinds: readonly ResourceKind[]): ResourceKind[] {
  const seen = new Set<string>();
  return kinds.filter((kind) => {
    const key = `${kind.plural}.${kind.group}`;
    return !seen.has(key) && seen.add(key) !== undefined;
  });
}
