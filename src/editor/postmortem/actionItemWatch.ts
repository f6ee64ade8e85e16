import * as vscode from 'vscode';
import type { Incident } from '../../core/incident/incident.ts';
import { incidentOfDocument } from '../../core/postmortem/generatedBase.ts';
import { toDiagnostic } from '../authoring/documentDiagnostics.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { noteActionItems, openPostMortem, pullActionItems, type ActionItemDeps } from './actionItemSync.ts';

/** The issues of a post-mortem that is looked at are read again after this time and no sooner, ms. */
const readEveryMs = 60_000;

/**
 * Keeps action items and their issues alike without being asked: a save is noted, an issue that was made gets its link,
 * and the boxes of a post-mortem follow its issues for as long as it is the active editor of a window that somebody
 * looks at. Nothing is sent. What could not be read of an issue stands at its item, and in how its connection stands.
 */
export function watchActionItems(deps: ActionItemDeps & Pick<CommandDeps, 'session'>): vscode.Disposable {
  const stop = new AbortController();
  const readAt = new Map<string, number>();
  const linked = new Set<string>();
  const unread = vscode.languages.createDiagnosticCollection('incident.actionItems');
  let next: NodeJS.Timeout | undefined;
  /** Those whose post-mortem the document may be; actions live for weeks, so most are of incidents not read yet. */
  const candidates = async (text: string): Promise<readonly Incident[]> => {
    const id = incidentOfDocument(text);
    if (id === undefined) return deps.incidents.all();
    await Promise.all([deps.session.ready(), deps.guides.load()]);
    const opened = await deps.incidents.open(id);
    return opened.ok ? [opened.value] : [];
  };
  const incidentOf = async (document: vscode.TextDocument): Promise<Incident | undefined> => {
    if (document.languageId !== 'markdown') return undefined;
    for (const incident of await candidates(document.getText())) {
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
  /** Gives after how many ms to look again; undefined when somebody has to come back to it first. */
  const pull = async (): Promise<number | undefined> => {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !vscode.window.state.focused || !vscode.workspace.isTrusted) return undefined;
    const incident = await incidentOf(document);
    if (!incident) return undefined;
    if (!incident.actionItems?.items.some(({ issue }) => issue)) return readEveryMs;
    const now = Date.parse(deps.now());
    const wait = (readAt.get(incident.id) ?? -Infinity) + readEveryMs - now;
    if (wait > 0) return wait;
    readAt.set(incident.id, now);
    const synced = await pullActionItems(deps, incident, stop.signal);
    if (!synced.ok) return readEveryMs;
    const { says, problems } = synced.value;
    unread.set(document.uri, problems.map(toDiagnostic));
    if (says.length > 0) void vscode.window.showInformationMessage(says.join(' '));
    return readEveryMs;
  };
  const look = async (): Promise<void> => {
    clearTimeout(next);
    const again = await pull();
    if (again === undefined || stop.signal.aborted) return;
    clearTimeout(next);
    next = setTimeout(() => void look(), again);
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
  void look();
  return vscode.Disposable.from(
    {
      dispose: () => {
        clearTimeout(next);
        stop.abort();
      },
    },
    unread,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => unread.delete(uri)),
    deps.incidents.onDidChange(() => void link()),
    vscode.window.onDidChangeActiveTextEditor(() => void look()),
    vscode.window.onDidChangeWindowState(({ focused }) => focused && void look()),
    vscode.workspace.onDidSaveTextDocument(async (document) => {
      const incident = await incidentOf(document);
      if (incident) await noteActionItems(deps, incident, document);
    }),
  );
}
