import { canonical, suffix } from './names.ts';
import type { Condition, PodTemplate, Workload } from './objects.ts';
import { timestamp } from './objects.ts';
import { recordEvent } from './recordEvent.ts';
import { reconcileReplicaSet } from './replicas.ts';
import type { World } from './world.ts';
import { isOwnedBy } from './world.ts';

const revisionKey = 'deployment.kubernetes.io/revision';
const historyKey = 'deployment.kubernetes.io/revision-history';

export const revisionOf = (object: Workload): number =>
  Number(object.metadata.annotations?.[revisionKey] ?? 0);

export const replicaSetsOf = (world: World, deployment: Workload): Workload[] =>
  world.store
    .list('replicasets', deployment.metadata.namespace)
    .filter((set) => isOwnedBy(set, deployment))
    .sort((a, b) => revisionOf(a) - revisionOf(b));

function createReplicaSet(world: World, deployment: Workload, hash: string, revision: number): Workload {
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata.labels, 'pod-template-hash': hash };
  const cause = deployment.metadata.annotations?.['kubernetes.io/change-cause'];
  return world.store.create(
    'replicasets',
    {
      apiVersion: 'apps/v1',
      kind: 'ReplicaSet',
      metadata: {
        name: `${deployment.metadata.name}-${hash}`,
        namespace: deployment.metadata.namespace ?? 'default',
        generation: 1,
        labels,
        annotations: {
          [revisionKey]: String(revision),
          'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
          ...(cause === undefined ? {} : { 'kubernetes.io/change-cause': cause }),
        },
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            name: deployment.metadata.name,
            uid: deployment.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        replicas: 0,
        selector: { matchLabels: { ...selector.matchLabels, 'pod-template-hash': hash } },
        template: { ...template, metadata: { ...template.metadata, labels } },
      },
      status: { replicas: 0 },
    },
    world.now,
  );
}

function scaleSet(world: World, deployment: Workload, set: Workload, replicas: number): void {
  const from = set.spec.replicas;
  if (from === replicas) return;
  world.store.update('replicasets', set, (draft) => {
    draft.spec.replicas = replicas;
    draft.metadata.generation = (draft.metadata.generation ?? 1) + 1;
    draft.metadata.annotations = {
      ...draft.metadata.annotations,
      'deployment.kubernetes.io/desired-replicas': String(deployment.spec.replicas),
    };
  });
  recordEvent(world, {
    about: deployment,
    component: 'deployment-controller',
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message: `Scaled ${replicas > from ? 'up' : 'down'} replica set ${set.metadata.name} to ${replicas} from ${from}`,
  });
}

const hashes = new WeakMap<PodTemplate, string>();

/** The name of a template's content; remembered, because objects of the store are never changed in place. */
function hashOfTemplate(template: PodTemplate): string {
  const known = hashes.get(template) ?? suffix(canonical(template), 10);
  hashes.set(template, known);
  return known;
}

/** Finds or makes the replica set of the present template, as the newest revision. */
function newestSet(world: World, deployment: Workload, sets: readonly Workload[]): Workload {
  const hash = hashOfTemplate(deployment.spec.template);
  const highest = Math.max(0, ...sets.map(revisionOf));
  const found = sets.find(({ metadata }) => metadata.labels?.['pod-template-hash'] === hash);
  if (found === undefined) return createReplicaSet(world, deployment, hash, highest + 1);
  if (revisionOf(found) === highest) return found;
  return world.store.update('replicasets', found, (draft) => {
    const annotations = draft.metadata.annotations ?? {};
    const history = [annotations[historyKey], annotations[revisionKey]].filter((text) => text !== undefined);
    draft.metadata.annotations = {
      ...annotations,
      [historyKey]: history.join(','),
      [revisionKey]: String(highest + 1),
    };
  });
}

const available = (set: Workload): number => set.status.availableReplicas ?? 0;

/** A rolling update's next step, with the default 25 % surge and 25 % unavailable. */
function roll(world: World, deployment: Workload, newest: Workload, old: readonly Workload[]): void {
  const desired = deployment.spec.replicas;
  const total = [newest, ...old].reduce((sum, set) => sum + set.spec.replicas, 0);
  const roomToGrow = desired + Math.ceil(desired / 4) - total;
  if (newest.spec.replicas > desired) scaleSet(world, deployment, newest, desired);
  else if (newest.spec.replicas < desired && roomToGrow > 0) {
    scaleSet(world, deployment, newest, Math.min(desired, newest.spec.replicas + roomToGrow));
  }
  const fewest = desired - Math.floor(desired / 4);
  const sum = (count: (set: Workload) => number): number =>
    [newest, ...old].reduce((subtotal, set) => subtotal + count(set), 0);
  // Broken pods of old revisions go first, but never so that a starting pod's failure would be felt.
  let spare = sum(({ spec }) => spec.replicas) - fewest - (newest.spec.replicas - available(newest));
  let spareReady = sum(available) - fewest;
  for (const set of old) {
    const broken = Math.max(0, Math.min(spare, set.spec.replicas - available(set)));
    const healthy = Math.max(0, Math.min(spare - broken, spareReady, available(set)));
    spare -= broken + healthy;
    spareReady -= healthy;
    if (broken + healthy > 0) scaleSet(world, deployment, set, set.spec.replicas - broken - healthy);
  }
}

