import assert from 'node:assert/strict';
import type { Answer, GitHubUnderTest } from './gitHubCalls.ts';
import { listOf, problemOf, startGitHub } from './gitHubCalls.ts';

describe('issues of the simulated GitHub', () => {
  let github: GitHubUnderTest;
  beforeEach(async () => {
    github = await startGitHub();
  });
  afterEach(() => github.dispose());
  const issues = '/repos/acme/incidents/issues';
  const create = (body: unknown): Promise<Answer> => github.call('POST', issues, body);
  const labelNames = (body: unknown): string[] =>
    (body as { labels: { name: string }[] }).labels.map(({ name }) => name);

  it('are created with labels, which are created with them', async () => {
    const made = await create({
      title: 'SEV2 Payments failing',
      body: 'Since 10:00',
      labels: ['incident', { name: 'SEV2' }, 'BUG'],
      assignees: ['responder'],
    });
    assert.equal(made.status, 201);
    const { body, headers } = made;
    assert.equal(body['number'], 1);
    assert.equal(headers.get('location'), body['url']);
    assert.equal(body['html_url'], 'https://github.com/acme/incidents/issues/1');
    assert.equal(body['url'], `${github.url}/repos/acme/incidents/issues/1`);
    assert.equal(body['state'], 'open');
    assert.equal(body['created_at'], '2026-11-23T10:00:00Z');
    assert.equal((body['user'] as { login: string }).login, 'responder');
    assert.deepEqual(
      labelNames(body),
      ['incident', 'SEV2', 'bug'],
      'a label that is there keeps its spelling',
    );
    assert.equal((body['assignee'] as { login: string }).login, 'responder');
    assert.equal((await create({ title: 'Another' })).body['number'], 2);
    assert.equal((await github.call('GET', `${issues}/1`)).body['title'], 'SEV2 Payments failing');
  });

  it('of somebody without push access lose labels and assignees without a word', async () => {
    github.repository.pushers.delete('responder');
    const made = await create({ title: 'x', labels: ['incident'], assignees: ['responder'] });
    assert.equal(made.status, 201);
    assert.deepEqual(made.body['labels'], []);
    assert.deepEqual(made.body['assignees'], []);
  });

  it('are checked field by field', async () => {
    const failing = async (body: unknown): Promise<unknown> => {
      const { status, body: problem } = await create(body);
      assert.equal(status, 422, JSON.stringify(problem));
      return (problem as { errors?: unknown; message: string }).errors ?? problem['message'];
    };
    assert.equal(await failing({}), 'Invalid request.\n\n"title" wasn\'t supplied.');
    assert.equal(
      await failing({ title: null }),
      "Invalid request.\n\nFor 'properties/title', nil is not a string.",
    );
    assert.equal(
      await failing({ title: 'x', body: 7 }),
      "Invalid request.\n\nFor 'properties/body', 7 is not a string.",
    );
    assert.equal(
      await failing({ title: 'x', labels: 'bug' }),
      'Invalid request.\n\nFor \'properties/labels\', "bug" is not an array.',
    );
    assert.equal(
      await failing({ title: 'x', labels: ['a', 1] }),
      "Invalid request.\n\nFor 'properties/labels/1', 1 is not a string.",
    );
    assert.deepEqual(await failing({ title: ' ' }), [
      { resource: 'Issue', code: 'missing_field', field: 'title' },
    ]);
    assert.deepEqual(await failing({ title: 'x'.repeat(257) }), [
      {
        resource: 'Issue',
        code: 'custom',
        field: 'title',
        message: 'title is too long (maximum is 256 characters)',
      },
    ]);
    assert.deepEqual(await failing({ title: 'x', body: 'x'.repeat(65_537) }), [
      {
        resource: 'Issue',
        code: 'custom',
        field: 'body',
        message: 'body is too long (maximum is 65536 characters)',
      },
    ]);
    assert.deepEqual(await failing({ title: 'x', assignees: ['stranger'] }), [
      { value: 'stranger', resource: 'Issue', field: 'assignees', code: 'invalid' },
    ]);
    assert.equal(github.repository.issues.size, 0);
    const validation = await create({ title: '' });
    assert.equal(problemOf(validation).message, 'Validation Failed');
    assert.equal(
      problemOf(validation).documentation_url,
      'https://docs.github.com/rest/issues/issues#create-an-issue',
    );
  });

  it('want a JSON object', async () => {
    for (const [text, message] of [
      ['{', 'Problems parsing JSON'],
      ['[]', 'Body should be a JSON object'],
      ['', 'Problems parsing JSON'],
    ] as const) {
      const refused = await create(text);
      assert.equal(refused.status, 400);
      assert.equal(problemOf(refused).message, message);
    }
  });

  it('are closed and opened again, edited, and relabelled', async () => {
    await create({ title: 'x', labels: ['a'] });
    const patch = (body: unknown): Promise<Answer> => github.call('PATCH', `${issues}/1`, body);
    github.advance(60_000);
    const closed = await patch({ state: 'closed', state_reason: 'not_planned', labels: ['b'] });
    assert.equal(closed.body['state_reason'], 'not_planned');
    assert.equal(closed.body['closed_at'], '2026-11-23T10:01:00Z');
    assert.equal(closed.body['updated_at'], '2026-11-23T10:01:00Z');
    assert.equal((closed.body['closed_by'] as { login: string }).login, 'responder');
    assert.deepEqual(labelNames(closed.body), ['b'], 'labels of a patch replace');
    const opened = await patch({ state: 'open', title: 'y', body: null });
    assert.equal(opened.body['state_reason'], 'reopened');
    assert.equal(opened.body['closed_at'], null);
    assert.equal(opened.body['title'], 'y');
    assert.equal(opened.body['body'], null);
    assert.deepEqual(labelNames(opened.body), ['b']);
    for (const bad of [
      { state: 'shut' },
      { state_reason: 'bored' },
      { title: '' },
      { assignees: ['nobody'] },
    ])
      assert.equal((await patch(bad)).status, 422, JSON.stringify(bad));
    github.store.addIssue(github.repository, { title: 'of acme', login: 'acme' });
    github.repository.pushers.delete('responder');
    const others = await github.call('PATCH', `${issues}/2`, { title: 'mine' });
    assert.equal(others.status, 403);
    assert.equal(problemOf(others).message, 'Must have admin rights to Repository.');
  });

  it('are 404 when they never were, 410 once deleted', async () => {
    assert.equal((await github.call('GET', `${issues}/7`)).status, 404);
    const issue = github.store.addIssue(github.repository, { title: 'x' });
    github.store.deleteIssue(github.repository, issue);
    const gone = await github.call('GET', `${issues}/1`);
    assert.equal(gone.status, 410);
    assert.equal(problemOf(gone).message, 'This issue was deleted');
    assert.equal((await github.call('PATCH', `${issues}/1`, { state: 'closed' })).status, 410);
  });

  it('are listed by state, labels, creator and time, in order', async () => {
    const { store, repository } = github;
    store.addIssue(repository, { title: 'old', labels: ['incident', 'SEV1'] });
    github.advance(60_000);
    store.addIssue(repository, { title: 'done', state: 'closed', labels: ['incident'] });
    github.advance(60_000);
    store.addIssue(repository, { title: 'pull', isPullRequest: true, login: 'acme' });
    const gone = store.addIssue(repository, { title: 'gone' });
    store.deleteIssue(repository, gone);
    const titles = async (query: string): Promise<unknown[]> =>
      listOf(await github.call('GET', `${issues}?${query}`)).map(({ title }) => title);
    assert.deepEqual(await titles(''), ['pull', 'old'], 'open ones, newest first, pull requests too');
    assert.deepEqual(await titles('state=all&direction=asc'), ['old', 'done', 'pull']);
    assert.deepEqual(await titles('state=closed'), ['done']);
    assert.deepEqual(await titles('state=all&labels=Incident,sev1'), ['old'], 'all the labels, any case');
    assert.deepEqual(await titles('creator=acme'), ['pull']);
    assert.deepEqual(await titles('state=all&since=2026-11-23T10:01:00Z'), ['pull', 'done']);
    const old = repository.issues.get(1);
    assert.ok(old);
    store.addComment(repository, old, 'acme', 'x');
    github.advance(1000);
    store.changed(repository, old);
    assert.deepEqual(await titles('sort=updated'), ['old', 'pull']);
    assert.deepEqual(await titles('sort=comments&direction=asc'), ['pull', 'old']);
    const pull = listOf(await github.call('GET', `${issues}?creator=acme`))[0];
    assert.ok(pull?.['pull_request']);
    for (const bad of ['state=some', 'sort=size', 'direction=up', 'since=yesterday'])
      assert.equal((await github.call('GET', `${issues}?${bad}`)).status, 422, bad);
  });

  it('come in pages whose links a client follows', async () => {
    for (let n = 1; n <= 5; n++) github.store.addIssue(github.repository, { title: `n${n}` });
    const numbers: unknown[] = [];
    let path: string | undefined = `${issues}?per_page=2&direction=asc`;
    const links: string[] = [];
    while (path !== undefined) {
      const page: Answer = await github.call('GET', path);
      numbers.push(...listOf(page).map(({ number }) => number));
      const link = page.headers.get('link') ?? '';
      links.push([...link.matchAll(/rel="(\w+)"/g)].map(([, rel]) => rel).join(' '));
      const next = /<([^>]+)>; rel="next"/.exec(link)?.[1];
      path = next === undefined ? undefined : next.slice(github.url.length);
    }
    assert.deepEqual(numbers, [1, 2, 3, 4, 5]);
    assert.deepEqual(links, ['next last', 'prev next last first', 'prev first']);
    assert.equal((await github.call('GET', issues)).headers.get('link'), null);
    for (let n = 6; n <= 120; n++) github.store.addIssue(github.repository, { title: `n${n}` });
    assert.equal(listOf(await github.call('GET', `${issues}?per_page=500`)).length, 100);
    assert.equal(listOf(await github.call('GET', issues)).length, 30);
  });

  it('take comments, oldest first, from whoever may', async () => {
    await create({ title: 'x' });
    const comment = (body: unknown): Promise<Answer> => github.call('POST', `${issues}/1/comments`, body);
    const made = await comment({ body: 'first' });
    assert.equal(made.status, 201);
    assert.match(String(made.body['html_url']), /\/issues\/1#issuecomment-\d+$/);
    await comment({ body: 'second' });
    const listed = listOf(await github.call('GET', `${issues}/1/comments`));
    assert.deepEqual(
      listed.map(({ body }) => body),
      ['first', 'second'],
    );
    assert.equal((await github.call('GET', `${issues}/1`)).body['comments'], 2);
    github.advance(60_000);
    await comment({ body: 'third' });
    const later = await github.call('GET', `${issues}/1/comments?since=2026-11-23T10:00:30Z`);
    assert.equal(listOf(later).length, 1);
    assert.equal((await comment({})).status, 422);
    assert.equal(problemOf(await comment({ body: ' ' })).errors?.[0]?.message, 'Body cannot be blank');
    assert.equal((await comment({ body: 'x'.repeat(65_537) })).status, 422);
    const issue = github.repository.issues.get(1);
    assert.ok(issue);
    issue.isLocked = true;
    assert.equal((await comment({ body: 'may push' })).status, 201);
    github.repository.pushers.delete('responder');
    const locked = await comment({ body: 'x' });
    assert.equal(locked.status, 403);
    assert.equal(problemOf(locked).message, 'Unable to create comment because issue is locked.');
    issue.isLocked = false;
    assert.equal((await comment({ body: 'open again' })).status, 201);
  });

  it('are labelled and unlabelled', async () => {
    await create({ title: 'x', labels: ['a'] });
    const labels = `${issues}/1/labels`;
    const names = ({ body }: Answer): unknown[] =>
      (body as unknown as { name: string }[]).map(({ name }) => name);
    assert.deepEqual(names(await github.call('POST', labels, { labels: ['b', 'A'] })), ['a', 'b']);
    assert.deepEqual(names(await github.call('POST', labels, ['c d'])), ['a', 'b', 'c d']);
    assert.deepEqual(names(await github.call('GET', labels)), ['a', 'b', 'c d']);
    assert.deepEqual(names(await github.call('DELETE', `${labels}/c%20d`)), ['a', 'b']);
    const missing = await github.call('DELETE', `${labels}/zzz`);
    assert.equal(missing.status, 404);
    assert.equal(problemOf(missing).message, 'Label does not exist');
    assert.equal((await github.call('DELETE', labels)).status, 204);
    assert.deepEqual(names(await github.call('GET', labels)), []);
    github.repository.pushers.delete('responder');
    assert.equal((await github.call('POST', labels, ['x'])).status, 404);
  });

  it('have labels that a repository makes once', async () => {
    const labels = '/repos/acme/incidents/labels';
    const made = await github.call('POST', labels, { name: 'SEV1', color: 'B60205', description: 'worst' });
    assert.equal(made.status, 201);
    assert.equal(made.body['color'], 'b60205');
    assert.equal((await github.call('GET', `${labels}/sev1`)).body['name'], 'SEV1');
    assert.equal((await github.call('GET', `${labels}/sev9`)).status, 404);
    assert.equal(listOf(await github.call('GET', labels)).length, 4);
    const again = await github.call('POST', labels, { name: 'sev1' });
    assert.equal(again.status, 422);
    assert.deepEqual(problemOf(again).errors, [{ resource: 'Label', code: 'already_exists', field: 'name' }]);
    for (const [bad, field] of [
      [{ name: 'x', color: '#b60205' }, 'color'],
      [{ name: '' }, 'name'],
      [{ name: 'x'.repeat(51) }, 'name'],
      [{ name: 'x', description: 'x'.repeat(101) }, 'description'],
    ] as const) {
      const refused = await github.call('POST', labels, bad);
      assert.equal(refused.status, 422);
      assert.equal(problemOf(refused).errors?.[0]?.field, field);
    }
    assert.equal((await github.call('POST', labels, {})).status, 422);
  });
});
