import * as vscode from 'vscode';
import type { ArgoCdServer } from '../executors/argocd/argoCdExecutor.ts';
import { getSetting } from './settings.ts';

/** The Argo CD server of the settings with its token; undefined while no address is set. */
export function argoCdServer(token: string | undefined): ArgoCdServer | undefined {
  const baseUrl = getSetting('argoCd.baseUrl').trim();
  const caFile = getSetting('argoCd.caFile').trim();
  return baseUrl === '' ? undefined : { baseUrl, token, ...(caFile === '' ? {} : { caFile }) };
}

/** The editor's own proxy setting, for requests that do not go through the editor. */
export const editorProxy = (): string | undefined =>
  vscode.workspace.getConfiguration('http').get<string>('proxy')?.trim() || undefined;
