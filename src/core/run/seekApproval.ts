import {
  approvalFor,
  approvalOnCard,
  approvalState,
  boundOf,
  openUntil,
  textOfGuards,
  textOfPlan,
  type Approval,
} from '../approvals/approval.ts';
import { covers, renderNeeds, type Need } from '../approvals/needs.ts';
import { mayApproveOneself, needsFor, type ApprovalPolicy } from '../approvals/policy.ts';
import { failed, ok, type Result } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, utcTime } from '../incident/instants.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import type { Plan } from '../plan/plan.ts';
import type { RunRequest } from './runStep.ts';

/** What a person is told before others are asked to agree. */
export interface ApprovalAsk {
  readonly incident: Incident;
  /** What would be written to the journal when others are asked. */
  readonly wanted: EventData['ApprovalRequested'];
  /** Open already: asking again asks nobody anew, but a reason can still be given where policy allows. */
  readonly waiting: Approval | undefined;
  /** What came of it before, where that no longer counts: refused, expired, or of another command. */
  readonly before: Approval | undefined;
}

export type ApprovalAnswer =
  { readonly kind: 'ask' } | { readonly kind: 'self'; readonly reason: string } | { readonly kind: 'cancel' };

export interface ApprovalDeps {
  policy(): ApprovalPolicy;
  /** A new ULID each time. */
  newId(): string;
  /** SHA-256, hex. */
  hash(text: string): string;
  /** As `hash`, and dear to try out: a value that is easy to guess may be in the text. */
  seal(text: string, salt: string): Promise<string>;
  /** Who runs it, as the journal writes it. */
  userName(): string;
  ask(ask: ApprovalAsk): Promise<ApprovalAnswer>;
  /** It was written down that others are asked: now they can be told. */
  asked(incident: Incident, request: string): void;
}

interface Deps {
  readonly approvals: ApprovalDeps;
  now(): string;
  record(command: Command): Promise<Result<Incident>>;
}

type Asking = Pick<RunRequest, 'incident' | 'step'>;
type Policy = Pick<ApprovalDeps, 'policy'>;

const wanted = ({ incident, step }: Asking, plan: Plan, { policy }: Policy) =>
  needsFor(policy(), plan.risk, incident.severity, step.attributes['ir.approve']);

/** Whether somebody else has to agree to this plan, or the settings cannot say. */
export const isApprovalWanted = (request: Asking, plan: Plan, deps: Policy): boolean =>
  wanted(request, plan, deps).needs.length > 0 ||
  (plan.risk !== 'read' && deps.policy().problem !== undefined);

/** The request that a run uses up, with the seal of what it was approved for. */
export interface UsedApproval {
  readonly approval: string;
  readonly guards?: string;
}

/**
 * Finds the approval that a plan needs, or asks for it. Gives what to use up, undefined where nobody has to
 * agree. Codes: `cancelled` when it now waits for others or the person said no, `invalid` when the settings cannot be read.
 */
export async function seekApproval(
  request: RunRequest,
  looked: { readonly plan: Plan; readonly changes: readonly string[] },
  deps: Deps,
): Promise<Result<UsedApproval | undefined>> {
  const { incident, step, sequence } = request;
  const { approvals } = deps;
  const { plan } = looked;
  const policy = approvals.policy();
  if (policy.problem !== undefined && plan.risk !== 'read')
    return failed(
      'invalid',
      `${policy.problem} Nothing was run; correct that setting, then run the step again.`,
    );
  const { needs } = wanted(request, plan, approvals);
  if (needs.length === 0) return ok(undefined);
  const { changes } = looked;
  const text = textOfGuards(plan);
  const sealed = text === undefined ? {} : { guards: await approvals.seal(text, incident.id + step.id) };
  const bound = { ...boundOf(plan), ...(changes.length > 0 ? { changes } : {}), ...sealed };
  const self = mayApproveOneself(policy, plan.risk);
  const now = deps.now();
  const known = approvalFor(incident, step.id, bound);
  const state = known && stillEnough(known, needs, self) ? approvalState(known, now) : undefined;
  if (known && state === 'approved') return ok({ approval: known.request, ...sealed });
  const waiting = state === 'waiting' ? known : undefined;
  const data: EventData['ApprovalRequested'] = {
    request: waiting?.request ?? approvals.newId(),
    step: step.id,
    sequence,
    text: hideSecrets(step.text),
    ...bound,
    written: hideSecrets(request.plan.preview),
    plan: approvals.hash(textOfPlan(bound)),
    needs,
    self,
    expiresAt: addMs(now, policy.minutes * 60_000) ?? now,
    ...(request.undoes === undefined ? {} : { undoes: request.undoes }),
  };
  const before = waiting ? undefined : approvalOnCard(incident, step.id, boundOf(request.plan));
  const answer = await approvals.ask({ incident, wanted: data, waiting, before });
  if (answer.kind === 'cancel')
    return failed('cancelled', `Not run: it waits for ${renderNeeds(needs)}. Nothing was changed.`);
  if (!waiting) {
    const recorded = await deps.record({ type: 'RequestApproval', data });
    if (!recorded.ok) return recorded;
    if (answer.kind === 'ask') {
      approvals.asked(recorded.value, data.request);
      return failed(
        'cancelled',
        `Not run yet: ${renderNeeds(needs)} was asked, until ${utcTime(data.expiresAt)} UTC.`,
      );
    }
  }
  if (answer.kind === 'ask' && waiting)
    return failed('cancelled', `Not run yet: it is open until ${utcTime(openUntil(waiting))} UTC.`);
  if (answer.kind !== 'self') return failed('cancelled', 'Not run. Nothing was changed.');
  const { reason } = answer;
  const given = await deps.record({
    type: 'GiveApproval',
    data: { request: data.request, who: approvals.userName(), how: 'self', reason },
  });
  return given.ok ? ok({ approval: data.request, ...sealed }) : given;
}

/** Settings that have become stricter since are held to as they are now. */
const stillEnough = (known: Approval, needs: readonly Need[], self: boolean): boolean =>
  covers(known.needs, needs) && (self || !known.given.some(({ how }) => how === 'self'));
