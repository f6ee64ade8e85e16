import * as os from 'node:os';
import * as vscode from 'vscode';
import { getSetting } from '../settings.ts';

/** Who the journal says acted: the setting, else git's user name, else the account's name. It attributes, it proves nothing. */
export interface UserName {
  get(): string;
  /** Asks git once; until it has answered the account's name stands in. */
  learn(): Promise<void>;
}

/** @param readGitUser asks git for `user.name` in a folder; undefined when there is none */
export function createUserName(readGitUser: (folder: string) => Promise<string | undefined>): UserName {
  let fromGit: string | undefined;
  return {
    get: () => getSetting('name').trim() || fromGit || os.userInfo().username,
    learn: async () => {
      fromGit = await readGitUser(vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? os.homedir());
    },
  };
}
