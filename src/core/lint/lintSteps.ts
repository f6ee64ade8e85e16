import { isPromql } from '../guide/promqlSteps.ts';
import type { Trap } from '../plan/plan.ts';
import { kubectlCommands, namespacesIn } from '../plan/kubectl/scriptTraps.ts';
import { commandWords } from '../plan/words/commandWords.ts';
import type { LintedStep } from './lintedStep.ts';
import type { LintProblem } from './lintProblem.ts';
import { mayHaveTraps } from './mayHaveTraps.ts';
import { placeholderKinds } from './placeholderKinds.ts';
import { rolledBackApp } from './rollbackFix.ts';
import { wholeLine } from './textEdit.ts';
import { fixesOfTrap } from './trapFixes.ts';
import { placeOfTrap } from './trapPlaces.ts';

/** Traps that depend on an incident's pin or values, or say only who runs the step: nothing to mend in a guide. */
const notOfTheGuide: ReadonlySet<Trap['code']> = new Set([
  'no-context',
  'no-argocd',
  'no-aws-target',
  'no-prometheus',
  'target-differs',
  'invalid-value',
  'runs-in-shell',
]);

/** Whether a trap is one that the guide's author can mend. */
export const isOfTheGuide = (code: Trap['code']): boolean => !notOfTheGuide.has(code);

/** The traps of the guide's commands, and the placeholders whose kind nobody can tell. */
export function lintSteps(linted: readonly LintedStep[], lines: readonly string[]): readonly LintProblem[] {
  let namespaces: readonly string[] | undefined;
  const about = {
    lines,
    get namespaces() {
      namespaces ??= [
        ...new Set(
          linted.flatMap(
            ({ plan, step }) =>
              plan.target.namespace ?? (plan.kind === 'shell' ? namespacesIn(step.command ?? '') : []),
          ),
        ),
      ];
      return namespaces;
    },
  };
  const suspects = linted.filter(
    ({ step: { command, language } }) =>
      command !== undefined && (isPromql(language) ? /\$|\[\[/.test(command) : mayHaveTraps(command)),
  );
  return [
    ...suspects.flatMap((each) =>
      each.plan.traps
        .filter(({ code }) => isOfTheGuide(code) && !isSettled(code, each))
        .map((trap) => problemOf(trap, each, about)),
    ),
    ...placeholderKinds(linted),
  ];
}

function problemOf(
  { code, message, kubectl }: Trap,
  each: LintedStep,
  about: { readonly lines: readonly string[]; readonly namespaces: readonly string[] },
): LintProblem {
  const { step, located } = each;
  const within = located && kubectl !== undefined ? kubectlCommands(located.text)[kubectl] : undefined;
  const range = located ? placeOfTrap(code, located, within) : wholeLine(about.lines, step.line);
  return {
    line: range.line,
    code,
    severity: 'warning',
    message: code === 'no-namespace' ? NO_NAMESPACE : message,
    range,
    // Worked out when somebody asks: a check only counts and places.
    get fixes() {
      return located?.isExact ? fixesOfTrap(code, each, located, { ...about, within }) : [];
    },
  };
}

const NO_NAMESPACE =
  'This command names no namespace, so it goes to the one the incident is pinned to. If it is always the same, write it.';

/** A rollback is not refused where a step above it has turned auto-sync off for the same app. */
function isSettled(code: Trap['code'], { step, before }: LintedStep): boolean {
  if (code !== 'argocd-auto-sync') return false;
  // Taken apart only where it may be so: most guides roll back and never turn it off.
  const turning = [...before, step].filter(({ command }) => command?.includes('sync-policy'));
  if (turning.length === 0) return false;
  const app = rolledBackApp(step.command ?? '');
  const turnsOff = (command: string | undefined): boolean =>
    commandWords(command ?? '').some((words) => {
      const line = words.map(({ text }) => text).join(' ');
      return line.startsWith(`argocd app set ${app} `) && /\s--sync-policy[= ](?:none|manual)\b/.test(line);
    });
  return app !== '' && turning.some(({ command }) => turnsOff(command));
}
