import type { Step } from '../guide/guide.ts';
import type { Judged } from '../judge/judged.ts';
import type { Judge } from '../judge/judgeStep.ts';
import type { Incident } from './incident.ts';
import { isStepSettled, stepState } from './progress.ts';

/** A step to offer, with what was found of its condition and which open ones were passed over for it. */
export interface StepOffer {
  readonly step: Step;
  readonly judged: Judged | undefined;
  readonly passedOver: readonly PassedOver[];
}

/** An open step whose condition does not apply. */
export interface PassedOver {
  readonly step: Step;
  readonly judged: Judged;
}

/**
 * The step to offer of a sequence: of those neither settled nor running the first whose condition applies, else the first
 * that may apply, one of which nobody can tell included. One that does not apply is passed over and named.
 */
export function nextStep(incident: Incident, steps: readonly Step[], judge: Judge): StepOffer | undefined {
  const open = openSteps(incident, steps).map((step) => ({ step, judged: judge(step, steps) }));
  const offered =
    open.find(({ judged }) => judged?.verdict === 'applies') ??
    open.find(({ judged }) => judged?.verdict !== 'does-not-apply');
  return offered && { ...offered, passedOver: passedOver(incident, steps, judge) };
}

/** The open steps of a sequence that do not apply. */
export const passedOver = (incident: Incident, steps: readonly Step[], judge: Judge): readonly PassedOver[] =>
  openSteps(incident, steps).flatMap((step) => {
    const judged = judge(step, steps);
    return judged?.verdict === 'does-not-apply' ? [{ step, judged }] : [];
  });

/** Neither settled nor running. */
const openSteps = (incident: Incident, steps: readonly Step[]): readonly Step[] =>
  steps.filter(({ id }) => !isStepSettled(incident, id) && stepState(incident, id) !== 'running');
