import assert from 'node:assert/strict';
import { createPagerDutyServer } from '../../../../../src/simulator/systems/pagerduty/pagerDutyServer.ts';
import type { PagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import { createPagerDutyStore } from '../../../../../src/simulator/systems/pagerduty/pagerDutyStore.ts';
import type { Asked, ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const minute = 60_000;

interface Named {
  readonly id: string;
  readonly summary: string;
  readonly type: string;
}
interface Incident extends Named {
  readonly incident_number: number;
  readonly title: string;
  readonly status: string;
  readonly incident_key: string | null;
  readonly urgency: string;
  readonly service: Named;
  readonly priority: Named | null;
  readonly assignments: readonly { assignee: Named }[];
  readonly acknowledgements: readonly { acknowledger: Named }[];
  readonly resolved_at: string | null;
  readonly last_status_change_by: Named;
  readonly conference_bridge: { conference_url: string } | null;
}

describe("the simulated PagerDuty's incidents", () => {
  let now: number;
  let store: PagerDutyStore;
  let server: ServedServer;
  beforeEach(async () => {
    now = noon;
    store = createPagerDutyStore(() => now);
    server = await serveStore(createPagerDutyServer(store), {
      authorization: `Token token=${store.token}`,
      accept: 'application/vnd.pagerduty+json;version=2',
      from: 'ana@example.com',
    });
  });
  afterEach(() => server.close());

  const refuses = async (
    asked: Promise<{ status: number; body: unknown }>,
    status: number,
    error: unknown,
  ) => {
    const answer = await asked;
    assert.deepEqual([answer.status, answer.body], [status, { error }]);
  };
  const service = (): { id: string; type: string } => ({
    id: store.services[0]?.id ?? '',
    type: 'service_reference',
  });
  const fresh = (more: Record<string, unknown> = {}) => ({
    incident: { type: 'incident', title: 'Payments failing', service: service(), ...more },
  });
  const create = async (more: Record<string, unknown> = {}): Promise<Incident> => {
    const answer = await server.ask('/incidents', { body: fresh(more) });
    assert.equal(answer.status, 201, JSON.stringify(answer.body));
    return (answer.body as { incident: Incident }).incident;
  };
  const put = (id: string, change: Record<string, unknown>, asked: Asked = {}) =>
    server.ask(`/incidents/${id}`, {
      method: 'PUT',
      body: { incident: { type: 'incident_reference', ...change } },
      ...asked,
    });
  const change = async (id: string, changes: Record<string, unknown>): Promise<Incident> => {
    const answer = await put(id, changes);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    return (answer.body as { incident: Incident }).incident;
  };
  const list = async (query: string) => {
    const { status, body } = await server.ask(`/incidents${query}`);
    assert.equal(status, 200, JSON.stringify(body));
    return body as {
      incidents: Incident[];
      limit: number;
      offset: number;
      more: boolean;
      total: number | null;
    };
  };
  const titles = async (query: string) => (await list(query)).incidents.map(({ title }) => title);

  it('opens one for whoever is on call, and answers with all of it', async () => {
    const [, p2] = store.priorities;
    const incident = await create({
      urgency: 'high',
      priority: { id: p2?.id, type: 'priority_reference' },
      body: { type: 'incident_body', details: '87% of requests fail' },
      incident_key: '2026-11-23-0001',
      conference_bridge: { conference_url: 'https://meet.example.com/payments' },
    });
    assert.equal(incident.summary, '[#1001] Payments failing');
    assert.deepEqual(
      [incident.status, incident.incident_key, incident.urgency, incident.priority?.summary],
      ['triggered', '2026-11-23-0001', 'high', 'P2'],
    );
    assert.deepEqual(
      incident.assignments.map(({ assignee }) => assignee.summary),
      ['Ana Lima'],
    );
    assert.equal(incident.conference_bridge?.conference_url, 'https://meet.example.com/payments');
    assert.deepEqual((await server.ask(`/incidents/${incident.id}`)).body, { incident });
    assert.deepEqual((await server.ask('/incidents/1001')).body, { incident });
  });

  it('opens none beside an open one with the same key on the same service', async () => {
    const first = await create({ incident_key: 'k' });
    await refuses(server.ask('/incidents', { body: fresh({ incident_key: 'k' }) }), 400, {
      message: 'Arguments Caused Error',
      code: 2002,
      errors: ['Open incident with matching dedup key already exists on this service'],
    });
    const other = { id: store.services[1]?.id, type: 'service_reference' };
    await create({ incident_key: 'k', service: other });
    await change(first.id, { status: 'resolved' });
    await create({ incident_key: 'k' });
    assert.equal(store.incidents.length, 3);
  });

  it('takes it through acknowledged and resolved, and opens it again as published', async () => {
    const { id } = await create();
    now += minute;
    const taken = await change(id, { status: 'acknowledged' });
    assert.deepEqual(
      [taken.status, taken.acknowledgements.map(({ acknowledger }) => acknowledger.summary)],
      ['acknowledged', ['Ana Lima']],
    );
    assert.equal(taken.last_status_change_by.summary, 'Ana Lima');
    const done = await change(id, { status: 'resolved', resolution: 'scaled' });
    assert.deepEqual(
      [done.status, done.resolved_at, done.assignments, done.acknowledgements],
      ['resolved', '2026-11-23T12:01:00Z', [], []],
    );
    const already = { message: 'Incident Already Resolved', code: 1001 };
    await refuses(put(id, { status: 'resolved' }), 400, already);
    store.reopensResolved = false;
    await refuses(put(id, { status: 'acknowledged' }), 400, already);
    store.reopensResolved = true;
    const again = await change(id, { status: 'acknowledged' });
    assert.deepEqual([again.status, again.resolved_at], ['acknowledged', null]);
  });

  it('changes title, priority, urgency and level', async () => {
    const { id } = await create();
    const changed = await change(id, {
      title: 'Payments slow',
      priority: 'P1',
      urgency: 'low',
      escalation_level: 2,
    });
    assert.deepEqual(
      [
        changed.title,
        changed.priority?.summary,
        changed.urgency,
        changed.assignments.map(({ assignee }) => assignee.summary),
      ],
      ['Payments slow', 'P1', 'low', ['Ben Okafor', 'Chloe Martin']],
    );
    const ben = { assignee: { id: store.users[1]?.id, type: 'user_reference' } };
    const direct = await change(id, { assignments: [ben] });
    assert.deepEqual(
      direct.assignments.map(({ assignee }) => assignee.summary),
      ['Ben Okafor'],
    );
  });

  it('changes several together or none', async () => {
    const [one, two] = [await create(), await create()];
    const bulk = (incidents: unknown) => server.ask('/incidents', { method: 'PUT', body: { incidents } });
    const item = (id: string, status: string) => ({ id, type: 'incident_reference', status });
    await refuses(bulk([item(one.id, 'resolved'), item(two.id, 'closed')]), 400, {
      message: 'Invalid Status Provided',
      code: 1003,
    });
    assert.deepEqual(await titles('?statuses[]=resolved'), []);
    assert.equal((await bulk([item(one.id, 'resolved'), item(two.id, 'acknowledged')])).status, 200);
    assert.deepEqual(
      store.incidents.map(({ status }) => status),
      ['resolved', 'acknowledged'],
    );
    const many = Array.from({ length: 251 }, () => item(one.id, 'acknowledged'));
    assert.equal((await bulk(many)).status, 413);
  });

  it('keeps notes and asks responders', async () => {
    const { id } = await create();
    const note = await server.ask(`/incidents/${id}/notes`, {
      body: { note: { content: 'Scaling to eight.' } },
    });
    assert.equal(note.status, 200);
    const { body } = await server.ask(`/incidents/${id}/notes`);
    const [kept] = (body as { notes: { content: string; user: Named; created_at: string }[] }).notes;
    assert.deepEqual(
      [kept?.content, kept?.user.summary, kept?.created_at],
      ['Scaling to eight.', 'Ana Lima', '2026-11-23T12:00:00Z'],
    );
    await refuses(server.ask(`/incidents/${id}/notes`, { body: { note: { content: ' ' } } }), 400, {
      message: 'Invalid Input Provided',
      code: 2001,
      errors: ['Content cannot be empty.'],
    });

    const policy = store.escalationPolicies[0]?.id ?? '';
    const request = {
      requester_id: store.users[1]?.id,
      message: 'Please help',
      responder_request_targets: [
        { responder_request_target: { id: store.users[2]?.id, type: 'user_reference' } },
        { responder_request_target: { id: policy, type: 'escalation_policy_reference' } },
      ],
    };
    const ask = (with_: unknown, headers = {}) =>
      server.ask(`/incidents/${id}/responder_requests`, { body: with_, headers });
    const asked = await ask(request, { from: '' });
    assert.equal(asked.status, 200);
    const made = (asked.body as { responder_request: { message: string; requester: Named } })
      .responder_request;
    assert.deepEqual([made.message, made.requester.summary], ['Please help', 'Ben Okafor']);
    const { incident } = (await server.ask(`/incidents/${id}`)).body as {
      incident: { incidents_responders: { state: string; user: Named }[] };
    };
    assert.deepEqual(
      incident.incidents_responders.map(({ state, user }) => [state, user.summary]),
      [
        ['pending', 'Chloe Martin'],
        ['pending', 'Ana Lima'],
      ],
    );
    await refuses(ask({}), 400, {
      message: 'Invalid Input Provided',
      code: 2001,
      errors: [
        'Requester cannot be empty.',
        'Message cannot be empty.',
        'Responder request targets cannot be empty.',
      ],
    });
    store.abilities.delete('coordinated_responding');
    await refuses(ask(request), 402, {
      message: 'Missing Account Ability',
      code: 2014,
      errors: ['coordinated_responding'],
    });
  });

  it('lists by status, service, key, time and person, sorted and in pages', async () => {
    await create({ title: 'old', incident_key: 'k1' });
    now += 40 * 24 * 60 * minute;
    const second = await create({ title: 'second', urgency: 'low' });
    now += minute;
    store.trigger({ service: store.services[1]?.id ?? '', title: 'from an alert', alertKey: 'k2' });
    await change(second.id, { status: 'acknowledged' });
    assert.deepEqual(await titles(''), ['second', 'from an alert'], 'of the last month');
    assert.deepEqual(await titles('?date_range=all'), ['old', 'second', 'from an alert']);
    assert.deepEqual(await titles('?statuses[]=acknowledged&statuses[]=resolved'), ['second']);
    assert.deepEqual(await titles(`?service_ids[]=${store.services[1]?.id ?? ''}`), ['from an alert']);
    assert.deepEqual(await titles('?date_range=all&incident_key=k1'), ['old']);
    assert.deepEqual(await titles('?incident_key=k2'), ['from an alert'], "an alert's key counts");
    assert.equal((await list('?incident_key=k2')).incidents[0]?.incident_key, null);
    assert.deepEqual(await titles('?urgencies[]=low'), ['second']);
    assert.deepEqual(await titles(`?user_ids[]=${store.users[2]?.id ?? ''}`), []);
    assert.deepEqual(await titles('?sort_by=created_at:desc'), ['from an alert', 'second']);
    assert.deepEqual(await titles('?sort_by=urgency:desc,incident_number:desc&date_range=all'), [
      'from an alert',
      'old',
      'second',
    ]);
    const until = new Date(noon + minute).toISOString();
    assert.deepEqual(await titles(`?until=${until}`), ['old']);
    const { incidents, ...page } = await list('?date_range=all&limit=2&total=true');
    assert.deepEqual(page, { limit: 2, offset: 0, more: true, total: 3 });
    assert.equal(incidents.length, 2);
    const { incidents: rest, ...last } = await list('?date_range=all&limit=2&offset=2');
    assert.deepEqual(last, { limit: 2, offset: 2, more: false, total: null });
    assert.deepEqual(
      rest.map(({ title }) => title),
      ['from an alert'],
    );
  });
});
