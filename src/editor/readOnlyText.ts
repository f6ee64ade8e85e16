import * as vscode from 'vscode';

const scheme = 'incident-text';

/** Texts that are shown beside the editor to be read: nothing to save, nothing left behind. */
export interface ReadOnlyTexts {
  /** `name` is the tab's title; its ending picks the language: `deployment.diff`. */
  show(name: string, text: string): Promise<void>;
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
  return {
    async show(name, text) {
      const uri = vscode.Uri.from({ scheme, path: `/${(count += 1)}/${name}` });
      texts.set(uri.path, text);
      await vscode.window.showTextDocument(uri, { preview: true, viewColumn: vscode.ViewColumn.Beside });
    },
    dispose: () => {
      provider.dispose();
      closed.dispose();
    },
  };
}
