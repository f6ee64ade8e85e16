import type { RdsPlan } from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';
import type * as Chunk from '../../executors/rds/rdsExecutor.ts';
import { requireChunk } from './requireChunk.ts';

/** The AWS side as a lazy chunk: its SDK is read from disk when a plan of it is first looked at. */
export function createRds(): { readonly executor: Executor<RdsPlan>; dispose(): void } {
  let loaded: Chunk.RdsExecutor | undefined;
  const get = (): Chunk.RdsExecutor =>
    (loaded ??= (requireChunk('rds') as typeof Chunk).createRdsExecutor({ env: process.env }));
  return {
    executor: {
      run: (...args) => get().run(...args),
      inspect: (...args) => get().inspect(...args),
      foresee: (...args) => get().foresee(...args),
    },
    dispose: () => loaded?.dispose(),
  };
}
