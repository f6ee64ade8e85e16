import type { Outcome, Plan } from './plan/plan.ts';
import type { Result } from './errors.ts';

/** What core needs of an AbortSignal; every real AbortSignal fits. */
export interface Signal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

export type OutputStream = 'stdout' | 'stderr';

/** Where a run's output goes. `write` returns a promise when the sink is full: await it before the next write. */
export interface RunIo {
  write(text: string, stream: OutputStream): void | Promise<void>;
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
}

/** Runs one kind of plan. Never throws: whatever happens is an Outcome. Obeys the signal within a second. */
export interface Executor<P extends Plan = Plan> {
  run(plan: P, io: RunIo, signal: Signal): Promise<Outcome>;
  /** Looks at what a change would do. Absent where nothing can be known beforehand. */
  inspect?(plan: P, signal: Signal): Promise<Result<Inspection>>;
}
