import { suffix } from './names.ts';
import type { Endpoints, EndpointSlice, Pod, Service } from './objects.ts';
import { isReady } from './podStatus.ts';
import type { World } from './world.ts';

/** The running pods a service selects; a service without a selector has none of its own. */
export function podsBehind(world: World, service: Service): Pod[] {
  const wanted = Object.entries(service.spec.selector ?? {});
  if (wanted.length === 0) return [];
  return world.store
    .list('pods', service.metadata.namespace)
    .filter((pod) => wanted.every(([key, value]) => pod.metadata.labels?.[key] === value))
    .filter(({ status, metadata }) => status.podIP !== undefined && metadata.deletionTimestamp === undefined);
}

const addresses = (
  pods: readonly Pod[],
): { ip: string; nodeName: string; targetRef: Record<string, string> }[] =>
  pods.map((pod) => ({
    ip: pod.status.podIP ?? '',
    nodeName: pod.spec.nodeName ?? '',
    targetRef: {
      kind: 'Pod',
      name: pod.metadata.name,
      namespace: pod.metadata.namespace ?? '',
      uid: pod.metadata.uid,
    },
  }));

/** Writes the endpoints object and the endpoint slice of a service. */
export function reconcileEndpoints(world: World, service: Service): void {
  if (service.spec.selector === undefined) return;
  const pods = podsBehind(world, service);
  const ports = (service.spec.ports ?? []).flatMap(({ name, port, targetPort = port, protocol }) => {
    // A port by a name that no container has is no port of the endpoints.
    const number = typeof targetPort === 'number' ? targetPort : portNamed(pods, targetPort);
    if (number === undefined) return [];
    return [{ ...(name === undefined ? {} : { name }), port: number, protocol: protocol ?? 'TCP' }];
  });
  writeEndpoints(world, service, pods, ports);
  writeSlice(world, service, pods, ports);
}

const portNamed = (pods: readonly Pod[], name: string): number | undefined =>
  pods
    .flatMap(({ spec }) => spec.containers.flatMap(({ ports }) => ports ?? []))
    .find((port) => port.name === name)?.containerPort;

type Ports = readonly { name?: string; port: number; protocol: string }[];

const place = ({ metadata: { namespace, labels } }: Service) => ({
  ...(namespace === undefined ? {} : { namespace }),
  labels: { ...labels },
});

function writeEndpoints(world: World, service: Service, pods: readonly Pod[], ports: Ports): void {
  const ready = addresses(pods.filter(({ status }) => isReady(status)));
  const notReady = addresses(pods.filter(({ status }) => !isReady(status)));
  const subset = {
    ...(ready.length > 0 ? { addresses: ready } : {}),
    ...(notReady.length > 0 ? { notReadyAddresses: notReady } : {}),
    ports: [...ports],
  };
  const subsets: NonNullable<Endpoints['subsets']> = pods.length === 0 ? [] : [subset];
  const { name, namespace } = service.metadata;
  const known = world.store.get('endpoints', namespace, name);
  if (known === undefined) {
    const fresh = { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, ...place(service) }, subsets };
    world.store.create('endpoints', fresh, world.now);
    return;
  }
  world.store.update('endpoints', known, (draft) => {
    draft.subsets = subsets;
  });
}

function writeSlice(world: World, service: Service, pods: readonly Pod[], ports: Ports): void {
  const { name, namespace, uid } = service.metadata;
  const endpoints: EndpointSlice['endpoints'] = addresses(pods).map(({ ip, nodeName, targetRef }, i) => {
    const ready = pods[i] !== undefined && isReady(pods[i].status);
    return {
      addresses: [ip],
      conditions: { ready, serving: ready, terminating: false },
      nodeName,
      targetRef,
    };
  });
  const slicePorts = ports.map((port) => ({ ...port, name: port.name ?? '' }));
  const sliceName = `${name}-${suffix(uid, 5)}`;
  const known = world.store.get('endpointslices', namespace, sliceName);
  if (known === undefined) {
    const { labels, ...scope } = place(service);
    const owner = {
      apiVersion: 'v1',
      kind: 'Service',
      name,
      uid,
      controller: true,
      blockOwnerDeletion: true,
    };
    const fresh = {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: sliceName,
        ...scope,
        generateName: `${name}-`,
        labels: { ...labels, 'kubernetes.io/service-name': name },
        ownerReferences: [owner],
      },
      addressType: 'IPv4',
      endpoints,
      ports: slicePorts,
    };
    world.store.create('endpointslices', fresh, world.now);
    return;
  }
  world.store.update('endpointslices', known, (draft) => {
    draft.endpoints = endpoints;
    draft.ports = slicePorts;
  });
}
