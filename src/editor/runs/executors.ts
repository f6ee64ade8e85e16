import type {
  ArgoCdPlan,
  FlagPlan,
  HttpPlan,
  QueryPlan,
  KubernetesPlan,
  Plan,
  RdsPlan,
  ShellPlan,
} from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';

export interface Executors {
  readonly kubernetes: Executor<KubernetesPlan>;
  readonly argocd: Executor<ArgoCdPlan>;
  readonly rds: Executor<RdsPlan>;
  readonly http: Executor<HttpPlan>;
  readonly query: Executor<QueryPlan>;
  readonly flag: Executor<FlagPlan>;
  readonly shell: Executor<ShellPlan>;
  /** For steps that ask for a terminal. */
  readonly terminal: Executor<ShellPlan>;
}

/** The executor of a plan's kind; a manual step has none, a person does it. */
export const createExecutors =
  ({ kubernetes, argocd, rds, http, query, flag, shell, terminal }: Executors) =>
  (plan: Plan): Promise<Executor | undefined> => {
    switch (plan.kind) {
      case 'kubernetes':
        return Promise.resolve(kubernetes as Executor);
      case 'argocd':
        return Promise.resolve(argocd as Executor);
      case 'rds':
        return Promise.resolve(rds as Executor);
      case 'http':
        return Promise.resolve(http as Executor);
      case 'query':
        return Promise.resolve(query as Executor);
      case 'flag':
        return Promise.resolve(flag as Executor);
      case 'shell':
        return Promise.resolve((plan.interactive ? terminal : shell) as Executor);
      case 'manual':
        return Promise.resolve(undefined);
    }
  };
