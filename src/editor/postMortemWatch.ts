import * as vscode from 'vscode';
import type * as Chunk from './postmortem/startPostMortem.ts';
import { requireChunk } from './requireChunk.ts';

const pauseMs = 500;

/**
 * Waits for the first post-mortem in an editor and only then reads what helps to write it: lint, quick fixes, lenses and
 * completions are a lazy chunk.
 */
export function registerPostMortems(deps: Chunk.PostMortemDeps): vscode.Disposable {
  let started: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== 'markdown' || !deps.mayBe(document)) return;
    clearTimeout(timer);
    started = (requireChunk('postmortem') as typeof Chunk).startPostMortem(deps);
    for (const subscription of watching) subscription.dispose();
  };
  const watching = [
    vscode.workspace.onDidOpenTextDocument(look),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.languageId !== 'markdown') return;
      clearTimeout(timer);
      timer = setTimeout(() => look(document), pauseMs);
    }),
  ];
  // Not within the activation: the window is drawn first.
  timer = setTimeout(() => vscode.workspace.textDocuments.forEach(look), 0);
  return {
    dispose: () => {
      clearTimeout(timer);
      for (const subscription of watching) subscription.dispose();
      started?.dispose();
    },
  };
}
