import assert from 'node:assert/strict';
import { createWebhookServer } from '../../../../../src/simulator/systems/webhook/webhookServer.ts';
import type { WebhookStore } from '../../../../../src/simulator/systems/webhook/webhookStore.ts';
import { createWebhookStore } from '../../../../../src/simulator/systems/webhook/webhookStore.ts';
import type { ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

describe('the simulated webhook receiver', () => {
  let store: WebhookStore;
  let server: ServedServer;
  beforeEach(async () => {
    store = createWebhookStore(() => Date.UTC(2026, 10, 23, 12));
    server = await serveStore(createWebhookServer(store));
  });
  afterEach(() => server.close());
  const send = (key: string) =>
    server.ask('/hooks/incidents', {
      body: { title: 'Payments failing' },
      headers: { 'idempotency-key': key },
    });

  it('keeps what came, and counts what it accepted by key', async () => {
    store.answers.push({ status: 503, body: { error: 'try again' } });
    assert.equal((await send('declare-1')).status, 503);
    assert.deepEqual((await send('declare-1')).body, { received: true });
    await send('declare-1');
    await send('update-1');
    assert.deepEqual(
      [...store.accepted],
      [
        ['declare-1', 2],
        ['update-1', 1],
      ],
    );
    const [first] = store.requests;
    assert.deepEqual(
      [first?.method, first?.path, first?.body, first?.headers['idempotency-key']],
      ['POST', '/hooks/incidents', { title: 'Payments failing' }, 'declare-1'],
    );
    assert.equal(store.requests.length, 4);
  });

  it('takes POST alone, and the token it is set to ask for', async () => {
    assert.equal((await server.ask('/hooks/incidents')).status, 405);
    store.token = 'simulated-webhook-word';
    assert.equal((await send('a')).status, 401);
    const headers = { authorization: 'Bearer simulated-webhook-word' };
    assert.equal((await server.ask('/', { body: {}, headers })).status, 200);
    assert.deepEqual([...store.accepted], []);
  });
});
