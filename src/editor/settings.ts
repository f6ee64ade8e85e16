import * as vscode from 'vscode';
import type { Settings } from './manifest.ts';

/** One setting's present value; package.json holds the defaults. */
export function getSetting<K extends keyof Settings>(key: K): Settings[K] {
  return vscode.workspace.getConfiguration('incident').get(key) as Settings[K];
}

/** Writes a setting where it is set already, in the workspace that means, else for the person. */
export async function writeSetting<K extends keyof Settings>(
  key: K,
  value: Settings[K] | undefined,
): Promise<void> {
  const settings = vscode.workspace.getConfiguration('incident');
  const set = settings.inspect(key);
  const isWorkspace = set?.workspaceValue !== undefined || set?.workspaceFolderValue !== undefined;
  const target = isWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update(key, value, target);
}
