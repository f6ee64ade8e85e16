import * as vscode from 'vscode';
import { nextStep } from '../../core/incident/nextStep.ts';
import { nextThing, passedOverFor, type NextThing } from '../../core/incident/nextThing.ts';
import { stepState } from '../../core/incident/progress.ts';
import { createJudge } from '../../core/judge/judgeStep.ts';
import { renderPassedOver } from '../../core/views/nextThingText.ts';
import { renderVerdict } from '../../core/views/verdictText.ts';
import { askText, pick } from '../ask/ask.ts';
import { skipStep } from '../runs/performStep.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, type OnIncident } from './onIncident.ts';
import { enterPhase } from './phases.ts';
import { pickStep, runAndTell } from './runbooks.ts';

/**
 * Starts the next step of the runbook in hand, else the guide's next unfinished thing of this phase, so that the whole flow
 * can be walked with one key.
 */
export const continueGuide: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const runbooks = deps.guides.all().flatMap((guide) => guide.runbooks);
  const context = { judge: createJudge(at.incident), runbooks };
  const next = nextThing(at.incident, at.guide, deps.now(), context);
  // A step says which of its own sequence were passed over; of others nobody would learn.
  const said = new Set(next.kind === 'step' ? next.sequence.steps : []);
  const passed = passedOverFor(at.incident, at.guide, context).filter(({ step }) => !said.has(step));
  for (const words of renderPassedOver(passed)) void vscode.window.setStatusBarMessage(words, 10_000);
  await start(deps, at, next);
};

async function start(deps: CommandDeps, at: OnIncident, next: NextThing): Promise<void> {
  switch (next.kind) {
    case 'acknowledge':
      return run('incident.acknowledge');
    case 'act':
      return run('incident.runAct', next.act.id);
    case 'escalate':
      return run('incident.escalate', 1);
    case 'step':
      return offerStep(deps, at, next);
    case 'question':
      return run('incident.answerQuestion', next.question.id);
    case 'update':
      return run('incident.postUpdate');
    case 'choose-option':
      return chooseOption(deps, at, next);
    case 'mark-mitigated':
      return askMitigated(deps, at);
    case 'checklist':
      return run('incident.tickItem', next.item.id);
    case 'message':
      return run('incident.showMessage', next.template.id);
    case 'soak':
      return run('incident.checkResolution');
    case 'relapse':
      return run('incident.reopen');
    case 'resolve':
      return run('incident.resolve');
    case 'post-mortem':
      return run('incident.draftPostMortem');
    case 'next-phase':
      await enterPhase(deps, at, next.phase);
      void vscode.window.showInformationMessage(`Now: ${next.phase.name}`);
      return;
    case 'nothing':
      void vscode.window.showInformationMessage(`Nothing is left to do for ${at.incident.number}.`);
  }
}

async function run(command: string, ...args: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...args);
}

type StepThing = Extract<NextThing, { kind: 'step' }>;

/** A read with nothing to ask starts at once; a step with a condition or a change, or that was tried, is offered first. */
async function offerStep(deps: CommandDeps, at: OnIncident, next: StepThing): Promise<void> {
  const incident = deps.session.current();
  if (!incident) return;
  const { sequence, step } = next;
  const plan = deps.runs.plan(incident, step);
  const isUnconditional = step.condition === undefined && next.judged === undefined;
  const isNew = stepState(incident, step.id) === 'idle';
  if (plan.risk === 'read' && plan.kind !== 'manual' && isUnconditional && isNew) {
    await runAndTell(deps, sequence.id, step.id);
    return;
  }
  const isOfRunbook = deps.guides.all().some(({ runbooks }) => runbooks.some(({ id }) => id === sequence.id));
  const answer = await pick(
    [
      plan.kind === 'manual'
        ? { label: 'Done by hand…', detail: step.details.join(' · '), value: 'run' as const }
        : { label: 'Run', detail: plan.preview, description: plan.risk, value: 'run' as const },
      { label: 'Skip', description: 'it does not apply', value: 'skip' as const },
      { label: 'Open the runbook page', value: 'open' as const },
      ...(sequence.steps.length > 1
        ? [
            {
              label: 'Another step…',
              detail: renderPassedOver(next.passedOver)[0] ?? '',
              value: 'other' as const,
            },
          ]
        : []),
      ...(isOfRunbook
        ? [{ label: 'Leave this runbook', description: 'go on with the guide', value: 'leave' as const }]
        : []),
    ],
    {
      title: `${sequence.title}: ${step.text}`,
      placeholder: next.judged
        ? renderVerdict(next.judged)
        : (step.condition ?? 'The next step of the guide'),
    },
  );
  if (answer === 'other') {
    const other = await pickStep(incident, sequence);
    if (other) await runAndTell(deps, sequence.id, other.id);
  }
  if (answer === 'leave') {
    // Doing the guide's own thing is what puts the runbook out of hand.
    await start(deps, at, nextThing(incident, at.guide, deps.now(), { runbooks: [] }));
  }
  if (answer === 'run') await runAndTell(deps, sequence.id, step.id);
  if (answer === 'open') await deps.pages.open(sequence.id);
  if (answer === 'skip') {
    const reason = await askText({
      title: `Skip "${step.text}"`,
      prompt: 'Why? Enter leaves it open, Esc does not skip.',
    });
    if (reason === undefined) return;
    const skipped = await skipStep(deps, sequence.id, step, reason);
    if (!skipped.ok) void vscode.window.showWarningMessage(skipped.failure.message);
  }
}

async function chooseOption(
  deps: CommandDeps,
  at: OnIncident,
  next: Extract<NextThing, { kind: 'choose-option' }>,
): Promise<void> {
  const none = 'none';
  const chosen = await pick(
    [
      ...next.options.map((option) => ({
        label: `Option ${option.label}: ${option.title}`,
        description: option.condition ?? '',
        detail: option.steps.map((step) => step.command ?? step.text).join('; '),
        value: option.id,
      })),
      { label: 'It is mitigated already', description: 'none of these was needed', value: none },
    ],
    { title: 'Mitigation', placeholder: 'Which option fits what you saw?' },
  );
  if (chosen === undefined) return;
  if (chosen === none) return askMitigated(deps, at);
  await deps.pages.open(chosen);
  const option = next.options.find(({ id }) => id === chosen);
  const incident = deps.session.current();
  const offer = option && incident && nextStep(incident, option.steps, createJudge(incident));
  if (option && offer) await offerStep(deps, at, { kind: 'step', sequence: option, ...offer });
}

async function askMitigated(deps: CommandDeps, at: OnIncident): Promise<void> {
  const answer = await pick(
    [
      { label: 'Yes, users no longer feel it', description: 'Mark Mitigated', value: 'yes' as const },
      { label: 'Not yet: try another option', value: 'no' as const },
    ],
    { title: 'Did it help?', placeholder: 'Look at the service before you answer' },
  );
  if (answer === 'yes') return run('incident.markMitigated');
  if (answer !== 'no' || !at.guide) return;
  const options = at.guide.phases
    .flatMap((phase) => phase.parts)
    .flatMap((part) => (part.kind === 'option' ? [part] : []));
  return chooseOption(deps, at, { kind: 'choose-option', options });
}
