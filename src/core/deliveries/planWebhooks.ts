import type { Incident } from '../incident/incident.ts';
import type { DeliveryRequest, DeliveryTask } from './delivery.ts';
import { payloadOf } from './planAnnouncement.ts';

type Happened = Exclude<Extract<DeliveryTask, { system: 'webhook' }>['event'], 'declared'>;

/**
 * Each webhook that was told of the declare is told what happened since, after that and never before it. One that was
 * called off is told nothing. `said` stands beside the incident's facts; `mark` makes the deliveries' keys unique.
 */
export const planWebhooks = (
  incident: Incident,
  event: Happened,
  said: Readonly<Record<string, string>>,
  mark: string,
): readonly DeliveryRequest[] =>
  incident.deliveries.flatMap(({ delivery, task, place, state }): DeliveryRequest[] =>
    task.system !== 'webhook' || task.event !== 'declared' || state === 'dropped'
      ? []
      : [
          {
            delivery: `webhook/${place['name'] ?? ''}/${event}/${mark}`,
            task: { system: 'webhook', act: 'send', event, payload: { ...payloadOf(incident), ...said } },
            place,
            after: state === 'by-hand' ? [] : [delivery],
          },
        ],
  );
