import { createPod, terminatePod } from './kubelet.ts';
import { suffix } from './names.ts';
import type { Pod, Workload } from './objects.ts';
import { isReady } from './podStatus.ts';
import { recordEvent } from './recordEvent.ts';
import type { World } from './world.ts';
import { isOwnedBy } from './world.ts';

/** The pods of a replica set or stateful set that are not on their way out. */
export const podsOf = (world: World, owner: Workload): Pod[] =>
  world.store
    .list('pods', owner.metadata.namespace)
    .filter((pod) => isOwnedBy(pod, owner) && pod.metadata.deletionTimestamp === undefined);

/** What a controller gives up first: unready before ready, often restarted before calm, young before old. */
function leastMissed(a: Pod, b: Pod): number {
  const restarts = (pod: Pod): number => pod.status.containerStatuses?.[0]?.restartCount ?? 0;
  const byReady = Number(isReady(a.status)) - Number(isReady(b.status));
  if (byReady !== 0) return byReady;
  if (restarts(a) !== restarts(b)) return restarts(b) - restarts(a);
  return a.metadata.creationTimestamp < b.metadata.creationTimestamp ? 1 : -1;
}

export function reportPod(world: World, owner: Workload, verb: 'Created' | 'Deleted', pod: Pod): void {
  recordEvent(world, {
    about: owner,
    component: owner.kind === 'ReplicaSet' ? 'replicaset-controller' : 'statefulset-controller',
    type: 'Normal',
    reason: verb === 'Created' ? 'SuccessfulCreate' : 'SuccessfulDelete',
    message: `${verb} pod: ${pod.metadata.name}`,
  });
}

/** Makes or ends pods until a replica set has as many as it wants, and counts them. */
export function reconcileReplicaSet(world: World, set: Workload): void {
  const pods = podsOf(world, set);
  for (let missing = set.spec.replicas - pods.length; missing > 0; missing -= 1) {
    world.named += 1;
    const name = `${set.metadata.name}-${suffix(`${set.metadata.name}/${world.named}`, 5)}`;
    reportPod(world, set, 'Created', createPod(world, set, name, set.spec.template));
  }
  const surplus = Math.max(0, pods.length - set.spec.replicas);
  for (const pod of pods.sort(leastMissed).slice(0, surplus)) {
    terminatePod(world, pod);
    reportPod(world, set, 'Deleted', pod);
  }
  const present = podsOf(world, set);
  const ready = present.filter(({ status }) => isReady(status)).length;
  world.store.update('replicasets', set, (draft) => {
    draft.status = {
      ...draft.status,
      replicas: present.length,
      fullyLabeledReplicas: present.length,
      readyReplicas: ready,
      availableReplicas: ready,
      observedGeneration: draft.metadata.generation ?? 1,
    };
  });
}
