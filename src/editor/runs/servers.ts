import * as vscode from 'vscode';
import type { ArgoCdServer } from '../../executors/argocd/argoCdExecutor.ts';
import { argoCdTokenOf, type Secrets } from '../secrets.ts';
import { getSetting } from '../settings.ts';

/** The Argo CD server of the settings with the token that was set for it; undefined while no address is set. */
export async function readArgoCdServer(secrets: Pick<Secrets, 'get'>): Promise<ArgoCdServer | undefined> {
  const baseUrl = getSetting('argoCd.baseUrl').trim();
  const caFile = getSetting('argoCd.caFile').trim();
  if (baseUrl === '') return undefined;
  const token = await secrets.get(argoCdTokenOf(baseUrl));
  return { baseUrl, token, ...(caFile === '' ? {} : { caFile }) };
}

/** The editor's own proxy setting, for requests that do not go through the editor. */
export const editorProxy = (): string | undefined =>
  vscode.workspace.getConfiguration('http').get<string>('proxy')?.trim() || undefined;
