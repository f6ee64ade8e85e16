import * as vscode from 'vscode';
import type { SlashAct } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { pick } from '../ask/ask.ts';
import { openWeb } from '../ask/openWeb.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, textArgument } from './onIncident.ts';
import { askPublic, isPublishable } from './updates.ts';

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

/**
 * Opens what a guide links to: an address in the browser, a file of the workspace in the editor. `href` as the guide
 * writes it, `file` the guide it stands in; without one it is the incident's.
 */
export const openLink: CommandFactory = (deps) => async (href, file) => {
  const link = textArgument(href);
  if (!link || (await openWeb(link))) return;
  if (/^(mailto|tel):/i.test(link)) {
    await vscode.env.openExternal(vscode.Uri.parse(link));
    return;
  }
  const guides = await deps.guides.load();
  const guide =
    guides.find((candidate) => candidate.file === file) ??
    deps.guides.guideOf(deps.session.current()?.guideFile);
  if (!guide || /^[a-z][a-z0-9+.-]+:/i.test(link)) return;
  const path = decodePath(link.split(/[?#]/)[0] ?? '');
  const uri = deps.guides.uriOf(guide);
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri;
  // As in VS Code's own preview, a path that begins with / begins at the workspace's folder.
  const target =
    path.startsWith('/') && folder ? vscode.Uri.joinPath(folder, path) : vscode.Uri.joinPath(uri, '..', path);
  try {
    await vscode.window.showTextDocument(path === '' ? uri : target, { preview: true });
  } catch {
    void vscode.window.showWarningMessage(
      `${path} is not there. The guide links to it at "${guide.file}"; nothing else is affected.`,
    );
  }
};

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a lone % is part of the name
  }
}

/** A button on a tree's row hands over the node. */
const subjectOf = (node: unknown): unknown =>
  (node as { subject?: readonly unknown[] } | undefined)?.subject?.[0];

export const copyText: CommandFactory = () => async (text) => {
  const given = textArgument(text) ?? textArgument(subjectOf(text));
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
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  if (isStatusPage(act) && (await isPublishable(deps, at.incident))) {
    await askPublic(deps, at, act.args.join(' '), { id: act.id, text: act.text });
    return;
  }
  const document = await vscode.workspace.openTextDocument({
    content: act.args.join(' ') || act.text,
    language: 'markdown',
  });
  await vscode.window.showTextDocument(document);
  await askPublished(deps, at.incident, {
    item: act.id,
    text: act.text,
    title: `No ${act.name} is connected yet: publish this text by hand`,
    document,
  });
};

const isStatusPage = ({ name }: SlashAct): boolean => /^status-?page$/i.test(name);

/** What a person publishes by hand is theirs to say: done, or not yet. The text may be edited before it is copied. */
export async function askPublished(
  deps: Pick<CommandDeps, 'incidents'>,
  incident: Incident,
  message: { item: string; text: string; title: string; document: vscode.TextDocument },
): Promise<void> {
  const answer = await pick(
    [
      { label: 'Copy the text and mark it done', value: 'copy' as const },
      { label: 'Mark it done', description: 'it is out already', value: 'done' as const },
      { label: 'Not yet', description: 'edit the text first', value: 'open' as const },
    ],
    { title: message.title, placeholder: 'Esc leaves it open' },
  );
  if (answer === undefined || answer === 'open') return;
  if (answer === 'copy') await vscode.env.clipboard.writeText(message.document.getText());
  await record(deps, incident, { type: 'MarkItemDone', data: { item: message.item, text: message.text } });
}

/** A slash line's words and flags as Declare's first answers; the person reads and changes them there. */
export const declareValues = (act: SlashAct): { title?: string; severity?: string } => ({
  ...(act.args[0] ? { title: act.args[0] } : {}),
  ...(act.flags['severity'] ? { severity: act.flags['severity'] } : {}),
});

/** A timeline row in full: the journal's entry as it is written. */
export const showEvent: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const event = at?.incident.events.find((candidate) => candidate.id === id);
  if (!event) return;
  const document = await vscode.workspace.openTextDocument({
    content: JSON.stringify(event, null, 2),
    language: 'json',
  });
  await vscode.window.showTextDocument(document, { preview: true });
};
