import * as vscode from 'vscode';

const scheme = 'incident-text';

/** Texts that are shown beside the editor to be read: nothing to save, nothing left behind. */
export interface ReadOnlyTexts {
  /** `name` is the tab's title; its ending picks the language: `deployment.diff`. */
  show(name: string, text: string): Promise<void>;
  /** The two side by side, with what differs marked: on the left as it was, on the right as it would be. */
  compare(name: string, before: string, after: string): Promise<void>;
  dispose(): void;
}

export function createReadOnlyTexts(): ReadOnlyTexts {
  const texts = new Map<string, string>();
  let count = 0;
  const provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
    provideTextDocumentContent: (uri) => texts.get(uri.path) ?? '',
  });
  const closed = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
    if (uri.scheme === scheme) texts.delete(uri.path);
  });
  const keep = (name: string, text: string): vscode.Uri => {
    const uri = vscode.Uri.from({ scheme, path: `/${(count += 1)}/${name}` });
    texts.set(uri.path, text);
    return uri;
  };
  return {
    async compare(name, before, after) {
      await vscode.commands.executeCommand('vscode.diff', keep(name, before), keep(name, after), name, {
        preview: true,
      });
    },
    async show(name, text) {
      const uri = keep(name, text);
      await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    },
    dispose: () => {
      provider.dispose();
      closed.dispose();
    },
  };
}
