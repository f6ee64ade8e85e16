import * as vscode from 'vscode';
import { messageOf } from '../core/errors.ts';
import type { CommandDeps } from './commands/commandDeps.ts';
import { commandTable } from './commands/commandTable.ts';

/** Registers every command; one that throws is a bug of ours and says so instead of doing nothing. */
export function registerCommands(deps: CommandDeps): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(commandTable).map(([id, factory]) => {
      const act = factory(deps);
      return vscode.commands.registerCommand(id, async (...args: readonly unknown[]) => {
        try {
          await act(...args);
        } catch (thrown) {
          void vscode.window.showErrorMessage(
            `${id} failed: ${messageOf(thrown)}. What was recorded is in the journal; try again.`,
          );
        }
      });
    }),
  );
}
