import assert from 'node:assert/strict';
import { createGrafanaServer } from '../../../../../src/simulator/systems/grafana/grafanaServer.ts';
import type { GrafanaStore } from '../../../../../src/simulator/systems/grafana/grafanaStore.ts';
import { createGrafanaStore } from '../../../../../src/simulator/systems/grafana/grafanaStore.ts';
import type { ServedServer } from '../../../../support/servedStore.ts';
import { serveStore } from '../../../../support/servedStore.ts';

describe('the simulated Grafana', () => {
  let store: GrafanaStore;
  let server: ServedServer;
  beforeEach(async () => {
    store = createGrafanaStore(() => Date.UTC(2026, 10, 23, 12));
    server = await serveStore(createGrafanaServer(store), { authorization: `Bearer ${store.token}` });
  });
  afterEach(() => server.close());
  const titles = async (query: string) => {
    const { status, body } = await server.ask(`/api/search${query}`);
    assert.equal(status, 200);
    return (body as { title: string }[]).map(({ title }) => title);
  };

  it('finds folders and dashboards by words, tag and type, in pages', async () => {
    const dashboards = ['API Errors by Endpoint', 'Dependencies', 'Service Costs', 'Service Health'];
    assert.deepEqual(await titles(''), ['Operations', ...dashboards]);
    assert.deepEqual(await titles('?type=dash-db'), dashboards);
    assert.deepEqual(await titles('?type=dash-folder'), ['Operations']);
    assert.deepEqual(await titles('?type=dash-db&query=service'), ['Service Costs', 'Service Health']);
    assert.deepEqual(await titles('?tag=incident&tag=errors'), ['API Errors by Endpoint']);
    assert.deepEqual(await titles('?type=dash-db&limit=3'), dashboards.slice(0, 3));
    assert.deepEqual(await titles('?type=dash-db&limit=3&page=2'), dashboards.slice(3));
    assert.deepEqual(await titles('?type=dash-db&limit=many'), dashboards);
    assert.deepEqual(await titles('?folderUIDs=operations&query=costs'), []);
    assert.equal((await server.ask('/api/search?limit=5001')).status, 422);
  });

  it('gives a hit the address of its dashboard, and the dashboard its variables', async () => {
    const { body } = await server.ask('/api/search?query=Service%20Health');
    assert.deepEqual(body, [
      {
        id: 11,
        uid: 'service-health',
        orgId: 1,
        title: 'Service Health',
        uri: 'db/service-health',
        url: '/d/service-health/service-health',
        slug: '',
        type: 'dash-db',
        tags: ['incident', 'services'],
        isStarred: false,
        folderId: 1,
        folderUid: 'operations',
        folderTitle: 'Operations',
        folderUrl: '/dashboards/f/operations/operations',
        sortMeta: 0,
        isDeleted: false,
      },
    ]);
    for (const { title, uid } of store.dashboards.filter(({ tags }) => tags.includes('incident'))) {
      const found = (await server.ask(`/api/dashboards/uid/${uid}`)).body as {
        dashboard: { templating: { list: { name: string }[] } };
      };
      const names = found.dashboard.templating.list.map(({ name }) => name);
      assert.ok(names.includes('service'), title);
    }
    const missing = await server.ask('/api/dashboards/uid/nosuch');
    assert.deepEqual(
      [missing.status, missing.body],
      [404, { message: 'Dashboard not found', status: 'not-found' }],
    );
  });

  it('knows whose token it is, and nobody without one', async () => {
    const { body } = await server.ask('/api/user');
    assert.equal((body as { login: string }).login, 'sa-1-incident-response');
    assert.equal(((await server.ask('/api/org')).body as { name: string }).name, 'Example Shop');
    for (const [authorization, message] of [
      ['', 'Unauthorized'],
      ['Bearer another-word', 'Invalid API key'],
    ] as const) {
      const answer = await server.ask('/api/search', { headers: { authorization } });
      assert.equal(answer.status, 401);
      assert.equal((answer.body as { message: string }).message, message);
    }
    const health = await server.ask('/api/health', { headers: { authorization: '' } });
    assert.equal(health.status, 200);
    assert.equal((await server.ask('/api/search', { method: 'POST' })).status, 404);
  });
});
