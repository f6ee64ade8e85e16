import assert from 'node:assert/strict';
import type { Answer, GitHubUnderTest } from './gitHubCalls.ts';
import { problemOf, startGitHub } from './gitHubCalls.ts';

interface Found {
  total_count: number;
  incomplete_results: boolean;
  items: { title: string }[];
}

describe('the search of the simulated GitHub', () => {
  let github: GitHubUnderTest;
  beforeEach(async () => {
    github = await startGitHub();
  });
  afterEach(() => github.dispose());
  const search = (q: string, more = ''): Promise<Answer> =>
    github.call('GET', `/search/issues?q=${encodeURIComponent(q)}${more}`);
  const titles = async (q: string): Promise<string[]> => {
    const { status, body } = await search(q);
    assert.equal(status, 200, JSON.stringify(body));
    return (body as unknown as Found).items.map(({ title }) => title);
  };
  const inRepo = 'repo:acme/incidents is:issue';

  it('finds a key in the body, later than it was written', async () => {
    github.store.index.lag = 30_000;
    await github.call('POST', '/repos/acme/incidents/issues', {
      title: 'mine',
      body: 'text\n<!-- incident-delivery: 01ABC/ticket -->',
    });
    const query = `${inRepo} in:body "incident-delivery: 01ABC/ticket"`;
    assert.deepEqual(await titles(query), [], 'not indexed yet');
    const listed = await github.call('GET', '/repos/acme/incidents/issues');
    assert.equal(listed.body['length'], 1, 'but listed at once');
    github.advance(29_999);
    assert.deepEqual(await titles(query), []);
    github.advance(1);
    assert.deepEqual(await titles(query), ['mine']);
    await github.call('PATCH', '/repos/acme/incidents/issues/1', { body: 'changed' });
    assert.deepEqual(await titles(query), ['mine'], 'a change is late as well');
    github.advance(30_000);
    assert.deepEqual(await titles(query), []);
  });

  it('matches words in order without their punctuation, so the body must be looked at', async () => {
    const add = (title: string, body: string): void =>
      void github.store.addIssue(github.repository, { title, body });
    add('exact', 'key:1-2');
    add('alike', 'The KEY 1, 2 of old');
    add('other order', '2 1 key');
    add('longer word', 'key 1 23');
    assert.deepEqual(await titles(`${inRepo} "key:1-2"`), ['alike', 'exact']);
    assert.deepEqual((await titles(`${inRepo} key 2`)).sort(), ['alike', 'exact', 'other order']);
  });

  it('looks where in: says, and knows labels, states, kinds, authors and minus', async () => {
    const { store, repository } = github;
    const one = store.addIssue(repository, { title: 'alpha', body: 'beta', labels: ['sev 1'] });
    store.addComment(repository, one, 'acme', 'gamma');
    store.addIssue(repository, { title: 'beta', state: 'closed', login: 'acme' });
    store.addIssue(repository, { title: 'pull beta', isPullRequest: true });
    assert.deepEqual(await titles(`${inRepo} in:title beta`), ['beta']);
    assert.deepEqual(await titles(`${inRepo} in:body beta`), ['alpha']);
    assert.deepEqual(await titles(`${inRepo} in:comments gamma`), ['alpha']);
    assert.deepEqual(await titles(`${inRepo} in:title,body beta`), ['beta', 'alpha']);
    assert.deepEqual(await titles(`${inRepo} label:"sev 1"`), ['alpha']);
    assert.deepEqual(await titles(`${inRepo} -label:"sev 1"`), ['beta']);
    assert.deepEqual(await titles(`${inRepo} is:closed`), ['beta']);
    assert.deepEqual(await titles(`${inRepo} state:open`), ['alpha']);
    assert.deepEqual(await titles(`${inRepo} author:acme`), ['beta']);
    assert.deepEqual(await titles('repo:acme/incidents is:pull-request'), ['pull beta']);
  });

  it('sees what the token sees', async () => {
    const secret = github.store.addRepository('acme/secret', { readers: new Set(['acme']) });
    github.store.addIssue(secret, { title: 'hidden' });
    github.store.addIssue(github.repository, { title: 'shown' });
    assert.deepEqual(await titles('is:issue'), ['shown']);
    const refused = await search('repo:acme/secret is:issue');
    assert.equal(refused.status, 422);
    assert.match(problemOf(refused).errors?.[0]?.message ?? '', /cannot be searched either because/);
  });

  it('wants a query, of one kind, not too long', async () => {
    const missing = await github.call('GET', '/search/issues');
    assert.equal(missing.status, 422);
    assert.deepEqual(problemOf(missing).errors, [{ resource: 'Search', field: 'q', code: 'missing' }]);
    const unkind = await search('repo:acme/incidents x');
    assert.equal(unkind.status, 422);
    assert.equal(problemOf(unkind).message, "Query must include 'is:issue' or 'is:pull-request'");
    const long = await search(`${inRepo} ${'x'.repeat(257)}`);
    assert.match(problemOf(long).errors?.[0]?.message ?? '', /longer than 256 characters/);
    assert.equal((await search(`${inRepo} ${'x'.repeat(256)}`)).status, 200);
  });

  it('says that it gave up, and pages through a thousand results', async () => {
    for (let n = 0; n < 3; n++) github.store.addIssue(github.repository, { title: `n${n}` });
    const page = await search(inRepo, '&per_page=2&sort=created&order=asc');
    const found = page.body as unknown as Found;
    assert.equal(found.total_count, 3);
    assert.deepEqual(
      found.items.map(({ title }) => title),
      ['n0', 'n1'],
    );
    assert.match(page.headers.get('link') ?? '', /\/search\/issues\?.*page=2>; rel="next"/);
    assert.equal((await search(inRepo, '&per_page=100&page=11')).status, 422);
    github.store.searchTimesOut = true;
    const given = (await search(inRepo)).body as unknown as Found;
    assert.equal(given.incomplete_results, true);
    assert.equal(given.items.length, 0);
  });
});
