import * as vscode from 'vscode';
import { lintGuide } from '../../core/lint/lintGuide.ts';
import { linkedFiles } from '../../core/lint/lintLinks.ts';
import type { LintProblem } from '../../core/lint/lintProblem.ts';
import { getSetting } from '../settings.ts';
import { toRange } from '../guides/toRange.ts';
import type { GuideDocuments } from './guideDocuments.ts';

/** Typing goes on for a while: what is wrong in the middle of a word interests nobody. */
const pauseMs = 300;

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
} as const;

export interface Diagnostics {
  /** The problems last shown of a document, of its present version or the one before. */
  problemsOf(uri: vscode.Uri): readonly LintProblem[];
  dispose(): void;
}

/** Shows what is wrong in the guides that stand in editors, a moment after each change; the setting turns it off. */
export function registerDiagnostics(documents: GuideDocuments): Diagnostics {
  const shown = vscode.languages.createDiagnosticCollection('incident');
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
    const open = getSetting('authoring.diagnostics') ? documents.read(document) : undefined;
    if (!open) {
      clear(document.uri);
      return;
    }
    const missingFiles = await missingBeside(document.uri, linkedFiles(open.guide));
    // Somebody typed on, or closed it, while the disk was asked.
    if (document.isClosed || document.version !== version) return;
    const ignored = new Set(getSetting('authoring.ignore'));
    const found = lintGuide(open.source, open.guide, { missingFiles }).filter(
      ({ code }) => !ignored.has(code),
    );
    problems.set(document.uri.toString(), found);
    shown.set(document.uri, found.map(toDiagnostic));
  };
  const refreshSoon = (document: vscode.TextDocument, ms: number): void => {
    if (document.languageId !== 'markdown' || !isFile(document.uri)) return;
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
  const files = vscode.workspace.createFileSystemWatcher('**/*');
  const subscriptions = [
    shown,
    files,
    // A file that comes or goes may be one that is linked to.
    files.onDidCreate(() => refreshAll(pauseMs)),
    files.onDidDelete(() => refreshAll(pauseMs)),
    vscode.workspace.onDidOpenTextDocument((document) => refreshSoon(document, 0)),
    vscode.workspace.onDidChangeTextDocument(({ document }) => refreshSoon(document, pauseMs)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => clear(uri)),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration('incident.authoring')) refreshAll();
    }),
  ];
  return {
    problemsOf: (uri) => problems.get(uri.toString()) ?? [],
    dispose: () => {
      for (const timer of waiting.values()) clearTimeout(timer);
      for (const subscription of subscriptions) subscription.dispose();
    },
  };
}

/** Not the sides of a diff, nor our own texts: nobody edits those. */
const isFile = ({ scheme }: vscode.Uri): boolean =>
  scheme === 'file' || scheme === 'untitled' || scheme === 'vscode-remote';

/** Those of the linked files (paths as the document's own) that are not there; what cannot be looked at counts as there. */
async function missingBeside(uri: vscode.Uri, paths: readonly string[]): Promise<ReadonlySet<string>> {
  if (uri.scheme === 'untitled') return new Set();
  const looked = await Promise.all(
    paths.map(async (path) => {
      try {
        await vscode.workspace.fs.stat(uri.with({ path }));
        return [];
      } catch (thrown) {
        return thrown instanceof vscode.FileSystemError && thrown.code === 'FileNotFound' ? [path] : [];
      }
    }),
  );
  return new Set(looked.flat());
}

export function toDiagnostic({ range, message, severity, code }: LintProblem): vscode.Diagnostic {
  const diagnostic = new vscode.Diagnostic(toRange(range), message, severities[severity]);
  diagnostic.source = 'Incident';
  diagnostic.code = code;
  return diagnostic;
}
