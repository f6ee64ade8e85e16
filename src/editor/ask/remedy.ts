import * as vscode from 'vscode';
import type { Result } from '../../core/errors.ts';

/** A sign-in of a tool we know, for what is already configured: no option that could send it elsewhere. */
const signIn =
  /^(?:aws sso login(?: --profile [\w.@/-]+)?|argocd login [\w.:-]+(?: --(?:sso|plaintext|grpc-web|grpc-web-root-path [\w./-]+))*)$/;

/**
 * Types a command into a terminal of the person's own, with their own environment, for it asks for things only they may
 * answer. Runs it only when `isOurs` and it is a plain sign-in; otherwise the person reads it and presses Enter.
 */
export function openRemedy(remedy: string, isOurs: boolean): void {
  if (!vscode.workspace.isTrusted) {
    void vscode.window.showWarningMessage(
      'This workspace is in Restricted Mode, so no terminal was opened. Trust it first.',
    );
    return;
  }
  const line = remedy.replace(/\p{Cc}/gu, ' ');
  const terminal = vscode.window.createTerminal({ name: line.split(' ').slice(0, 3).join(' ') });
  terminal.show();
  terminal.sendText(line, isOurs && signIn.test(line));
}

/** Where the look before a change failed for want of a sign-in there is no run to hang a button on: a message has it. */
export function offerRemedy(result: Result<unknown>): void {
  if (result.ok || result.failure.remedy === undefined) return;
  const { message, remedy } = result.failure;
  void vscode.window.showWarningMessage(message, remedy).then((answer) => {
    if (answer === remedy) openRemedy(remedy, true);
  });
}
