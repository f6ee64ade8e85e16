import assert from 'node:assert/strict';
import { createStatuspageServer } from '../../../../../src/simulator/systems/statuspage/statuspageServer.ts';
import type { StatuspageStore } from '../../../../../src/simulator/systems/statuspage/statuspageStore.ts';
import { createStatuspageStore } from '../../../../../src/simulator/systems/statuspage/statuspageStore.ts';
import type { ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

const noon = Date.UTC(2026, 10, 23, 12);

interface Incident {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly impact: string;
  readonly impact_override: string | null;
  readonly resolved_at: string | null;
  readonly metadata: unknown;
  readonly components: readonly { name: string; status: string }[];
  readonly incident_updates: readonly {
    body: string;
    status: string;
    deliver_notifications: boolean;
    affected_components: unknown;
  }[];
}

describe('the simulated Statuspage', () => {
  let now: number;
  let store: StatuspageStore;
  let server: ServedServer;
  let page: string;
  beforeEach(async () => {
    now = noon;
    store = createStatuspageStore(() => now);
    server = await serveStore(createStatuspageServer(store), { authorization: `OAuth ${store.token}` });
    page = `/v1/pages/${store.pages[0]?.id ?? ''}`;
  });
  afterEach(() => server.close());

  const create = async (incident: Record<string, unknown>) => {
    const answer = await server.ask(`${page}/incidents`, { body: { incident } });
    assert.equal(answer.status, 201);
    return answer.body as Incident;
  };
  const update = async (id: string, incident: Record<string, unknown>) => {
    const answer = await server.ask(`${page}/incidents/${id}`, { method: 'PATCH', body: { incident } });
    assert.equal(answer.status, 200);
    return answer.body as Incident;
  };
  const names = async (path: string) => {
    const { status, body } = await server.ask(page + path);
    assert.equal(status, 200);
    return (body as Incident[]).map(({ name }) => name);
  };
  const component = (name: string): string =>
    store.components.find((one) => one.name === name)?.id ?? assert.fail(name);

  it('has one page with its components', async () => {
    const { body } = await server.ask('/v1/pages');
    assert.deepEqual(
      (body as { name: string; id: string }[]).map(({ name }) => name),
      ['Example Shop'],
    );
    assert.equal(((await server.ask(`${page}.json`)).body as { name: string }).name, 'Example Shop');
    assert.deepEqual(await names('/components'), ['Payments', 'Checkout', 'Catalogue', 'Search']);
    assert.deepEqual(await names('/components?per_page=3&page=2'), ['Search']);
  });

  it('carries an incident from its first word to its end, changing components on the way', async () => {
    const made = await create({
      name: 'Payments failing',
      body: 'We are looking into it.',
      component_ids: [component('Payments'), component('Checkout')],
      components: { [component('Payments')]: 'major_outage' },
      metadata: { incident: { id: '2026-11-23-0001' } },
      deliver_notifications: false,
    });
    assert.deepEqual([made.status, made.impact, made.impact_override], ['investigating', 'critical', null]);
    assert.deepEqual(made.metadata, { incident: { id: '2026-11-23-0001' } });
    assert.deepEqual(
      made.components.map(({ name, status }) => [name, status]),
      [
        ['Payments', 'major_outage'],
        ['Checkout', 'operational'],
      ],
    );
    assert.deepEqual(made.incident_updates[0]?.affected_components, [
      {
        code: component('Payments'),
        name: 'Payments',
        old_status: 'operational',
        new_status: 'major_outage',
      },
    ]);
    assert.deepEqual(store.notifications, []);
    assert.deepEqual(await names('/incidents/unresolved'), ['Payments failing']);

    now += 60_000;
    await update(made.id, { status: 'monitoring', body: 'A fix is out.' });
    const done = await update(made.id, {
      status: 'resolved',
      body: 'All is well.',
      components: { [component('Payments')]: 'operational' },
      deliver_notifications: false,
    });
    assert.equal(done.resolved_at, '2026-11-23T12:01:00.000Z');
    assert.deepEqual(
      done.incident_updates.map(({ status, body }) => [status, body]),
      [
        ['resolved', 'All is well.'],
        ['monitoring', 'A fix is out.'],
        ['investigating', 'We are looking into it.'],
      ],
    );
    assert.deepEqual(
      store.notifications.map(({ body, at }) => [body, at]),
      [['A fix is out.', '2026-11-23T12:01:00.000Z']],
      'left out means yes',
    );
    assert.deepEqual(await names('/incidents/unresolved'), []);
    assert.deepEqual((await server.ask(`${page}/incidents/${made.id}`)).body, done);
    assert.equal(store.components.find(({ name }) => name === 'Payments')?.status, 'operational');
  });

  it('lists incidents newest first, in pages, and by words', async () => {
    for (const name of ['first', 'second', 'third']) await create({ name, body: `about ${name}` });
    assert.deepEqual(await names('/incidents'), ['third', 'second', 'first']);
    assert.deepEqual(await names('/incidents?limit=2'), ['third', 'second']);
    assert.deepEqual(await names('/incidents?limit=2&page=2'), ['first']);
    assert.deepEqual(await names('/incidents?q=ABOUT%20second'), ['second']);
    assert.deepEqual(await names('/incidents/unresolved?per_page=1&page=3'), ['first']);
    assert.equal((await server.ask(`${page}/incidents?limit=101`)).status, 400);
    assert.equal((await server.ask(`${page}/incidents?limit=many`)).status, 400);
  });

  it('makes two of a request that came twice: there is no key', async () => {
    await create({ name: 'Payments failing' });
    await create({ name: 'Payments failing' });
    assert.equal(store.incidents.length, 2);
  });

  const long = (length: number): string => 'x'.repeat(length);
  const refusals: readonly (readonly [string, unknown, number, unknown])[] = [
    ['no incident', {}, 400, 'incident is missing'],
    ['no name', { incident: { body: 'b' } }, 422, ["Name can't be blank"]],
    ['a blank name', { incident: { name: ' ' } }, 422, ["Name can't be blank"]],
    [
      'a name and a body that are too long',
      { incident: { name: long(256), body: long(25_001) } },
      422,
      ['Name is too long (maximum is 255 characters)', 'Body is too long (maximum is 25000 characters)'],
    ],
    [
      'an unknown status',
      { incident: { name: 'n', status: 'open' } },
      400,
      'incident[status] does not have a valid value',
    ],
    [
      'an unknown impact',
      { incident: { name: 'n', impact_override: 'huge' } },
      400,
      'incident[impact_override] does not have a valid value',
    ],
    [
      'a text for a boolean',
      { incident: { name: 'n', deliver_notifications: 'no' } },
      400,
      'incident[deliver_notifications] is invalid',
    ],
    [
      'metadata with a text on top',
      { incident: { name: 'n', metadata: { id: 'x' } } },
      422,
      ['Metadata top level values must be objects'],
    ],
    [
      'a component of another page',
      { incident: { name: 'n', component_ids: ['nosuch'] } },
      422,
      ['Components not found on this page: nosuch'],
    ],
    [
      'a list for the map of components',
      { incident: { name: 'n', components: ['x'] } },
      400,
      'incident[components] is invalid',
    ],
    [
      'a component status that is none',
      { incident: { name: 'n', components: { x: 'down' } } },
      400,
      'incident[components] does not have a valid value',
    ],
    [
      'a maintenance without times',
      { incident: { name: 'n', status: 'scheduled' } },
      422,
      ['Scheduled for and scheduled until are required for a maintenance'],
    ],
  ];
  for (const [what, body, status, error] of refusals)
    it(`refuses ${what}`, async () => {
      const answer = await server.ask(`${page}/incidents`, { body });
      assert.equal(answer.status, status);
      assert.deepEqual(answer.body, { error });
      assert.deepEqual([store.incidents, store.notifications], [[], []]);
    });

  it('refuses a JSON body that does not say it is one', async () => {
    const body = JSON.stringify({ incident: { name: 'n' } });
    const headers = { 'content-type': 'text/plain' };
    const answer = await server.ask(`${page}/incidents`, { body, headers });
    assert.deepEqual([answer.status, answer.body], [400, { error: 'incident is missing' }]);
  });

  it('knows its pages and incidents, and nobody without a key', async () => {
    const error = 'The requested resource could not be found.';
    for (const path of ['/v1/pages/nosuch', `${page}/incidents/nosuch`, '/v1/nosuch']) {
      const answer = await server.ask(path);
      assert.deepEqual([answer.status, answer.body], [404, { error }], path);
    }
    for (const authorization of ['', `Bearer ${store.token}`, 'OAuth another-word']) {
      const answer = await server.ask('/v1/pages', { headers: { authorization } });
      assert.deepEqual([answer.status, answer.body], [401, { error: 'Could not authenticate' }]);
    }
    const byQuery = await server.ask(`/v1/pages?api_key=${store.token}`, { headers: { authorization: '' } });
    assert.equal(byQuery.status, 200);
  });

  it('takes sixty requests in any minute, and says when the next may come', async () => {
    for (let i = 0; i < 60; i += 1) {
      assert.equal((await server.ask('/v1/pages')).status, 200);
      now += 500;
    }
    const refused = await server.ask('/v1/pages');
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '30']);
    store.limit.status = 420;
    assert.equal((await server.ask('/v1/pages')).status, 420);
    now += 30_000;
    assert.equal((await server.ask('/v1/pages')).status, 200);
    assert.equal(store.requests.length, 63);
  });
});
