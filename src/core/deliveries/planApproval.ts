import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { replyCode } from '../approvals/channelAnswers.ts';
import { renderNeeds } from '../approvals/needs.ts';
import { placeInShell, placeOf } from '../views/approvalTexts.ts';
import type { DeliveryRequest } from './delivery.ts';
import { ownPlace } from './ownPlace.ts';

const channel = 'slack/create-channel';

/** The delivery that asks for an approval in the channel: reactions to its message and replies with its code are answers. */
export const approvalDelivery = (request: string): string => `slack/post/approval-${request}`;

/** Asks in the incident's channel for an approval; undefined in a drill, or where the incident has no channel. */
export function planApproval(
  incident: Incident,
  who: string,
  wanted: EventData['ApprovalRequested'],
): DeliveryRequest | undefined {
  const place = incident.drill ? undefined : ownPlace(incident, channel)?.place;
  if (!place) return undefined;
  return {
    delivery: approvalDelivery(wanted.request),
    task: { system: 'slack', act: 'post', text: messageOf(who, wanted) },
    place,
    after: [channel],
  };
}

/** What asks for a request of the journal in the channel: one delivery, or none. */
export function approvalRequests(incident: Incident, request: string): readonly DeliveryRequest[] {
  const approval = incident.approvals.find((one) => one.request === request);
  const delivery = approval && planApproval(incident, approval.by, approval);
  return delivery ? [delivery] : [];
}

function messageOf(who: string, wanted: EventData['ApprovalRequested']): string {
  const { command, text, risk, kind, target, changes = [], needs, expiresAt } = wanted;
  const code = replyCode(wanted.request);
  const where = placeOf(kind, target);
  const shell = placeInShell(wanted);
  // A fence inside the command would end this one early.
  const shown = command.includes('```') ? command : `\`\`\`\n${command}\n\`\`\``;
  return [
    `**${who} asks for approval** of a step that ${risk === 'read' ? 'reads' : risk === 'change' ? 'makes a change' : 'is destructive'}${where === '' ? '' : ` on ${where}`}: ${text}`,
    shown,
    ...(shell === undefined ? [] : [`It runs ${shell}.`]),
    ...changes.slice(0, 10),
    `It needs ${renderNeeds(needs)}, until ${utcTime(expiresAt)} UTC. React with :white_check_mark: to approve or :x: to refuse, or write \`approve ${code}\` or \`refuse ${code}\` (and why) in this channel.`,
  ].join('\n');
}
