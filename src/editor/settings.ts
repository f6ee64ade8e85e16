import * as vscode from 'vscode';
import type { Settings } from './manifest.ts';

/** One setting's present value; package.json holds the defaults. */
export function getSetting<K extends keyof Settings>(key: K): Settings[K] {
  return vscode.workspace.getConfiguration('incident').get(key) as Settings[K];
}
