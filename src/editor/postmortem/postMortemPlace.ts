import * as path from 'node:path';
import * as vscode from 'vscode';
import { expandHome } from '../expandHome.ts';
import { getSetting } from '../settings.ts';

/** The folder of the setting, in the workspace; without a workspace in the fallback folder. */
export function postMortemFolder(fallbackFolder: vscode.Uri): vscode.Uri {
  const workspace = vscode.workspace.workspaceFolders?.[0]?.uri ?? fallbackFolder;
  const folder = expandHome(getSetting('postMortems.folder').trim() || 'postmortems', workspace.fsPath);
  return workspace.with({ path: vscode.Uri.file(folder).path });
}

/** Whether a file lies where post-mortems are kept. */
export function isInFolder(uri: vscode.Uri, folder: vscode.Uri): boolean {
  const relative = path.posix.relative(folder.path, uri.path);
  return relative !== '' && !relative.startsWith('..') && !path.posix.isAbsolute(relative);
}
