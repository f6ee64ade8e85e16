import * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import { noteActionItems, openPostMortem, pullActionItems, type ActionItemDeps } from './actionItemSync.ts';

/** The issues of a post-mortem that is looked at are read no more often than this, ms. */
const readEveryMs = 60_000;

/**
 * Keeps action items and their issues alike without being asked: a save is noted, an issue that was made gets its link,
 * and the boxes of a post-mortem that is the active editor follow its issues. Nothing is sent.
 */
export function watchActionItems(deps: ActionItemDeps): vscode.Disposable {
  const stop = new AbortController();
  const readAt = new Map<string, number>();
  const linked = new Set<string>();
  const incidentOf = async (document: vscode.TextDocument): Promise<Incident | undefined> => {
    if (document.languageId !== 'markdown') return undefined;
    for (const incident of deps.incidents.all()) {
      if (
        !incident.postMortem ||
        !document.uri.path.endsWith(incident.postMortem.file.replace(/^.*[\\/]/, ''))
      )
        continue;
      const opened = await openPostMortem(incident);
      if (opened.ok && opened.value.uri.toString() === document.uri.toString()) return incident;
    }
    return undefined;
  };
  const pull = async (editor: vscode.TextEditor | undefined): Promise<void> => {
    const incident = editor && (await incidentOf(editor.document));
    if (!incident?.actionItems?.items.some(({ issue }) => issue) || !vscode.workspace.isTrusted) return;
    const now = Date.parse(deps.now());
    if (now - (readAt.get(incident.id) ?? 0) < readEveryMs) return;
    readAt.set(incident.id, now);
    const synced = await pullActionItems(deps, incident, stop.signal);
    if (synced.ok && synced.value.says.length > 0)
      void vscode.window.showInformationMessage(synced.value.says.join(' '));
  };
  const link = async (): Promise<void> => {
    for (const incident of deps.incidents.all()) {
      const made = incident.deliveries.filter(
        ({ task, receipt, delivery }) =>
          task.act === 'create-ticket' &&
          task.action !== undefined &&
          receipt !== undefined &&
          !linked.has(`${incident.id}/${delivery}`),
      );
      if (made.length === 0) continue;
      for (const { delivery } of made) linked.add(`${incident.id}/${delivery}`);
      const known = new Set(incident.actionItems?.items.map(({ issue }) => issue?.url));
      if (made.every(({ receipt }) => known.has(receipt?.url))) continue;
      const synced = await pullActionItems(deps, incident, stop.signal, false);
      if (!synced.ok) void vscode.window.showWarningMessage(synced.failure.message);
    }
  };
  return vscode.Disposable.from(
    { dispose: () => stop.abort() },
    deps.incidents.onDidChange(() => void link()),
    vscode.window.onDidChangeActiveTextEditor((editor) => void pull(editor)),
    vscode.workspace.onDidSaveTextDocument(async (document) => {
      const incident = await incidentOf(document);
      if (incident) await noteActionItems(deps, incident, document);
    }),
  );
}
