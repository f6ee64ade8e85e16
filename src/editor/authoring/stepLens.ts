import * as vscode from 'vscode';
import { fenceLineOf } from '../../core/lint/lintAttributes.ts';
import type { GuideLibrary } from '../guides/guideLibrary.ts';
import { markdown, type GuideDocuments } from './guideDocuments.ts';

/**
 * *Run* and *Preview plan* over each step that has a command: the first of a fence at its opening line, the others at
 * their own. Both commands find the step again by its line, so that they mean what stands there when they are clicked.
 */
export function registerStepLens(documents: GuideDocuments, guides: GuideLibrary): vscode.Disposable {
  return vscode.languages.registerCodeLensProvider(markdown, {
    onDidChangeCodeLenses: guides.onDidChange,
    provideCodeLenses: (document) => {
      const open = documents.read(document);
      if (!open) return [];
      const fences = new Set<number>();
      return open.steps.flatMap(({ step }) => {
        if (step.command === undefined) return [];
        const fence = fenceLineOf(step, open.lines);
        const isFirst = fence !== undefined && !fences.has(fence);
        if (fence !== undefined) fences.add(fence);
        const line = (isFirst ? fence : step.line) - 1;
        const lens = (title: string, command: string): vscode.CodeLens =>
          new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
            title,
            command,
            arguments: [document.uri, step.line],
          });
        return [
          lens('$(play) Run', 'incident.runStepAtCursor'),
          lens('$(eye) Preview plan', 'incident.previewPlan'),
        ];
      });
    },
  });
}
