import type { ArgoCdPlan, FlagPlan, HttpPlan } from '../core/plan/plan.ts';
import type { Suggested } from '../core/inputs/fetchSuggestions.ts';
import type { Executor } from '../core/ports.ts';
import { createArgoCdExecutor, type ArgoCdDeps, type ArgoCdExecutor } from './argocd/argoCdExecutor.ts';
import { readArgoCdSession } from './argocd/argoCdSession.ts';
import { createFlagExecutor, type FlagDeps } from './flag/flagExecutor.ts';
import { listFlags } from './flag/listFlags.ts';
import { createHttpExecutor, type HttpDeps } from './http/httpExecutor.ts';

export interface WebDeps extends HttpDeps {
  readonly argocd: ArgoCdDeps;
  readonly secrets: NonNullable<HttpDeps['secrets']>;
  readonly flagServices: NonNullable<FlagDeps['services']>;
}

export interface WebExecutors {
  readonly http: Executor<HttpPlan>;
  readonly flag: Executor<FlagPlan>;
  /** What the flag services of the settings have. Never throws. */
  listFlags(signal: AbortSignal): Promise<Suggested>;
  readonly argocd: Executor<ArgoCdPlan> & Pick<ArgoCdExecutor, 'readDeploys'>;
}

/** What speaks HTTP by itself, as one lazy chunk: the three share one HTTP client, the largest part of each. */
export const createWebExecutors = ({ argocd, flagServices, ...deps }: WebDeps): WebExecutors => ({
  http: createHttpExecutor(deps),
  flag: createFlagExecutor({ secrets: deps.secrets, services: flagServices }),
  listFlags: (signal) =>
    listFlags(flagServices(), deps.secrets, (url, init) => globalThis.fetch(url, init), signal),
  argocd: createArgoCdExecutor({
    ...argocd,
    // Where no token is set, the one that `argocd login` has left on this machine for that very server.
    server: async () => {
      const server = await argocd.server();
      return server && { ...server, token: server.token ?? (await readArgoCdSession(server.baseUrl)) };
    },
  }),
});
