import type { Step } from '../../../../src/core/guide/guide.ts';
import type { KubernetesAction } from '../../../../src/core/plan/kubectl/kubernetesAction.ts';
import type { HttpPlan, KubernetesPlan, Plan, ShellPlan } from '../../../../src/core/plan/plan.ts';
import type { PlanContext } from '../../../../src/core/plan/planStep.ts';
import { planStep } from '../../../../src/core/plan/planStep.ts';

/** A step with this command; a fence in bash unless told otherwise. */
export const step = (command: string | undefined, more: Partial<Step> = {}): Step => ({
  id: 'step-1',
  number: 1,
  text: 'Look',
  condition: undefined,
  command,
  details: [],
  language: 'bash',
  line: 1,
  endLine: 1,
  attributes: {},
  ...more,
});

export const pinned = { context: 'sim', server: 'https://127.0.0.1:6443', namespace: 'production' };

export interface Given extends Partial<PlanContext> {
  readonly step?: Partial<Step>;
}

/** Plans a command in an incident pinned to `sim` and `production`. */
export const planOf = (command: string | undefined, given: Given = {}): Plan =>
  planStep(step(command, given.step), {
    target: given.target ?? pinned,
    values: given.values ?? {},
    readOnlyPrefixes: given.readOnlyPrefixes ?? [],
    ...(given.flagServices ? { flagServices: given.flagServices } : {}),
    ...(given.onsetAt === undefined ? {} : { onsetAt: given.onsetAt }),
    ...(given.metrics ? { metrics: given.metrics } : {}),
    ...(given.exported ? { exported: given.exported } : {}),
  });

export function kubernetesPlan(command: string, given: Given = {}): KubernetesPlan {
  const plan = planOf(command, given);
  if (plan.kind !== 'kubernetes') throw new Error(`${command} became a ${plan.kind} plan: ${why(plan)}`);
  return plan;
}

export const actionOf = (command: string, given: Given = {}): KubernetesAction =>
  kubernetesPlan(command, given).action;

export function httpPlan(command: string, given: Given = {}): HttpPlan {
  const plan = planOf(command, given);
  if (plan.kind !== 'http') throw new Error(`${command} became a ${plan.kind} plan: ${why(plan)}`);
  return plan;
}

export function shellPlan(command: string, given: Given = {}): ShellPlan {
  const plan = planOf(command, given);
  if (plan.kind !== 'shell') throw new Error(`${command} became a ${plan.kind} plan: ${plan.preview}`);
  return plan;
}

export const why = (plan: Plan): string =>
  plan.traps.find(({ code }) => code === 'runs-in-shell')?.message ?? '';
/** Codes of the traps, `!` behind those that block. */
export const trapsOf = (plan: Plan): readonly string[] =>
  plan.traps.map(({ code, blocks }) => `${code}${blocks ? '!' : ''}`);
/** `name:kind` of what is missing. */
export const missingOf = (plan: Plan): readonly string[] =>
  plan.missing.map(({ name, kind }) => `${name}:${kind}`);

/** The action of `kubectl get pods` and of `kubectl logs web-1`, without their flags. */
export const get = (more: object): object => ({
  verb: 'get',
  kinds: ['pods'],
  names: [],
  selector: undefined,
  allNamespaces: false,
  output: 'table',
  noHeaders: false,
  ...more,
});
export const logs = (more: object): object => ({
  verb: 'logs',
  resource: 'web-1',
  selector: undefined,
  container: undefined,
  allContainers: false,
  sinceSeconds: undefined,
  tailLines: undefined,
  previous: false,
  follow: false,
  timestamps: false,
  prefix: false,
  ...more,
});
