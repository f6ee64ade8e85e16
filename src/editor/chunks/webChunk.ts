import type { Plan } from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';
import type * as Chunk from '../../executors/webExecutors.ts';
import { requireChunk } from './requireChunk.ts';

/** The executors that speak HTTP by themselves as a lazy chunk, read from disk when one of them is first used. */
export function createWeb(deps: Chunk.WebDeps): Chunk.WebExecutors {
  let loaded: Chunk.WebExecutors | undefined;
  const get = (): Chunk.WebExecutors =>
    (loaded ??= (requireChunk('web') as typeof Chunk).createWebExecutors(deps));
  const lazy = <P extends Plan>(pick: (all: Chunk.WebExecutors) => Executor<P>): Executor<P> => ({
    run: (...args) => pick(get()).run(...args),
    inspect: async (...args) =>
      (await pick(get()).inspect?.(...args)) ?? { ok: true, value: { changes: [], warnings: [] } },
    foresee: async (...args) => (await pick(get()).foresee?.(...args)) ?? [],
  });
  return {
    http: lazy(({ http }) => http),
    flag: lazy(({ flag }) => flag),
    listFlags: (signal) => get().listFlags(signal),
    argocd: {
      ...lazy(({ argocd }) => argocd),
      readDeploys: (...args) => get().argocd.readDeploys(...args),
    },
  };
}
