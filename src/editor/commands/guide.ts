import * as vscode from 'vscode';
import type { SlashAct } from '../../core/guide/guide.ts';
import type { CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';

/** Opens the guide's Markdown at a line, in the plain editor. */
export const openGuide: CommandFactory = (deps) => async (line, file) => {
  const guides = await deps.guides.load();
  const incidentFile = deps.session.current()?.guideFile;
  const guide =
    guides.find((candidate) => candidate.file === file) ?? deps.guides.guideOf(incidentFile) ?? guides[0];
  if (!guide) return;
  const at = typeof line === 'number' ? Math.max(0, line - 1) : 0;
  const editor = await vscode.window.showTextDocument(deps.guides.uriOf(guide), {
    selection: new vscode.Range(at, 0, at, 0),
  });
  editor.revealRange(new vscode.Range(at, 0, at, 0), vscode.TextEditorRevealType.AtTop);
};

export const openLink: CommandFactory = (deps) => async (href) => {
  const link = textArgument(href);
  if (!link) return;
  const guide = (await deps.guides.load())[0];
  if (/^(https?|mailto|tel):/i.test(link)) {
    await vscode.env.openExternal(vscode.Uri.parse(link));
    return;
  }
  if (!guide || /^[a-z][a-z0-9+.-]+:/i.test(link)) return;
  const path = link.split('#')[0] ?? '';
  const uri = vscode.Uri.joinPath(deps.guides.uriOf(guide), '..', path);
  try {
    await vscode.window.showTextDocument(uri, { preview: true });
  } catch {
    void vscode.window.showWarningMessage(
      `${path} is not there. The guide links to it at "${guide.file}"; nothing else is affected.`,
    );
  }
};

export const copyText: CommandFactory = () => async (text) => {
  const given = textArgument(text);
  if (given === undefined) return;
  await vscode.env.clipboard.writeText(given);
  vscode.window.setStatusBarMessage('Copied', 2_000);
};

/** The guide's slash lines are acts of ours: create opens Declare with its values, an update is drafted. */
export const runAct: CommandFactory = (deps) => async (id) => {
  const guides = await deps.guides.load();
  const act = guides
    .flatMap((guide) => guide.phases)
    .flatMap((phase) => phase.parts)
    .flatMap((part) => (part.kind === 'act' && part.act.id === id ? [part.act] : []))[0];
  if (!act) return;
  if (act.name === 'incident' && act.verb === 'create') {
    await vscode.commands.executeCommand('incident.declare', declareValues(act));
    return;
  }
  const at = await currentIncident(deps);
  if (!at) return;
  const text = act.args.join(' ') || act.text;
  const document = await vscode.workspace.openTextDocument({ content: text, language: 'markdown' });
  await vscode.window.showTextDocument(document);
  const done = 'Mark Done';
  void vscode.window
    .showInformationMessage(`No ${act.name} is connected yet: publish this text by hand, then mark it done.`, done)
    .then((answer) => {
      if (answer === done) void vscode.commands.executeCommand('incident.markItemDone', act.id, act.text);
    });
};

/** The quoted words become the title only when they are not the guide's own placeholder text for a title. */
export const declareValues = (act: SlashAct): { title?: string; severity?: string } => ({
  ...(act.args[0] ? { title: act.args[0] } : {}),
  ...(act.flags['severity'] ? { severity: act.flags['severity'] } : {}),
});

/** A timeline row in full: the journal's entry as it is written. */
export const showEvent: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const event = at?.incident.events.find((candidate) => candidate.id === id);
  if (!event) return;
  const document = await vscode.workspace.openTextDocument({ content: JSON.stringify(event, null, 2), language: 'json' });
  await vscode.window.showTextDocument(document, { preview: true });
};
