import { hex } from './names.ts';
import type { Condition, Container, ContainerState, ContainerStatus, PodStatus } from './objects.ts';
import { timestamp } from './objects.ts';

/** A container nothing has been started for yet. */
export const waitingStatus = (container: Container, reason: string): ContainerStatus => ({
  name: container.name,
  image: container.image,
  imageID: '',
  ready: false,
  started: false,
  restartCount: 0,
  state: { waiting: { reason } },
  lastState: {},
});

export const runningStatus = (
  before: ContainerStatus,
  change: { startedAt: number; containerID: string; restartCount: number; lastState: ContainerState },
): ContainerStatus => ({
  ...before,
  imageID: `${before.image.replace(/:[^:/]*$/, '')}@sha256:${hex(before.image, 64)}`,
  containerID: change.containerID,
  ready: false,
  started: true,
  restartCount: change.restartCount,
  state: { running: { startedAt: timestamp(change.startedAt) } },
  lastState: change.lastState,
});

/** Sets a condition; its transition time moves only when its status does. */
export function setCondition(
  conditions: Condition[],
  type: string,
  holds: boolean,
  nowMs: number,
  why: { reason?: string; message?: string } = {},
): void {
  const status = holds ? 'True' : 'False';
  const index = conditions.findIndex((condition) => condition.type === type);
  const before = conditions[index];
  const condition: Condition = {
    type,
    status,
    lastProbeTime: null,
    lastTransitionTime: before?.status === status ? before.lastTransitionTime : timestamp(nowMs),
    ...why,
  };
  if (index === -1) conditions.push(condition);
  else conditions[index] = condition;
}

/** Sets the two conditions that follow from the containers. */
export function setReadiness(status: PodStatus, nowMs: number): void {
  const unready = (status.containerStatuses ?? []).filter(({ ready }) => !ready).map(({ name }) => name);
  const why =
    unready.length === 0
      ? {}
      : {
          reason: 'ContainersNotReady',
          message: `containers with unready status: [${unready.join(' ')}]`,
        };
  setCondition(status.conditions, 'Ready', unready.length === 0, nowMs, why);
  setCondition(status.conditions, 'ContainersReady', unready.length === 0, nowMs, why);
}

export const isReady = (status: PodStatus): boolean =>
  status.conditions.some(({ type, status: value }) => type === 'Ready' && value === 'True');
