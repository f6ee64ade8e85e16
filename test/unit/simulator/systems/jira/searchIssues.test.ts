import assert from 'node:assert/strict';
import type { Answer, JiraUnderTest } from './jiraCalls.ts';
import { basic, messagesOf, paragraph, startJira } from './jiraCalls.ts';

interface Found {
  issues: { id: string; key?: string; fields?: Record<string, unknown> }[];
  isLast: boolean;
  nextPageToken?: string;
}

describe('the search of the simulated Jira', () => {
  let jira: JiraUnderTest;
  beforeEach(async () => {
    jira = await startJira();
  });
  afterEach(() => jira.dispose());
  const search = (jql: unknown, more: Record<string, unknown> = {}): Promise<Answer> =>
    jira.call('POST', '/search/jql', { jql, ...more });
  const found = async (jql: string, more: Record<string, unknown> = {}): Promise<Found> => {
    const { status, body } = await search(jql, more);
    assert.equal(status, 200, JSON.stringify(body));
    return body as unknown as Found;
  };
  const summaries = async (jql: string): Promise<unknown[]> =>
    (await found(jql, { fields: ['summary'] })).issues.map(({ fields }) => fields?.['summary']);
  const add = (summary: string, more = {}) => jira.store.addIssue(jira.project, { summary, ...more });

  it('is not at the old address any more', async () => {
    for (const gone of [
      await jira.call('GET', '/search?jql=project%3DOPS'),
      await jira.call('POST', '/search', { jql: 'project = OPS' }),
    ]) {
      assert.equal(gone.status, 410);
      assert.match(messagesOf(gone)[0] ?? '', /^The requested API has been removed\. Please migrate to/);
    }
  });

  it('finds an issue by project and label, later than it was made', async () => {
    jira.store.index.lag = 10_000;
    const query = 'project = OPS AND labels = "incident-01ABC"';
    const made = await jira.call('POST', '/issue', {
      fields: {
        project: { key: 'OPS' },
        issuetype: { name: 'Task' },
        summary: 'mine',
        labels: ['incident-01ABC'],
      },
    });
    const id = String(made.body['id']);
    assert.deepEqual((await found(query)).issues, [], 'not indexed yet');
    assert.equal((await jira.call('GET', '/issue/OPS-1')).status, 200, 'but there by its key');
    assert.deepEqual(
      (await found(query, { reconcileIssues: [Number(id)] })).issues,
      [{ id }],
      'and where it is asked for by its id',
    );
    jira.advance(9_999);
    assert.deepEqual((await found(query)).issues, []);
    jira.advance(1);
    assert.deepEqual((await found(query)).issues, [{ id }]);
    const issue = jira.store.issues.get(id);
    assert.ok(issue);
    jira.store.deleteIssue(issue);
    assert.equal((await found(query)).issues.length, 1, 'a deletion is late as well');
    assert.equal((await found(query, { reconcileIssues: [Number(id)] })).issues.length, 0);
    jira.advance(10_000);
    assert.equal((await found(query)).issues.length, 0);
  });

  it('gives ids alone unless fields are named', async () => {
    const { id } = add('x', { labels: ['a'] });
    assert.deepEqual((await found('project = OPS')).issues, [{ id }]);
    const [named] = (await found('project = OPS', { fields: ['summary', 'labels'] })).issues;
    assert.equal(named?.key, 'OPS-1');
    assert.deepEqual(named.fields, { summary: 'x', labels: ['a'] });
    const [all] = (await found('project = OPS', { fields: ['*all', '-labels'] })).issues;
    assert.equal(all?.fields?.['labels'], undefined);
    assert.ok(all?.fields?.['status']);
  });

  it('goes page by page behind a token, without a total', async () => {
    for (const n of [1, 2, 3, 4, 5]) add(`n${n}`);
    const seen: string[] = [];
    let nextPageToken: string | undefined;
    do {
      const page: Found = await found('project = OPS ORDER BY created ASC', {
        fields: ['summary'],
        maxResults: 2,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      });
      assert.equal('total' in page, false);
      assert.equal(page.isLast, page.nextPageToken === undefined);
      seen.push(...page.issues.map(({ key }) => key ?? ''));
      ({ nextPageToken } = page);
    } while (nextPageToken !== undefined);
    assert.deepEqual(seen, ['OPS-1', 'OPS-2', 'OPS-3', 'OPS-4', 'OPS-5']);
    jira.store.mostPerPage = 3;
    assert.equal((await found('project = OPS', { fields: ['summary'], maxResults: 100 })).issues.length, 3);
    for (const more of [{ nextPageToken: 'x' }, { maxResults: 0 }, { maxResults: 5001 }, { startAt: 1 }])
      assert.equal((await search('project = OPS', more)).status, 400, JSON.stringify(more));
    const byQuery = await jira.call(
      'GET',
      `/search/jql?jql=${encodeURIComponent('project = OPS')}&fields=summary,labels&maxResults=1`,
    );
    assert.equal((byQuery.body as unknown as Found).issues[0]?.key, 'OPS-5');
  });

  it('understands clauses, words, times, and, or, not and order', async () => {
    const [todo, , done] = jira.project.statuses;
    const [task, bug] = jira.project.issueTypes;
    add('alpha', { labels: ['a', 'x.y'], status: done, issueType: bug });
    jira.advance(3_600_000);
    const beta = add('beta', {
      labels: ['b'],
      status: todo,
      issueType: task,
      description: paragraph('some words here'),
    });
    jira.store.addComment(beta, jira.account.accountId, paragraph('a remark'));
    add('gamma');
    for (const [jql, wanted] of [
      ['project = OPS', ['gamma', 'beta', 'alpha']],
      ['project in (ops) and labels in (a, b)', ['beta', 'alpha']],
      ["labels = 'x.y'", ['alpha']],
      ['project = OPS AND labels != a', ['beta']],
      ['project = OPS AND labels not in (b)', ['alpha']],
      ['project = OPS AND NOT labels = a', ['gamma', 'beta']],
      ['status = Done', ['alpha']],
      ['statusCategory != Done AND project = OPS', ['gamma', 'beta']],
      ['issuetype = Bug OR key = OPS-3', ['gamma', 'alpha']],
      ['project = OPS AND (labels = a OR labels = b) AND status = "To Do"', ['beta']],
      ['summary ~ "GAMMA"', ['gamma']],
      ['description ~ "words here"', ['beta']],
      ['text ~ remark', ['beta']],
      ['project = OPS AND summary !~ beta', ['gamma', 'alpha']],
      ['created >= -30m', ['gamma', 'beta']],
      ['created < "2026-11-23 10:30"', ['alpha']],
      ['updated >= "2026-11-24"', []],
      ['project = OPS ORDER BY created ASC', ['alpha', 'beta', 'gamma']],
      ['project = OPS order by updated desc', ['gamma', 'beta', 'alpha']],
    ] as const)
      assert.deepEqual(await summaries(jql), wanted, jql);
  });

  it('refuses what it does not understand, or what has no bounds', async () => {
    for (const [jql, said] of [
      ['', /^Unbounded JQL queries are not allowed here/],
      ['order by created', /^Unbounded JQL queries are not allowed here/],
      ['project = NONE', /^The value 'NONE' does not exist for the field 'project'\.$/],
      ['severity = 1', /^Field 'severity' does not exist or you do not have permission to view it\.$/],
      ['labels = a.b', /^Error in the JQL Query: The character '\.' is a reserved JQL character.*'\\u002e'/],
      ['labels = "a" labels = "b"', /Expecting either 'OR' or 'AND' but got 'labels'. \(line 1, character/],
      ['labels =', /Expecting a value before the end/],
      ['labels in a', /Expecting '\(' but got 'a'/],
      ['labels', /Expecting an operator before the end/],
      ['labels ~ a', /^The operator '~' is not supported by the 'labels' field\.$/],
      ['summary = a', /^The operator '=' is not supported by the 'summary' field\.$/],
      ['created >= yesterday', /^Date value 'yesterday' .* is invalid\.$/],
      ['created ~ a', /^The operator '~' is not supported/],
      ['(labels = a', /Expecting '\)' before the end/],
    ] as const) {
      const refused = await search(jql);
      assert.equal(refused.status, 400, jql);
      assert.match(messagesOf(refused)[0] ?? '', said, jql);
    }
    for (const more of [
      { fields: 'summary' },
      { reconcileIssues: ['x'] },
      { reconcileIssues: Array(51).fill(1) },
      { jql: 7 },
    ])
      assert.equal((await search('project = OPS', more)).status, 400, JSON.stringify(more));
  });

  it('shows an account what it may browse', async () => {
    add('shown');
    const other = jira.store.addAccount('other@example.com', 'Other', 'other-word');
    const secret = jira.store.addProject('SEC', [other]);
    jira.store.addIssue(secret, { summary: 'hidden' });
    assert.deepEqual(await summaries('status = "To Do"'), ['shown']);
    const byOther = await jira.call(
      'POST',
      '/search/jql',
      { jql: 'project = SEC', fields: ['summary'] },
      { authorization: basic('other@example.com', 'other-word') },
    );
    assert.equal((byOther.body as unknown as Found).issues[0]?.key, 'SEC-1');
  });
});
