import * as vscode from 'vscode';
import type { ConnectedSystem } from '../integrations/connection.ts';

/** A token's name among the secrets: `incident.github.token@https://api.github.com`. */
const tokenName = /^incident\.[A-Za-z]+\.(?:token|account|url)@/;

/**
 * The name of a system's token among the secrets: each server has its own, so that a folder whose settings name another
 * server is not given the token of this one.
 */
export const tokenNameOf = (system: ConnectedSystem | 'argoCd', baseUrl: string): string =>
  `incident.${system}.token@${originOf(baseUrl)}`;

/** The name under which the account that the token belongs to is kept beside it. */
export const accountNameOf = (system: ConnectedSystem, baseUrl: string): string =>
  `incident.${system}.account@${originOf(baseUrl)}`;

export const originOf = (baseUrl: string): string =>
  URL.canParse(baseUrl) ? new URL(baseUrl).origin : baseUrl;

export const argoCdTokenOf = (baseUrl: string): string => tokenNameOf('argoCd', baseUrl);

/** The name under which a webhook's address is kept, when it is a secret itself. */
export const webhookUrlNameOf = (name: string): string => `incident.webhook.url@${name}`;

/** Names a guide refers to as `$NAME` are kept under this prefix, so that none meets a secret of ours. */
const prefix = 'incident.secret.';

/** Secrets by the name a guide calls them by, kept in VS Code's SecretStorage and nowhere else. */
export interface Secrets {
  get(name: string): Promise<string | undefined>;
  set(name: string, value: string): Promise<void>;
  /** Known once `ready` has been asked; never the value. */
  isSet(name: string): boolean;
  ready(): Promise<void>;
  readonly onDidChange: vscode.Event<void>;
  /** The name of one that was stored, here or in another window; not of one that was deleted. */
  readonly onDidStore: vscode.Event<string>;
  dispose(): void;
}

export function createSecrets(storage: vscode.SecretStorage): Secrets {
  const changed = new vscode.EventEmitter<void>();
  const stored = new vscode.EventEmitter<string>();
  let keys: ReadonlySet<string> | undefined;
  let loading: Promise<void> | undefined;
  const keyOf = (name: string): string => (tokenName.test(name) ? name : `${prefix}${name}`);
  const load = async (): Promise<void> => {
    keys = new Set(await storage.keys());
    changed.fire();
  };
  // Another window may set the secret that this one waits for.
  const subscription = storage.onDidChange(async ({ key }) => {
    await (loading = load());
    if (keys?.has(key)) stored.fire(key);
  });
  return {
    get: async (name) => storage.get(keyOf(name)),
    set: async (name, value) => {
      if (value === '') await storage.delete(keyOf(name));
      else await storage.store(keyOf(name), value);
      // The storage's own event may come later than who asks next.
      await (loading = load());
      // Nor does it come when the same value is stored again: who connects anew wants it tried all the same.
      if (value !== '') stored.fire(keyOf(name));
    },
    isSet: (name) => keys === undefined || keys.has(keyOf(name)),
    ready: () => (loading ??= load()),
    onDidChange: changed.event,
    onDidStore: stored.event,
    dispose: () => {
      subscription.dispose();
      changed.dispose();
      stored.dispose();
    },
  };
}
