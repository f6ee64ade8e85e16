import type { Incident } from '../incident/incident.ts';
import type { Addressee, Delivery, DeliveryRequest } from './delivery.ts';
import { onOwn } from './ownPlace.ts';
import { waitsFor } from './queue.ts';

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

/** What of a call can go out now, and what the rest waits for. */
export interface Reach {
  readonly now: readonly DeliveryRequest[];
  /** Deliveries that are not there, each once: a channel that Slack refused to make. */
  readonly missing: readonly Delivery[];
  /** Whether anybody is invited or paged by what goes out now: a message in the channel alone calls nobody. */
  readonly callsSomebody: boolean;
}

/** How far the requests of a call get at this moment: what builds on a channel that is not there reaches nobody. */
export function reachOf(incident: Pick<Incident, 'deliveries'>, requests: readonly DeliveryRequest[]): Reach {
  const now = requests.filter((one) => waitsFor(incident, one).length === 0);
  return {
    now,
    missing: [...new Set(requests.flatMap((one) => waitsFor(incident, one)))],
    callsSomebody: now.some(({ task }) => task.act === 'invite' || task.act === 'request-responders'),
  };
}

/** `**Escalated** (level 2) to CTO: Cy Doe`, with the roles nobody is known for. */
export function escalationText({ level, roles, people, unknown }: EscalationToSend): string {
  const names = people.map(({ name }) => name).join(', ');
  const missing = unknown.length > 0 ? `\nNobody is known for ${unknown.join(', ')}: call them by hand.` : '';
  return `**Escalated** (level ${level}) to ${roles.join(', ')}${names === '' ? '' : `: ${names}`}${missing}`;
}
