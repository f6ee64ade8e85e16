import type { Plan } from '../plan/plan.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';

/** What a shell's script becomes depends on, beside its text. */
export interface ShellBound {
  /**
   * Where it begins, as the guide has it: the same on everybody's machine. Absent for other plans, and in journals from
   * before it was kept, which so fit no shell plan of today.
   */
  readonly folder?: string;
  /** As the guide names it; absent where the guide names none. */
  readonly interpreter?: string;
}

/** The folder and the interpreter of a shell plan; nothing of any other. No secret is in it. */
export function shellBoundOf(plan: Plan): ShellBound {
  if (plan.kind !== 'shell') return {};
  return {
    folder: hideSecrets(plan.folder ?? plan.cwd ?? '.'),
    ...(plan.interpreter === undefined ? {} : { interpreter: hideSecrets(plan.interpreter) }),
  };
}

export const isSameShell = (one: ShellBound, other: ShellBound): boolean =>
  one.folder === other.folder && one.interpreter === other.interpreter;
