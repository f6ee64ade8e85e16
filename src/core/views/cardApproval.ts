import { approvalOnCard, approvalState, boundOf } from '../approvals/approval.ts';
import { renderNeeds } from '../approvals/needs.ts';
import { mayApproveOneself, needsFor } from '../approvals/policy.ts';
import { isSameShell } from '../approvals/shellBound.ts';
import { sameWords } from '../people/sameWords.ts';
import { renderApproval } from './approvalTexts.ts';
import type { CardApproval, RunbookPageInput } from './runbookPageState.ts';
import type { Planned } from './stepCard.ts';

/** Whom else a step needs, and how that stands; undefined where nobody else has to agree. */
export function cardApproval(
  { step, plan }: Pick<Planned, 'step' | 'plan'>,
  { incident, approvals }: RunbookPageInput,
): CardApproval | undefined {
  if (!incident || !approvals || plan.kind === 'manual') return undefined;
  const { policy, now, userName } = approvals;
  const { needs, problem } = needsFor(policy, plan.risk, incident.severity, step.attributes['ir.approve']);
  if (needs.length === 0) return undefined;
  const wanted = `Needs ${renderNeeds(needs)}.${problem === undefined ? '' : ` ${problem}`}`;
  const shown = boundOf(plan);
  const asked = approvalOnCard(incident, step.id, shown);
  if (!asked || !isSameShell(asked, shown) || incident.status !== 'active')
    return { state: 'wanted', text: wanted, request: undefined, isOwn: true, mayBeAlone: false };
  const text = renderApproval(asked, now);
  return {
    state: approvalState(asked, now),
    text: `${text.charAt(0).toUpperCase()}${text.slice(1)}`,
    request: asked.request,
    isOwn: sameWords(asked.by, userName),
    mayBeAlone: asked.self && mayApproveOneself(policy, plan.risk),
  };
}
