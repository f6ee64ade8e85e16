import assert from 'node:assert/strict';
import type { JiraUnderTest } from './jiraCalls.ts';
import { errorsOf, messagesOf, paragraph, startJira } from './jiraCalls.ts';

describe('what the simulated Jira reads many of', () => {
  let jira: JiraUnderTest;
  beforeEach(async () => {
    jira = await startJira();
  });
  afterEach(() => jira.dispose());
  const create = (properties: readonly unknown[] = []) =>
    jira.call('POST', '/issue', {
      fields: { project: { key: 'OPS' }, issuetype: { name: 'Task' }, summary: 'x' },
      properties,
    });
  const fetchAll = async (body: object): Promise<readonly Record<string, unknown>[]> =>
    (await jira.call('POST', '/issue/bulkfetch', body)).body['issues'] as Record<string, unknown>[];

  it('are issues by key or id, as they are and not as the search has them', async () => {
    jira.store.index.lag = 60_000;
    await create([{ key: 'mark', value: { a: 1 } }]);
    const second = await create();
    const asked = { issueIdsOrKeys: [second.body['id'], 'ops-1', 'OPS-9', 'NONE-1'], properties: ['mark'] };
    const issues = await fetchAll({ ...asked, fields: ['summary'] });
    assert.deepEqual(
      issues.map(({ key, fields, properties }) => ({ key, fields, properties })),
      [
        { key: 'OPS-1', fields: { summary: 'x' }, properties: { mark: { a: 1 } } },
        { key: 'OPS-2', fields: { summary: 'x' }, properties: {} },
      ],
    );
    const [all] = await fetchAll({ issueIdsOrKeys: ['OPS-1'] });
    assert.ok((all?.['fields'] as { status?: unknown }).status);
    assert.equal(all?.['properties'], undefined);
  });

  it('are at most a hundred issues and five properties', async () => {
    const refusal = async (body: object) => messagesOf(await jira.call('POST', '/issue/bulkfetch', body))[0];
    assert.match((await refusal({ issueIdsOrKeys: [] })) ?? '', /Between 1 and 100/);
    const many = Array.from({ length: 101 }, (_, n) => `OPS-${n}`);
    assert.match((await refusal({ issueIdsOrKeys: many })) ?? '', /Between 1 and 100/);
    await create();
    const properties = ['a', 'b', 'c', 'd', 'e', 'f'];
    assert.match((await refusal({ issueIdsOrKeys: ['OPS-1'], properties })) ?? '', /No more than 5/);
  });

  it('are issues of a search with the properties asked for', async () => {
    await create([{ key: 'mark', value: 7 }]);
    const search = async (properties?: readonly string[]) => {
      const body = { jql: 'project = OPS', fields: ['summary'], ...(properties ? { properties } : {}) };
      const answer = await jira.call('POST', '/search/jql', body);
      return (answer.body['issues'] as { properties?: unknown }[])[0]?.properties;
    };
    assert.deepEqual(await search(['mark', 'other']), { mark: 7 });
    assert.equal(await search(), undefined);
  });

  it('are comments by id, with their properties where those are asked for', async () => {
    await create();
    const path = '/issue/OPS-1/comment';
    const made = await jira.call('POST', path, {
      body: paragraph('first'),
      properties: [{ key: 'mark', value: { a: 1 } }],
    });
    await jira.call('POST', path, { body: paragraph('second') });
    const ids = [Number(made.body['id']), 999];
    const list = async (query: string) => {
      const { body } = await jira.call('POST', `/comment/list${query}`, { ids });
      return (body['values'] as { id: string; properties?: unknown }[]).map(({ id, properties }) => ({
        id,
        properties,
      }));
    };
    const id = made.body['id'];
    assert.deepEqual(await list('?expand=properties'), [
      { id, properties: [{ key: 'mark', value: { a: 1 } }] },
    ]);
    assert.deepEqual(await list(''), [{ id, properties: undefined }]);
    const listed = await jira.call('GET', path);
    assert.equal((listed.body['comments'] as { properties?: unknown }[])[0]?.properties, undefined);
    assert.equal((await jira.call('POST', '/comment/list', { ids: ['1'] })).status, 400);
  });

  it('are permissions by name', async () => {
    const ask = (query: string) => jira.call('GET', `/mypermissions${query}`);
    jira.project.permissions.get(jira.account.accountId)?.delete('EDIT_ISSUES');
    const { body } = await ask('?projectKey=OPS&permissions=EDIT_ISSUES,CREATE_ISSUES');
    const held = Object.entries(body['permissions'] as Record<string, { havePermission: boolean }>);
    assert.deepEqual(held.map(([key, { havePermission }]) => [key, havePermission]).sort(), [
      ['CREATE_ISSUES', true],
      ['EDIT_ISSUES', false],
    ]);
    assert.equal((await ask('?projectKey=OPS')).status, 400);
    assert.match(messagesOf(await ask('?projectKey=OPS&permissions=FLY'))[0] ?? '', /FLY/);
    assert.equal((await ask('?projectKey=NONE&permissions=EDIT_ISSUES')).status, 404);
  });

  it('are fields of a transition’s screen, which must then be given', async () => {
    await create();
    jira.project.transitions = [
      { id: '31', name: 'Done', to: '10002', required: { resolution: ['Fixed', 'Done'] } },
    ];
    const path = '/issue/OPS-1/transitions';
    const listed = await jira.call('GET', `${path}?expand=transitions.fields`);
    const [transition] = listed.body['transitions'] as { hasScreen: boolean; fields: unknown }[];
    assert.equal(transition?.hasScreen, true);
    assert.deepEqual(
      (transition?.fields as Record<string, { allowedValues: unknown }>)['resolution']?.allowedValues,
      [
        { id: '1', name: 'Fixed' },
        { id: '2', name: 'Done' },
      ],
    );
    const move = (fields?: object) =>
      jira.call('POST', path, { transition: { id: '31' }, ...(fields ? { fields } : {}) });
    assert.deepEqual(errorsOf(await move()), { resolution: 'resolution is required.' });
    assert.equal((await move({ resolution: { id: '7' } })).status, 400);
    assert.equal((await move({ resolution: { name: 'Done' } })).status, 204);
  });

  it('is the site’s own address behind the gateway', async () => {
    const { body } = await jira.call('GET', '/serverInfo');
    assert.equal(body['baseUrl'], jira.url);
    const gateway = await fetch(`${jira.url}/ex/jira/${jira.store.cloudId}/rest/api/3/serverInfo`);
    assert.equal(((await gateway.json()) as { baseUrl: string }).baseUrl, jira.url);
  });
});
