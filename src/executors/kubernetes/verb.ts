import type { Outcome } from '../../core/plan/plan.ts';
import type { FilteredOutput } from '../filteredOutput.ts';
import type { ApiFailure } from './apiFailure.ts';
import type { Discovery } from './discovery.ts';
import type { Transport } from './transport.ts';

/** What every verb needs: the way to the cluster, where to look, where to print, when to stop. */
export interface VerbContext {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly namespace: string;
  readonly output: FilteredOutput;
  readonly signal: AbortSignal;
}

/** How a verb went, before the filters have had their say. */
export type VerbOutcome = Extract<Outcome, { kind: 'succeeded' | 'failed' | 'stopped' }>;

export const succeeded = (detail?: string): VerbOutcome => ({
  kind: 'succeeded',
  exitCode: 0,
  ...(detail === undefined ? {} : { detail }),
});

/** Prints a failure on standard error as kubectl does and ends the verb with exit code 1. */
export async function failVerb(context: VerbContext, failure: ApiFailure): Promise<VerbOutcome> {
  if (failure.code === 'cancelled' && failure.reason !== 'Sent') return { kind: 'stopped' };
  await context.output.error(`${failure.message}\n`);
  return failedVerb(failure);
}

export function failedVerb(failure: ApiFailure): VerbOutcome {
  if (failure.code === 'cancelled') return { kind: 'stopped' };
  return {
    kind: 'failed',
    exitCode: 1,
    message: failure.message,
    ...(failure.status === undefined ? {} : { status: failure.status }),
  };
}
