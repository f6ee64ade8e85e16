import * as vscode from 'vscode';
import type { LintProblem } from '../../core/lint/lintProblem.ts';
import { toRange } from '../guides/toRange.ts';

/** Typing goes on for a while: what is wrong in the middle of a word interests nobody. */
export const pauseMs = 300;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

export interface Diagnostics {
  /** The problems last shown of a document, of its present version or the one before. */
  problemsOf(uri: vscode.Uri): readonly LintProblem[];
  /** Looks at every document again, in `ms`; at once without it. */
  refreshAll(ms?: number): void;
  dispose(): void;
}

export interface DiagnosticsOptions {
  /** Of the collection. */
  readonly name: string;
  /** Of the documents that are looked at: not the sides of a diff, nor our own texts, for nobody edits those. */
  readonly schemes: readonly string[];
  /** The settings that it depends on: `incident.authoring`. */
  readonly settings: string;
  /** What is wrong in a Markdown document; undefined where nothing is to be shown of it. */
  readonly find: (document: vscode.TextDocument) => Promise<readonly LintProblem[] | undefined>;
}

/** Shows what is wrong in the documents that stand in editors, a moment after each change. */
export function registerDocumentDiagnostics(options: DiagnosticsOptions): Diagnostics {
  const shown = vscode.languages.createDiagnosticCollection(options.name);
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
    const found = await options.find(document);
    // Somebody typed on, or closed it, while it was looked at.
    if (document.isClosed || document.version !== version) return;
    if (found === undefined) {
      clear(document.uri);
      return;
    }
    problems.set(document.uri.toString(), found);
    shown.set(document.uri, found.map(toDiagnostic));
  };
  const refreshSoon = (document: vscode.TextDocument, ms: number): void => {
    if (document.languageId !== 'markdown' || !options.schemes.includes(document.uri.scheme)) return;
    const key = document.uri.toString();
    clearTimeout(waiting.get(key));
    waiting.set(
      key,
      setTimeout(() => void refresh(document), ms),
    );
  };
  const refreshAll = (ms = 0): void =>
    vscode.workspace.textDocuments.forEach((each) => refreshSoon(each, ms));
  refreshAll();
  const subscriptions = [
    shown,
    vscode.workspace.onDidOpenTextDocument((document) => refreshSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => refreshSoon(document, pauseMs)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => clear(uri)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(options.settings)) refreshAll();
    }),
  ];
  return {
    problemsOf: (uri) => problems.get(uri.toString()) ?? [],
    refreshAll,
    dispose: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** As VS Code shows it. */
export function toDiagnostic({ range, message, severity, code }: LintProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(range), message, severities[severity]);
  diagnostic.source = 'Incident';
  diagnostic.code = code;
  return diagnostic;
}
