import type { Resource } from '../../state/resources.ts';
import { groupVersion, resources } from '../../state/resources.ts';
import { metricsResources, metricsVersion } from './metrics.ts';

const extra = [
  { name: 'selfsubjectaccessreviews', kind: 'SelfSubjectAccessReview' },
  { name: 'selfsubjectrulesreviews', kind: 'SelfSubjectRulesReview' },
];
const reviews = 'authorization.k8s.io/v1';

const scaleOf = ({ name }: Resource) => ({
  name: `${name}/scale`,
  singularName: '',
  namespaced: true,
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  verbs: ['get', 'patch', 'update'],
});

const subresourceOf = (resource: Resource, sub: string) => ({
  name: `${resource.name}/${sub}`,
  singularName: '',
  namespaced: true,
  kind: sub === 'exec' ? 'PodExecOptions' : resource.kind,
  verbs: sub === 'exec' ? ['create', 'get'] : ['get'],
});

function resourceList(text: string): Record<string, unknown> {
  const mine = resources.filter((resource) => groupVersion(resource) === text);
  const rows = mine.flatMap((resource) => [
    {
      name: resource.name,
      singularName: resource.singular,
      namespaced: resource.namespaced,
      kind: resource.kind,
      verbs: resource.verbs,
      ...(resource.shortNames.length > 0 ? { shortNames: resource.shortNames } : {}),
      ...(resource.categories.length > 0 ? { categories: resource.categories } : {}),
    },
    ...resource.subresources.map((sub) =>
      sub === 'scale' ? scaleOf(resource) : subresourceOf(resource, sub),
    ),
  ]);
  const reviewRows = extra.map((review) => ({
    ...review,
    singularName: '',
    namespaced: false,
    verbs: ['create'],
  }));
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: text,
    resources: text === reviews ? reviewRows : text === metricsVersion ? metricsResources : rows,
  };
}

const groups = (): string[] =>
  [...new Set([...resources.map(groupVersion), reviews, metricsVersion])].filter((text) => text !== 'v1');

const groupOf = (text: string): Record<string, unknown> => {
  const [name, version] = text.split('/');
  const one = { groupVersion: text, version };
  return { name, versions: [one], preferredVersion: one };
};

/** What discovery answers for a path, or undefined where there is nothing to discover. */
export function getDiscovery(path: string): Record<string, unknown> | undefined {
  if (path === '/version') {
    return {
      major: '1',
      minor: '33',
      gitVersion: 'v1.33.1',
      gitCommit: '0000000000000000000000000000000000000000',
      gitTreeState: 'clean',
      buildDate: '2026-01-01T00:00:00Z',
      goVersion: 'go1.24.2',
      compiler: 'gc',
      platform: 'linux/amd64',
    };
  }
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis') return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups().map(groupOf) };
  if (path === '/api/v1') return resourceList('v1');
  const [, text] = /^\/apis\/([^/]+\/[^/]+)$/.exec(path) ?? [];
  if (text !== undefined && groups().includes(text)) return resourceList(text);
  const [, group] = /^\/apis\/([^/]+)$/.exec(path) ?? [];
  const found = groups().find((one) => one.split('/')[0] === group);
  return found === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) };
}
