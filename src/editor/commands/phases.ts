import * as vscode from 'vscode';
import { phaseOf } from '../../core/incident/progress.ts';
import { draftResolution, draftUpdate } from '../../core/views/drafts.ts';
import type { Phase } from '../../core/guide/guide.ts';
import { pick } from '../ask/ask.ts';
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
