import type { Outcome, Target } from '../../core/plan/plan.ts';
import type { MadeChange } from '../../core/plan/undo.ts';
import type { FilteredOutput } from '../filteredOutput.ts';
import type { ApiFailure } from './access/apiFailure.ts';
import type { Discovery } from './objects/discovery.ts';
import type { KubeObject } from './objects/objects.ts';
import type { Transport } from './access/transport.ts';

/** A way to look: everything a verb has but the output. */
export interface LookContext {
  readonly transport: Transport;
  readonly discovery: Discovery;
  readonly namespace: string;
  readonly signal: AbortSignal;
  /** The plan's own target, for the undo of what is changed. */
  readonly target: Target;
  /** The folder file names are relative to. */
  readonly cwd: string | undefined;
}

/** What every verb needs: the way to the cluster, where to look, where to print, when to stop. */
export interface VerbContext extends LookContext {
  readonly output: FilteredOutput;
  /** Told at once when the server has accepted a change. */
  changed(made: MadeChange): Promise<void>;
  /** Told the services that were listed, with their specs. Absent: nobody wants to know. */
  listed?(services: readonly KubeObject[]): void;
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

/** The message, worded as kubectl words it, and what to do next. */
const adviceOf = ({ message, advice }: ApiFailure): string =>
  advice === undefined ? message : `${message.replace(/[.\s]+$/, '')}. ${advice}`;

export function failedVerb(failure: ApiFailure): VerbOutcome {
  if (failure.code === 'cancelled') return { kind: 'stopped' };
  return {
    kind: 'failed',
    exitCode: 1,
    message: adviceOf(failure),
    ...(failure.remedy === undefined ? {} : { remedy: failure.remedy }),
    ...(failure.status === undefined ? {} : { status: failure.status }),
  };
}
