import type { EscalationLevel, EscalationState, LateCall, NextLevel } from '../incident/escalation.ts';
import { formatDuration } from '../incident/durations.ts';
import { utcTime } from '../incident/instants.ts';
import type { Holders, Reachable } from '../people/peopleFor.ts';
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
