import type { Reach } from '../deliveries/planEscalation.ts';
import type { Addressee } from '../deliveries/delivery.ts';
import type { EscalationLevel, EscalationState, LateCall, NextLevel } from '../incident/escalation.ts';
import { formatDuration } from '../incident/durations.ts';
import { utcTime } from '../incident/instants.ts';
import type { Holders, Reachable } from '../people/peopleFor.ts';
import { sameWords } from '../people/sameWords.ts';
import { nameOfTask, namesOfSystems } from './deliveryTexts.ts';
import { oneLine } from './oneLine.ts';

/** `Level 2: CTO` */
export const nameOfLevel = ({ level, roles }: Pick<NextLevel, 'level' | 'roles'>): string =>
  oneLine(`Level ${level}: ${roles.join(' + ')}`);

/** `called 10:40, due 11:10`, `called 10:40, Bo answered 10:43`, `not called`. */
export function stateOfLevel({
  calledAt,
  dueAt,
  acknowledged,
  overdueMs,
  uncalled,
}: EscalationLevel): string {
  if (calledAt === undefined) return 'not called';
  const answer = acknowledged
    ? `${oneLine(acknowledged.who, 60)} answered ${utcTime(acknowledged.at)}`
    : overdueMs > 0
      ? `no answer, late by ${formatDuration(overdueMs)}`
      : dueAt === undefined
        ? 'not answered yet'
        : `answer due ${utcTime(dueAt)}`;
  const missing = uncalled.length > 0 ? `, not called: ${uncalled.join(', ')}` : '';
  return oneLine(`called ${utcTime(calledAt)}, ${answer}${missing}`);
}

/** What to say when a call was not answered in time, with what can be done next. */
export function lateSentence({ roles, calledAt }: LateCall, next: EscalationState['next']): string {
  const who = oneLine(roles.join(', '), 80);
  const then = next
    ? `Next: ${oneLine(next.roles.join(', '), 80)} (level ${next.level}).`
    : 'The guide lists nobody above them: call them again, or anybody else who can help.';
  return `Nobody has answered since ${utcTime(calledAt)} UTC (${who}). ${then}`;
}

/** `Ana Lima +351 210 000 001`, with what there is. */
export const renderReachable = ({ name, phone, email, contact }: Reachable): string =>
  oneLine([name, phone ?? contact ?? email ?? 'no number known'].join(' '), 120);

/** `Tech Lead: Ana Lima +351 210 000 001`; a role that nobody is known for says so. */
export const renderHolders = ({ role, who }: Holders): string =>
  who.length > 0
    ? `${role}: ${who.map(renderReachable).join(', ')}`
    : `${role}: nobody in the people file or the guide's contacts`;

/** What a call comes to, as far as it is known when it is made. */
export interface CallMade {
  readonly roles: readonly string[];
  readonly reach: Reach;
  /** Whom nothing invites or pages. */
  readonly unheard: readonly Addressee[];
  /** Roles that nobody is known for. */
  readonly unknown: readonly string[];
  readonly holders: readonly Holders[];
}

/** `CTO: called through Slack.`, or why nothing notifies them, with the numbers to phone where that is what is left. */
export function callSentence(call: CallMade): string {
  const { roles, reach, holders } = call;
  const who = roles.join(', ');
  if (reach.through.length > 0)
    return [`${who}: called through ${throughText(reach)}.`, ...leftOfCall(call)].join(' ');
  const phone = `Phone them: ${holders.map(renderHolders).join(', ')}.`;
  if (reach.isCallWaiting) return `${who}: not reached yet, the call waits for ${missingOf(reach)}. ${phone}`;
  const named = reach.now.length > 0 ? 'named in the channel’s message, but not notified' : 'not notified';
  return `${who}: ${named}, no connected system knows them. ${phone}`;
}

/** The same of a call that the clock made. */
export const clockCallSentence = (level: number, call: CallMade): string =>
  [
    `Nobody answered in time: ${call.roles.join(', ')} (level ${level}) called through ${throughText(call.reach)}.`,
    ...leftOfCall(call),
  ].join(' ');

/** Sentences about those whom a call that reaches others does not. */
export function leftOfCall({ reach, unheard, unknown, holders }: CallMade): readonly string[] {
  const numbers = unheard.map(({ name }) => {
    const known = holders.flatMap(({ who }) => who).find((one) => sameWords(one.name, name));
    return renderReachable(known ?? { name, roles: [] });
  });
  const isNamed = reach.now.some(({ task }) => task.act === 'post');
  const state = isNamed ? 'Only named in the channel’s message, not notified' : 'Not notified';
  return [
    ...(numbers.length > 0 ? [`${state}: ${numbers.join(', ')}. Phone them.`] : []),
    ...(unknown.length > 0 ? [`Nobody is known for ${unknown.join(', ')}.`] : []),
  ];
}

const throughText = (reach: Reach): string =>
  `${namesOfSystems(reach.through)}${reach.missing.length > 0 ? `; the rest waits for ${missingOf(reach)}` : ''}`;

/** `the Slack channel`, `the Slack channel and the PagerDuty incident` */
export const missingOf = ({ missing }: Reach): string =>
  missing.map(({ task, place }) => `the ${nameOfTask(task, place)}`).join(' and ');
