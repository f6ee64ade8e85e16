import * as vscode from 'vscode';
import type { Step, StepSequence } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { createJudge } from '../../core/judge/judgeStep.ts';
import { renderOutcome } from '../../core/views/outcomeText.ts';
import { renderVerdict } from '../../core/views/verdictText.ts';
import { pick } from '../ask/ask.ts';
import { performStep } from '../runs/performStep.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';

/** Every sequence with steps: runbooks first, then the phases' own steps and options. */
export function sequencesOf(
  deps: Pick<CommandDeps, 'guides'>,
): readonly { sequence: StepSequence; from: string }[] {
  return deps.guides
    .all()
    .flatMap((guide) => [
      ...guide.runbooks.map((sequence) => ({ sequence, from: guide.file })),
      ...guide.phases.flatMap((phase) =>
        phase.parts.flatMap((part) =>
          part.kind === 'steps' || part.kind === 'option' ? [{ sequence: part, from: phase.name }] : [],
        ),
      ),
    ]);
}

/** Asks for a sequence of steps; undefined when the person does not say. */
export async function pickSequence(
  deps: CommandDeps,
  placeholder: string,
): Promise<StepSequence | undefined> {
  return pick(
    sequencesOf(deps).map(({ sequence, from }) => ({
      label: sequence.title,
      description: `${sequence.steps.length} ${sequence.steps.length === 1 ? 'step' : 'steps'}, ${from}`,
      value: sequence,
    })),
    { title: 'Runbooks', placeholder },
  );
}

export const openRunbook: CommandFactory = (deps) => async (id) => {
  await deps.guides.load();
  const asked = textArgument(id) ?? (await pickSequence(deps, 'Which runbook?'))?.id;
  if (asked) await deps.pages.open(asked);
};

/** Asks for a step of a sequence, each with what was found of its condition; undefined when the person does not say. */
export async function pickStep(incident: Incident, sequence: StepSequence): Promise<Step | undefined> {
  const judge = createJudge(incident);
  return pick(
    sequence.steps.map((step) => {
      const judged = judge(step, sequence.steps);
      return {
        label: `${step.number}. ${step.text}`,
        description: judged ? renderVerdict(judged) : (step.condition ?? ''),
        detail: step.command ?? 'by hand',
        value: step,
      };
    }),
    { title: sequence.title, placeholder: 'Which step?' },
  );
}

/** A click in a tree hands over the node: its command's first argument is the step. */
const stepOfNode = (node: unknown): string | undefined =>
  textArgument((node as { command?: { args?: readonly unknown[] } } | undefined)?.command?.args?.[0]);

/** Runs one step from the palette or the tree; what is missing is asked for. */
export const runStep: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const asked = textArgument(id) ?? stepOfNode(id);
  let found = asked ? deps.guides.findStep(asked) : undefined;
  if (!found) {
    const sequence = await pickSequence(deps, 'Run a step of which runbook?');
    if (!sequence) return;
    const step = await pickStep(at.incident, sequence);
    found = step && deps.guides.findStep(step.id);
  }
  if (!found) return;
  await runAndTell(deps, found.sequence.id, found.step.id);
};

/** Runs a step with its output in view and says how it ended. */
export async function runAndTell(deps: CommandDeps, sequence: string, stepId: string): Promise<boolean> {
  const found = deps.guides.findStep(stepId);
  const incident = deps.session.current();
  if (!found || !incident) return false;
  if (found.step.command !== undefined) deps.outputs.show(incident);
  if (deps.runs.plan(incident, found.step).background === true) {
    // It has no end to wait for: the card, the tree and the status bar show that it goes on.
    void performStep(deps, sequence, found.step, 'palette').then((ended) => {
      if (!ended.ok && ended.failure.code !== 'cancelled')
        void vscode.window.showWarningMessage(ended.failure.message);
    });
    return true;
  }
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: found.step.text, cancellable: true },
    (_progress, token) => {
      token.onCancellationRequested(() => {
        for (const run of deps.runs.live()) if (run.step.id === stepId) deps.runs.stop(run.id);
      });
      return performStep(deps, sequence, found.step, 'palette');
    },
  );
  if (!result.ok) {
    if (result.failure.code !== 'cancelled') void vscode.window.showWarningMessage(result.failure.message);
    return false;
  }
  const last = deps.session.current()?.runs.findLast((run) => run.step === stepId)?.end;
  if (last && renderOutcome(last.outcome).tone === 'bad') {
    void vscode.window.showWarningMessage(`${found.step.text}: ${renderOutcome(last.outcome).text}`);
  }
  return true;
}

export const stopRun: CommandFactory = (deps) => async (id) => {
  const live = deps.runs.live();
  const step = stepOfNode(id);
  const ofStep = live.find((candidate) => candidate.step.id === step);
  if (step !== undefined && !ofStep) {
    void vscode.window.showWarningMessage(
      'That step does not run in this window. Stop it where it was started.',
    );
    return;
  }
  const asked = textArgument(id) ?? ofStep?.id ?? (live.length === 1 ? live[0]?.id : undefined);
  const run =
    asked ??
    (await pick(
      live.map((candidate) => ({
        label: candidate.step.text,
        description: candidate.plan.preview,
        value: candidate.id,
      })),
      { title: 'Stop Run', placeholder: 'Which one?' },
    ));
  if (run) deps.runs.stop(run);
};

export const showOutput: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (at) deps.outputs.show(at.incident);
};

/** Opens a run's saved output as a document. */
export const openOutput: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const output = at?.incident.runs.find((run) => run.id === id)?.end?.output;
  if (!at) return;
  if (!output) {
    deps.outputs.show(at.incident);
    return;
  }
  const uri = vscode.Uri.file(deps.journal.outputPath(at.incident.id, output));
  await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
};
