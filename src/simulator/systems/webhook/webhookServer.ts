import type { Server } from 'node:http';
import { createWebApi } from '../webApi.ts';
import type { WebhookStore } from './webhookStore.ts';

/**
 * A receiver of webhooks at any path: takes POSTs, keeps them with their headers, and counts the ones it accepted by
 * their Idempotency-Key, so that a delivery that came twice is seen. It does what most receivers do: it knows the
 * header (https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/), and does not refuse a
 * second one.
 */
export const createWebhookServer = (store: WebhookStore): Server =>
  createWebApi({
    log: store,
    now: store.now,
    answer: ({ method, headers }) => {
      if (method !== 'POST')
        return { status: 405, body: { error: 'only POST is taken here' }, headers: { allow: 'POST' } };
      if (store.token !== undefined && headers.authorization !== `Bearer ${store.token}`)
        return { status: 401, body: { error: 'a bearer token is needed' } };
      const reply = store.answers.shift() ?? { status: 200, body: { received: true } };
      const key = headers['idempotency-key'];
      if (reply.status < 300 && typeof key === 'string')
        store.accepted.set(key, (store.accepted.get(key) ?? 0) + 1);
      return reply;
    },
  });
