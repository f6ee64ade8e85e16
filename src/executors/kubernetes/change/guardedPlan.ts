import { renderFilter } from '../../../core/plan/filters/filterGrammar.ts';
import type { KubernetesAction } from '../../../core/plan/kubectl/kubernetesAction.ts';
import type { KubernetesPlan } from '../../../core/plan/plan.ts';
import { quoteWord } from '../../../core/plan/words/quoteWord.ts';
import { previewOf } from './changeMade.ts';
import type { LookContext } from '../verb.ts';

/** The plan with its guards filled in from what was seen, and the command that says the same. */
export function guardedPlan(
  context: LookContext,
  plan: KubernetesPlan,
  action: Exclude<KubernetesAction, { verb: 'restore' }>,
): KubernetesPlan {
  const tail = plan.filters.map((filter) => ` | ${renderFilter(filter, quoteWord, '')}`).join('');
  return { ...plan, action, preview: previewOf(context, action) + tail };
}
