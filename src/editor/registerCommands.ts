import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { LazyActs } from './lazyActs.ts';
import { commandIds } from './manifest.ts';

/** Registers every command; one that throws is a bug of ours and says so instead of doing nothing. */
export function registerCommands(acts: LazyActs): vscode.Disposable {
  return vscode.Disposable.from(
    ...commandIds.map((id) =>
      vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          await acts.get().commands[id](...args);
        } catch (thrown) {
          void vscode.window.showErrorMessage(
            `${id} failed: ${messageOf(thrown)}. What was recorded is in the journal; try again.`,
          );
        }
      }),
    ),
  );
}
