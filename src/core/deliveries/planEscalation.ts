import type { Incident } from '../incident/incident.ts';
import type { Addressee, Delivery, DeliveryRequest, OutwardSystem } from './delivery.ts';
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
  const invitations =
    invited.length > 0 ? onOwn(incident, { system: 'slack', act: 'invite', people: invited }, mark) : [];
  const pages =
    paged.length > 0
      ? onOwn(incident, { system: 'pagerduty', act: 'request-responders', message, people: paged }, mark)
      : [];
  const text = escalationText(call, [...invitations, ...pages]);
  return [...invitations, ...onOwn(incident, { system: 'slack', act: 'post', text }, mark), ...pages];
}

/** Who of a call is invited or paged by none of its requests: a message that names them notifies nobody. */
export const notNotified = (
  { people }: Pick<EscalationToSend, 'people'>,
  requests: readonly DeliveryRequest[],
): readonly Addressee[] =>
  people.filter(({ name }) => !requests.some((one) => calledBy(one).some((person) => person.name === name)));

const calledBy = ({ task }: DeliveryRequest): readonly Addressee[] =>
  task.act === 'invite' || task.act === 'request-responders' ? task.people : [];

/** What of a call can go out now, and what the rest waits for. */
export interface Reach {
  readonly now: readonly DeliveryRequest[];
  /** Deliveries that are not there, each once: a channel that Slack refused to make. */
  readonly missing: readonly Delivery[];
  /** Which systems invite or page somebody by what goes out now: a message in the channel alone calls nobody. */
  readonly through: readonly OutwardSystem[];
  /** Somebody is invited or paged once what is missing is there. */
  readonly isCallWaiting: boolean;
}

/** How far the requests of a call get at this moment: what builds on a channel that is not there reaches nobody. */
export function reachOf(incident: Pick<Incident, 'deliveries'>, requests: readonly DeliveryRequest[]): Reach {
  const now = requests.filter((one) => waitsFor(incident, one).length === 0);
  const calls = requests.filter((one) => calledBy(one).length > 0);
  const callsNow = calls.filter((one) => now.includes(one));
  return {
    now,
    missing: [...new Set(requests.flatMap((one) => waitsFor(incident, one)))],
    through: [...new Set(callsNow.map(({ task }) => task.system))],
    isCallWaiting: callsNow.length < calls.length,
  };
}

/** `**Escalated** (level 2) to CTO: Cy Doe`, with whom `requests` do not notify, and the roles nobody is known for. */
export function escalationText(call: EscalationToSend, requests: readonly DeliveryRequest[]): string {
  const { level, roles, people, unknown } = call;
  const names = people.map(({ name }) => name).join(', ');
  const unheard = notNotified(call, requests).map(({ name }) => name);
  return [
    `**Escalated** (level ${level}) to ${roles.join(', ')}${names === '' ? '' : `: ${names}`}`,
    ...(unheard.length > 0 ? [`Not notified by this: ${unheard.join(', ')}. Phone them.`] : []),
    ...(unknown.length > 0 ? [`Nobody is known for ${unknown.join(', ')}: call them by hand.`] : []),
  ].join('\n');
}
