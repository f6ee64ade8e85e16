import type { KubernetesAction } from './kubernetesAction.ts';
import type { KubernetesPlan, Missing, Plan } from '../plan.ts';

const INGRESS = /^(?:ing|ingress|ingresses)(?:\.networking\.k8s\.io)?$/i;

type IngressPatch = KubernetesPlan & { readonly action: Extract<KubernetesAction, { verb: 'patch' }> };

/** True for `kubectl patch ingress NAME --patch '...'`: the patch that the guide leaves out is made by a form. */
export const isIngressForm = (plan: Plan): plan is IngressPatch =>
  plan.kind === 'kubernetes' &&
  plan.action.verb === 'patch' &&
  INGRESS.test(plan.action.resource.kind) &&
  plan.missing.some(isElided);

/** What has to be filled in before the plan runs, or before its form can be opened. */
export const missingFirst = (plan: Plan): readonly Missing[] =>
  isIngressForm(plan) ? plan.missing.filter((missing) => !isElided(missing)) : plan.missing;

const isElided = ({ name }: Missing): boolean => name === '...';
