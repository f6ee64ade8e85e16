import type { ResourceName } from './objects.ts';

/** What the API says about one resource: its names, where it lives and what may be done with it. */
export interface Resource {
  readonly name: ResourceName;
  readonly singular: string;
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
}

const readOnly = ['get', 'list', 'watch'];
const writable = ['delete', 'get', 'list', 'patch', 'update', 'watch'];
const creatable = ['create', ...writable];

const row = (
  [group, version]: readonly [string, string],
  name: ResourceName,
  kind: string,
  shortNames: readonly string[],
  rest: {
    namespaced?: boolean;
    all?: boolean;
    verbs?: readonly string[];
    subresources?: readonly string[];
  } = {},
): Resource => ({
  name,
  singular: kind.toLowerCase(),
  kind,
  group,
  version,
  namespaced: rest.namespaced ?? true,
  shortNames,
  categories: rest.all ? ['all'] : [],
  verbs: rest.verbs ?? writable,
  subresources: rest.subresources ?? [],
});

const core = ['', 'v1'] as const;
const apps = ['apps', 'v1'] as const;
const argo = ['argoproj.io', 'v1alpha1'] as const;

/** Every resource the simulated cluster serves. Objects that run something are made by its controllers alone. */
export const resources: readonly Resource[] = [
  row(core, 'namespaces', 'Namespace', ['ns'], { namespaced: false, verbs: readOnly }),
  row(core, 'nodes', 'Node', ['no'], {
    namespaced: false,
    verbs: ['get', 'list', 'patch', 'update', 'watch'],
  }),
  row(core, 'pods', 'Pod', ['po'], { all: true, subresources: ['exec', 'log', 'status'] }),
  row(core, 'services', 'Service', ['svc'], { all: true, verbs: creatable }),
  row(core, 'endpoints', 'Endpoints', ['ep'], { verbs: readOnly }),
  row(core, 'events', 'Event', ['ev'], { verbs: readOnly }),
  row(core, 'configmaps', 'ConfigMap', ['cm'], { verbs: creatable }),
  row(apps, 'deployments', 'Deployment', ['deploy'], { all: true, subresources: ['scale', 'status'] }),
  row(apps, 'replicasets', 'ReplicaSet', ['rs'], { all: true, verbs: readOnly }),
  row(apps, 'controllerrevisions', 'ControllerRevision', [], { verbs: readOnly }),
  row(apps, 'statefulsets', 'StatefulSet', ['sts'], { all: true, subresources: ['scale', 'status'] }),
  row(['networking.k8s.io', 'v1'], 'ingresses', 'Ingress', ['ing'], { subresources: ['status'] }),
  row(['discovery.k8s.io', 'v1'], 'endpointslices', 'EndpointSlice', [], { verbs: readOnly }),
  row(argo, 'applications', 'Application', ['app', 'apps']),
  row(argo, 'applicationsets', 'ApplicationSet', ['appset', 'appsets'], { verbs: readOnly }),
  row(['autoscaling', 'v2'], 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', ['hpa'], {
    all: true,
    verbs: readOnly,
  }),
];

/** The resource's name as error messages write it: `pods`, `deployments.apps`. */
export const qualified = ({ name, group }: Pick<Resource, 'name' | 'group'>): string =>
  group === '' ? name : `${name}.${group}`;

export const groupVersion = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