function condition(
  world: World,
  before: readonly Condition[],
  next: Omit<Condition, 'lastTransitionTime'>,
): Condition {
  const known = before.find(({ type }) => type === next.type);
  const same =
    known?.status === next.status && known.reason === next.reason && known.message === next.message;
  if (same) return known;
  const moved = known?.status === next.status ? known.lastTransitionTime : timestamp(world.now);
  return { ...next, lastTransitionTime: moved, lastUpdateTime: timestamp(world.now) };
}

function progressing(world: World, deployment: Workload, newest: Workload, done: boolean, mark: string) {
  const seen = world.progress.get(deployment.metadata.uid);
  if (seen?.mark !== mark) world.progress.set(deployment.metadata.uid, { mark, at: world.now });
  const before = deployment.status.conditions?.find(({ type }) => type === 'Progressing');
  const set = newest.metadata.name;
  const finished = {
    type: 'Progressing',
    status: 'True',
    reason: 'NewReplicaSetAvailable',
    message: `ReplicaSet "${set}" has successfully progressed.`,
  };
  // Scaling a finished rollout does not begin a new one, so it has no deadline: as the real controller.
  if (done || (before?.reason === 'NewReplicaSetAvailable' && before.message === finished.message))
    return finished;
  const deadlineMs = Number(deployment.spec['progressDeadlineSeconds'] ?? 600) * 1000;
  const since = world.progress.get(deployment.metadata.uid)?.at ?? world.now;
  return (world.now - since) * world.speed > deadlineMs
    ? {
        type: 'Progressing',
        status: 'False',
        reason: 'ProgressDeadlineExceeded',
        message: `ReplicaSet "${set}" has timed out progressing.`,
      }
    : {
        type: 'Progressing',
        status: 'True',
        reason: 'ReplicaSetUpdated',
        message: `ReplicaSet "${set}" is progressing.`,
      };
}

function writeStatus(world: World, deployment: Workload, newestName: string): void {
  const sets = replicaSetsOf(world, deployment);
  const newest = sets.find(({ metadata }) => metadata.name === newestName);
  if (newest === undefined) return;
  const desired = deployment.spec.replicas;
  const sum = (count: (set: Workload) => number): number =>
    sets.reduce((total, set) => total + count(set), 0);
  const replicas = sum((set) => set.status.replicas ?? 0);
  const ready = sum(available);
  const updated = newest.status.replicas ?? 0;
  const done = updated === desired && replicas === desired && available(newest) === desired;
  const enough = ready >= desired - Math.floor(desired / 4);
  const mark = `${newestName}/${updated}/${replicas}/${ready}`;
  const progress = progressing(world, deployment, newest, done, mark);
  world.store.update('deployments', deployment, (draft) => {
    const before = draft.status.conditions ?? [];
    draft.metadata.annotations = { ...draft.metadata.annotations, [revisionKey]: String(revisionOf(newest)) };
    draft.status = {
      observedGeneration: draft.metadata.generation ?? 1,
      ...(replicas > 0 ? { replicas } : {}),
      ...(updated > 0 ? { updatedReplicas: updated } : {}),
      ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
      ...(desired > ready ? { unavailableReplicas: Math.max(desired, replicas) - ready } : {}),
      conditions: [
        condition(world, before, {
          type: 'Available',
          status: enough ? 'True' : 'False',
          reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
          message: enough
            ? 'Deployment has minimum availability.'
            : 'Deployment does not have minimum availability.',
        }),
        condition(world, before, progress),
      ],
    };
  });
}

/** One round of the deployment controller: replica sets, their pods, the status. */
export function reconcileDeployment(world: World, deployment: Workload): void {
  const sets = replicaSetsOf(world, deployment);
  const paused = deployment.spec['paused'] === true;
  const newest = paused ? sets.at(-1) : newestSet(world, deployment, sets);
  if (newest === undefined) return;
  const old = sets.filter((set) => set.metadata.name !== newest.metadata.name && set.spec.replicas > 0);
  if (old.length === 0) scaleSet(world, deployment, newest, deployment.spec.replicas);
  else if (!paused) roll(world, deployment, newest, old);
  for (const set of replicaSetsOf(world, deployment)) reconcileReplicaSet(world, set);
  writeStatus(world, deployment, newest.metadata.name);
}
