import type { Step, StepSequence } from '../guide/guide.ts';
import type { Checked, Judged } from '../judge/judged.ts';
import type { Plan, Target } from '../plan/plan.ts';
import { planStep } from '../plan/planStep.ts';
import { redact } from '../evidence/redact.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import type { RecordedStep, Recording } from './recording.ts';

/** A recorded run of a step, for the judge to look at. */
export interface PlayedRun {
  readonly step: Step;
  readonly plan: Plan;
  readonly outcome: NonNullable<RecordedStep['outcome']>;
  readonly exitCode: number | undefined;
  /** The HTTP status that a request was answered with. */
  readonly status: number | undefined;
  readonly output: string;
  /** By service: how many ready endpoints, or why that is not known. Undefined where nobody looked. */
  readonly endpoints?: Readonly<Record<string, string>>;
}

type Values = Readonly<Record<string, string>>;

/** What reads recorded output; `earlier` are the runs of the steps before, in order, `values` what is known by then. */
export interface ReplayJudge {
  judge(step: Step, earlier: readonly PlayedRun[], values: Values): Judged;
  check(assertions: string, run: PlayedRun, values: Values): readonly Checked[];
  /** What `ir.capture` takes out of a run's output, by name. */
  captured(run: PlayedRun): Values;
}

export interface PlayedStep {
  readonly step: Step;
  /** What the recording should say of this step, by the guide as it is now. */
  readonly expected: RecordedStep;
  /** What the recording does say; undefined for a step that it does not know. */
  readonly recorded: RecordedStep | undefined;
}

export interface Played {
  readonly steps: readonly PlayedStep[];
  /** Recorded steps that the guide no longer has. */
  readonly gone: readonly RecordedStep[];
  /** What the steps took out of the recorded outputs, by name. */
  readonly captured: Values;
}

/**
 * Plays a recording against a runbook: each step is planned with the recorded target and values, and the recorded output
 * is judged as if it had just been seen. Nothing runs, and what settings say does not count. Total.
 */
export function playRunbook(
  sequence: StepSequence,
  { target, values, steps }: Pick<Recording, 'target' | 'values' | 'steps'>,
  judge: ReplayJudge,
): Played {
  const pairs = match(sequence.steps, steps);
  const earlier: PlayedRun[] = [];
  let captured: Values = {};
  const played = sequence.steps.map((step): PlayedStep => {
    const recorded = pairs.get(step);
    // What a person has set is never replaced.
    const known = { ...captured, ...values };
    const plan = planStep(step, { target: targetOf(target), values: known, readOnlyPrefixes: [] });
    const run = recorded && runOf(step, plan, recorded);
    const hasCondition = step.condition !== undefined || step.attributes['ir.when'] !== undefined;
    const verdict = hasCondition ? judge.judge(step, earlier, known) : undefined;
    const assertion = step.attributes['ir.assert'];
    const checked = run && assertion !== undefined ? judge.check(assertion, run, known) : [];
    if (run) {
      earlier.push(run);
      captured = { ...captured, ...judge.captured(run) };
    }
    return { step, recorded, expected: expectationOf(step, plan, recorded, target, verdict, checked) };
  });
  const known = new Set(pairs.values());
  return { steps: played, gone: steps.filter((step) => !known.has(step)), captured };
}

/** By name first, which survives a new command; then by command, which survives a new name. Each is taken once. */
function match(steps: readonly Step[], recorded: readonly RecordedStep[]): Map<Step, RecordedStep> {
  const pairs = new Map<Step, RecordedStep>();
  const free = new Set(recorded);
  const take = (fits: (step: Step, one: RecordedStep) => boolean): void => {
    for (const step of steps) {
      const found = pairs.has(step) ? undefined : [...free].find((one) => fits(step, one));
      if (!found) continue;
      pairs.set(step, found);
      free.delete(found);
    }
  };
  const sameName = (step: Step, one: RecordedStep): boolean => one.step === nameOf(step);
  const sameCommand = (step: Step, one: RecordedStep): boolean => one.command === commandOf(step);
  take((step, one) => sameName(step, one) && sameCommand(step, one));
  take(sameName);
  take((step, one) => step.command !== undefined && sameCommand(step, one));
  return pairs;
}

/** Runme's name where the step has one, else its text. */
export const nameOf = (step: Step): string => shareable(step.attributes['name'] || step.text);
const commandOf = (step: Step): string | undefined =>
  step.command === undefined ? undefined : shareable(step.command.replace(/\r\n/g, '\n').trim());

/** As it may stand in a file of a repository. */
export const shareable = (text: string): string => redact(hideSecrets(text)).text;

const places = ['context', 'namespace', 'argoCdServer', 'awsProfile', 'awsRegion'] as const;

/** The places of a target that a recording names; a server's address is left out, for it says where a cluster is. */
export const recordedTarget = (target: Target): Record<string, string> =>
  Object.fromEntries(
    places.flatMap((place) => {
      const value = target[place];
      return value === undefined || value === '' ? [] : [[place, value]];
    }),
  );

const targetOf = (recorded: Readonly<Record<string, string>>): Target =>
  Object.fromEntries(
    places.flatMap((place) => (recorded[place] === undefined ? [] : [[place, recorded[place]]])),
  );

const runOf = (step: Step, plan: Plan, recorded: RecordedStep): PlayedRun | undefined =>
  recorded.outcome === undefined
    ? undefined
    : {
        step,
        plan,
        outcome: recorded.outcome,
        exitCode: recorded.exit === undefined ? undefined : Number(recorded.exit),
        status: recorded.status === undefined ? undefined : Number(recorded.status),
        output: recorded.output ?? '',
        ...(recorded.endpoints === undefined ? {} : { endpoints: recorded.endpoints }),
      };

function expectationOf(
  step: Step,
  plan: Plan,
  recorded: RecordedStep | undefined,
  pinned: Readonly<Record<string, string>>,
  verdict: Judged | undefined,
  checked: readonly Checked[],
): RecordedStep {
  const command = commandOf(step);
  const own = Object.fromEntries(
    Object.entries(recordedTarget(plan.target)).filter(([place, value]) => pinned[place] !== value),
  );
  const { outcome, exit, status, detail, output, endpoints } = recorded ?? {};
  return {
    step: nameOf(step),
    ...(step.condition === undefined ? {} : { condition: shareable(step.condition) }),
    ...(command === undefined ? {} : { command }),
    kind: plan.kind,
    risk: plan.risk,
    ...(plan.kind === 'manual' ? {} : { runs: shareable(plan.preview) }),
    ...(Object.keys(own).length === 0 ? {} : { target: own }),
    ...(plan.missing.length === 0 ? {} : { missing: plan.missing.map(({ name }) => name) }),
    ...(verdict ? { verdict: verdict.verdict, because: shareable(verdict.because) } : {}),
    ...(outcome === undefined ? {} : { outcome }),
    ...(exit === undefined ? {} : { exit }),
    ...(status === undefined ? {} : { status }),
    ...(detail === undefined ? {} : { detail }),
    ...(output === undefined ? {} : { output }),
    ...(endpoints === undefined ? {} : { endpoints }),
    ...(checked.length === 0
      ? {}
      : {
          asserts: Object.fromEntries(checked.map(({ assertion, result }) => [shareable(assertion), result])),
        }),
  };
}
