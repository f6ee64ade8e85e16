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
  /** Made when it is asked for, once. */
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
    steps.map((step, index) => createLinted(step, index, steps, lines)),
  );

function createLinted(
  step: Step,
  index: number,
  steps: readonly Step[],
  lines: readonly string[],
): LintedStep {
  let planned: ReturnType<typeof planWithSlots> | undefined;
  let located: { readonly command: LocatedCommand | undefined } | undefined;
  return {
    step,
    get plan() {
      planned ??= planWithSlots(step, { target: {}, values: {}, readOnlyPrefixes: [] });
      return planned.plan;
    },
    get slots() {
      if (step.command === undefined) return [];
      return (
        planned?.slots ??
        fillCommand(step.command, {}, dialectOf(step), undefined, step.document?.inputs).slots
      );
    },
    get located() {
      located ??= { command: locateCommand(lines, step) };
      return located.command;
    },
    get before() {
      return steps.slice(0, index);
    },
  };
}
