import type { Guide, Step } from '../guide/guide.ts';
import { stepSequences } from '../guide/stepSequences.ts';
import type { Plan } from '../plan/plan.ts';
import { planWithSlots } from '../plan/planStep.ts';
import { dialectOf } from '../plan/words/interpreter.ts';
import { fillCommand, type Slot } from '../plan/words/placeholders.ts';
import { locateCommand, type LocatedCommand } from './locateCommand.ts';

/** A step of a guide with its plan for no incident at all, and where its command is written. */
export interface LintedStep {
  readonly step: Step;
  readonly plan: Plan;
  /** The placeholders of its command with their offsets into it. */
  readonly slots: readonly Slot[];
  readonly located: LocatedCommand | undefined;
  /** The steps above it in the same sequence, nearest last. */
  readonly before: readonly Step[];
}

/** Every step of the guide, read as it would be planned without an incident. */
export const lintedSteps = (guide: Guide, lines: readonly string[]): readonly LintedStep[] =>
  stepSequences(guide).flatMap(({ steps }) =>
    steps.map((step, index) => ({
      step,
      ...planned(step),
      located: locateCommand(lines, step),
      get before() {
        return steps.slice(0, index);
      },
    })),
  );

function planned(step: Step): Pick<LintedStep, 'plan' | 'slots'> {
  const { plan, slots } = planWithSlots(step, { target: {}, values: {}, readOnlyPrefixes: [] });
  return { plan, slots: slots ?? slotsOf(step) };
}

/** For a command that is not planned as it is written. */
const slotsOf = (step: Step): readonly Slot[] =>
  step.command === undefined
    ? []
    : fillCommand(step.command, {}, dialectOf(step), undefined, step.document?.inputs).slots;
