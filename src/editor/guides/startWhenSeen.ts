import * as vscode from 'vscode';

/** A keystroke that makes a file one of those looked for can wait this long, in milliseconds. */
const pauseMs = 500;

/** Starts something once, with the first Markdown document in an editor that is one of those looked for. */
export function startWhenSeen(
  isOne: (document: vscode.TextDocument) => boolean,
  start: () => vscode.Disposable,
): vscode.Disposable {
  let started: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  const look = (document: vscode.TextDocument): void => {
    if (started || document.languageId !== 'markdown' || !isOne(document)) return;
    clearTimeout(timer);
    started = start();
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
