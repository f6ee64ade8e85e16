import type { Incident } from '../incident/incident.ts';
import type { Addressee, DeliveryRequest } from './delivery.ts';
import { onOwn } from './ownPlace.ts';

/** People who are called now, as the journal has it. */
export interface EscalationToSend {
  readonly level: number;
  readonly roles: readonly string[];
  /** Who of them is known by name. */
  readonly people: readonly Addressee[];
  /** Roles that nobody is known for. */
  readonly unknown: readonly string[];
}

/**
 * What calling people asks of the outside: they are invited to the incident's channel and named in it, and those
 * PagerDuty may know are asked to respond. Nothing for a drill, nor where the incident has no channel and no page.
 * `mark` makes the deliveries' keys unique: a ULID, or for a call by the clock the level itself, so that two windows
 * ask for the same.
 */
export function planEscalation(
  incident: Incident,
  call: EscalationToSend,
  mark: string,
): readonly DeliveryRequest[] {
  if (incident.drill) return [];
  const { people } = call;
  const invited = people.filter(({ slack, email }) => slack !== undefined || email !== undefined);
  const paged = people.filter(({ pagerduty, email }) => pagerduty !== undefined || email !== undefined);
  const message = `${incident.severity} ${incident.title} (${incident.number})`;
  return [
    ...(invited.length > 0 ? onOwn(incident, { system: 'slack', act: 'invite', people: invited }, mark) : []),
    ...onOwn(incident, { system: 'slack', act: 'post', text: escalationText(call) }, mark),
    ...(paged.length > 0
      ? onOwn(incident, { system: 'pagerduty', act: 'request-responders', message, people: paged }, mark)
      : []),
  ];
}

/** `**Escalated** (level 2) to CTO: Cy Doe`, with the roles nobody is known for. */
export function escalationText({ level, roles, people, unknown }: EscalationToSend): string {
  const names = people.map(({ name }) => name).join(', ');
  const missing = unknown.length > 0 ? `\nNobody is known for ${unknown.join(', ')}: call them by hand.` : '';
  return `**Escalated** (level ${level}) to ${roles.join(', ')}${names === '' ? '' : `: ${names}`}${missing}`;
}
