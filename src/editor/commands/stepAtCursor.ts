import * as vscode from 'vscode';
import { stepAtLine } from '../../core/authoring/completeGuide.ts';
import type { Step } from '../../core/guide/guide.ts';
import { stepSequences } from '../../core/guide/stepSequences.ts';
import { planStep } from '../../core/plan/planStep.ts';
import { describePlan, renderPlanText } from '../../core/views/planText.ts';
import { parseGuide } from '../guides/guideLibrary.ts';
import { planningOf } from '../runs/planning.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident } from './onIncident.ts';
import { runAndTell } from './runbooks.ts';

/** A guide's watcher takes its time; what it has not read by then is told. Milliseconds. */
const rereadMs = 5_000;

interface Place {
  readonly document: vscode.TextDocument;
  /** From 1. */
  readonly line: number;
}

/** A lens hands over the file and the line; from the palette it is where the cursor stands. */
async function placeOf(uri: unknown, line: unknown): Promise<Place | undefined> {
  if (uri instanceof vscode.Uri && typeof line === 'number')
    return { document: await vscode.workspace.openTextDocument(uri), line };
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'markdown')
    return { document: editor.document, line: editor.selection.active.line + 1 };
  void vscode.window.showInformationMessage(
    'Open a guide and put the cursor into one of its commands first.',
  );
  return undefined;
}

const noStep = (): void =>
  void vscode.window.showInformationMessage(
    'There is no step at this line. Put the cursor into a command of the guide, or use the lens above it.',
  );

/** Opens the plan of the step at the cursor as a document that can only be read. Asks no system. */
export const previewPlan: CommandFactory = (deps) => async (uri, line) => {
  const place = await placeOf(uri, line);
  if (!place) return;
  const { document } = place;
  const guide = parseGuide(document.getText(), { file: document.uri.path });
  const steps = stepSequences(guide).flatMap((sequence) => sequence.steps.map((step) => ({ step })));
  const step = stepAtLine(steps, place.line);
  if (!step) {
    noStep();
    return;
  }
  await deps.session.ready();
  const incident = deps.session.current();
  const plan =
    incident?.status === 'active'
      ? deps.runs.plan(incident, step)
      : planStep(step, { ...planningOf(undefined), target: {}, values: {} });
  const title =
    step.text
      .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
      .trim()
      .slice(0, 60) || 'step';
  await deps.readOnlyTexts.show(`Plan - ${title}.txt`, renderPlanText(describePlan(step, plan, 'whole')));
};

/** Runs the step at the cursor in the incident at hand, as the page would. What is not saved yet is saved first. */
export const runStepAtCursor: CommandFactory = (deps) => async (uri, line) => {
  const place = await placeOf(uri, line);
  if (!place) return;
  // Saving is what this command does to the file: it waits until it is clear that something will run.
  if (!(await currentIncident(deps))) return;
  const found = await savedStep(deps, place);
  if (found) await runAndTell(deps, found.sequence, found.step.id);
};

/** The step of the saved guide at a line, with the ids that runs are kept under. */
async function savedStep(
  deps: CommandDeps,
  { document, line }: Place,
): Promise<{ readonly sequence: string; readonly step: Step } | undefined> {
  if (document.isDirty) {
    const reread = nextChange(deps);
    if (!(await document.save())) {
      reread.cancel();
      void vscode.window.showWarningMessage('The guide could not be saved, so nothing was run.');
      return undefined;
    }
    await reread.done;
  }
  const guides = await deps.guides.load();
  const guide = guides.find((each) => deps.guides.uriOf(each).toString() === document.uri.toString());
  if (!guide) {
    void vscode.window.showInformationMessage(
      'This file is not among the guides, so its steps cannot be run. Name it in incident.guides.include.',
    );
    return undefined;
  }
  const steps = stepSequences(guide).flatMap(({ id, steps: all }) =>
    all.map((step) => ({ sequence: id, step })),
  );
  const wanted = stepAtLine(steps, line);
  const found = steps.find(({ step }) => step === wanted);
  if (!found) noStep();
  return found;
}

/** The guides read anew, or the time for it over. */
function nextChange(deps: CommandDeps): { readonly done: Promise<void>; cancel(): void } {
  let cancel = (): void => undefined;
  const done = new Promise<void>((resolve) => {
    const timer = setTimeout(() => cancel(), rereadMs);
    const subscription = deps.guides.onDidChange(() => cancel());
    cancel = () => {
      clearTimeout(timer);
      subscription.dispose();
      resolve();
    };
  });
  return { done, cancel: () => cancel() };
}
