import type { EventData, Fact } from '../../src/core/incident/events.ts';
import { fact } from './builders.ts';

/** A delivery that was asked for: a post to the incident's channel unless told otherwise. */
export const deliveryRequested = (data: Partial<EventData['DeliveryRequested']> = {}): Fact =>
  fact('DeliveryRequested', {
    delivery: 'slack/create-channel',
    task: {
      system: 'slack',
      act: 'create-channel',
      name: 'incident-2026-11-23-0001',
      topic: 'SEV2 Payments failing',
    },
    place: { baseUrl: 'https://slack.com' },
    after: [],
    ...data,
  });
/** A page in PagerDuty that was asked for and is there, as its incident `id`: opened by us, or adopted. */
export const paged = (id = 'Q1', how: 'opened' | 'adopted' = 'opened'): readonly [Fact, Fact] => {
  const act = how === 'opened' ? 'create-incident' : 'adopt-incident';
  const delivery = `pagerduty/${act}`;
  return [
    deliveryRequested({
      delivery,
      task:
        act === 'create-incident'
          ? { system: 'pagerduty', act, title: 'SEV2 Payments failing', text: '', urgency: 'high' }
          : { system: 'pagerduty', act, incident: id },
      place: { baseUrl: 'https://api.pagerduty.com', service: 'P1' },
    }),
    delivered(delivery, { id, name: '#12', url: `https://techcorp.pagerduty.com/incidents/${id}` }),
  ];
};
export const deliveryStarted = (delivery = 'slack/create-channel', attempt = 1): Fact =>
  fact('DeliveryStarted', { delivery, attempt });
export const delivered = (
  delivery = 'slack/create-channel',
  receipt: EventData['DeliveryDelivered']['receipt'] = {
    id: 'C1',
    name: '#incident-2026-11-23-0001',
    url: 'https://techcorp.slack.com/archives/C1',
  },
): Fact => fact('DeliveryDelivered', { delivery, receipt });
export const deliveryFailed = (data: Partial<EventData['DeliveryFailed']> = {}): Fact =>
  fact('DeliveryFailed', {
    delivery: 'slack/create-channel',
    attempt: 1,
    code: 'unauthorized',
    message: 'Slack refused the token (401).',
    status: 401,
    retry: 'person',
    ...data,
  });
