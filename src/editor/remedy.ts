import * as vscode from 'vscode';
import type { Result } from '../core/errors.ts';

/** A terminal of the person's own, with their own environment: it asks for things only they may answer. */
export function openRemedy(remedy: string): void {
  const terminal = vscode.window.createTerminal({ name: remedy.split(' ').slice(0, 3).join(' ') });
  terminal.show();
  // The journal may have come from elsewhere: only a sign-in of the tools we know is run, anything else is only typed.
  terminal.sendText(remedy, /^(?:aws sso|argocd) login(?: [\w.:/@=-]+)*$/.test(remedy));
}

/** Where the look before a change failed for want of a sign-in there is no run to hang a button on: a message has it. */
export function offerRemedy(result: Result<unknown>): void {
  if (result.ok || result.failure.remedy === undefined) return;
  const { message, remedy } = result.failure;
  void vscode.window.showWarningMessage(message, remedy).then((answer) => {
    if (answer === remedy) openRemedy(remedy);
  });
}
