import * as vscode from 'vscode';
import { looksLikeGuide } from '../../core/guide/looksLikeGuide.ts';
import { parseGuide, type GuideLibrary } from './guideLibrary.ts';

/** "Open runbook" over each heading that has steps; the text may be unsaved, so the document itself is read. */
export function registerRunbookLens(guides: GuideLibrary): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(
    { language: 'markdown' },
    {
      onDidChangeCodeLenses: guides.onDidChange,
      provideCodeLenses: async (document) => {
        const source = document.getText();
        if (!looksLikeGuide(source)) return [];
        const known = await guides.load();
        const guide = known.find(
          (candidate) => guides.uriOf(candidate).toString() === document.uri.toString(),
        );
        if (!guide) return [];
        const parsed = parseGuide(source, { file: guide.file });
        const ids = new Map(guide.runbooks.map((runbook) => [runbook.title, runbook.id]));
        const parts = parsed.phases
          .flatMap((phase) => phase.parts)
          .flatMap((part) => (part.kind === 'steps' || part.kind === 'option' ? [part] : []));
        return [...parsed.runbooks, ...parts].map((sequence) => {
          const line = Math.max(0, sequence.line - 1);
          return new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
            title: `$(play) Open runbook (${sequence.steps.length} ${sequence.steps.length === 1 ? 'step' : 'steps'})`,
            command: 'incident.openRunbook',
            arguments: [ids.get(sequence.title) ?? sequence.id],
          });
        });
      },
    },
  );
}
