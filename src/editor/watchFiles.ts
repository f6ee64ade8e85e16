import * as path from 'node:path';
import * as vscode from 'vscode';

/** Tells when one of these files, inside the workspace or not, is made, written or deleted. */
export function watchFiles(files: readonly string[], changed: () => void): vscode.Disposable {
  return vscode.Disposable.from(
    ...files.map((file) => {
      const folder = vscode.Uri.file(path.dirname(file));
      const pattern = new vscode.RelativePattern(folder, path.basename(file));
      const watcher = vscode.workspace.createFileSystemWatcher(pattern);
      watcher.onDidCreate(changed);
      watcher.onDidChange(changed);
      watcher.onDidDelete(changed);
      return watcher;
    }),
  );
}
