import type { Guide, Step } from '../guide/guide.ts';
import { stepSequences } from '../guide/stepSequences.ts';
import type { Plan } from '../plan/plan.ts';
import { planStep } from '../plan/planStep.ts';
import { locateCommand, type LocatedCommand } from './locateCommand.ts';

/** A step of a guide with its plan for no incident at all, and where its command is written. */
export interface LintedStep {
  readonly step: Step;
  readonly plan: Plan;
  readonly located: LocatedCommand | undefined;
  /** The steps above it in the same sequence, nearest last. */
  readonly before: readonly Step[];
}

/** Every step of the guide, read as it would be planned without an incident. */
export const lintedSteps = (guide: Guide, lines: readonly string[]): readonly LintedStep[] =>
  stepSequences(guide).flatMap(({ steps }) =>
    steps.map((step, index) => ({
      step,
      plan: planStep(step, { target: {}, values: {}, readOnlyPrefixes: [] }),
      located: locateCommand(lines, step),
      before: steps.slice(0, index),
    })),
  );
