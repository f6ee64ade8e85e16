import type { EventData } from '../incident/events.ts';
import { addMs, msBetween, parseInstant, utcTime } from '../incident/instants.ts';
import type { Incident } from '../incident/incident.ts';
import { sameWords } from '../people/sameWords.ts';
import type { Plan, Target } from '../plan/plan.ts';
import { hideSecrets } from '../plan/words/hideSecrets.ts';
import { isSameShell, shellBoundOf, type ShellBound } from './shellBound.ts';
import { isWanted, openNeeds, renderNeeds, type Agreed } from './needs.ts';

type Requested = EventData['ApprovalRequested'];

/** One request to run a step, and what came of it. Times UTC ISO 8601. */
export interface Approval extends Requested {
  readonly at: string;
  /** Who asked. */
  readonly by: string;
  /** The activation that asked: nobody approves from it what was asked in it. */
  readonly writer: string;
  readonly given: readonly GivenApproval[];
  readonly refused:
    | { readonly at: string; readonly who: string; readonly how: ApprovalWay; readonly reason?: string }
    | undefined;
  /** The run that it was used for: one approval is for one run. */
  readonly usedBy: string | undefined;
}

export interface GivenApproval extends Agreed {
  readonly at: string;
  readonly how: ApprovalWay;
  readonly reason?: string;
}

/** `self`: nobody else was there, and the one who asked wrote down why. */
export type ApprovalWay = EventData['ApprovalGiven']['how'];

export type ApprovalState = 'waiting' | 'approved' | 'refused' | 'expired' | 'used';

/** When it can no longer be approved, or no longer be run: an approval is good for as long as its request was open. */
export function openUntil(approval: Approval): string {
  const last = isAgreed(approval) ? approval.given.at(-1) : undefined;
  const openMs = msBetween(approval.at, approval.expiresAt) ?? 0;
  return (last && addMs(last.at, Math.max(0, openMs))) ?? approval.expiresAt;
}

/** Everybody who had to has agreed, or the one who asked has given a reason in their place. */
export const isAgreed = ({ needs, given }: Pick<Approval, 'needs' | 'given'>): boolean =>
  given.some(({ how }) => how === 'self') || openNeeds(needs, given).length === 0;

/** `now` is UTC ISO 8601. A time that cannot be read is over. */
export function approvalState(approval: Approval, now: string): ApprovalState {
  if (approval.usedBy !== undefined) return 'used';
  if (approval.refused) return 'refused';
  if (isOver(openUntil(approval), now)) return 'expired';
  return isAgreed(approval) ? 'approved' : 'waiting';
}

function isOver(until: string, now: string): boolean {
  const [end, at] = [parseInstant(until), parseInstant(now)];
  return end === undefined || at === undefined || at >= end;
}

/** Who says yes or no, as the command or the event has it. */
export interface Answering extends Agreed {
  readonly how: ApprovalWay;
  readonly reason?: string | undefined;
  /** The activation it comes from; undefined when it came through the channel. */
  readonly writer?: string | undefined;
}

/**
 * Why this person's yes does not count at `now`, as a sentence without what to do next; undefined when it does. The
 * fold asks the same, so that a journal which somebody else wrote is held to it too.
 */
export function whyNoYes(approval: Approval, yes: Answering, now: string): string | undefined {
  const state = approvalState(approval, now);
  const over = whyOver(approval, state);
  if (over !== undefined) return over;
  const isOwn = sameWords(yes.who, approval.by);
  if (yes.how === 'self') {
    if (!approval.self) return 'The settings do not let anybody approve this alone: it takes a second person';
    if (!isOwn) return `${approval.by} asked for this, so only ${approval.by} can give that reason`;
    return yes.reason?.trim() ? undefined : 'Without a reason nobody can be their own second person';
  }
  if (isOwn) return `${approval.by} asked for this, so somebody else has to approve it`;
  if (yes.how === 'editor' && yes.writer !== undefined && yes.writer === approval.writer)
    return 'It was asked for in this window, so it has to be approved in another person’s';
  const before = approval.given.find(({ who }) => sameWords(who, yes.who));
  if (before) return `${before.who} approved this at ${utcTime(before.at)} UTC already`;
  const open = openNeeds(approval.needs, approval.given);
  return isWanted(open, yes)
    ? undefined
    : `It waits for ${renderNeeds(open)}, and the people file does not name ${yes.who} as that`;
}

