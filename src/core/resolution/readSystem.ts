import { failed, ok, type Result } from '../errors.ts';
import type { Plan, Target } from '../plan/plan.ts';
import { planStep } from '../plan/planStep.ts';
import type { Executor, Signal } from '../ports.ts';
import { asPart } from './check.ts';

export interface SystemReader {
  executorFor(plan: Plan): Promise<Executor | undefined>;
}

/** What a look reads at most, in characters: a namespace of thousands of pods must not fill the memory. */
const mostOutput = 8_000_000;

export interface SystemOutput {
  readonly text: string;
  /** False when there was more than is read. */
  readonly whole: boolean;
  /** What the command said of its own end, without its full stop: that only some of the logs could be read. */
  readonly detail?: string;
}

/**
 * Asks a system by a command that only reads, as a step of a guide would run it, at the target alone; nothing of it is
 * recorded. Fails with what stands in the way; never throws.
 */
export async function readSystem(
  command: string,
  target: Target,
  { executorFor }: SystemReader,
  signal: Signal,
): Promise<Result<SystemOutput>> {
  const plan = planStep(lookStep(command), { target, values: {}, readOnlyPrefixes: [] });
  const blocked = plan.traps.find(({ blocks }) => blocks);
  if (blocked) return failed('invalid', blocked.message);
  const executor =
    plan.kind === 'shell' || plan.kind === 'manual' || plan.risk !== 'read'
      ? undefined
      : await executorFor(plan);
  if (!executor) return failed('invalid', `"${command}" cannot be asked from here`);
  let text = '';
  let whole = true;
  const outcome = await executor.run(
    plan,
    {
      write(more, stream) {
        if (stream !== 'stdout') return;
        if (text.length < mostOutput) text += more;
        else whole = false;
      },
    },
    signal,
  );
  switch (outcome.kind) {
    case 'succeeded':
      return ok({ text, whole, ...(outcome.detail === undefined ? {} : { detail: asPart(outcome.detail) }) });
    case 'no-match':
      return ok({ text, whole });
    case 'failed':
      return failed('failed', asPart(outcome.message));
    case 'timed-out':
      return failed('timeout', 'it did not answer in time');
    case 'stopped':
      return failed('cancelled', 'it did not answer in time');
  }
}

const lookStep = (command: string) => ({
  id: 'look',
  number: 0,
  text: 'Check the resolution',
  condition: undefined,
  command,
  details: [],
  language: 'sh',
  line: 1,
  endLine: 1,
  attributes: {},
});

/** Whether a name can stand in a command as it is. */
export const isPlainName = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,252}$/.test(name);
