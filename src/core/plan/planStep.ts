import type { Step } from '../guide/guide.ts';
import { fillCommand } from './words/placeholders.ts';
import type { ManualPlan, Plan } from './plan.ts';
import { planNative } from './planNative.ts';
import { planShell } from './planShell.ts';
import { dialectOf, interpreterOf } from './words/interpreter.ts';
import type { PlanContext, ReadCommand } from './readCommand.ts';
import { splitWords } from './words/splitWords.ts';

export type { PlanContext } from './readCommand.ts';

/** Above this a command is not planned word by word: it goes to the shell as it is. */
const LONGEST_COMMAND = 100_000;

/**
 * What a step would do, as data. Total: never throws, whatever the guide says; what the native grammars do not
 * cover completely becomes a shell plan that says why, and a step without a command a manual one.
 */
export function planStep(step: Step, context: PlanContext): Plan {
  const command = step.command?.replace(/\r\n/g, '\n').trim();
  if (command === undefined || command === '') return planManual(step, context);
  const dialect = dialectOf(step);
  const short = command.length <= LONGEST_COMMAND;
  const filled = fillCommand(command, context.values, short ? dialect : 'foreign');
  if (dialect === 'posix' && short && filled.marked.trim() === '') return planManual(step, context);

  const interactive = step.attributes['interactive']?.trim().toLowerCase() === 'true';
  const split = !short
    ? { ok: false as const, reason: 'it is very long' }
    : filled.scan.unfit !== undefined
      ? { ok: false as const, reason: filled.scan.unfit }
      : splitWords(filled.marked);
  const read: ReadCommand = {
    step,
    context,
    filled,
    stages: split.ok ? split.stages : undefined,
    reason: split.ok ? '' : split.reason,
  };
  if (interactive)
    return planShell(read, 'the guide asks for a terminal', {
      interactive,
      interpreter: interpreterOf(step),
    });
  const native = planNative(read);
  return native.ok
    ? native.plan
    : planShell(read, native.reason, { interactive, interpreter: interpreterOf(step) });
}

function planManual(step: Step, { target }: PlanContext): ManualPlan {
  const text = [step.text, ...step.details].join('\n');
  return {
    kind: 'manual',
    stepId: step.id,
    original: step.command ?? text,
    preview: text,
    text,
    risk: 'read',
    target,
    missing: [],
    traps: [],
    timeoutMs: undefined,
  };
}
