import * as vscode from 'vscode';
import { looksLikeGuide } from '../core/guide/looksLikeGuide.ts';
import type * as Chunk from './authoring/startAuthoring.ts';
import { requireChunk } from './requireChunk.ts';

/** A keystroke that makes a guide of a file can wait this long, in milliseconds. */
const pauseMs = 500;

/**
 * Waits for the first guide in an editor and only then reads what helps its author: diagnostics, quick fixes, lenses,
 * hovers and completions are a lazy chunk, so that a window without a guide in sight starts without them.
 */
export function registerAuthoring(deps: Chunk.AuthoringDeps): vscode.Disposable {
  let started: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== 'markdown' || !looksLikeGuide(document.getText())) return;
    clearTimeout(timer);
    started = (requireChunk('authoring') as typeof Chunk).startAuthoring(deps);
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
