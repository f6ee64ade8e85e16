import type { Step } from '../guide/guide.ts';
import { readSwitch } from '../guide/stepDocument.ts';
import { askForExports, type AskedExports } from './words/askedExports.ts';
import { fillCommand, type FilledCommand, type Slot } from './words/placeholders.ts';
import { leaveOut } from './words/leaveOut.ts';
import type { ManualPlan, Plan } from './plan.ts';
import { planNative } from './planNative.ts';
import { planShell } from './planShell.ts';
import { isPromql } from '../guide/promqlSteps.ts';
import { planMetricSet, planQuery } from './promql/planQuery.ts';
import { dialectOf, interpreterOf } from './words/interpreter.ts';
import type { PlanContext, ReadCommand } from './readCommand.ts';
import { stepTargetTraps, targetOfStep } from './stepTarget.ts';
import { splitWords } from './words/splitWords.ts';

export type { PlanContext } from './readCommand.ts';

/** Above this a command is not planned word by word: it goes to the shell as it is. */
const LONGEST_COMMAND = 100_000;

/**
 * What a step would do, as data. Total: never throws, whatever the guide says; what the native grammars do not
 * cover completely becomes a shell plan that says why, and a step without a command a manual one.
 */
export const planStep = (step: Step, context: PlanContext): Plan => planWithSlots(step, context).plan;

/** The same with the placeholders of the step's command and their offsets into it, where they were found on the way. */
export function planWithSlots(
  step: Step,
  context: PlanContext,
): { readonly plan: Plan; readonly slots: readonly Slot[] | undefined } {
  const aimed = { ...context, target: targetOfStep(step, context.target) };
  const { plan: whole, filled, text } = planOnce(step, aimed);
  const planned = planWithLess(step, aimed) ?? whole;
  const apart = stepTargetTraps(step, context.target, planned);
  const plan = apart.length === 0 ? planned : { ...planned, traps: [...apart, ...planned.traps] };
  const inBackground = plan.kind !== 'manual' && readSwitch(step.attributes['background']) === true;
  return {
    plan: inBackground ? { ...plan, background: true } : plan,
    slots: text === step.command ? filled?.slots : undefined,
  };
}

interface Planned {
  readonly plan: Plan;
  readonly filled?: FilledCommand;
  /** The text that was filled in: the command, or what is asked for in its place. */
  readonly text?: string;
}

/**
 * The plan without the options that nobody has to give. Only what reads does without: a change with less than is written
 * could be a change of more. Undefined where the step is to be planned as it stands.
 */
function planWithLess(step: Step, context: PlanContext): Plan | undefined {
  const inputs = (step.document?.inputs ?? []).filter(({ required }) => !required);
  const dialect = dialectOf(step);
  const { command } = step;
  if (inputs.length === 0 || dialect !== 'posix' || command === undefined || command.length > LONGEST_COMMAND)
    return undefined;
  const exported = new Set(context.exported);
  const filled = fillCommand(command, context.values, dialect, exported, step.document?.inputs);
  const less = leaveOut(command, filled, inputs);
  if (!less) return undefined;
  const { plan } = planOnce({ ...step, command: less.command }, context);
  if (plan.kind === 'shell' || plan.kind === 'manual' || plan.risk !== 'read') return undefined;
  return {
    ...plan,
    original: command,
    leftOut: filled.missing.flatMap((each) =>
      less.names.has(each.name) ? [{ ...each, optional: true as const }] : [],
    ),
  };
}

function planOnce(step: Step, context: PlanContext): Planned {
  const lines = step.command?.includes('\r') ? step.command.replace(/\r\n/g, '\n') : step.command;
  const written = lines?.trim();
  if (written === undefined || written === '') return { plan: planByHand(step, context) };
  if (isPromql(step.language)) return { plan: planQuery(step, written, context) };
  const dialect = dialectOf(step);
  const short = written.length <= LONGEST_COMMAND;
  const asked = dialect === 'posix' && short ? askForExports(step, written) : undefined;
  const text = asked?.command ?? written;
  const filled = withAsked(
    fillCommand(
      text,
      context.values,
      short ? dialect : 'foreign',
      new Set(context.exported),
      step.document?.inputs,
    ),
    asked,
  );
  if (dialect === 'posix' && short && filled.marked.trim() === '') return { plan: planByHand(step, context) };

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
  const inShell = (reason: string): Plan =>
    planShell(read, reason, { interactive, interpreter: interpreterOf(step) });
  if (interactive) return { plan: inShell('the guide asks for a terminal'), filled, text };
  const native = planNative(read);
  return { plan: native.ok ? native.plan : inShell(native.reason), filled, text };
}

/** With what the guide itself offers for the variables that are asked for, and the secrets among them. */
function withAsked(filled: FilledCommand, asked: AskedExports | undefined): FilledCommand {
  if (!asked) return filled;
  return {
    ...filled,
    secrets: [...new Set([...filled.secrets, ...asked.secrets])],
    missing: filled.missing.map((missing) => {
      const offered = asked.offered.get(missing.name);
      return offered === undefined ? missing : { ...missing, offered };
    }),
  };
}

/** Nothing to run: ready-made queries where the words ask for known ones, else what a person does. */
const planByHand = (step: Step, context: PlanContext): Plan =>
  planMetricSet(step, context) ?? planManual(step, context);

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
