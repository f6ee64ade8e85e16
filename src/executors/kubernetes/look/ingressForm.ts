import type { Result } from '../../../core/errors.ts';
import { failed } from '../../../core/errors.ts';
import type { IngressForm } from '../../../core/plan/kubectl/ingressPatch.ts';
import type { ApiFailure } from '../access/apiFailure.ts';
import type { Cluster } from '../access/clusters.ts';
import { routesOf } from './ingressRules.ts';
import { resolveObject } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObject, fetchObjects } from '../objects/objects.ts';

type Service = KubeObject<{ readonly ports?: readonly { readonly port: number; readonly name?: string }[] }>;

/** Reads an ingress and its namespace's services for the form that builds its patch. Changes nothing. */
export async function readIngressForm(
  cluster: Cluster,
  name: string,
  signal: AbortSignal,
): Promise<Result<IngressForm>> {
  const { transport, discovery, namespace } = cluster;
  const [ingressKind, serviceKind] = await Promise.all([
    resolveObject({ discovery, signal }, { kind: 'ingresses.networking.k8s.io' }),
    resolveObject({ discovery, signal }, { kind: 'services' }),
  ]);
  if (!ingressKind.ok) return fail(ingressKind.failure);
  if (!serviceKind.ok) return fail(serviceKind.failure);
  const [ingress, services] = await Promise.all([
    fetchObject<KubeObject>(transport, ingressKind.value, namespace, name, signal),
    fetchObjects<Service>(transport, serviceKind.value, namespace, {}, signal),
  ]);
  if (!ingress.ok) return fail(ingress.failure);
  if (!services.ok) return fail(services.failure);
  const routes = routesOf(ingress.value);
  if (routes === undefined)
    return failed('failed', `The rules of ingress/${name} cannot be read. Write the patch by hand.`);
  return {
    ok: true,
    value: {
      name,
      namespace,
      routes: routes.map(({ ruleIndex, pathIndex, ...route }) => ({
        ...route,
        pointer: `/spec/rules/${ruleIndex}/http/paths/${pathIndex}`,
      })),
      services: services.value
        .map(({ metadata, spec }) => ({
          name: metadata?.name ?? '',
          ports: (spec?.ports ?? []).map((port) => ({ number: port.port, name: port.name })),
        }))
        .sort((a, b) => a.name.localeCompare(b.name)),
    },
  };
}

const fail = ({ code, message, cause }: ApiFailure): ReturnType<typeof failed> =>
  failed(code, message, cause);
