import {
  approvalState,
  isSameButForShell,
  isSameButFound,
  openUntil,
  type Approval,
} from '../approvals/approval.ts';
import { renderNeeds } from '../approvals/needs.ts';
import type { DeliveryRequest } from '../deliveries/delivery.ts';
import type { EventData } from '../incident/events.ts';
import { utcTime } from '../incident/instants.ts';
import type { ApprovalAsk } from '../run/seekApproval.ts';
import { placeInShell, placeOf, renderApproval } from './approvalTexts.ts';

interface Question {
  readonly title: string;
  readonly detail: string;
}

/** Before others are asked: why, what they see, and the message to the channel where there is one. */
export function renderApprovalAsk(
  { wanted, waiting, before }: ApprovalAsk,
  message: DeliveryRequest | undefined,
): Question {
  const needs = renderNeeds(wanted.needs);
  if (waiting)
    return {
      title: `This waits for ${needs}`,
      detail: [
        `It was asked at ${utcTime(waiting.at)} UTC and is open until ${utcTime(openUntil(waiting))} UTC.`,
        ...whatOf(wanted),
      ].join('\n'),
    };
  return {
    title: `This step needs ${needs}`,
    detail: [
      ...whyAgain(before, wanted),
      ...whatOf(wanted),
      `Whoever shares this incident’s journal is asked in their editor, until ${utcTime(wanted.expiresAt)} UTC. You run it yourself once it is approved.`,
      ...(message?.task.system === 'slack' && message.task.act === 'post'
        ? [`Posted to the incident’s channel:\n${cut(message.task.text)}`]
        : []),
    ].join('\n'),
  };
}

/** What became of the request before, where there was one that no longer counts. */
function whyAgain(before: ApprovalAsk['before'], wanted: EventData['ApprovalRequested']): readonly string[] {
  if (before && before.given.length > 0 && before.usedBy === undefined) {
    if (before.command !== wanted.command)
      return [
        `What was approved was another command, so it has to be approved again: ${cut(before.command)}`,
      ];
    if (isSameButFound(before, wanted))
      return ['The look finds something else than what was approved, so it has to be approved again.'];
    if (isSameButForShell(before, wanted))
      return [
        'It would run in another folder or by another interpreter than was approved, so it has to be approved again.',
      ];
  }
  if (!before?.refused) return [];
  const { who, reason } = before.refused;
  return [`It was refused before by ${who}${reason ? `: ${reason}` : ''}.`];
}

/** What somebody who is asked agrees to: exactly this. */
export function renderApprovalQuestion(approval: Approval, now: string): Question {
  return {
    title: `Approve what ${approval.by} asks for?`,
    detail: [
      `Step: ${approval.text}`,
      ...whatOf(approval),
      ...(approvalState(approval, now) === 'waiting' ? [capital(renderApproval(approval, now))] : []),
      'Your name goes into the journal with it. It is for one run of exactly this command on exactly this target, with exactly these changes.',
    ].join('\n'),
  };
}

function whatOf(wanted: EventData['ApprovalRequested']): readonly string[] {
  const { command, kind, target, changes = [], risk } = wanted;
  const place = placeOf(kind, target);
  const shell = placeInShell(wanted);
  return [
    `Command: ${cut(command.replace(/(?![\n\t])[\p{Cc}\p{Cf}\u2028\u2029]/gu, '\uFFFD'))}`,
    ...(shell === undefined ? [] : [`Runs: ${plain(shell)}`]),
    ...(place === '' ? [] : [`Target: ${plain(place)}${target.server ? ` (${plain(target.server)})` : ''}`]),
    `Risk: ${risk}`,
    ...changes.slice(0, 20).map((change) => `Change: ${plain(change)}`),
  ];
}

/** Names and values come from servers, files and journals: none may begin a line of its own here. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** A very long script would push the buttons out of the window. */
const cut = (text: string): string => (text.length > 1_500 ? `${text.slice(0, 1_500)} …` : text);
