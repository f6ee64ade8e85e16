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
