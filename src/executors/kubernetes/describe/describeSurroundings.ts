import type { ServiceBackends } from './describeNetwork.ts';
import { servicesOf } from './describeNetwork.ts';
import type { NodeSurroundings } from './describeNode.ts';
import { selectorLine } from './describeLines.ts';
import { flagAt, listAt, textAt } from '../look/look.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject, fetchObjects } from '../objects/objects.ts';
import type { ApiResult } from '../access/apiFailure.ts';
import type { VerbContext } from '../verb.ts';

// What a description needs beside the object itself. What cannot be read is left out, as kubectl leaves it out.

async function fetchList(
  context: VerbContext,
  typed: string,
  namespace: string | undefined,
  query: { readonly labelSelector?: string; readonly fieldSelector?: string },
): Promise<ApiResult<readonly KubeObject[]>> {
  const kind = await context.discovery.resolve(typed, context.signal);
  if (!kind.ok) return kind;
  return fetchObjects<KubeObject>(context.transport, kind.value[0]!, namespace, query, context.signal);
}

const orNone = (list: ApiResult<readonly KubeObject[]>): readonly KubeObject[] => (list.ok ? list.value : []);
const namespaceOf = (object: KubeObject): string => object.metadata?.namespace ?? '';

export const fetchControlledPods = async (
  context: VerbContext,
  object: KubeObject,
): Promise<readonly KubeObject[]> =>
  orNone(
    await fetchList(context, 'pods', namespaceOf(object), {
      labelSelector: selectorLine(object, 'spec.selector'),
    }),
  );

/** A Deployment's own ReplicaSets that still stand for something, oldest first. */
export async function fetchReplicaSets(
  context: VerbContext,
  deployment: KubeObject,
): Promise<readonly KubeObject[]> {
  const list = await fetchList(context, 'replicasets', namespaceOf(deployment), {
    labelSelector: selectorLine(deployment, 'spec.selector'),
  });
  const uid = textAt(deployment, 'metadata.uid');
  return orNone(list)
    .filter((set) =>
      listAt(set, 'metadata.ownerReferences').some(
        (each) => flagAt(each, 'controller') && textAt(each, 'uid') === uid,
      ),
    )
    .toSorted((a, b) => {
      const [ageA, ageB] = [textAt(a, 'metadata.creationTimestamp'), textAt(b, 'metadata.creationTimestamp')];
      return ageA === ageB
        ? textAt(a, 'metadata.name') < textAt(b, 'metadata.name')
          ? -1
          : 1
        : ageA < ageB
          ? -1
          : 1;
    });
}

const slicesOf = (
  context: VerbContext,
  namespace: string,
  service: string,
): Promise<ApiResult<readonly KubeObject[]>> =>
  fetchList(context, 'endpointslices.discovery.k8s.io', namespace, {
    labelSelector: `kubernetes.io/service-name=${service}`,
  });

export const fetchSlices = async (
  context: VerbContext,
  service: KubeObject,
): Promise<readonly KubeObject[]> =>
  orNone(await slicesOf(context, namespaceOf(service), service.metadata?.name ?? ''));

/** The services behind an ingress with who is ready there, all asked at once. */
export async function fetchBackends(context: VerbContext, ingress: KubeObject): Promise<ServiceBackends> {
  const namespace = namespaceOf(ingress);
  const kind = await context.discovery.resolve('services', context.signal);
  const found = await Promise.all(
    servicesOf(ingress).map(async (name) => {
      if (!kind.ok) return [name, kind.failure.message] as const;
      const [slices, service] = await Promise.all([
        slicesOf(context, namespace, name),
        fetchObject<KubeObject>(context.transport, kind.value[0]!, namespace, name, context.signal),
      ]);
      if (!slices.ok) return [name, said(slices.failure.message)] as const;
      if (!service.ok) return [name, said(service.failure.message)] as const;
      return [name, { service: service.value, slices: slices.value }] as const;
    }),
  );
  const byName = new Map<string, ReturnType<ServiceBackends['get']>>(found);
  return { get: (name) => byName.get(name) ?? 'not read' };
}

/** The server's own words, without kubectl's words in front of them. */
const said = (message: string): string => message.replace(/^Error from server(?: \(\w+\))?: /, '');

export async function fetchNodeSurroundings(
  context: VerbContext,
  node: KubeObject,
  now: number,
): Promise<NodeSurroundings> {
  const name = node.metadata?.name ?? '';
  const [pods, lease] = await Promise.all([
    fetchList(context, 'pods', undefined, {
      fieldSelector: `spec.nodeName=${name},status.phase!=Succeeded,status.phase!=Failed`,
    }),
    context.transport.json(
      {
        path: `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(name)}`,
      },
      context.signal,
    ),
  ]);
  return {
    pods: pods.ok ? pods.value : undefined,
    lease: lease.ok ? lease : { ok: false, why: said(lease.failure.message) },
    now,
  };
}
