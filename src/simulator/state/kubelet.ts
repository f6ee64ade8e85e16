import { hashOf, hex } from './names.ts';
import type { ContainerState, Pod, PodTemplate, Workload } from './objects.ts';
import { timestamp } from './objects.ts';
import { runningStatus, setCondition, setReadiness, waitingStatus } from './podStatus.ts';
import { parseMemory } from './quantity.ts';
import { recordEvent } from './recordEvent.ts';
import type { Instance, Runtime, Stage, World } from './world.ts';
import { markPeriod } from './world.ts';

/** How long each step takes in a real cluster, in ms; divided by the world's speed. */
const takes = { scheduling: 2_000, retrying: 5_000, creating: 12_000, starting: 8_000, killed: 4_000 };
/** The kubelet's crash-loop back-off: 10 s, doubled up to 5 min, forgotten after 10 min without a crash. */
const backOff = { first: 10_000, most: 300_000, forgottenAfter: 600_000 };
const instancesKept = 3;

const enter = (world: World, runtime: Runtime, stage: Stage, ms: number | undefined): void => {
  runtime.stage = stage;
  runtime.at = ms === undefined ? undefined : world.now + Math.max(1, Math.round(ms / world.speed));
};

const firstField = (pod: Pod): string => `spec.containers{${pod.spec.containers[0]?.name ?? ''}}`;

