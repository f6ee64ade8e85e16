import * as vscode from 'vscode';
import type { Fix, LintProblem } from '../../core/lint/lintProblem.ts';
import type { Diagnostics } from './documentDiagnostics.ts';
import { toRange } from '../guides/toRange.ts';
import { markdown } from './guideDocuments.ts';

/** Offers what mends a problem mechanically, the best of them as the preferred one. */
export function registerQuickFixes(diagnostics: Diagnostics): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    markdown,
    {
      provideCodeActions: (document, _range, { diagnostics: asked }) =>
        asked
          .filter(({ source }) => source === 'Incident')
          .flatMap((diagnostic) => {
            const problem = diagnostics
              .problemsOf(document.uri)
              .find((each) => each.code === diagnostic.code && toRange(each.range).isEqual(diagnostic.range));
            return problem ? actionsOf(document, problem, diagnostic) : [];
          }),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

const actionsOf = (
  document: vscode.TextDocument,
  { fixes }: LintProblem,
  diagnostic: vscode.Diagnostic,
): readonly vscode.CodeAction[] =>
  fixes.map((fix, index) => {
    const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    action.isPreferred = index === 0;
    action.edit = editOf(document, fix);
    return action;
  });

function editOf({ uri }: vscode.TextDocument, fix: Fix): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  if (fix.kind === 'create-file') {
    const file = uri.with({ path: fix.path });
    edit.createFile(file, { ignoreIfExists: true });
    edit.insert(file, new vscode.Position(0, 0), fix.text);
  } else for (const { range, text } of fix.edits) edit.replace(uri, toRange(range), text);
  return edit;
}
