import { createPod, terminatePod } from './kubelet.ts';
import { canonical, suffix } from './names.ts';
import type { ControllerRevision, Pod, Workload } from './objects.ts';
import { isReady } from './podStatus.ts';
import { podsOf, reportPod } from './replicas.ts';
import type { World } from './world.ts';
import { isOwnedBy } from './world.ts';

const hashLabel = 'controller-revision-hash';

/** Finds or makes the revision of the present template, as the newest one. */
function newestRevision(world: World, set: Workload): ControllerRevision {
  const { name, namespace, uid, annotations } = set.metadata;
  const known = world.store
    .list('controllerrevisions', namespace)
    .filter((each) => isOwnedBy(each, set))
    .sort((a, b) => a.revision - b.revision);
  const highest = known.at(-1)?.revision ?? 0;
  const hash = suffix(canonical(set.spec.template), 10);
  const found = known.find(({ metadata }) => metadata.name === `${name}-${hash}`);
  if (found?.revision === highest && found !== undefined) return found;
  if (found !== undefined)
    return world.store.update('controllerrevisions', found, (draft) => void (draft.revision = highest + 1));
  return world.store.create(
    'controllerrevisions',
    {
      apiVersion: 'apps/v1',
      kind: 'ControllerRevision',
      metadata: {
        name: `${name}-${hash}`,
        namespace: namespace ?? 'default',
        labels: { ...set.spec.selector.matchLabels, [hashLabel]: `${name}-${hash}` },
        ...(annotations === undefined ? {} : { annotations }),
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'StatefulSet',
            name,
            uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      data: { spec: { template: { ...set.spec.template, $patch: 'replace' } } },
      revision: highest + 1,
    },
    world.now,
  );
}

/** Replaces one pod of an older template, the last first, once all newer ones are ready. */
function roll(world: World, set: Workload, revision: string): void {
  const pods = podsOf(world, set);
  const isNew = (pod: Pod): boolean => pod.metadata.labels?.[hashLabel] === revision;
  const stale = pods.filter((pod) => !isNew(pod)).sort((a, b) => ordinalOf(set, b) - ordinalOf(set, a));
  const [next] = stale;
  if (next === undefined || pods.length < set.spec.replicas) return;
  if (!pods.every((pod) => !isNew(pod) || isReady(pod.status))) return;
  terminatePod(world, next);
  reportPod(world, set, 'Deleted', next);
}

const ordinalOf = (set: Workload, { metadata }: Pod): number =>
  Number(metadata.name.slice(set.metadata.name.length + 1));

/** Keeps `name-0` to `name-(n-1)`; a pod whose old self is still terminating waits for it. */
export function reconcileStatefulSet(world: World, set: Workload): void {
  const { name, namespace } = set.metadata;
  const revision = newestRevision(world, set).metadata.name;
  const { template } = set.spec;
  for (let i = 0; i < set.spec.replicas; i += 1) {
    const podName = `${name}-${i}`;
    if (world.store.get('pods', namespace, podName) !== undefined) continue;
    const labels = {
      ...template.metadata.labels,
      'apps.kubernetes.io/pod-index': String(i),
      [hashLabel]: revision,
      'statefulset.kubernetes.io/pod-name': podName,
    };
    const own = { ...template, metadata: { ...template.metadata, labels } };
    reportPod(world, set, 'Created', createPod(world, set, podName, own));
  }
  for (const pod of podsOf(world, set)) {
    if (ordinalOf(set, pod) < set.spec.replicas) continue;
    terminatePod(world, pod);
    reportPod(world, set, 'Deleted', pod);
  }
  roll(world, set, revision);
  const present = podsOf(world, set);
  const ready = present.filter(({ status }) => isReady(status)).length;
  const updated = present.filter(({ metadata }) => metadata.labels?.[hashLabel] === revision).length;
  world.store.update('statefulsets', set, (draft) => {
    const over = updated === present.length && present.length === set.spec.replicas;
    draft.status = {
      ...draft.status,
      replicas: present.length,
      readyReplicas: ready,
      availableReplicas: ready,
      currentReplicas: over ? present.length : present.length - updated,
      updatedReplicas: updated,
      currentRevision: over ? revision : (draft.status['currentRevision'] ?? revision),
      updateRevision: revision,
      collisionCount: 0,
      observedGeneration: draft.metadata.generation ?? 1,
    };
  });
}
