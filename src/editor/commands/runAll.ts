import * as vscode from 'vscode';
import type { StepSequence } from '../../core/guide/guide.ts';
import { tagsOf, type RunAllScope } from '../../core/run/decideRunAll.ts';
import { pick } from '../ask/ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';
import { pickSequence } from './runbooks.ts';

/** Runs the steps of a runbook one after another; of those with tags a person may pick one. */
export const runAll: CommandFactory = (deps) => async (id) => {
  const sequence = await askSequence(deps, id, 'Run all steps of which runbook?');
  if (!sequence) return;
  const scope = await askScope(sequence);
  if (scope) await begin(deps, sequence, scope, false);
};

/** Runs every read of a runbook, and of its changes the dry run or a look: nothing is changed. */
export const dryRunAll: CommandFactory = (deps) => async (id) => {
  const sequence = await askSequence(deps, id, 'Dry run of which runbook?');
  if (sequence) await begin(deps, sequence, { kind: 'all' }, true);
};

/** Runs from the first step that nobody has settled yet through one step. */
export const runToHere: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const asked = textArgument(id);
  const found = asked === undefined ? undefined : deps.guides.findStep(asked);
  const sequence = found?.sequence ?? (await pickSequence(deps, 'Run to a step of which runbook?'));
  if (!sequence) return;
  const step =
    found?.step.id ??
    (await pick(
      sequence.steps.map((one) => ({ label: `${one.number}. ${one.text}`, value: one.id })),
      { title: sequence.title, placeholder: 'Run through which step?' },
    ));
  if (step !== undefined) await begin(deps, sequence, { kind: 'until', step }, false);
};

export const stopAll: CommandFactory = (deps) => () => {
  if (deps.runAll.isRunning()) deps.runAll.stop();
  else void vscode.window.showInformationMessage('No steps are being run together in this window.');
  return Promise.resolve();
};

async function askSequence(
  deps: CommandDeps,
  id: unknown,
  placeholder: string,
): Promise<StepSequence | undefined> {
  const at = await currentIncident(deps);
  if (!at) return undefined;
  const asked = textArgument(id);
  return (
    (asked === undefined ? undefined : deps.guides.find(asked)?.sequence) ?? pickSequence(deps, placeholder)
  );
}

async function askScope(sequence: StepSequence): Promise<RunAllScope | undefined> {
  const tags = [...new Set(sequence.steps.flatMap(tagsOf))];
  if (tags.length === 0) return { kind: 'all' };
  const all: RunAllScope = { kind: 'all' };
  return pick(
    [
      { label: 'All steps', value: all },
      ...tags.map((tag) => ({ label: tag, description: 'only steps with this tag', value: { ...all, tag } })),
    ],
    { title: sequence.title, placeholder: 'Which steps?' },
  );
}

async function begin(
  deps: CommandDeps,
  sequence: StepSequence,
  scope: RunAllScope,
  dry: boolean,
): Promise<void> {
  // Where the steps are shown a person sees what is run, and what is wanted of them.
  await deps.pages.open(sequence.id);
  const refusal = deps.runAll.start(sequence, { scope, dry });
  if (refusal !== undefined) void vscode.window.showWarningMessage(refusal);
}
