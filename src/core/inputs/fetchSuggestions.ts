import { namesSeen } from '../plan/namesSeen.ts';
import type { Missing, Plan, Target } from '../plan/plan.ts';
import { planStep } from '../plan/planStep.ts';
import type { Executor, Signal } from '../ports.ts';
import { lookUpCommand } from './lookUpCommand.ts';
import { tableDetails } from './tableDetails.ts';

/** One value that a system has, with a few words about it: `CrashLoopBackOff, 12 restarts`. */
export interface Suggestion {
  readonly value: string;
  readonly detail: string | undefined;
}

export interface Suggested {
  readonly values: readonly Suggestion[];
  /** Why there are none, as a sentence for under the field; undefined when there is nothing to say. */
  readonly note: string | undefined;
}

export interface SuggestionSources {
  executorFor(plan: Plan): Promise<Executor | undefined>;
  /** The flags of the services that the settings name: no command of a guide lists them. */
  listFlags(signal: Signal): Promise<Suggested>;
}

/** More than anybody reads. */
const mostValues = 200;
/** What a look-up reads at most, in characters: a cluster of thousands of pods must not fill the memory. */
const mostOutput = 1_000_000;

export const nothingToAsk: Suggested = { values: [], note: undefined };

/**
 * Asks the system at the target what there is of the kind a placeholder wants, by a command that only reads, as a step
 * of a guide would run it; nothing of it is recorded. What cannot be asked is a note and never an error, for a value can
 * always be typed by hand. Troubled ones come first. Never throws.
 * @param app of a revision: the app whose history is wanted, where that is known
 */
export async function fetchSuggestions(
  { kind, name }: Pick<Missing, 'kind' | 'name'>,
  at: { readonly target: Target; readonly app: string | undefined },
  { executorFor, listFlags }: SuggestionSources,
  signal: Signal,
): Promise<Suggested> {
  if (kind === 'flag') return listFlags(signal);
  const command = lookUpCommand(kind, at.target, at.app);
  if (command === undefined) {
    const wantsApp = kind === 'revision' && lookUpCommand('app', at.target, undefined) !== undefined;
    return wantsApp
      ? { values: [], note: 'Set the app first: its revisions are then shown here.' }
      : nothingToAsk;
  }
  const plan = planStep(lookUpStep(command), { target: at.target, values: {}, readOnlyPrefixes: [] });
  const blocked = plan.traps.find(({ blocks }) => blocks);
  if (blocked) return { values: [], note: `Could not ask: ${blocked.message}` };
  const executor = plan.kind === 'shell' || plan.risk !== 'read' ? undefined : await executorFor(plan);
  if (executor === undefined) return nothingToAsk;
  let output = '';
  const outcome = await executor.run(
    plan,
    {
      write(text, stream) {
        if (stream === 'stdout' && output.length < mostOutput) output += text;
      },
    },
    signal,
  );
  if (outcome.kind === 'failed') return { values: [], note: `Could not ask: ${outcome.message}` };
  if (outcome.kind === 'stopped' || outcome.kind === 'timed-out') {
    const note = 'Nobody answered in time. A value can be typed.';
    return { values: [], note: signal.aborted ? note : undefined };
  }
  const details = tableDetails(output);
  const names = namesSeen(plan, output)[kind] ?? [];
  return {
    values: names.slice(0, mostValues).map((value) => ({ value, detail: details.get(value) })),
    note: names.length === 0 ? `There is no ${name} to pick from there; a value can be typed.` : undefined,
  };
}

const lookUpStep = (command: string) => ({
  id: 'look-up',
  number: 0,
  text: 'Look up values',
  condition: undefined,
  command,
  details: [],
  language: 'sh',
  line: 1,
  endLine: 1,
  attributes: {},
});