/** Makes a pod that waits for its node. */
export function createPod(world: World, owner: Workload, name: string, template: PodTemplate): Pod {
  const status: Pod['status'] = { phase: 'Pending', conditions: [], qosClass: 'Burstable' };
  const pod = world.store.create(
    'pods',
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        namespace: owner.metadata.namespace ?? 'default',
        ...(owner.kind === 'ReplicaSet' ? { generateName: `${owner.metadata.name}-` } : {}),
        labels: { ...template.metadata.labels },
        ...(template.metadata.annotations === undefined
          ? {}
          : { annotations: { ...template.metadata.annotations } }),
        ownerReferences: [
          {
            apiVersion: 'apps/v1',
            kind: owner.kind,
            name: owner.metadata.name,
            uid: owner.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { ...template.spec },
      status,
    },
    world.now,
  );
  const runtime: Runtime = { stage: 'scheduling', at: undefined, backOffMs: 0, instances: [] };
  world.runtimes.set(pod.metadata.uid, runtime);
  enter(world, runtime, 'scheduling', takes.scheduling);
  return pod;
}

/** Begins a graceful end; `graceSeconds` 0 removes the pod at once. */
export function terminatePod(world: World, pod: Pod, graceSeconds = 30): void {
  const runtime = world.runtimes.get(pod.metadata.uid);
  if (graceSeconds === 0 || runtime === undefined) {
    world.runtimes.delete(pod.metadata.uid);
    world.store.remove('pods', pod);
    return;
  }
  if (runtime.stage === 'terminating') return;
  world.store.update('pods', pod, (draft) => {
    draft.metadata.deletionTimestamp = timestamp(world.now + graceSeconds * 1000);
    draft.metadata.deletionGracePeriodSeconds = graceSeconds;
  });
  for (const { name } of pod.spec.containers) {
    recordEvent(world, {
      about: pod,
      component: 'kubelet',
      host: pod.spec.nodeName,
      type: 'Normal',
      reason: 'Killing',
      message: `Stopping container ${name}`,
      fieldPath: `spec.containers{${name}}`,
    });
  }
  enter(world, runtime, 'terminating', Math.min(graceSeconds * 1000, 10_000));
}

const memoryOf = (pod: Pod): number =>
  pod.spec.containers.reduce(
    (sum, { resources }) => sum + (parseMemory(resources?.requests?.['memory']) ?? 0),
    0,
  );

/** Gives the pod the emptiest node that has room, or says why there is none. */
function schedule(world: World, pod: Pod, runtime: Runtime): void {
  const nodes = world.store.list('nodes');
  const pods = world.store.list('pods');
  const room = nodes
    .filter(({ spec }) => spec.unschedulable !== true)
    .map((node) => {
      const there = pods.filter(({ spec }) => spec.nodeName === node.metadata.name);
      const used = there.reduce((sum, other) => sum + memoryOf(other), 0);
      return { node, free: (parseMemory(node.status.allocatable['memory']) ?? 0) - used };
    })
    .filter(({ free }) => free >= memoryOf(pod))
    .sort((a, b) => b.free - a.free);
  const target = room[0]?.node;
  if (target === undefined) {
    const why = `0/${nodes.length} nodes are available: ${nodes.length} Insufficient memory. preemption: 0/${nodes.length} nodes are available: ${nodes.length} No preemption victims found for incoming pod.`;
    world.store.update('pods', pod, (draft) => {
      setCondition(draft.status.conditions, 'PodScheduled', false, world.now, {
        reason: 'Unschedulable',
        message: why,
      });
    });
    const event = { type: 'Warning', reason: 'FailedScheduling', message: why } as const;
    recordEvent(world, { about: pod, component: 'default-scheduler', ...event });
    enter(world, runtime, 'scheduling', takes.retrying);
    return;
  }
  const nodeName = target.metadata.name;
  const scheduled = world.store.update('pods', pod, (draft) => {
    draft.spec.nodeName = nodeName;
    draft.status.startTime = timestamp(world.now);
    const address = target.status.addresses[0]?.address;
    if (address !== undefined) draft.status.hostIP = address;
    draft.status.containerStatuses = pod.spec.containers.map((container) =>
      waitingStatus(container, 'ContainerCreating'),
    );
    setCondition(draft.status.conditions, 'Initialized', true, world.now);
    setReadiness(draft.status, world.now);
    setCondition(draft.status.conditions, 'PodScheduled', true, world.now);
  });
  recordEvent(world, {
    about: scheduled,
    component: 'default-scheduler',
    type: 'Normal',
    reason: 'Scheduled',
    message: `Successfully assigned ${pod.metadata.namespace}/${pod.metadata.name} to ${nodeName}`,
  });
  enter(world, runtime, 'creating', takes.creating);
}

/** A free address in the pod network, by the pod's place on its node. */
function freeAddress(world: World, pod: Pod): string {
  const nodes = world.store.list('nodes').map(({ metadata }) => metadata.name);
  const taken = new Set(world.store.list('pods').map(({ status }) => status.podIP));
  const subnet = Math.max(1, nodes.indexOf(pod.spec.nodeName ?? '') + 1);
  let host = 4 + (hashOf(pod.metadata.uid) % 200);
  while (taken.has(`10.244.${subnet}.${host}`)) host = host >= 250 ? 4 : host + 1;
  return `10.244.${subnet}.${host}`;
}

function start(world: World, pod: Pod, runtime: Runtime): void {
  const restart = runtime.instances.length > 0;
  const n = restart ? (pod.status.containerStatuses?.[0]?.restartCount ?? 0) + 1 : 0;
  const instance: Instance = {
    n,
    startedAt: world.now,
    containerID: `containerd://${hex(`${pod.metadata.uid}/${n}`, 64)}`,
    pressure: [],
  };
  runtime.instances.push(instance);
  if (runtime.instances.length > instancesKept) runtime.instances.shift();
  const podIP = pod.status.podIP ?? freeAddress(world, pod);
  world.store.update('pods', pod, (draft) => {
    draft.status.phase = 'Running';
    draft.status.podIP = podIP;
    draft.status.podIPs = [{ ip: podIP }];
    draft.status.containerStatuses = (draft.status.containerStatuses ?? []).map((status, index) => {
      if (index > 0 && restart) return status;
      const dead: ContainerState =
        status.state.terminated === undefined ? status.lastState : { terminated: status.state.terminated };
      return runningStatus(status, {
        startedAt: world.now,
        containerID:
          index === 0 ? instance.containerID : `containerd://${hex(`${pod.metadata.uid}/${index}`, 64)}`,
        restartCount: index === 0 ? instance.n : 0,
        lastState: dead,
      });
    });
    setReadiness(draft.status, world.now);
  });
  const event = { about: pod, component: 'kubelet', host: pod.spec.nodeName, type: 'Normal' } as const;
  const fieldPath = firstField(pod);
  const { name, image } = pod.spec.containers[0] ?? { name: '', image: '' };
  const pulled = `Container image "${image}" already present on machine`;
  recordEvent(world, { ...event, reason: 'Pulled', message: pulled, fieldPath });
  recordEvent(world, { ...event, reason: 'Created', message: `Created container ${name}`, fieldPath });
  recordEvent(world, { ...event, reason: 'Started', message: `Started container ${name}`, fieldPath });
  enter(world, runtime, 'starting', takes.starting);
}

function becomeReady(world: World, pod: Pod, runtime: Runtime): void {
  world.store.update('pods', pod, (draft) => {
    for (const status of draft.status.containerStatuses ?? []) status.ready = true;
    setReadiness(draft.status, world.now);
  });
  enter(world, runtime, 'running', undefined);
}

/** The kernel kills the first container for its memory. */
function kill(world: World, pod: Pod, runtime: Runtime): void {
  const instance = runtime.instances.at(-1);
  if (instance === undefined) return;
  instance.finishedAt = world.now;
  markPeriod(instance.pressure, false, world);
  if ((world.now - instance.startedAt) * world.speed > backOff.forgottenAfter) runtime.backOffMs = 0;
  world.store.update('pods', pod, (draft) => {
    const status = draft.status.containerStatuses?.[0];
    if (status === undefined) return;
    status.ready = false;
    status.started = false;
    status.state = {
      terminated: {
        exitCode: 137,
        reason: 'OOMKilled',
        startedAt: timestamp(instance.startedAt),
        finishedAt: timestamp(world.now),
        containerID: instance.containerID,
      },
    };
    setReadiness(draft.status, world.now);
  });
  enter(world, runtime, 'killed', takes.killed);
}

const span = (ms: number): string => {
  const seconds = Math.round(ms / 1000);
  const rest = seconds % 60;
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${rest}s`;
};

function waitBeforeRestart(world: World, pod: Pod, runtime: Runtime): void {
  const first = runtime.backOffMs === 0;
  runtime.backOffMs = first ? backOff.first : Math.min(runtime.backOffMs * 2, backOff.most);
  const { namespace, name, uid } = pod.metadata;
  const container = pod.spec.containers[0]?.name ?? '';
  const waited = `container=${container} pod=${name}_${namespace}(${uid})`;
  world.store.update('pods', pod, (draft) => {
    const status = draft.status.containerStatuses?.[0];
    if (status?.state.terminated === undefined) return;
    status.lastState = { terminated: status.state.terminated };
    status.state = {
      waiting: {
        reason: 'CrashLoopBackOff',
        message: `back-off ${span(runtime.backOffMs)} restarting failed ${waited}`,
      },
    };
  });
  recordEvent(world, {
    about: pod,
    component: 'kubelet',
    host: pod.spec.nodeName,
    type: 'Warning',
    reason: 'BackOff',
    message: `Back-off restarting failed container ${container} in pod ${name}_${namespace}(${uid})`,
    fieldPath: firstField(pod),
  });
  enter(world, runtime, 'backing-off', runtime.backOffMs);
}

/** Ends the present stage of a pod and begins the next. */
export function advancePod(world: World, pod: Pod, runtime: Runtime): void {
  switch (runtime.stage) {
    case 'scheduling':
      return schedule(world, pod, runtime);
    case 'creating':
    case 'backing-off':
      return start(world, pod, runtime);
    case 'starting':
      return becomeReady(world, pod, runtime);
    case 'running':
      return kill(world, pod, runtime);
    case 'killed':
      return waitBeforeRestart(world, pod, runtime);
    case 'terminating':
      return terminatePod(world, pod, 0);
  }
}

/** Gives a running container its end, or takes it away, as the load now demands. */
export function applyPressure(world: World, pod: Pod, runtime: Runtime): void {
  const instance = runtime.instances.at(-1);
  if (runtime.stage !== 'running' || instance === undefined) return;
  const killAfter = world.behaviour.killAfterMs(world, pod);
  markPeriod(instance.pressure, killAfter !== undefined, world);
  if (killAfter === undefined) runtime.at = undefined;
  else runtime.at ??= world.now + Math.max(1, Math.round(killAfter / world.speed));
  const period = instance.pressure.at(-1);
  if (period !== undefined && runtime.at !== undefined) period.killAt = runtime.at;
}
