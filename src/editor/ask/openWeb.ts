import * as vscode from 'vscode';

/**
 * Opens a page in the person's browser, through VS Code's own question about links to others; false for what is no
 * http or https address.
 */
export async function openWeb(address: string): Promise<boolean> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return false;
  // A Uri would be written anew, its %26 as &: the text itself is taken as it is, though the types do not say so.
  return vscode.env.openExternal(address as unknown as vscode.Uri);
}
