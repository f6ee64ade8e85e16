import type { LookedUp } from './judge/reading.ts';
import type { Outcome, Plan } from './plan/plan.ts';
import type { MadeChange } from './plan/undo.ts';
import type { Result } from './errors.ts';
import type { Measured } from './metrics/metricQuery.ts';

/** What core needs of an AbortSignal; every real AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean;
  /** Why, as a sentence, where whoever ended it gave one; anything else is what a bare `abort()` leaves. */
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export type OutputStream = 'stdout' | 'stderr';

/** Where a run's output goes. `write` returns a promise when the sink is full: await it before the next write. */
export interface RunIo {
  write(text: string, stream: OutputStream): void | Promise<void>;
  /** Told at once when the other side has accepted a change, so that its undo is known however the run ends. */
  changed?(change: MadeChange): void | Promise<void>;
  /** Told what was looked up beside the output: it is read with it and printed nowhere. */
  lookedUp?(found: LookedUp): void;
  /** Told once by a run of queries: what came of each, with its points. */
  measured?(measured: Measured): void;
}

/** One line of what a change would do, read from the live system before it is made. */
export interface Change {
  /** `deployment/payment-service` */
  readonly object: string;
  /** `spec.replicas` */
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

/** What the executor found by looking, without changing anything. */
export interface Inspection {
  readonly changes: readonly Change[];
  /** Sentences the person must see before confirming: an autoscaler will undo this, the object is not there. */
  readonly warnings: readonly string[];
  /** Why it must not run at all: the server would refuse it, or it would do something else than it says. */
  readonly refusal?: string;
  /** What will run in its place when the person agrees: guards filled in from what was seen, steps added before it. */
  readonly plan?: Plan;
  /** A readable diff of the object, unified format, without the file header lines. */
  readonly diff?: string;
}

/** Runs one kind of plan. Never throws: whatever happens is an Outcome. Obeys the signal within a second. */
export interface Executor<P extends Plan = Plan> {
  run(plan: P, io: RunIo, signal: Signal): Promise<Outcome>;
  /** Looks at what a change would do. Absent where nothing can be known beforehand. */
  inspect?(plan: P, signal: Signal): Promise<Result<Inspection>>;
  /**
   * What can be known before the click, cheap enough to ask for each card shown: permissions that are missing, sessions
   * that have expired. Gives sentences; empty when nothing stands in the way or nothing can be known.
   */
  foresee?(plan: P, signal: Signal): Promise<readonly string[]>;
}
