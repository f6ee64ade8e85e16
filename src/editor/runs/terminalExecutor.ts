import * as path from 'node:path';
import * as vscode from 'vscode';
import type { Outcome, ShellPlan } from '../../core/plan/plan.ts';
import type { Executor } from '../../core/ports.ts';
import type { fetchSecrets } from '../../executors/secretValues.ts';
import type { findInterpreter } from '../../executors/shell/interpreter.ts';
import type { createPinnedEnvironment } from '../../executors/shell/pinnedEnvironment.ts';
import type { ShellDeps } from '../../executors/shell/shellExecutor.ts';

export interface TerminalDeps extends ShellDeps {
  readonly createPinnedEnvironment: typeof createPinnedEnvironment;
  readonly findInterpreter: typeof findInterpreter;
  readonly fetchSecrets: typeof fetchSecrets;
}

/**
 * Runs a step that its guide marks `interactive: true` in a terminal, with the pinned context alone. What is typed and
 * printed stays in the terminal; the journal gets the exit code.
 */
export function createTerminalExecutor(deps: TerminalDeps): Executor<ShellPlan> {
  return {
    async run(plan, io, signal) {
      const pinned = await deps.createPinnedEnvironment(plan, deps.kubeconfigFor, deps.tempFolder());
      if (!pinned.ok) return { kind: 'failed', message: pinned.failure.message };
      try {
        const secrets = await deps.fetchSecrets(plan.secrets ?? [], deps.secrets);
        if (!secrets.ok) return { kind: 'failed', message: secrets.failure.message };
        if (pinned.value.note !== undefined) await io.write(`${pinned.value.note}\n`, 'stderr');
        await io.write('This step runs in a terminal; what it prints stays there.\n', 'stdout');
        const { command, args } = deps.findInterpreter(plan.interpreter, plan.script, deps.env());
        const terminal = vscode.window.createTerminal({
          name: plan.original.split('\n')[0]?.slice(0, 40) ?? 'Incident step',
          shellPath: command,
          shellArgs: [...args],
          cwd: path.resolve(deps.cwd(), plan.cwd ?? '.'),
          // Strict, or another extension's own KUBECONFIG would be put over the pinned one.
          strictEnv: true,
          env: {
            ...deps.env(),
            ...(plan.session === undefined ? {} : deps.sessions?.variables(plan.session)),
            ...pinned.value.variables,
            ...Object.fromEntries(secrets.value),
          },
        });
        terminal.show();
        return await outcomeOf(terminal, signal);
      } finally {
        await pinned.value.dispose().catch(() => undefined);
      }
    },
  };
}

function outcomeOf(terminal: vscode.Terminal, signal: Parameters<Executor['run']>[2]): Promise<Outcome> {
  return new Promise((resolve) => {
    const stop = (): void => {
      terminal.dispose();
      finish({ kind: 'stopped' });
    };
    const closed = vscode.window.onDidCloseTerminal((one) => {
      if (one !== terminal) return;
      const code = one.exitStatus?.code;
      if (code === undefined) finish({ kind: 'stopped' });
      else if (code === 0) finish({ kind: 'succeeded', exitCode: 0 });
      else
        finish({
          kind: 'failed',
          exitCode: code,
          message: `The command in the terminal ended with exit code ${code}.`,
        });
    });
    const finish = (outcome: Outcome): void => {
      closed.dispose();
      signal.removeEventListener('abort', stop);
      resolve(outcome);
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}
