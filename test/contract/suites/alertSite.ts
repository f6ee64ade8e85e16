import type { LiveSignal } from '../../../src/core/signals/incomingSignal.ts';
import type { SourceResult } from '../../../src/core/signals/signalSource.ts';

/** A Prometheus and the Alertmanager it sends its alerts to. */
export interface AlertSite {
  readonly prometheus: string;
  readonly alertmanager: string;
  /** Name of an alert that fires as long as the site is up: critical, of payment-service, with summary and runbook. */
  readonly firing: string;
  /** One that fires until it is made to resolve, and again when the cause is back. */
  readonly other: { readonly name: string; resolve(): Promise<void>; fire(): Promise<void> };
  dispose(): Promise<void>;
}

export interface AlertProduction {
  readonly title: string;
  start(): Promise<AlertSite>;
}

export const untilDone = (): AbortSignal => new AbortController().signal;

/** The signals of a reading; throws its sentence when it failed. */
export function signalsOf(result: SourceResult): readonly LiveSignal[] {
  if (!result.ok) throw new Error(result.failure.message);
  return result.value.signals;
}

export async function waitFor<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + 60_000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`Waited a minute for ${what}, in vain.`);
}
