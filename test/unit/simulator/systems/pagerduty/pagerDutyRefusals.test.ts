import assert from 'node:assert/strict';
import { createPagerDutyServer } from '../../../../../src/simulator/systems/pagerduty/pagerDutyServer.ts';
import type { PagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import { createPagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import type { Answered, Asked, ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);

describe('what the simulated PagerDuty refuses', () => {
  let store: PagerDutyStore;
  let server: ServedServer;
  beforeEach(async () => {
    store = createPagerDutyStore(() => noon);
    server = await serveStore(createPagerDutyServer(store), {
      authorization: `Token token=${store.token}`,
      from: 'ana@example.com',
    });
  });
  afterEach(() => server.close());

  const refuses = async (asked: Promise<Answered>, status: number, error: unknown) => {
    const answer = await asked;
    assert.deepEqual([answer.status, answer.body], [status, { error }]);
  };
  const fresh = (more: Record<string, unknown> = {}) => {
    const service = { id: store.services[0]?.id, type: 'service_reference' };
    return { incident: { type: 'incident', title: 'Payments failing', service, ...more } };
  };
  const open = (): { id: string } =>
    store.trigger({ service: store.services[0]?.id ?? '', title: 'Payments failing' });
  const put = (id: string, change: Record<string, unknown>, asked: Asked = {}) =>
    server.ask(`/incidents/${id}`, {
      method: 'PUT',
      body: { incident: { type: 'incident_reference', ...change } },
      ...asked,
    });

  const badInput = (...errors: string[]) => ({ message: 'Invalid Input Provided', code: 2001, errors });
  const statusList = badInput('Status must be a list of triggered, acknowledged, or resolved.');
  const limits = badInput('Limit must be between 1 and 100');
  const badQueries: readonly (readonly [string, unknown])[] = [
    ['statuses[]=open', statusList],
    ['statuses=triggered', statusList],
    ['limit=101', limits],
    ['limit=0', limits],
    ['limit=x', badInput('limit must be a number')],
    ['limit=100&offset=9901', badInput('Offset + limit exceeds maximum allowed value of 10000')],
    ['since=soon', { message: "Invalid time values in 'since' and/or 'until' parameters", code: 2004 }],
    ['since=2026-01-01T00:00:00Z', { message: 'Invalid Query Date Range', code: 2005 }],
    [
      'sort_by=title',
      badInput('sort_by must be up to two of incident_number, created_at, resolved_at, urgency'),
    ],
  ];
  for (const [query, error] of badQueries)
    it(`refuses to list with ${query}`, () => refuses(server.ask(`/incidents?${query}`), 400, error));

  const badCreates: readonly (readonly [string, () => unknown, unknown])[] = [
    ['no incident', () => ({}), badInput('params must be a Hash')],
    [
      'nothing in it',
      () => ({ incident: {} }),
      badInput("Type must be 'incident'", 'Title cannot be empty.', 'Service cannot be empty.'),
    ],
    [
      'an unknown service',
      () => fresh({ service: { id: 'PNOSUCH', type: 'service_reference' } }),
      badInput('Service Not Found'),
    ],
    [
      'details that are no text',
      () => fresh({ body: { type: 'incident_body', details: { a: 1 } } }),
      badInput('Body must be an incident_body with details as a string'),
    ],
    ['an unknown urgency', () => fresh({ urgency: 'medium' }), badInput('Urgency must be high or low')],
    [
      'an unknown priority',
      () => fresh({ priority: { id: 'PNOSUCH', type: 'priority_reference' } }),
      { message: 'Invalid Priority', code: 1020 },
    ],
    [
      'an unknown policy',
      () => fresh({ escalation_policy: { id: 'PNOSUCH', type: 'escalation_policy_reference' } }),
      { message: 'Escalation Policy Not Found', code: 1014 },
    ],
    [
      'an unknown assignee',
      () => fresh({ assignments: [{ assignee: { id: 'PNOSUCH', type: 'user_reference' } }] }),
      { message: 'Assigned To User Not Found', code: 1007 },
    ],
    [
      'assignees and a policy',
      () => fresh({ assignments: [], escalation_policy: {} }),
      badInput('Assignments cannot be specified if an escalation policy is given'),
    ],
  ];
  for (const [what, body, error] of badCreates)
    it(`refuses to open with ${what}`, async () => {
      await refuses(server.ask('/incidents', { body: body() }), 400, error);
      assert.equal(store.incidents.length, 0);
    });

  it('refuses a change that cannot be, and changes nothing then', async () => {
    const { id } = open();
    await refuses(put(id, { title: ' ' }), 400, badInput('Title cannot be empty.'));
    await refuses(put(id, { title: 'x', escalation_level: 3 }), 400, {
      message: 'Cannot Escalate',
      code: 1006,
    });
    await refuses(
      put(id, { type: 'thing' }),
      400,
      badInput("Type must be 'incident' or 'incident_reference'"),
    );
    await refuses(put(id, { title: 'x', priority: 'P9' }), 400, { message: 'Invalid Priority', code: 1020 });
    await refuses(put('QNOSUCH', { status: 'resolved' }), 404, { message: 'Not Found', code: 2100 });
    assert.equal(store.incidents[0]?.title, 'Payments failing');
  });

  it('wants to know on whose behalf', async () => {
    const { id } = open();
    const sends = [
      (headers: Record<string, string>) => server.ask('/incidents', { body: fresh(), headers }),
      (headers: Record<string, string>) => put(id, { status: 'resolved' }, { headers }),
      (headers: Record<string, string>) =>
        server.ask('/incidents', { method: 'PUT', body: { incidents: [] }, headers }),
      (headers: Record<string, string>) =>
        server.ask(`/incidents/${id}/notes`, { body: { note: { content: 'c' } }, headers }),
    ];
    for (const send of sends) {
      await refuses(send({ from: '' }), 400, {
        message: 'You must specify a user\'s email address in the "From" header to perform this action',
        code: 2016,
      });
      await refuses(send({ from: 'Ana' }), 400, { message: 'Malformed "From" header', code: 1028 });
      await refuses(send({ from: 'nobody@example.com' }), 400, {
        message: 'Requester User Not Found',
        code: 1008,
      });
    }
    assert.equal(store.incidents.length, 1);
    const headers = { authorization: `Token token=${store.userToken}`, from: '' };
    const own = await put(id, { status: 'acknowledged' }, { headers });
    assert.equal(own.status, 200, "a user's key needs no header");
    assert.equal(store.incidents[0]?.acknowledgements[0]?.user, store.users[0]?.id);
  });

  it('wants a JSON body to say that it is one', async () => {
    const body = JSON.stringify(fresh());
    const headers = { 'content-type': 'text/plain' };
    await refuses(server.ask('/incidents', { body, headers }), 400, badInput('params must be a Hash'));
  });
});
