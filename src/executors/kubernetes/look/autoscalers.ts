import type { ResourceKind } from '../objects/discovery.ts';
import { objectName } from '../objects/objectRef.ts';
import type { KubeObject } from '../objects/objects.ts';
import { fetchObjects } from '../objects/objects.ts';
import type { LookContext } from '../verb.ts';

type Autoscaler = KubeObject<{
  readonly minReplicas?: number;
  readonly maxReplicas?: number;
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
}>;
type ScaledObject = KubeObject<{
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly scaleTargetRef?: { readonly kind?: string; readonly name?: string };
}>;

/**
 * Sentences about what sets the number of replicas by itself: HorizontalPodAutoscalers, and KEDA's ScaledObjects where
 * the cluster knows them. One that could not be read is said, not passed over.
 * https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ and https://keda.sh/docs/latest/concepts/scaling-deployments/
 */
export async function autoscalerWarnings(
  context: LookContext,
  kind: ResourceKind,
  name: string,
  replicas: number,
): Promise<readonly string[]> {
  const [autoscalers, scaledObjects] = await Promise.all([
    list<Autoscaler>(context, 'horizontalpodautoscalers'),
    list<ScaledObject>(context, 'scaledobjects.keda.sh'),
  ]);
  const object = objectName(kind, name);
  const scales = (target: { readonly kind?: string; readonly name?: string } | undefined): boolean =>
    (target?.kind ?? 'Deployment') === kind.kind && target?.name === name;
  const keda = scaledObjects.items.filter(({ spec }) => scales(spec?.scaleTargetRef));
  const plain = autoscalers.items.filter(
    ({ spec, metadata }) =>
      scales(spec?.scaleTargetRef) &&
      !metadata?.ownerReferences?.some((owner) => owner.kind === 'ScaledObject' && keda.length > 0),
  );
  const unread = [autoscalers, scaledObjects].flatMap(({ why }) => why ?? []);
  return [
    ...unread.map((why) => `Whether an autoscaler would undo this could not be checked: ${why}`),
    ...plain.map(({ metadata, spec }) => {
      const who = `HorizontalPodAutoscaler ${metadata?.name} (min ${spec?.minReplicas ?? 1}, max ${spec?.maxReplicas}) scales ${object}`;
      return replicas === 0
        ? `${who} and stops doing so at 0 replicas, until somebody scales it up again by hand.`
        : `${who} and will set the number of replicas again; change its minimum or maximum instead.`;
    }),
    ...keda.map(
      ({ metadata, spec }) =>
        `KEDA ScaledObject ${metadata?.name} (min ${spec?.minReplicaCount ?? 0}, max ${spec?.maxReplicaCount ?? 100}) scales ${object} and will set the number of replicas again; change its limits, or pause it with the annotation autoscaling.keda.sh/paused-replicas.`,
    ),
  ];
}

async function list<T extends KubeObject>(
  context: LookContext,
  typed: string,
): Promise<{ readonly items: readonly T[]; readonly why?: string }> {
  const found = await context.discovery.resolve(typed, context.signal);
  if (!found.ok) return { items: [] };
  const all = await fetchObjects<T>(
    context.transport,
    found.value[0]!,
    context.namespace,
    {},
    context.signal,
  );
  if (all.ok) return { items: all.value };
  return all.failure.status === 404 ? { items: [] } : { items: [], why: all.failure.message };
}
