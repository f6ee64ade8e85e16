import * as vscode from 'vscode';
import type { LintProblem } from '../../core/lint/lintProblem.ts';
import { toDiagnostic, type Diagnostics } from '../authoring/diagnostics.ts';
import { getSetting } from '../settings.ts';
import type { PostMortemDocuments } from './startPostMortem.ts';

/** Typing goes on for a while: what is wrong in the middle of a word interests nobody. */
const pauseMs = 300;
/** A deadline passes while nobody types. */
const lookAgainMs = 60_000;

/** Shows what keeps the post-mortems in editors from being read with profit; only files, never the sides of a diff. */
export function registerPostMortemDiagnostics(documents: PostMortemDocuments): Diagnostics {
  const shown = vscode.languages.createDiagnosticCollection('incident.postMortems');
  const problems = new Map<string, readonly LintProblem[]>();
  const waiting = new Map<string, NodeJS.Timeout>();
  const clear = (uri: vscode.Uri): void => {
    clearTimeout(waiting.get(uri.toString()));
    waiting.delete(uri.toString());
    problems.delete(uri.toString());
    shown.delete(uri);
  };
  const refresh = async (document: vscode.TextDocument): Promise<void> => {
    waiting.delete(document.uri.toString());
    const { version } = document;
    if (!getSetting('postMortems.lint') || !documents.isOne(document)) {
      clear(document.uri);
      return;
    }
    const found = await documents.lint(document);
    if (document.isClosed || document.version !== version) return;
    problems.set(document.uri.toString(), found);
    shown.set(document.uri, found.map(toDiagnostic));
  };
  const refreshSoon = (document: vscode.TextDocument, ms: number): void => {
    if (document.languageId !== 'markdown' || !['file', 'vscode-remote'].includes(document.uri.scheme))
      return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => void refresh(document), ms),
    );
  };
  const refreshAll = (): void => vscode.workspace.textDocuments.forEach((each) => refreshSoon(each, 0));
  refreshAll();
  const again = setInterval(refreshAll, lookAgainMs);
  const subscriptions = [
    shown,
    vscode.workspace.onDidOpenTextDocument((document) => refreshSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => refreshSoon(document, pauseMs)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => clear(uri)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('incident.postMortems')) refreshAll();
    }),
  ];
  return {
    problemsOf: (uri) => problems.get(uri.toString()) ?? [],
    dispose: () => {
      clearInterval(again);
      for (const timer of waiting.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}
