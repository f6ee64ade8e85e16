import { join } from 'node:path';
import { failed } from '../../src/core/errors.ts';
import type { Executor } from '../../src/core/ports.ts';
import type { ShellPlan } from '../../src/core/plan/plan.ts';
import { createShellExecutor, type ShellDeps } from '../../src/executors/shell/shellExecutor.ts';

/** The plan of a script that is pinned nowhere, unless told otherwise. */
export const planOfScript = (script: string, parts: Partial<ShellPlan> = {}): ShellPlan => ({
  kind: 'shell',
  stepId: 'step',
  original: script,
  preview: script,
  risk: 'change',
  target: {},
  missing: [],
  traps: [],
  timeoutMs: undefined,
  script,
  interpreter: undefined,
  cwd: undefined,
  interactive: false,
  ...parts,
});

/** Runs scripts in a folder, with this process's environment and without any cluster, unless told otherwise. */
export const shellIn = (folder: string, more: Partial<ShellDeps> = {}): Executor<ShellPlan> =>
  createShellExecutor({
    kubeconfigFor: () => failed('not-found', 'no such context'),
    cwd: () => folder,
    env: () => process.env,
    tempFolder: () => join(folder, 'tmp'),
    ...more,
  });
