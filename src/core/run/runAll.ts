import type { Failure, Result } from '../errors.ts';
import type { Step } from '../guide/guide.ts';
import type { Checked, Judged } from '../judge/judged.ts';
import type { Outcome, Plan } from '../plan/plan.ts';
import type { Signal } from '../ports.ts';
import { decideTurn, firstTurn, keepsGoing, type RunAllScope } from './decideRunAll.ts';
import type { Rehearsal } from './rehearse.ts';

/** What a Run all needs of its window. Every single run asks and records as a run by itself does. */
export interface RunAllPorts {
  /** The step's plan as it is now: values and names that earlier steps left are in it. */
  plan(step: Step): Plan;
  /** Marked as done or skipped by a person. */
  isMarked(step: Step): boolean;
  isSettled(step: Step): boolean;
  isRunning(step: Step): boolean;
  judge(step: Step): Judged | undefined;
  /** The assertions held against the step's last run. */
  checks(step: Step): readonly Checked[];
  /** Gives the outcome, or `background` as soon as a step in the background has started. */
  run(step: Step, plan: Plan): Promise<Result<Outcome | 'background'>>;
  rehearse(step: Step, plan: Plan): Promise<Result<Rehearsal>>;
  /** A step of this Run all that failed in the background since. */
  failedInBackground(): Step | undefined;
  /** Asks whether a step applies that nobody can tell of. */
  ask(step: Step, because: string): Promise<'run' | 'pass-over' | 'stop'>;
  /** Told before each step: `at` counts from 1. */
  progress(step: Step, at: number, total: number): void;
}

export interface RunAllRequest {
  readonly steps: readonly Step[];
  readonly scope: RunAllScope;
  readonly dry: boolean;
  /** The step that the last Run all waited at, once a person has marked it: begins behind it. */
  readonly after?: string;
}

/** What became of one step. */
export interface Fate {
  readonly step: Step;
  readonly what:
    | { readonly kind: 'ran'; readonly outcome: Outcome }
    | { readonly kind: 'background' }
    | { readonly kind: 'rehearsed'; readonly rehearsal: Rehearsal }
    | { readonly kind: 'passed-over'; readonly because: string }
    | { readonly kind: 'refused'; readonly failure: Failure };
}

export interface RunAllReport {
  readonly fates: readonly Fate[];
  /** `waiting`: a person has to do a step by hand; `stopped`: nothing behind `at` was run. */
  readonly ended: 'finished' | 'waiting' | 'stopped';
  readonly at: Step | undefined;
  /** One or two sentences. */
  readonly message: string;
}

/**
 * Runs the steps of a sequence one after another. Ends at the first failure (unless the guide lets that step keep
 * going), failed assertion, "no", missing value, step done by hand, or when it is stopped; what the guide keeps out of
 * Run all is never run. A dry run runs reads and rehearses changes, and goes through to the end.
 */
export async function runAll(
  request: RunAllRequest,
  ports: RunAllPorts,
  signal: Signal,
): Promise<RunAllReport> {
  const { scope, dry, after } = request;
  const last =
    scope.kind === 'until'
      ? request.steps.findIndex(({ id }) => id === scope.step)
      : request.steps.length - 1;
  const waited = after === undefined ? -1 : request.steps.findIndex(({ id }) => id === after);
  const from = Math.max(
    waited + 1,
    firstTurn(request.steps, scope, (step) => ports.isSettled(step)),
  );
  const steps = request.steps.slice(from, last + 1);
  const fates: Fate[] = [];
  const end = (ended: RunAllReport['ended'], message: string, at?: Step): RunAllReport => ({
    fates,
    ended,
    at,
    message,
  });
  for (const [index, step] of steps.entries()) {
    if (signal.aborted) return end('stopped', `Stopped before step ${step.number}, by a person.`, step);
    const failed = ports.failedInBackground();
    if (failed && !keepsGoing(failed))
      return end(
        'stopped',
        `Stopped before step ${step.number}: step ${failed.number}, in the background, failed.`,
        failed,
      );
    ports.progress(step, index + 1, steps.length);
    const plan = ports.plan(step);
    const judged = ports.judge(step);
    const turn = decideTurn({
      step,
      plan,
      scope,
      judged,
      dry,
      marked: ports.isMarked(step),
      running: ports.isRunning(step),
    });
    const pass = (because: string): void => void fates.push({ step, what: { kind: 'passed-over', because } });
    if (turn.kind === 'pass-over') {
      pass(turn.because);
      continue;
    }
    if (turn.kind === 'wait') return end('waiting', turn.message, step);
    if (turn.kind === 'stop') return end('stopped', turn.message, step);
    if (turn.kind === 'ask') {
      const answer = await ports.ask(step, turn.because);
      if (answer === 'stop') return end('stopped', `Stopped before step ${step.number}, by a person.`, step);
      if (answer === 'pass-over') {
        pass('a person said that it does not apply');
        continue;
      }
    }
    if (dry) {
      const rehearsal = await ports.rehearse(step, plan);
      fates.push({
        step,
        what: rehearsal.ok
          ? { kind: 'rehearsed', rehearsal: rehearsal.value }
          : { kind: 'refused', failure: rehearsal.failure },
      });
      continue;
    }
    const stop = await runOne(step, plan, ports, fates);
    if (stop !== undefined) return end('stopped', stop, step);
  }
  return end('finished', summaryOf(fates, dry));
}

/** Runs one step; gives why nothing more is run, undefined when the next one may come. */
async function runOne(
  step: Step,
  plan: Plan,
  ports: RunAllPorts,
  fates: Fate[],
): Promise<string | undefined> {
  const result = await ports.run(step, plan);
  const here = `Stopped at step ${step.number}`;
  if (!result.ok) {
    fates.push({ step, what: { kind: 'refused', failure: result.failure } });
    return `${here}. ${result.failure.message}`;
  }
  if (result.value === 'background') {
    fates.push({ step, what: { kind: 'background' } });
    return undefined;
  }
  const outcome = result.value;
  fates.push({ step, what: { kind: 'ran', outcome } });
  if (outcome.kind === 'stopped') return `${here}: it was stopped by a person.`;
  if (keepsGoing(step)) return undefined;
  if (outcome.kind === 'failed') return `${here}: ${outcome.message}`;
  if (outcome.kind === 'timed-out') return `${here}: it took longer than it may.`;
  const broken = ports.checks(step).find(({ result: checked }) => checked === 'failed');
  return broken && `${here}: it ran, but ${broken.assertion} does not hold (${broken.because}).`;
}

function summaryOf(fates: readonly Fate[], dry: boolean): string {
  const count = (kind: Fate['what']['kind']): number => fates.filter(({ what }) => what.kind === kind).length;
  const failed = fates.filter(
    ({ what }) => what.kind === 'ran' && /^(?:failed|timed-out)$/.test(what.outcome.kind),
  ).length;
  const over = count('passed-over');
  const parts = dry
    ? [`Dry run through all ${fates.length} steps: nothing was changed.`]
    : [
        `All done: ${steps(count('ran') + count('background'))} ran`,
        ...(count('background') > 0 ? [`${count('background')} of them in the background`] : []),
        ...(failed > 0 ? [`${failed} failed, and the guide says to keep going`] : []),
        ...(over > 0 ? [`${over} passed over`] : []),
      ];
  return dry ? parts.join('') : `${parts.join(', ')}.`;
}

const steps = (count: number): string => `${count} ${count === 1 ? 'step' : 'steps'}`;
