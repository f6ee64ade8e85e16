import type { GitOps } from './applications.ts';
import { createGitOps } from './applications.ts';
import type { KubeObject, Pod } from './objects.ts';
import type { Store } from './store.ts';
import { createStore } from './store.ts';

/** A stretch of time in ms UTC; open while `until` is missing. */
export interface Period {
  readonly from: number;
  until?: number;
  /** When it will have killed the container, if nothing comes between. */
  killAt?: number;
}

/** One start of a container, from its start to its end; what its log is made of. */
export interface Instance {
  readonly n: number;
  readonly startedAt: number;
  readonly containerID: string;
  finishedAt?: number;
  /** When this instance had more work than it could hold. */
  readonly pressure: Period[];
}

export type Stage =
  'scheduling' | 'creating' | 'starting' | 'running' | 'killed' | 'backing-off' | 'terminating';

/** What the kubelet knows of a pod and the API does not show. Times are ms UTC. */
export interface Runtime {
  stage: Stage;
  /** When the stage ends by itself; undefined when only something outside ends it. */
  at: number | undefined;
  /** The present back-off in a real cluster's ms, before scaling; 0 before the first crash. */
  backOffMs: number;
  /** Instances of the pod's first container, newest last; the kubelet keeps two. */
  readonly instances: Instance[];
}

export interface LogLine {
  readonly at: number;
  readonly text: string;
}

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * What the scenario decides about the world: everything in it is a pure function of the world's state.
 * Durations are those of a real cluster, in ms, before scaling.
 */
export interface Behaviour {
  /** How long the pod's first container lives under the present load, or undefined when it holds. */
  killAfterMs(world: World, pod: Pod): number | undefined;
  /** The services, as `namespace/name`, that cannot answer now although they may have ready endpoints. */
  unavailable(world: World): readonly string[];
  /** What a container wrote between two moments, oldest first. */
  logLines(
    world: World,
    pod: Pod,
    container: string,
    instance: Instance,
    from: number,
    to: number,
  ): LogLine[];
  /** What a command in a container answers, or undefined for a command this scenario knows nothing of. */
  command(world: World, pod: Pod, argv: readonly string[]): CommandResult | undefined;
}

/** The whole state of the simulated production. `now` moves only through `tick`. */
export interface World {
  readonly store: Store;
  readonly behaviour: Behaviour;
  /** By the pod's uid. */
  readonly runtimes: Map<string, Runtime>;
  /** By `namespace/name` of the service. */
  readonly outages: Map<string, Period[]>;
  /** Argo CD's repositories and running operations. */
  readonly gitOps: GitOps;
  /** When a deployment last made progress, by uid. */
  readonly progress: Map<string, { mark: string; at: number }>;
  now: number;
  /** How much faster than a real cluster's its timers run: 1 is real, 20 turns 40 s of back-off into 2 s. */
  speed: number;
  /** Counts what was named, so that names repeat from run to run. */
  named: number;
  /** The store's version at which the controllers had nothing left to do. */
  settled: number;
}

export const createWorld = (behaviour: Behaviour, now: number): World => ({
  store: createStore(),
  behaviour,
  runtimes: new Map(),
  outages: new Map(),
  progress: new Map(),
  gitOps: createGitOps(),
  now,
  speed: 1,
  named: 0,
  settled: -1,
});

/** Changes the speed of the cluster's timers; what already runs keeps its remaining share. */
export function setSpeed(world: World, speed: number): void {
  for (const runtime of world.runtimes.values()) {
    if (runtime.at !== undefined) {
      runtime.at = world.now + Math.round(((runtime.at - world.now) * world.speed) / speed);
    }
  }
  world.speed = speed;
}

/** Opens or closes the last of a list of periods. */
export function markPeriod(periods: Period[], open: boolean, world: World): void {
  const last = periods.at(-1);
  const isOpen = last !== undefined && last.until === undefined;
  if (open && !isOpen) periods.push({ from: world.now });
  if (!open && isOpen) last.until = world.now;
}

export const isIn = (periods: readonly Period[] | undefined, at: number): boolean =>
  periods?.some(({ from, until }) => at >= from && (until === undefined || at < until)) ?? false;

export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  object.metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid) ?? false;
