import type { Guide } from '../core/guide/guide.ts';
import type { PlanContext } from '../core/plan/planStep.ts';
import type { Plan, Trap } from '../core/plan/plan.ts';
import { planStep } from '../core/plan/planStep.ts';
import { stepSequences } from '../core/guide/stepSequences.ts';
import { count, printable, renderRows } from './terminalText.ts';

/** The plan of one step: an entry of `plan --json` is `reported`, the rest is for people. */
export interface PlannedStep {
  readonly reported: {
    readonly file: string;
    readonly line: number;
    /** The title of the runbook, or of the part of a phase, that holds the step. */
    readonly runbook: string;
    /** The step's number in it, from 1. */
    readonly step: number;
    readonly kind: Plan['kind'];
    readonly risk: Plan['risk'];
    /** Which executor would run it: the word of the plan's kind. */
    readonly executor: Plan['kind'];
    readonly preview: string;
    readonly missing: readonly string[];
  };
  readonly sequenceLine: number;
  readonly traps: readonly Trap[];
}

/** Every step of a guide with its plan, in the order of the file. */
export const planGuide = (guide: Guide, context: PlanContext): readonly PlannedStep[] =>
  stepSequences(guide).flatMap((sequence) =>
    sequence.steps.map((step) => {
      const { kind, risk, preview, missing, traps } = planStep(step, context);
      return {
        reported: {
          file: guide.file,
          line: step.line,
          runbook: sequence.title,
          step: step.number,
          kind,
          risk,
          executor: kind,
          preview,
          missing: missing.map(({ name }) => name),
        },
        sequenceLine: sequence.line,
        traps,
      };
    }),
  );

/** Traps that come from what was given with --set; the others are for `check` or for a live incident. */
const fromValues: ReadonlySet<Trap['code']> = new Set(['invalid-value', 'target-differs']);

/** What `plan` prints for people: steps under their runbook, aligned over all files. */
export function renderPlans(planned: readonly PlannedStep[]): string {
  const cells = renderRows(
    planned.map(({ reported }) => [
      `${reported.step}.`,
      reported.risk,
      reported.executor,
      printable(reported.preview, 200),
    ]),
    '    ',
  ).split('\n');
  let text = '';
  let file: string | undefined;
  let sequence: string | undefined;
  for (const [at, { reported, sequenceLine, traps }] of planned.entries()) {
    if (reported.file !== file)
      text += `${file === undefined ? '' : '\n'}${printable(reported.file, 1000)}\n`;
    const here = `${reported.file}\n${sequenceLine}`;
    if (here !== sequence) text += `  ${printable(reported.runbook)} (line ${sequenceLine})\n`;
    file = reported.file;
    sequence = here;
    text += `${cells[at] ?? ''}\n`;
    if (reported.missing.length > 0) text += `       missing: ${printable(reported.missing.join(', '))}\n`;
    for (const { code, message } of traps)
      if (fromValues.has(code)) text += `       ${code}: ${printable(message, 400)}\n`;
  }
  const blocked = planned.filter(({ reported }) => reported.missing.length > 0).length;
  const sum = `${count(planned.length, 'step')}, ${blocked} of them with missing values.`;
  return `${text}${text === '' ? '' : '\n'}${sum}\n`;
}
