import * as vscode from 'vscode';
import { phaseOf } from '../../core/incident/progress.ts';
import { openDebts } from '../../core/incident/undoable.ts';
import { draftPublic } from '../../core/views/audienceDrafts.ts';
import { draftResolution, draftUpdate } from '../../core/views/drafts.ts';
import type { Phase } from '../../core/guide/guide.ts';
import { followUp } from '../announce.ts';
import { askText, pick } from '../ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { askPublished } from './guide.ts';
import { currentIncident, record, textArgument, type OnIncident } from './onIncident.ts';

/** Enters a phase of the guide; earlier ones stay as they are. */
export async function enterPhase(deps: CommandDeps, at: OnIncident, phase: Phase): Promise<void> {
  await record(deps, at.incident, { type: 'EnterPhase', data: { phase: phase.id, name: phase.name } });
}

export const nextPhase: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at?.guide) return;
  const present = phaseOf(at.incident, at.guide);
  const index = at.guide.phases.findIndex((phase) => phase.id === present?.id);
  const next = at.guide.phases[index + 1];
  if (next) await enterPhase(deps, at, next);
  else
    void vscode.window.showInformationMessage(`${present?.name ?? 'This'} is the last phase of the guide.`);
};

export const goToPhase: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  if (!at?.guide) return;
  const { phases } = at.guide;
  const present = phaseOf(at.incident, at.guide);
  const asked = textArgument(id);
  const phase = asked
    ? phases.find((candidate) => candidate.id === asked)
    : await pick(
        phases.map((candidate) => ({
          label: candidate.name,
          description: candidate.id === present?.id ? 'now' : '',
          value: candidate,
        })),
        { title: 'Go to Phase', placeholder: 'Which phase are you in?' },
      );
  if (phase) await enterPhase(deps, at, phase);
};

/** Opens a message of the guide, filled from the journal, as an untitled Markdown document; then asks whether it is out. */
export const showMessage: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const template = at?.guide?.templates.find((candidate) => candidate.id === id);
  if (!at || !template) return;
  const content =
    template.kind === 'update'
      ? draftUpdate(at.incident, at.guide, deps.now())
      : template.kind === 'resolution'
        ? draftResolution(at.incident, at.guide, deps.now())
        : template.text;
  const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
  await vscode.window.showTextDocument(document);
  if (template.kind !== 'resolution' || at.incident.doneItems[template.id]) return;
  await askPublished(deps, at.incident, {
    item: template.id,
    text: template.title,
    title: `${template.title}: send this message by hand`,
    document,
  });
};

/** What was turned off for the incident and is still off is easily forgotten once it is over. */
async function leavesOpen(number: string, debts: readonly string[]): Promise<boolean> {
  const resolve = 'Resolve Anyway';
  const undo = 'Undo…';
  const answer = await vscode.window.showWarningMessage(
    `${number} still has open ends`,
    { modal: true, detail: `${debts.join('\n')}\nThey stay on the incident's record.` },
    undo,
    resolve,
  );
  if (answer === undo) void vscode.commands.executeCommand('incident.undoChange');
  return answer === resolve;
}

export const resolveIncident: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const running = deps.runs.live().filter((run) => run.incident === at.incident.id);
  if (running.length > 0) {
    const names = running.map((run) => `"${run.step.text}"`).join(', ');
    void vscode.window.showWarningMessage(`Still running: ${names}. Stop it or wait, then resolve.`);
    return;
  }
  const debts = openDebts(at.incident).map(({ debt }) => debt ?? '');
  if (debts.length > 0 && !(await leavesOpen(at.incident.number, debts))) return;
  const title = `Resolve ${at.incident.number}`;
  const cause = await askText({
    title: `${title} (1/3)`,
    prompt: 'What was the cause? Enter without text: unknown. Esc: not resolved.',
  });
  if (cause === undefined) return;
  const resolution = await askText({
    title: `${title} (2/3)`,
    prompt: 'What fixed it? Enter without text: unknown.',
  });
  if (resolution === undefined) return;
  const impact = await askText({
    title: `${title} (3/3)`,
    prompt: 'What was the impact? Enter without text: unknown.',
    value: at.incident.impact?.figure ?? '',
  });
  if (impact === undefined) return;
  const read = await deps.journal.read(at.incident.id);
  const resolved = await record(deps, at.incident, {
    type: 'Resolve',
    data: {
      ...(cause ? { cause } : {}),
      ...(resolution ? { resolution } : {}),
      ...(impact ? { impact } : {}),
      heads: read.ok ? read.value.heads : {},
    },
  });
  if (!resolved) return;
  await followUp(deps, resolved, {
    kind: 'resolved',
    message: draftResolution(resolved, at.guide, deps.now()),
    publicText: draftPublic(resolved, at.guide).text,
  });
  const draft = 'Draft Post-Mortem';
  void vscode.window.showInformationMessage(`${resolved.number} is resolved.`, draft).then((answer) => {
    if (answer === draft) void vscode.commands.executeCommand('incident.draftPostMortem');
  });
};

export const reopen: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const reason = await askText({
    title: `Reopen ${at.incident.number}`,
    prompt: 'What came back? Enter leaves it open.',
  });
  if (reason === undefined) return;
  const reopened = await record(deps, at.incident, { type: 'Reopen', data: reason ? { reason } : {} });
  if (!reopened) return;
  await followUp(deps, reopened, {
    kind: 'reopened',
    reason: reason || undefined,
    publicText: 'The problem is back. We are investigating.',
  });
};
