import { approvalState, openUntil, type Approval, type ApprovalWay } from '../approvals/approval.ts';
import { openNeeds, renderNeeds } from '../approvals/needs.ts';
import type { ShellBound } from '../approvals/shellBound.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { msBetween, utcTime } from '../incident/instants.ts';
import type { PlanKind, Target } from '../plan/plan.ts';
import { oneLine } from './oneLine.ts';

type ApprovalEvent = Extract<IncidentEvent, { type: `Approval${string}` }>;

const ways: Readonly<Record<ApprovalWay, string>> = {
  editor: '',
  reaction: ' by a reaction in the channel',
  reply: ' by a reply in the channel',
  self: '',
};

/** One event of an approval as the timeline's sentence, without a full stop. */
export function sentenceOfApproval(event: ApprovalEvent, approvals: ReadonlyMap<string, Approval>): string {
  if (event.type === 'ApprovalRequested') {
    const { needs, text, command, expiresAt } = event.data;
    return `Asked for ${renderNeeds(needs)} to approve ${text}: ${command} (open until ${utcTime(expiresAt)} UTC)`;
  }
  const approval = approvals.get(event.data.request);
  const what = approval?.text ?? 'a step';
  const { who, how, reason } = event.data;
  const because = reason ? `: ${reason}` : '';
  if (event.type === 'ApprovalRefused') return `${who} refused ${what}${ways[how]}${because}`;
  if (how === 'self') return `${who} approved ${what} alone, without a second person${because}`;
  // What the fold did not take is still a line of the record, but not an approval.
  const counts = approval?.given.some((one) => one.at === event.time && one.who === who) ?? false;
  return counts
    ? `${who} approved ${what}${ways[how]}${because}`
    : `${who} said yes to ${what}, which does not count`;
}

/** `prod-eu / production`, or what else of the target the kind goes to. */
export function placeOf(
  kind: PlanKind,
  { context, namespace, awsProfile, awsRegion, argoCdServer }: Target,
): string {
  const parts =
    kind === 'rds'
      ? [awsProfile, awsRegion]
      : kind === 'argocd' && argoCdServer !== undefined
        ? [argoCdServer]
        : [context, namespace];
  return parts.filter((part) => part !== undefined).join(' / ');
}

/** `in the folder tools, by node`; undefined where a shell has nothing to say beside its command. */
export function placeInShell({ folder, interpreter }: ShellBound): string | undefined {
  const parts = [
    folder === undefined || folder === '.' ? undefined : `in the folder ${oneLine(folder, 200)}`,
    interpreter === undefined ? undefined : `by ${oneLine(interpreter, 200)}`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

/** How an approval stands, as the card, the tree and a picker say it. */
export function renderApproval(approval: Approval, now: string): string {
  const left = minutesLeft(openUntil(approval), now);
  switch (approvalState(approval, now)) {
    case 'waiting': {
      const some = approval.given.map(({ who, at }) => `approved by ${who} at ${utcTime(at)}, `).join('');
      const open = renderNeeds(openNeeds(approval.needs, approval.given));
      return `${some}asked by ${approval.by} at ${utcTime(approval.at)} UTC, waits for ${open}, open for ${left}`;
    }
    case 'approved': {
      const [one] = approval.given;
      if (one?.how === 'self') return `approved by ${one.who} alone: ${one.reason ?? ''} (good for ${left})`;
      return `approved by ${approval.given.map(({ who, at }) => `${who} at ${utcTime(at)} UTC`).join(' and ')}, good for one run and ${left}`;
    }
    case 'refused': {
      const { who, at, reason } = approval.refused ?? { who: 'somebody', at: '', reason: undefined };
      return `refused by ${who} at ${utcTime(at)} UTC${reason ? `: ${reason}` : ''}`;
    }
    case 'expired':
      return approval.given.length > 0
        ? `approved by ${approval.given.map(({ who }) => who).join(' and ')}, expired at ${utcTime(openUntil(approval))} UTC`
        : `asked by ${approval.by} at ${utcTime(approval.at)} UTC, expired at ${utcTime(openUntil(approval))} UTC without an answer`;
    case 'used':
      return `approved by ${approval.given.map(({ who }) => who).join(' and ')}, run once`;
  }
}

/** `27 min`; the last minute counts as one. */
function minutesLeft(until: string, now: string): string {
  const ms = msBetween(now, until) ?? 0;
  return `${Math.max(1, Math.ceil(ms / 60_000))} min`;
}

/** `Ana asks: run kubectl delete … on prod-eu / production?` */
export function askSentence({ by, command, kind, target }: Approval): string {
  const place = placeOf(kind, target);
  return `${by} asks: run ${oneLine(command, 200)}${place === '' ? '' : ` on ${place}`}?`;
}
