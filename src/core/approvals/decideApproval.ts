import { failed, ok, type Result } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { EventData, Fact } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { covers } from './needs.ts';
import {
  approvalState,
  isBoundTo,
  isSameButForShell,
  isSameButFound,
  openUntil,
  whyNoRefusal,
  whyNoYes,
  type Approval,
} from './approval.ts';

type Decision = Result<readonly Fact[]>;
export type ApprovalCommand = Extract<
  Command,
  { type: 'RequestApproval' | 'GiveApproval' | 'RefuseApproval' }
>;

/** Refuses a command about approvals with a sentence, or states its facts. */
export function decideApproval(state: Incident, command: ApprovalCommand, now: string): Decision {
  if (command.type === 'RequestApproval') return request(state, command.data, now);
  const approval = state.approvals.find(({ request: id }) => id === command.data.request);
  if (!approval)
    return failed('not-found', `Nobody asked for that approval in ${state.number}. Nothing was approved.`);
  if (command.type === 'RefuseApproval') {
    const late = whyNoRefusal(approval, now);
    if (late !== undefined) return failed('conflict', `${late}. Nothing was changed.`);
    const { reason, ...data } = command.data;
    return ok([
      { type: 'ApprovalRefused', data: reason?.trim() ? { ...data, reason: reason.trim() } : data },
    ]);
  }
  const roles = command.data.roles ?? [];
  const why = whyNoYes(approval, { ...command.data, roles, writer: command.writer }, now);
  if (why !== undefined) return failed('conflict', `${why}. Nothing was approved${hint(approval, now)}.`);
  const { reason, ...data } = command.data;
  return ok([{ type: 'ApprovalGiven', data: reason?.trim() ? { ...data, reason: reason.trim() } : data }]);
}

const hint = (approval: Approval, now: string): string =>
  approvalState(approval, now) === 'expired' || approvalState(approval, now) === 'refused'
    ? `; ${approval.by} can ask again by pressing Run`
    : '';

function request(state: Incident, data: EventData['ApprovalRequested'], now: string): Decision {
  if (data.request === '' || data.step === '')
    return failed('invalid', 'An approval needs an id and a step. Nobody was asked.');
  if (state.approvals.some(({ request: id }) => id === data.request))
    return failed('conflict', 'That was asked for already. Nobody was asked twice.');
  if (data.needs.length === 0)
    return failed('invalid', 'Nobody has to approve this. Nobody was asked: run it.');
  const open = state.approvals.find(
    (one) =>
      one.step === data.step &&
      isBoundTo(one, data) &&
      covers(one.needs, data.needs) &&
      // Settings that have become stricter ask again for what one person let through alone.
      (data.self || !one.given.some(({ how }) => how === 'self')) &&
      ['waiting', 'approved'].includes(approvalState(one, now)),
  );
  return open
    ? failed(
        'conflict',
        `${open.by} asked for this at ${utcTime(open.at)} UTC already; it is open until ${utcTime(openUntil(open))} UTC. Nobody was asked twice.`,
      )
    : ok([{ type: 'ApprovalRequested', data }]);
}

function whyAnother(approval: Approval, run: EventData['RunStarted']): string {
  const isStep = approval.step === run.step;
  if (isStep && isSameButFound(approval, run)) return 'The look finds something else than what was approved';
  return isStep && isSameButForShell(approval, run)
    ? 'It would run in another folder or by another interpreter than was approved'
    : `What was approved is ${approval.command}, and not this`;
}

/** Why a run may not use the approval it names, as a refusal; undefined when it may, or names none. */
export function refuseApproval(
  state: Incident,
  run: EventData['RunStarted'],
  now: string,
): Decision | undefined {
  if (run.approval === undefined) return undefined;
  const approval = state.approvals.find(({ request: id }) => id === run.approval);
  if (!approval)
    return failed('not-found', `Nobody asked for that approval in ${state.number}. Nothing was run.`);
  if (approval.step !== run.step || !isBoundTo(approval, run))
    return failed('conflict', `${whyAnother(approval, run)}. Nothing was run: ask for this one.`);
  const is = approvalState(approval, now);
  switch (is) {
    case 'approved':
      return undefined;
    case 'waiting':
      return failed('conflict', 'It is not approved yet. Nothing was run.');
    case 'refused':
      return failed('conflict', `${approval.refused?.who ?? 'Somebody'} refused this. Nothing was run.`);
    case 'expired':
      return failed(
        'conflict',
        `The approval was good until ${utcTime(openUntil(approval))} UTC. Nothing was run: press Run to ask again.`,
      );
    case 'used':
      return failed(
        'conflict',
        'This approval has been used: one approval is for one run. Nothing was run; press Run to ask again.',
      );
  }
}
