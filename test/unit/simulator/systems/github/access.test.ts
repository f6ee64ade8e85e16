import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { Answer, GitHubUnderTest } from './gitHubCalls.ts';
import { problemOf, startGitHub } from './gitHubCalls.ts';

describe('who may call the simulated GitHub, and how', () => {
  let github: GitHubUnderTest;
  beforeEach(async () => {
    github = await startGitHub();
  });
  afterEach(() => github.dispose());
  const issues = '/repos/acme/incidents/issues';
  const create = (headers: Record<string, string> = {}): Promise<Answer> =>
    github.call('POST', issues, { title: 'x' }, headers);

  it('says whose the token is, with the headers of every answer', async () => {
    const { status, body, headers } = await github.call('GET', '/user');
    assert.equal(status, 200);
    assert.equal(body['login'], 'responder');
    assert.equal(headers.get('x-github-media-type'), 'github.v3; format=json');
    assert.equal(headers.get('x-github-api-version-selected'), '2022-11-28');
    assert.ok(headers.get('x-github-request-id'));
    assert.equal(headers.get('x-ratelimit-limit'), '5000');
    assert.equal(headers.get('x-ratelimit-remaining'), '4999');
    assert.equal(headers.get('x-ratelimit-resource'), 'core');
    assert.equal(headers.get('x-ratelimit-reset'), String(Date.UTC(2026, 10, 23, 11) / 1000));
  });

  it('wants a User-Agent', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const asked = request(`${github.url}/user`, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part: string) => (text += part));
        answer.on('end', () => {
          assert.match(text, /Please make sure your request has a User-Agent header/);
          resolve(answer.statusCode);
        });
      });
      asked.on('error', reject).end();
    });
    assert.equal(status, 403);
  });

  it('tells no token and a wrong one apart', async () => {
    const wrong = await github.call('GET', '/user', undefined, { authorization: 'Bearer another-word' });
    assert.equal(wrong.status, 401);
    assert.deepEqual(wrong.body, {
      message: 'Bad credentials',
      documentation_url: 'https://docs.github.com/rest',
      status: '401',
    });
    assert.equal(
      problemOf(await github.call('GET', '/user', undefined, { authorization: 'Basic eDp5' })).message,
      'Bad credentials',
    );
    const answer = await fetch(`${github.url}/user`, { headers: { 'user-agent': 'x' } });
    assert.equal(answer.status, 401);
    assert.equal(((await answer.json()) as { message: string }).message, 'Requires authentication');
  });

  it('refuses versions and media types that it does not have', async () => {
    const version = await github.call('GET', '/user', undefined, { 'x-github-api-version': '2021-01-01' });
    assert.equal(version.status, 400);
    const newer = await github.call('GET', '/user', undefined, { 'x-github-api-version': '2026-03-10' });
    assert.equal(newer.headers.get('x-github-api-version-selected'), '2026-03-10');
    const media = await github.call('GET', '/user', undefined, { accept: 'text/xml' });
    assert.equal(media.status, 415);
    assert.match(problemOf(media).message, /Unsupported 'Accept' header/);
    assert.equal((await github.call('GET', '/user', undefined, { accept: 'text/xml, */*' })).status, 200);
  });

  it('hides repositories that an account or a token does not reach', async () => {
    github.store.addRepository('acme/secret', { readers: new Set(['acme']), pushers: new Set(['acme']) });
    const token = github.store.tokens.get(github.store.token);
    assert.ok(token?.kind === 'fine-grained');
    token.repositories = [...token.repositories, 'acme/secret'];
    github.store.addRepository('acme/unselected');
    for (const name of ['secret', 'unselected', 'none']) {
      const hidden = await github.call('GET', `/repos/acme/${name}`);
      assert.equal(hidden.status, 404);
      assert.deepEqual(hidden.body, {
        message: 'Not Found',
        documentation_url: 'https://docs.github.com/rest/repos/repos#get-a-repository',
        status: '404',
      });
    }
    const seen = await github.call('GET', '/repos/ACME/Incidents');
    assert.equal(seen.body['full_name'], 'acme/incidents');
    assert.deepEqual((seen.body['permissions'] as { push: boolean }).push, true);
    assert.equal(seen.body['has_issues'], true);
  });

  it('answers a fine-grained token without the permission with 403 and says which', async () => {
    github.store.tokens.set('reading-word', {
      kind: 'fine-grained',
      login: 'responder',
      repositories: ['acme/incidents'],
      issues: 'read',
    });
    const reading = { authorization: 'Bearer reading-word' };
    assert.equal((await github.call('GET', issues, undefined, reading)).status, 200);
    const refused = await create(reading);
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('x-accepted-github-permissions'), 'issues=write');
    assert.deepEqual(refused.body, {
      message: 'Resource not accessible by personal access token',
      documentation_url: 'https://docs.github.com/rest/issues/issues#create-an-issue',
      status: '403',
    });
    github.store.tokens.set('blind-word', {
      kind: 'fine-grained',
      login: 'responder',
      repositories: ['acme/incidents'],
      issues: 'none',
    });
    const blind = await github.call('GET', issues, undefined, { authorization: 'Bearer blind-word' });
    assert.equal(blind.headers.get('x-accepted-github-permissions'), 'issues=read');
    github.store.addRepository('acme/open', { isPrivate: false });
    const elsewhere = await github.call('POST', '/repos/acme/open/issues', { title: 'x' });
    assert.equal(elsewhere.status, 403, 'a public repository that the token was not made for');
  });

  it('tells until when a token is good, where it was made for a time', async () => {
    const expiration = async (): Promise<string | null> =>
      (await github.call('GET', '/user')).headers.get('github-authentication-token-expiration');
    assert.equal(await expiration(), null);
    const made = github.store.tokens.get(github.store.token);
    assert.equal(made?.kind, 'fine-grained');
    github.store.tokens.set(github.store.token, { ...made, expires: '2026-12-24 08:30:00 UTC' });
    assert.equal(await expiration(), '2026-12-24 08:30:00 UTC');
  });

  it('answers a classic token without the scope with 404', async () => {
    github.store.tokens.set('classic-word', { kind: 'classic', login: 'responder', scopes: ['public_repo'] });
    const classic = { authorization: 'token classic-word' };
    const hidden = await github.call('GET', '/repos/acme/incidents', undefined, classic);
    assert.equal(hidden.status, 404);
    assert.equal(hidden.headers.get('x-oauth-scopes'), 'public_repo');
    github.store.addRepository('acme/open', { isPrivate: false });
    const open = (scopes: string[]): Promise<Answer> => {
      github.store.tokens.set('classic-word', { kind: 'classic', login: 'responder', scopes });
      return github.call('POST', '/repos/acme/open/issues', { title: 'x' }, classic);
    };
    assert.equal((await open(['public_repo'])).status, 201);
    assert.equal((await open(['gist'])).status, 404);
    github.store.tokens.set('classic-word', { kind: 'classic', login: 'responder', scopes: ['repo'] });
    assert.equal((await create(classic)).status, 201);
  });

  it('says that issues are disabled, and that an archive is read-only', async () => {
    github.repository.isArchived = true;
    const archived = await create();
    assert.equal(archived.status, 403);
    assert.equal(problemOf(archived).message, 'Repository was archived so is read-only.');
    assert.equal((await github.call('GET', issues)).status, 200);
    github.repository.isArchived = false;
    github.repository.hasIssues = false;
    const disabled = await create();
    assert.equal(disabled.status, 410);
    assert.equal(problemOf(disabled).message, 'Issues are disabled for this repo');
  });

  it('counts requests and refuses when the limit is used up, until the reset', async () => {
    github.store.rates.core.used = 4999;
    assert.equal((await github.call('GET', '/user')).headers.get('x-ratelimit-remaining'), '0');
    const refused = await github.call('GET', '/user');
    assert.equal(refused.status, 403);
    assert.match(problemOf(refused).message, /^API rate limit exceeded for user ID \d+\.$/);
    assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
    assert.equal(
      (await github.call('GET', '/search/issues?q=is:issue+x')).headers.get('x-ratelimit-limit'),
      '30',
      'the search has a limit of its own',
    );
    github.advance(3_600_000);
    assert.equal((await github.call('GET', '/user')).headers.get('x-ratelimit-remaining'), '4999');
  });

  it('limits by a second rule too: 403 or 429, with Retry-After or without', async () => {
    const limit = { kind: 'secondary-limit', times: 1, method: 'POST' } as const;
    github.store.faults.push(
      { ...limit, status: 429, retryAfter: 60 },
      { ...limit, status: 403, path: '/issues' },
      { ...limit, status: 403, path: '/labels' },
    );
    assert.equal((await github.call('GET', issues)).status, 200, 'only POST is limited here');
    const first = await create();
    assert.equal(first.status, 429);
    assert.equal(first.headers.get('retry-after'), '60');
    assert.match(problemOf(first).message, /^You have exceeded a secondary rate limit/);
    assert.match(problemOf(first).documentation_url, /#about-secondary-rate-limits$/);
    const second = await create();
    assert.equal(second.status, 403);
    assert.equal(second.headers.get('retry-after'), null);
    assert.equal((await create()).status, 201);
  });

  it('fails before or after the act, as told', async () => {
    const error = { kind: 'server-error', times: 1, method: 'POST' } as const;
    github.store.faults.push({ ...error, status: 502 });
    const before = await create();
    assert.equal(before.status, 502);
    assert.deepEqual(before.body, { message: 'Server Error', status: '502' });
    assert.equal(github.repository.issues.size, 0);
    github.store.faults.push({ ...error, status: 503, afterwards: true });
    assert.equal((await create()).status, 503);
    assert.equal(github.repository.issues.size, 1);
  });

  it('answers an unchanged GET with 304', async () => {
    const first = await github.call('GET', issues);
    const etag = first.headers.get('etag') ?? '';
    assert.match(etag, /^W\/"/);
    const same = await github.call('GET', issues, undefined, { 'if-none-match': etag });
    assert.equal(same.status, 304);
    await create();
    assert.equal((await github.call('GET', issues, undefined, { 'if-none-match': etag })).status, 200);
  });

  it('serves nothing else, and keeps what it was asked', async () => {
    assert.equal((await github.call('GET', '/zen')).status, 404);
    assert.equal((await github.call('PUT', issues)).status, 404);
    await create();
    const seen = github.store.requests.at(-1);
    assert.equal(seen?.method, 'POST');
    assert.equal(seen.path, issues);
    assert.deepEqual(JSON.parse(String(seen.body)), { title: 'x' });
  });
});