function whyOver(approval: Approval, state: ApprovalState): string | undefined {
  switch (state) {
    case 'waiting':
      return undefined;
    case 'approved':
      return `It is approved already, by ${approval.given.map(({ who }) => who).join(' and ')}`;
    case 'refused':
      return `${approval.refused?.who ?? 'Somebody'} refused it at ${utcTime(approval.refused?.at ?? '')} UTC`;
    case 'expired':
      return `It was open until ${utcTime(openUntil(approval))} UTC`;
    case 'used':
      return 'It has been run already, and an approval is for one run';
  }
}

/** Why a no comes too late; undefined when it counts. What is approved and not yet run can still be refused. */
export function whyNoRefusal(approval: Approval, now: string): string | undefined {
  const state = approvalState(approval, now);
  return state === 'approved' ? undefined : whyOver(approval, state);
}

/** What an approval is bound to: exactly this command, on exactly this target, with exactly what the look found. */
export interface Bound extends ShellBound {
  readonly command: string;
  readonly kind: Plan['kind'];
  readonly risk: Plan['risk'];
  readonly target: Target;
  /** What would change, as it is shown. */
  readonly changes?: readonly string[];
  /** The seal of `textOfGuards`; absent where the plan has none, and in journals from before there was one. */
  readonly guards?: string;
}

/** A plan as its card shows it, before the look. */
export const boundOf = (plan: Plan): Bound => ({
  command: hideSecrets(plan.preview),
  kind: plan.kind,
  risk: plan.risk,
  target: plan.target,
  ...shellBoundOf(plan),
});

const sorted = (target: Target): string =>
  JSON.stringify(
    Object.entries(target)
      .filter(([, part]) => part !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );

/** One text for one plan, to be hashed: no secret is in it, so that its hash gives none away. */
export const textOfPlan = (bound: Bound): string => {
  const { command, kind, risk, target, changes = [], guards = '' } = bound;
  return JSON.stringify([kind, risk, command, sorted(target), changes, guards, ...textOfShell(bound)]);
};

const textOfShell = ({ folder, interpreter }: ShellBound): readonly string[] =>
  folder === undefined ? [] : [folder, interpreter ?? ''];

/**
 * Everything a native plan was bound to by the look, most of which its command does not print: which objects by their uid,
 * which content of its files, which values of the fields. Values of a Secret may be in it, so it is sealed and never kept.
 * Undefined for plans whose command says it all.
 */
export const textOfGuards = (plan: Plan): string | undefined =>
  // In a list JSON writes undefined as null, and an object that could not be tried is not one that was not there.
  'action' in plan ? JSON.stringify(plan.action, (_, part: unknown) => part ?? String(part)) : undefined;

export const isBoundTo = (approval: Bound, plan: Bound): boolean => textOfPlan(approval) === textOfPlan(plan);

/** The same command on the same target, of which the look has found something else. */
export const isSameButFound = (approval: Bound, plan: Bound): boolean =>
  !isBoundTo(approval, plan) && isBoundTo(unlooked(approval), unlooked(plan));

const unlooked = (bound: Bound): Bound => ({ ...bound, changes: [], guards: '' });

/** The same command on the same target, which another program would read or which would begin in another folder. */
export const isSameButForShell = (approval: Bound, plan: Bound): boolean =>
  !isSameShell(approval, plan) && isBoundTo(bare(approval), bare(plan));

const bare = ({ command, kind, risk, target }: Bound): Bound => ({ command, kind, risk, target });

/** The newest request for exactly this plan of this step, whatever came of it. */
export const approvalFor = (incident: Incident, step: string, plan: Bound): Approval | undefined =>
  incident.approvals.filter((one) => one.step === step && isBoundTo(one, plan)).at(-1);

/**
 * The newest request that was made from what the card shows. It only tells how that stands: the look fills in guards, and
 * what may run is what `approvalFor` finds.
 */
export const approvalOnCard = (incident: Incident, step: string, shown: Bound): Approval | undefined =>
  incident.approvals
    .filter((one) => one.step === step && one.kind === shown.kind && one.written === shown.command)
    .at(-1);

/** Those that wait for an answer, oldest first. */
export const waitingApprovals = (incident: Incident, now: string): readonly Approval[] =>
  incident.approvals.filter((one) => approvalState(one, now) === 'waiting');

/** Whether any is waiting, approved, or has run out since a moment ago: what a view shows of it changes with the clock. */
export const hasOpenApprovals = (incident: Incident, now: string): boolean =>
  incident.approvals.some(
    (one) =>
      one.usedBy === undefined &&
      one.refused === undefined &&
      !isOver(addMs(openUntil(one), 60_000) ?? '', now),
  );
