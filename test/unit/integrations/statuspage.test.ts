import assert from 'node:assert/strict';
import { checkStatuspage } from '../../../src/integrations/statuspage/checkStatuspage.ts';
import { createStatuspageService } from '../../../src/integrations/statuspage/statuspageService.ts';
import {
  anIncident,
  deliverTask,
  failureOf,
  receiptOf,
  wasFound,
} from '../../contract/suites/deliveryKit.ts';
import type { AnsweringService } from './answeringService.ts';
import { startAnsweringService, untilDone } from './answeringService.ts';

/** Answers that a Statuspage may give, and no simulated one does. */
describe('statuspage, when it answers in another way', () => {
  let service: AnsweringService;
  before(async () => (service = await startAnsweringService()));
  after(() => service.dispose());
  beforeEach(() => service.restart());

  const answer = (status: number, body: unknown): void =>
    void (service.answer = { status, body: JSON.stringify(body) });
  const incident = {
    id: 'i1',
    name: 'Payments failing',
    shortlink: null,
    metadata: { incident_response: 'of somebody else' },
    incident_updates: null,
  };
  const deliver = (mayExist = false) =>
    deliverTask(
      createStatuspageService({ tokenOf: () => Promise.resolve('simulated-word') }),
      anIncident(),
      {
        task: {
          system: 'statuspage',
          act: 'update-incident',
          status: 'identified',
          text: 'Found it.',
          notify: false,
        },
        place: { baseUrl: service.url, page: 'p1' },
      },
      { mayExist, receipts: { 'statuspage/create-incident': { id: 'i1' } } },
    );

  it('takes a corner of the metadata that is not ours, and an incident without a link, as they are', async () => {
    answer(200, incident);
    assert.deepEqual(receiptOf(await deliver(true)), { id: 'i1', name: 'Payments failing' });
    assert.deepEqual(
      service.seen.map(({ method, path }) => `${method} ${path}`),
      ['GET /v1/pages/p1/incidents/i1', 'PATCH /v1/pages/p1/incidents/i1'],
    );
  });

  it('takes an update that says nothing of notifications for one with those that were wanted', async () => {
    const updates = [
      { id: 'u2', status: 'identified', body: null, created_at: new Date().toISOString() },
      { id: 'u1', status: 'identified', body: 'Found it.', created_at: new Date().toISOString() },
    ];
    answer(200, { ...incident, incident_updates: updates });
    const result = await deliver(true);
    assert.deepEqual([receiptOf(result).id, wasFound(result)], ['u1', true]);
  });

  it('does not know what became of an answer that is no incident', async () => {
    answer(200, { id: 7 });
    const { failure, retry } = failureOf(await deliver());
    assert.equal(retry, 'person');
    assert.match(failure.message, /^Statuspage answered, but not as its documentation says/);
  });

  it('passes on its words wherever it puts them', async () => {
    for (const [body, words] of [
      [{ message: 'Bad request' }, /\(400\): Bad request\. Nothing/],
      [{ error: ['One', 'Two'] }, /\(400\): One; Two\. Nothing/],
      [{ error: [] }, /\(400\)\. Nothing/],
      [{ error: { code: 1 } }, /\(400\)\. Nothing/],
    ] as const) {
      answer(400, body);
      assert.match(failureOf(await deliver()).failure.message, words);
    }
  });

  it('tells a connection by its pages, and that there are none', async () => {
    const check = () =>
      checkStatuspage(
        { baseUrl: service.url, token: 'simulated-word', options: { pageId: 'p1' } },
        untilDone(),
      );
    answer(200, [{ id: 'p1', name: 'TechCorp', domain: 'status.techcorp.example', subdomain: 'techcorp' }]);
    assert.deepEqual(await check(), {
      ok: true,
      value: { who: 'TechCorp (status.techcorp.example)', warnings: [] },
    });
    answer(200, [{ id: 'p1', name: 'TechCorp', domain: null, subdomain: null }]);
    assert.deepEqual(await check(), { ok: true, value: { who: 'TechCorp', warnings: [] } });
    answer(200, []);
    const none = await check();
    assert.ok(!none.ok);
    assert.match(none.failure.message, /knows this key, but shows it no page/);
  });
});
