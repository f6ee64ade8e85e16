import type { HttpPlan, KubernetesPlan, Plan, ShellPlan } from '../core/plan/plan.ts';
import type { Executor } from '../core/ports.ts';

export interface Executors {
  readonly kubernetes: Executor<KubernetesPlan>;
  readonly http: Executor<HttpPlan>;
  readonly shell: Executor<ShellPlan>;
  /** For steps that ask for a terminal. */
  readonly terminal: Executor<ShellPlan>;
}

/** The executor of a plan's kind; a manual step has none, a person does it. */
export const createExecutors =
  ({ kubernetes, http, shell, terminal }: Executors) =>
  (plan: Plan): Promise<Executor | undefined> => {
    switch (plan.kind) {
      case 'kubernetes':
        return Promise.resolve(kubernetes as Executor);
      case 'http':
        return Promise.resolve(http as Executor);
      case 'shell':
        return Promise.resolve((plan.interactive ? terminal : shell) as Executor);
      case 'manual':
        return Promise.resolve(undefined);
    }
  };
