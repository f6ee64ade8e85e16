import type { World } from '../state/world.ts';
import { createHealthy } from './healthy.ts';
import { createPaymentOverload } from './paymentOverload.ts';

/** A story: how the world came to be what it is at `nowMs` (ms UTC), and how its containers behave. */
export type Scenario = (nowMs: number) => World;

/** Every scenario by its name; a new one is a file beside this and a line here. */
export const scenarios = {
  'payment-overload': createPaymentOverload,
  healthy: createHealthy,
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;

export const isScenarioName = (name: string): name is ScenarioName => Object.hasOwn(scenarios, name);
