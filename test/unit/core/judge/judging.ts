import assert from 'node:assert/strict';
import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import type { Judged } from '../../../../src/core/judge/judged.ts';
import { judgeStep } from '../../../../src/core/judge/judgeStep.ts';
import { observeRun, type Observed } from '../../../../src/core/judge/observeRun.ts';
import type { ServiceRead } from '../../../../src/core/judge/reading.ts';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';
import { declared, incidentOf, runEnded, runStarted, step } from '../../../support/builders.ts';

export const target = { context: 'prod', namespace: 'production' };
export const worked: Outcome = { kind: 'succeeded', exitCode: 0 };
export const refused: Outcome = { kind: 'failed', status: 403, message: 'Forbidden.' };

/** A step of a runbook whose steps are numbered from 1. */
export const stepOf = (number: number, command: string, more: Partial<Step> = {}): Step =>
  step(`s.${number}`, { number, command, ...more });

/** What is read of a step's output, told in pieces as a run would. */
export function observe(
  from: Step,
  output: string,
  outcome: Outcome = worked,
  { values = {}, services }: { values?: Record<string, string>; services?: readonly ServiceRead[] } = {},
): Observed {
  const observer = observeRun(from, planStep(from, { target, values: {}, readOnlyPrefixes: [] }));
  if (services) observer.lookedUp({ services });
  for (let at = 0; at < output.length; at += 7) observer.write(output.slice(at, at + 7));
  return observer.end(outcome, values);
}

/** An incident in which these steps ran in this order, each with what was looked up beside its output. */
export function incidentAfter(
  ...runs: readonly (readonly [Step, string, Outcome?, (readonly ServiceRead[])?])[]
): Incident {
  return incidentOf(
    declared({ target }),
    ...runs.flatMap(([from, output, outcome = worked, services], index) => {
      const run = `run-${index}`;
      const { reading } = observe(from, output, outcome, services ? { services } : {});
      return [
        runStarted({ run, step: from.id, command: from.command ?? '', target }),
        runEnded({ run, outcome, ...(reading ? { reading } : {}) }),
      ];
    }),
  );
}

/** `kubectl get pods` for pods in these states. */
export const podTable = (...states: readonly string[]): string =>
  [
    'NAME                  READY   STATUS                  RESTARTS        AGE',
    ...states.map(
      (state, at) =>
        `payment-7d9f-${at}        ${state === 'Running' ? '1/1' : '0/1'}     ${state.padEnd(23)} ${state === 'Running' ? '0     ' : '5 (3m ago)'}      14m`,
    ),
    '',
  ].join('\n');

export const crashing = podTable(
  'CrashLoopBackOff',
  'CrashLoopBackOff',
  'Running',
  'CrashLoopBackOff',
  'Running',
);
export const healthy = podTable('Running', 'Running');

/** First steps of a runbook. */
export const pods = stepOf(1, 'kubectl get pods -n production -l app=payment');
export const curl = stepOf(1, 'curl -I https://status.example/health');

/** How a condition in words of the second step is judged. */
export const judge = (condition: string, incident: Incident, command = 'kubectl logs <pod>'): Judged =>
  judgedAs(stepOf(2, command, { condition }), incident);

/** How `ir.when` of the second step is judged. */
export const when = (expression: string, incident: Incident): Judged =>
  judgedAs(stepOf(2, 'kubectl get svc', { attributes: { 'ir.when': expression } }), incident);

function judgedAs(next: Step, incident: Incident): Judged {
  const judged = judgeStep(next, [pods, next], incident);
  assert.ok(judged);
  return judged;
}

export function isVerdict(found: Judged, verdict: Judged['verdict'], because: RegExp): void {
  assert.equal(found.verdict, verdict, found.because);
  assert.match(found.because, because);
}
