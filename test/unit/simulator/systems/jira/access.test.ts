import assert from 'node:assert/strict';
import type { JiraPermission } from '../../../../../src/simulator/systems/jira/jiraState.ts';
import type { Answer, JiraUnderTest } from './jiraCalls.ts';
import { basic, errorsOf, messagesOf, paragraph, startJira } from './jiraCalls.ts';

describe('who may call the simulated Jira, and how', () => {
  let jira: JiraUnderTest;
  beforeEach(async () => {
    jira = await startJira();
  });
  afterEach(() => jira.dispose());
  const create = (headers: Record<string, string> = {}): Promise<Answer> => {
    const [type] = jira.project.issueTypes;
    return jira.call(
      'POST',
      '/issue',
      { fields: { project: { key: 'OPS' }, issuetype: { id: type?.id }, summary: 'x' } },
      headers,
    );
  };
  const wrong = { authorization: basic('responder@example.com', 'another-word') };

  it('says whose the credentials are', async () => {
    const { status, body, headers } = await jira.call('GET', '/myself');
    assert.equal(status, 200);
    assert.equal(body['accountId'], jira.account.accountId);
    assert.equal(body['emailAddress'], 'responder@example.com');
    assert.equal(body['displayName'], 'On Call');
    assert.equal(headers.get('x-aaccountid'), jira.account.accountId);
    const scoped = await fetch(`${jira.url}/ex/jira/${jira.store.cloudId}/rest/api/3/myself`, {
      headers: { authorization: basic(jira.store.email, jira.store.token) },
    });
    assert.equal(scoped.status, 200, 'the address of tokens with scopes');
  });

  it('answers wrong credentials with 401 where somebody is needed, with a sentence and no JSON', async () => {
    for (const refused of [await jira.call('GET', '/myself', undefined, wrong), await create(wrong)]) {
      assert.equal(refused.status, 401);
      assert.equal(refused.body['text'], 'Client must be authenticated to access this resource.');
      assert.equal(refused.headers.get('x-seraph-loginreason'), 'AUTHENTICATED_FAILED');
      assert.match(refused.headers.get('www-authenticate') ?? '', /^OAuth realm=/);
    }
    const revoked = jira.account.tokens.delete(jira.store.token);
    assert.equal(revoked, true);
    assert.equal((await jira.call('GET', '/myself')).status, 401);
  });

  it('lets wrong credentials look as nobody, who sees nothing', async () => {
    await create();
    const issue = await jira.call('GET', '/issue/OPS-1', undefined, wrong);
    assert.equal(issue.status, 404);
    assert.equal(issue.headers.get('x-seraph-loginreason'), 'AUTHENTICATED_FAILED');
    assert.deepEqual(issue.body, {
      errorMessages: ['Issue does not exist or you do not have permission to see it.'],
      errors: {},
    });
    const project = await jira.call('GET', '/project/OPS', undefined, wrong);
    assert.deepEqual(messagesOf(project), ["No project could be found with key 'OPS'."]);
    const search = await jira.call('POST', '/search/jql', { jql: 'project = OPS' }, wrong);
    assert.equal(search.status, 400);
    assert.deepEqual(messagesOf(search), ["The value 'OPS' does not exist for the field 'project'."]);
  });

  it('asks each permission of the project', async () => {
    await create();
    const held = jira.project.permissions.get(jira.account.accountId);
    assert.ok(held);
    const without = async (permission: JiraPermission, act: () => Promise<Answer>): Promise<Answer> => {
      held.delete(permission);
      const answer = await act();
      held.add(permission);
      return answer;
    };
    const hidden = await without('BROWSE_PROJECTS', () => create());
    assert.deepEqual(errorsOf(hidden), { project: 'Specify a valid project ID or key' });
    assert.equal((await without('BROWSE_PROJECTS', () => jira.call('GET', '/issue/OPS-1'))).status, 404);
    const creating = await without('CREATE_ISSUES', () => create());
    assert.equal(creating.status, 400);
    assert.deepEqual(messagesOf(creating), ['You do not have permission to create issues in this project.']);
    const editing = await without('EDIT_ISSUES', () =>
      jira.call('PUT', '/issue/OPS-1', { fields: { summary: 'y' } }),
    );
    assert.match(errorsOf(editing)['summary'] ?? '', /^Field 'summary' cannot be set/);
    const property = await without('EDIT_ISSUES', () =>
      jira.call('PUT', '/issue/OPS-1/properties/key', { a: 1 }),
    );
    assert.equal(property.status, 403);
    const commenting = await without('ADD_COMMENTS', () =>
      jira.call('POST', '/issue/OPS-1/comment', { body: paragraph('x') }),
    );
    assert.equal(commenting.status, 400);
    assert.match(messagesOf(commenting)[0] ?? '', /you do not have the permission to comment/);
    const linking = await without('LINK_ISSUES', () =>
      jira.call('POST', '/issue/OPS-1/remotelink', { object: { url: 'https://e.example', title: 'x' } }),
    );
    assert.equal(linking.status, 403);
    const moving = await without('TRANSITION_ISSUES', () => jira.call('GET', '/issue/OPS-1/transitions'));
    assert.deepEqual(moving.body['transitions'], []);
    const moved = await without('TRANSITION_ISSUES', () =>
      jira.call('POST', '/issue/OPS-1/transitions', { transition: { id: '31' } }),
    );
    assert.deepEqual(messagesOf(moved), ["Transition id '31' is not valid for this issue."]);
  });

  it('limits the rate with 429, Retry-After and its own headers', async () => {
    jira.store.faults.push({ kind: 'rate-limit', retryAfter: 30, times: 1, path: '/issue', method: 'POST' });
    assert.equal((await jira.call('GET', '/project/OPS')).status, 200);
    const limited = await create();
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('retry-after'), '30');
    assert.equal(limited.headers.get('x-ratelimit-reset'), '2026-11-23T10:00:30.000Z');
    assert.equal(limited.headers.get('ratelimit-reason'), 'jira-burst-based');
    assert.equal((await create()).status, 201);
  });

  it('fails before or after the act, or forbids it, as told', async () => {
    const error = { kind: 'server-error', times: 1, method: 'POST' } as const;
    jira.store.faults.push({ ...error, status: 503 });
    assert.equal((await create()).status, 503);
    assert.equal(jira.store.issues.size, 0);
    jira.store.faults.push({ ...error, status: 502, afterwards: true });
    assert.equal((await create()).status, 502);
    assert.equal(jira.store.issues.size, 1);
    jira.store.faults.push({ kind: 'forbidden', times: 1 });
    assert.equal((await create()).status, 403);
    assert.equal((await create()).status, 201);
  });

  it('takes JSON alone, from nothing that looks like a browser', async () => {
    const typed = await jira.call('POST', '/issue', '{}', { 'content-type': 'text/plain' });
    assert.equal(typed.status, 415);
    const broken = await jira.call('POST', '/issue', '{');
    assert.equal(broken.status, 400);
    assert.match(messagesOf(broken)[0] ?? '', /error parsing JSON/);
    assert.equal((await jira.call('POST', '/issue', '[]')).status, 400);
    const browser = await create({ 'user-agent': 'Mozilla/5.0 (X11)' });
    assert.equal(browser.status, 403);
    assert.equal(browser.body['text'], 'XSRF check failed');
    const marked = { 'user-agent': 'Mozilla/5.0 (X11)', 'x-atlassian-token': 'no-check' };
    assert.equal((await create(marked)).status, 201);
  });

  it('serves nothing else, and keeps what it was asked', async () => {
    assert.equal((await jira.call('GET', '/nothing')).status, 404);
    assert.equal((await fetch(`${jira.url}/rest/api/2/myself`)).status, 404);
    await create();
    const seen = jira.store.requests.at(-1);
    assert.equal(seen?.path, '/rest/api/3/issue');
    assert.equal((seen.body as { fields: { summary: string } }).fields.summary, 'x');
  });
});
