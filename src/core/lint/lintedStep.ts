import type { Guide, Step } from '../guide/guide.ts';
import { isPromql } from '../guide/promqlSteps.ts';
import { stepSequences } from '../guide/stepSequences.ts';
import type { Plan } from '../plan/plan.ts';
import { fillQuery } from '../plan/promql/fillQuery.ts';
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
    steps.map((step, index) => new LazyStep(step, index, steps, lines)),
  );

/** A class, for an object with getters of its own is made much slower, and a thousand files have many steps. */
class LazyStep implements LintedStep {
  readonly step: Step;
  readonly #index: number;
  readonly #steps: readonly Step[];
  readonly #lines: readonly string[];
  #planned: ReturnType<typeof planWithSlots> | undefined;
  #located: { readonly command: LocatedCommand | undefined } | undefined;

  constructor(step: Step, index: number, steps: readonly Step[], lines: readonly string[]) {
    this.step = step;
    this.#index = index;
    this.#steps = steps;
    this.#lines = lines;
  }

  get plan(): Plan {
    this.#planned ??= planWithSlots(this.step, { target: {}, values: {}, readOnlyPrefixes: [] });
    return this.#planned.plan;
  }

  get slots(): readonly Slot[] {
    const { step } = this;
    if (step.command === undefined) return [];
    // No shell reads a query: its braces, comparisons and ranges are no placeholders.
    if (isPromql(step.language)) return fillQuery(step.command, {}, step.document?.inputs).slots;
    return (
      this.#planned?.slots ??
      fillCommand(step.command, {}, dialectOf(step), undefined, step.document?.inputs).slots
    );
  }

  get located(): LocatedCommand | undefined {
    this.#located ??= { command: locateCommand(this.#lines, this.step) };
    return this.#located.command;
  }

  get before(): readonly Step[] {
    return this.#steps.slice(0, this.#index);
  }
}
