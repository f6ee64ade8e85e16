import { checkAssertions } from '../judge/assertions.ts';
import { judgeStep } from '../judge/judgeStep.ts';
import { observeRun } from '../judge/observeRun.ts';
import type { Outcome } from '../plan/plan.ts';
import type { PlayedRun, ReplayJudge } from './playRunbook.ts';

/** A recording keeps the beginning and the end of a long output: of what is between nothing is known. */
const leftOut = /^… \d+ lines left out …$/m;

/** Judges recorded outputs as an incident judges the ones it has just seen. */
export const judgeRecorded: ReplayJudge = {
  judge: (step, earlier, values) => {
    const sequence = [...earlier.map((run) => run.step), step];
    const runs = earlier.map((run) => {
      const { reading } = read(run);
      return {
        id: run.step.id,
        step: run.step.id,
        command: run.plan.preview,
        target: {},
        end: { at: '', outcome: outcomeOf(run), ...(reading ? { reading } : {}) },
      };
    });
    return (
      judgeStep(step, sequence, { runs, target: {}, values }) ?? {
        verdict: 'cannot-tell',
        because: 'the step has no condition',
        run: undefined,
      }
    );
  },
  check: (assertions, run, values) =>
    leftOut.test(run.output)
      ? checkAssertions(assertions, outcomeOf(run), { reading: undefined }, values)
      : read(run, values).assertions,
  captured: (run) => (leftOut.test(run.output) ? {} : read(run).captured),
};

function read(run: PlayedRun, values: Readonly<Record<string, string>> = {}) {
  const observer = observeRun(run.step, run.plan);
  observer.write(run.output);
  if (run.endpoints)
    observer.lookedUp({
      services: Object.entries(run.endpoints).map(([name, told]) => ({
        name,
        ...(/^\d{1,6}$/.test(told) ? { endpoints: Number(told) } : { because: told }),
      })),
    });
  const observed = observer.end(outcomeOf(run), values);
  return leftOut.test(run.output) && observed.reading
    ? { ...observed, reading: { ...observed.reading, whole: false } }
    : observed;
}

function outcomeOf({ outcome, exitCode, status }: PlayedRun): Outcome {
  const exit = {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(status === undefined ? {} : { status }),
  };
  switch (outcome) {
    case 'succeeded':
      return { kind: 'succeeded', ...exit };
    case 'failed':
      return { kind: 'failed', message: '', ...exit };
    case 'timed-out':
      return { kind: 'timed-out', afterMs: 0 };
    case 'no-match':
    case 'stopped':
      return { kind: outcome };
  }
}
