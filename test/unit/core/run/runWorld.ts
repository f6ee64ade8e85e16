import type { Step } from '../../../../src/core/guide/guide.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { Incident } from '../../../../src/core/incident/incident.ts';
import { failed, ok } from '../../../../src/core/errors.ts';
import type { KubernetesPlan, Outcome, Plan, ShellPlan } from '../../../../src/core/plan/plan.ts';
import type { MadeChange } from '../../../../src/core/plan/undo.ts';
import type { Executor, Inspection } from '../../../../src/core/ports.ts';
import { noApprovals } from '../../../support/approvalBuilders.ts';
import { runStep, type Confirmation, type Consent, type RunDeps } from '../../../../src/core/run/runStep.ts';

export const step: Step = {
  id: 'scale/1',
  number: 1,
  text: 'Scale out',
  condition: undefined,
  command: 'kubectl scale deployment payment-service --replicas=10',
  details: [],
  language: 'bash',
  line: 3,
  endLine: 3,
  attributes: {},
};

export const scalePlan: KubernetesPlan = {
  kind: 'kubernetes',
  stepId: step.id,
  original: step.command ?? '',
  preview: 'kubectl scale deployment payment-service --replicas=10 --context prod -n production',
  risk: 'change',
  target: { context: 'prod', namespace: 'production' },
  missing: [],
  traps: [],
  timeoutMs: undefined,
  filters: [],
  action: {
    verb: 'scale',
    resource: { kind: 'deployment', name: 'payment-service' },
    replicas: 10,
    currentReplicas: undefined,
    dryRun: false,
  },
};

export const shellPlan: ShellPlan = {
  ...scalePlan,
  kind: 'shell',
  preview: 'argocd app history payment-service',
  script: 'argocd app history payment-service',
  interpreter: undefined,
  cwd: undefined,
  interactive: false,
};

const incident = {
  id: 'incident',
  number: '2026-11-23-0001',
  status: 'active',
  target: { context: 'prod', namespace: 'production' },
  events: [],
} as unknown as Incident;

/** A world that remembers what it was asked, with answers that can be set. */
export function world(
  answers: {
    consent?: Consent;
    outcome?: Outcome;
    recordFails?: boolean;
    wrong?: string;
    look?: Partial<Inspection>;
    made?: MadeChange;
    onAsked?: () => void;
  } = {},
) {
  const recorded: Command[] = [];
  const asked: Confirmation[] = [];
  const ran: Plan[] = [];
  const notes: (string | undefined)[] = [];
  let clock = 0;
  let inspections = 0;
  const executor: Executor = {
    run: async (plan, io) => {
      ran.push(plan);
      await io.write('NAME  READY\n', 'stdout');
      if (answers.made) await io.changed?.(answers.made);
      return answers.outcome ?? { kind: 'succeeded', exitCode: 0 };
    },
    inspect: () => {
      inspections += 1;
      return Promise.resolve(
        ok({
          changes: [
            { object: 'deployment/payment-service', field: 'spec.replicas', before: '3', after: '10' },
          ],
          warnings: [],
          ...answers.look,
        }),
      );
    },
  };
  const deps: RunDeps = {
    approvals: noApprovals,
    executorFor: () => Promise.resolve(executor),
    now: () => new Date(Date.UTC(2026, 10, 23, 10, 0, clock++)).toISOString(),
    newId: () => 'run-1',
    checkTarget: () => answers.wrong,
    confirm: (request) => {
      asked.push(request);
      answers.onAsked?.();
      return Promise.resolve(answers.consent ?? 'run');
    },
    record: (command) => {
      if (answers.recordFails) return Promise.resolve(failed('storage', 'The disk is full.'));
      recorded.push(command);
      return Promise.resolve(ok(incident));
    },
    openOutput: () =>
      Promise.resolve(
        ok({
          write: () => undefined,
          end: () => Promise.resolve({ file: 'output/run-1.log', sha256: 'ab', bytes: 12, lines: 1 }),
          failure: undefined,
        }),
      ),
    keepPoints: () => Promise.resolve(failed('storage', 'nothing was measured')),
    view: {
      started: () => undefined,
      wrote: () => undefined,
      ended: (_run, _outcome, _ms, note) => notes.push(note),
    },
  };
  const run = (
    plan: Plan,
    changes: Partial<Incident> = {},
    trusted = true,
    more: Partial<Step> = {},
    undoes = {},
  ) =>
    runStep(
      {
        incident: { ...incident, ...changes },
        sequence: 'scale',
        step: { ...step, ...more },
        plan,
        trusted,
        ...undoes,
      },
      deps,
      new AbortController().signal,
    );
  return { run, recorded, asked, ran, notes, answers, inspected: () => inspections };
}
