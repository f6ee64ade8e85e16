import { tick } from '../state/tick.ts';
import type { World } from '../state/world.ts';
import { createWorld } from '../state/world.ts';
import { createGitOpsApps } from './gitOpsApps.ts';
import { createProduction } from './production.ts';
import { deployPreviousRelease, releasePayment } from './releases.ts';
import { createStorefront } from './storefront.ts';

const dayMs = 86_400_000;
/** When the load outgrew three pods, before now: five restarts each, and now all of them wait for the sixth. */
const overloadedForMs = 12 * 60_000;

/** How many payment-service pods today's load needs. */
export const neededReplicas = 8;

/**
 * Load has outgrown payment-service: its pods are killed for memory and crash-loop, and the service answers
 * 503 until eight pods are ready. The past is not painted: it is lived through at a real cluster's pace.
 */
export function createPaymentOverload(nowMs: number): World {
  const since = nowMs - overloadedForMs;
  const load = { needed: (at: number) => (at < since ? 1 : neededReplicas) };
  const world = createWorld(createStorefront(load), nowMs - 12 * dayMs);
  createProduction(world, world.now);
  deployPreviousRelease(world);
  tick(world, nowMs - 3 * dayMs - 4.5 * 3_600_000);
  releasePayment(world);
  createGitOpsApps(world);
  tick(world, since);
  world.settled = -1; // the load is no object, so no version tells the controllers that it grew
  tick(world, nowMs);
  return world;
}
