import { reconcileApplication } from './applications.ts';
import { reconcileDeployment } from './deployments.ts';
import { reconcileEndpoints } from './endpoints.ts';
import { advancePod, applyPressure } from './kubelet.ts';
import type { Pod } from './objects.ts';
import { forgetOldEvents } from './recordEvent.ts';
import { reconcileStatefulSet } from './statefulSets.ts';
import type { Runtime, World } from './world.ts';
import { markPeriod } from './world.ts';

/** Objects whose owner is gone go too, as the garbage collector's background deletion does. */
function collectOrphans(world: World): void {
  const alive = new Set(
    [
      ...world.store.list('deployments'),
      ...world.store.list('replicasets'),
      ...world.store.list('statefulsets'),
    ].map(({ metadata }) => metadata.uid),
  );
  const isOrphan = ({ metadata: { ownerReferences } }: Pod | { metadata: Pod['metadata'] }): boolean =>
    ownerReferences !== undefined && ownerReferences.every(({ uid }) => !alive.has(uid));
  for (const set of world.store.list('replicasets'))
    if (isOrphan(set)) world.store.remove('replicasets', set);
  for (const pod of world.store.list('pods')) {
    if (!isOrphan(pod)) continue;
    world.runtimes.delete(pod.metadata.uid);
    world.store.remove('pods', pod);
  }
  for (const revision of world.store.list('controllerrevisions'))
    if (isOrphan(revision)) world.store.remove('controllerrevisions', revision);
  const services = new Set(world.store.list('services').map(({ metadata }) => metadata.uid));
  for (const slice of world.store.list('endpointslices')) {
    if (slice.metadata.ownerReferences?.every(({ uid }) => !services.has(uid)) === true) {
      world.store.remove('endpointslices', slice);
    }
  }
  for (const endpoints of world.store.list('endpoints')) {
    const { namespace, name } = endpoints.metadata;
    if (world.store.get('services', namespace, name) === undefined) {
      world.store.remove('endpoints', endpoints);
    }
  }
}

function reconcileOnce(world: World): void {
  for (const app of world.store.list('applications')) reconcileApplication(world, app);
  for (const deployment of world.store.list('deployments')) reconcileDeployment(world, deployment);
  for (const set of world.store.list('statefulsets')) reconcileStatefulSet(world, set);
  collectOrphans(world);
  for (const service of world.store.list('services')) reconcileEndpoints(world, service);
  for (const pod of world.store.list('pods')) {
    const runtime = world.runtimes.get(pod.metadata.uid);
    if (runtime !== undefined) applyPressure(world, pod, runtime);
  }
  const down = new Set(world.behaviour.unavailable(world));
  for (const service of new Set([...down, ...world.outages.keys()])) {
    const periods = world.outages.get(service) ?? [];
    markPeriod(periods, down.has(service), world);
    world.outages.set(service, periods);
  }
}

const awaitsDeadline = (world: World): boolean =>
  world.gitOps.operations.size > 0 ||
  world.store
    .list('deployments')
    .some(({ status }) => status.conditions?.some(({ reason }) => reason === 'ReplicaSetUpdated') ?? false);

/** Lets every controller look at the world, at the world's present time, until none has anything to do. */
export function reconcile(world: World): void {
  // All but a rollout's deadline and a sync's end follows from the objects: the same objects need no second look.
  if (world.settled === world.store.version() && !awaitsDeadline(world)) return;
  do {
    world.settled = world.store.version();
    reconcileOnce(world);
  } while (world.settled !== world.store.version());
}

function nextDue(world: World, until: number): { pod: Pod; runtime: Runtime } | undefined {
  let due: { pod: Pod; runtime: Runtime } | undefined;
  for (const pod of world.store.list('pods')) {
    const runtime = world.runtimes.get(pod.metadata.uid);
    if (runtime?.at === undefined || runtime.at > until) continue;
    if (due?.runtime.at === undefined || runtime.at < due.runtime.at) due = { pod, runtime };
  }
  return due;
}

/**
 * Moves the world to `now` (ms UTC), one pod's step after the other in the order of their times. The result
 * depends on the world and on `now` alone, however many calls it took to get there. Time never goes back.
 */
export function tick(world: World, now: number): void {
  reconcile(world);
  for (let due = nextDue(world, now); due !== undefined; due = nextDue(world, now)) {
    world.now = Math.max(world.now, due.runtime.at ?? world.now);
    advancePod(world, due.pod, due.runtime);
    reconcile(world);
  }
  world.now = Math.max(world.now, now);
  forgetOldEvents(world);
  reconcile(world);
}
