import type { Incident } from '../incident/incident.ts';
import { msBetween } from '../incident/instants.ts';
import type { Delivery } from './delivery.ts';
import { isSettled } from './delivery.ts';

/** Who looks at the queue. */
export interface QueueEyes {
  /** Whether this activation is the one to send it now: its own, or one left behind on this machine. */
  isOurs(delivery: Delivery): boolean;
  /** Sent by this activation at this moment. */
  isSending(delivery: Delivery): boolean;
  /** Asked for by a person just now: neither a refusal nor a waiting time holds it back. */
  isForced(delivery: Delivery): boolean;
  /** What it could not reach may be there again: its waiting time counts no more. */
  isHurried(delivery: Delivery): boolean;
}

export interface Queue {
  /** May be started now, at most one per system and place. */
  readonly ready: readonly Delivery[];
  /** When the next one may be tried again, UTC ISO 8601; undefined when nothing waits for a time. */
  readonly nextAt: string | undefined;
}

/**
 * What of an incident may be sent at `now` (UTC ISO 8601). Deliveries to one place go one after another, in the order
 * in which they were decided on, so that what was queued offline arrives in order; those to different places go side
 * by side. One that waits for a person, or for another delivery, holds up nobody.
 */
export function queueOf(incident: Incident, now: string, eyes: QueueEyes): Queue {
  if (incident.drill) return { ready: [], nextAt: undefined };
  const ready: Delivery[] = [];
  const busy = new Set<string>();
  const times: string[] = [];
  for (const delivery of incident.deliveries) {
    if (isSettled(delivery)) continue;
    const lane = laneOf(delivery);
    const forced = eyes.isForced(delivery);
    if (!forced && delivery.state === 'failed' && delivery.failure?.retry === 'person') continue;
    if (waitsFor(incident, delivery).length > 0) continue;
    if (busy.has(lane)) continue;
    busy.add(lane);
    if (eyes.isSending(delivery) || !eyes.isOurs(delivery)) continue;
    const at = forced || eyes.isHurried(delivery) ? undefined : delivery.failure?.retryAt;
    if (at !== undefined && (msBetween(now, at) ?? 0) > 0) times.push(at);
    else ready.push(delivery);
  }
  return { ready, nextAt: times.sort()[0] };
}

/** One system at one place: `slack https://slack.com`. */
const laneOf = ({ task, place }: Delivery): string =>
  `${task.system} ${place['baseUrl'] ?? place['name'] ?? ''}`;

/** The deliveries it still needs: not there yet, or without what it would need of them. */
export function waitsFor(
  incident: Pick<Incident, 'deliveries'>,
  { after }: Pick<Delivery, 'after'>,
): readonly Delivery[] {
  return after
    .map((key) => incident.deliveries.find((one) => one.delivery === key))
    .filter((one) => one !== undefined)
    .filter((one) => one.receipt === undefined);
}
