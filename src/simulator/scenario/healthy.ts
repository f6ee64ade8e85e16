import { tick } from '../state/tick.ts';
import type { World } from '../state/world.ts';
import { createWorld } from '../state/world.ts';
import { createGitOpsApps } from './gitOpsApps.ts';
import { createProduction } from './production.ts';
import { deployPreviousRelease, releasePayment } from './releases.ts';
import { createStorefront } from './storefront.ts';

const dayMs = 86_400_000;

/** An ordinary day: every pod runs, nothing restarts, one pod is enough for the load. */
export function createHealthy(nowMs: number): World {
  const world = createWorld(createStorefront({ needed: () => 1 }), nowMs - 12 * dayMs);
  createProduction(world, world.now);
  deployPreviousRelease(world);
  tick(world, nowMs - 3 * dayMs - 4.5 * 3_600_000);
  releasePayment(world);
  createGitOpsApps(world);
  tick(world, nowMs);
  return world;
}
