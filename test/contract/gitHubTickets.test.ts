import assert from 'node:assert/strict';
import { checkGitHub } from '../../src/integrations/github/checkGitHub.ts';
import { createGitHubService } from '../../src/integrations/github/githubService.ts';
import type { ConnectedAs } from '../../src/integrations/connection.ts';
import type { GitHubRepository, GitHubToken } from '../../src/simulator/systems/github/gitHubState.ts';
import type { GitHubStore } from '../../src/simulator/systems/github/gitHubStore.ts';
import type { FaultProxy } from '../support/faultProxy.ts';
import { startFaultProxy } from '../support/faultProxy.ts';
import { simulatedGitHub } from './simulatedTickets.ts';
import type { TicketIncident, TicketSite } from './suites/ticketSite.ts';
import { delivered, refused, startIncident } from './suites/ticketSite.ts';

describe('what only GitHub does with tickets', () => {
  let site: TicketSite & { readonly store: GitHubStore };
  let store: GitHubStore;
  let repository: GitHubRepository;
  let proxy: FaultProxy;
  let incident: TicketIncident;
  beforeEach(async () => {
    site = await simulatedGitHub();
    store = site.store;
    const found = store.repositories.get(store.repository);
    assert.ok(found);
    repository = found;
    proxy = await startFaultProxy(site.url);
    incident = startIncident(site);
  });
  afterEach(async () => {
    await proxy.dispose();
    await site.dispose();
  });
  const service = createGitHubService({ tokenOf: () => Promise.resolve(site.token) });
  const create = (more = {}) => incident.deliver(service, incident.newTicket(), more);
  const comment = (text: string) =>
    incident.deliver(service, { system: 'github', act: 'comment', text }, { mark: text });
  const only = async () => {
    const [ticket, ...more] = await site.tickets(incident.words);
    assert.ok(ticket && more.length === 0);
    return ticket;
  };
  const allow = (more: Partial<GitHubToken & { kind: 'fine-grained' }>): void => {
    const token = store.tokens.get(site.token);
    assert.ok(token?.kind === 'fine-grained');
    store.tokens.set(site.token, { ...token, ...more });
  };

  it('names itself, the version it speaks, and the token as a bearer', async () => {
    delivered(await create());
    const [{ headers } = { headers: {} as Record<string, string> }] = store.requests;
    assert.equal(headers['user-agent'], 'incident-response');
    assert.equal(headers['x-github-api-version'], '2022-11-28');
    assert.equal(headers['accept'], 'application/vnd.github+json');
    assert.equal(headers['authorization'], `Bearer ${site.token}`);
  });

  it('keeps an alert from notifying people, and a person’s own words as they are', async () => {
    const title = `@acme/all ${incident.words} #12`;
    delivered(
      await incident.deliver(
        service,
        incident.newTicket({ title, body: 'Alert: @ana broke #7\n\n```\n@x\n```' }),
      ),
    );
    delivered(await comment('@ana please look at #7'));
    const ticket = await only();
    assert.equal(ticket.title, `@\u200bacme/all ${incident.words} #\u200b12`);
    assert.equal(ticket.text, 'Alert: @\u200bana broke #\u200b7\n\n```\n@x\n```');
    assert.deepEqual(ticket.comments, ['@ana please look at #7']);
  });

  it('takes the first that carries its key, not a copy of its text and not a pull request', async () => {
    delivered(await create());
    const [issue] = [...repository.issues.values()];
    assert.ok(issue);
    const { body } = issue;
    store.addIssue(repository, { title: 'Copied', body });
    assert.equal(delivered(await create({ attempt: 2, later: 60_000 })).receipt.id, '1');
    repository.issues.delete(issue.number);
    repository.issues.delete(2);
    store.addIssue(repository, { title: 'Pull request', body, isPullRequest: true });
    assert.equal(delivered(await create({ attempt: 3, later: 120_000 })).found, undefined);
    await only();
  });

  describe('limits', () => {
    for (const status of [403, 429] as const) {
      it(`waits as long as a secondary limit asks (${status})`, async () => {
        store.faults.push({ kind: 'secondary-limit', status, retryAfter: 30, times: 1 });
        const result = refused(await create());
        assert.equal(result.retry, 'automatic');
        assert.equal(result.retryAfterMs, 30_000);
        assert.match(result.failure.message, /asks to wait .*secondary rate limit/);
        assert.equal(delivered(await create({ attempt: 2, later: 30_000 })).found, undefined);
        await only();
      });

      it(`waits a minute where it does not say how long (${status})`, async () => {
        store.faults.push({ kind: 'secondary-limit', status, times: 1 });
        const result = refused(await create());
        assert.equal(result.retry, 'automatic');
        assert.equal(result.retryAfterMs, 60_000);
      });
    }

    it('waits until the hour’s calls are there again', async () => {
      const { core } = store.rates;
      Object.assign(core, { used: core.limit, reset: Math.floor(Date.now() / 1000) + 600 });
      const result = refused(await create());
      assert.equal(result.retry, 'automatic');
      assert.equal(result.failure.status, 403);
      assert.ok(result.retryAfterMs !== undefined);
      assert.ok(result.retryAfterMs > 500_000 && result.retryAfterMs <= 601_000, String(result.retryAfterMs));
    });
  });

  describe('what a token or a repository does not allow', () => {
    it('is told where issues are turned off', async () => {
      repository.hasIssues = false;
      const result = refused(await create());
      assert.equal(result.failure.code, 'conflict');
      assert.equal(result.failure.status, 410);
      assert.equal(result.retry, 'person');
      assert.match(
        result.failure.message,
        /Issues are disabled.*Turn issues on in the settings of acme\/incidents/,
      );
    });

    it('is told where the issue was deleted', async () => {
      delivered(await create());
      const [issue] = [...repository.issues.values()];
      assert.ok(issue);
      store.deleteIssue(repository, issue);
      const result = refused(await comment('Hello'));
      assert.match(result.failure.message, /acme\/incidents#1 was deleted/);
      assert.equal(result.failure.code, 'conflict');
    });

    it('is told where the repository is archived', async () => {
      repository.isArchived = true;
      const result = refused(await create());
      assert.equal(result.failure.code, 'forbidden');
      assert.match(result.failure.message, /archived so is read-only/);
    });

    it('is told where the token may not write issues, and where it does not see the repository', async () => {
      allow({ issues: 'read' });
      const forbidden = refused(await create());
      assert.equal(forbidden.failure.code, 'forbidden');
      assert.match(forbidden.failure.message, /Resource not accessible by personal access token/);
      allow({ repositories: [] });
      const unseen = refused(await create());
      assert.equal(unseen.failure.code, 'not-found');
      assert.match(unseen.failure.message, /acme\/incidents is not there or that this token does not see it/);
    });

    it('makes the issue without labels where the token may not set them, and says so', async () => {
      repository.pushers.clear();
      const { receipt } = delivered(await create());
      assert.match(receipt.detail ?? '', /without the labels incident, severity-sev2/);
      assert.deepEqual((await only()).labels, []);
    });

    it('makes the issue without labels where GitHub refuses it for them', async () => {
      proxy.fault = {
        kind: 'answer',
        status: 403,
        times: 1,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          message: 'You do not have permission to create labels on this repository.',
          errors: [{ resource: 'Repository', field: 'label', code: 'unauthorized' }],
        }),
      };
      const { receipt } = delivered(await create({ baseUrl: proxy.url }));
      assert.equal(receipt.detail, undefined);
      // The labels that it may set come afterwards.
      assert.deepEqual([...(await only()).labels].sort(), ['incident', 'severity-sev2']);
    });

    it('does not close what it may not, and says so in GitHub’s words', async () => {
      const issue = store.addIssue(repository, { title: incident.words, login: 'acme' });
      repository.pushers.clear();
      incident.receipts.set('github/create-ticket', { id: String(issue.number) });
      const result = refused(await incident.deliver(service, { system: 'github', act: 'close', text: '' }));
      assert.equal(result.failure.code, 'forbidden');
      assert.match(result.failure.message, /to close the issue.*Must have admin rights/);
      assert.equal((await only()).isOpen, true);
    });
  });

  describe('what has moved', () => {
    const moved = (status: number, path: string) =>
      ({
        kind: 'answer',
        status,
        times: 1,
        headers: { 'content-type': 'application/json', location: `${proxy.url}${path}` },
        body: JSON.stringify({ message: 'Moved Permanently', url: `${proxy.url}${path}` }),
      }) as const;

    it('is followed to where GitHub says it is, with the same request', async () => {
      proxy.fault = moved(307, '/repos/acme/incidents/issues');
      delivered(await create({ baseUrl: proxy.url }));
      await only();
      proxy.fault = moved(301, '/repos/acme/incidents/issues?state=all&per_page=100&page=1');
      const again = await create({ baseUrl: proxy.url, attempt: 2, later: 1 });
      assert.equal(delivered(again).found, true);
    });

    it('is looked for where the issue was made, not where the setting points now', async () => {
      delivered(await create());
      const other = store.addRepository('acme/other');
      store.addIssue(other, { title: 'Other' });
      allow({ repositories: [store.repository, 'acme/other'] });
      const elsewhere = { ...site, place: (baseUrl: string) => ({ baseUrl, repository: 'acme/other' }) };
      const later = startIncident(elsewhere);
      for (const [key, receipt] of incident.receipts) later.receipts.set(key, receipt);
      delivered(await later.deliver(service, { system: 'github', act: 'comment', text: 'Hello' }));
      assert.deepEqual((await only()).comments, ['Hello']);
      assert.deepEqual(other.issues.get(1)?.comments, []);
    });
  });

  describe('the connection', () => {
    const check = async (
      options: Readonly<Record<string, string>> = { repository: store.repository },
      token = site.token,
      baseUrl = site.url,
    ): Promise<ConnectedAs> => {
      const checked = await checkGitHub({ baseUrl, token, options }, new AbortController().signal);
      assert.ok(checked.ok, JSON.stringify(checked));
      return checked.value;
    };

    it('tells until when the token is good', async () => {
      assert.equal((await check()).until, undefined);
      proxy.fault = {
        kind: 'answer',
        status: 200,
        times: 1,
        headers: {
          'content-type': 'application/json',
          'github-authentication-token-expiration': '2026-12-24 08:30:00 UTC',
        },
        body: JSON.stringify({ login: 'responder' }),
      };
      assert.equal((await check({}, site.token, proxy.url)).until, '2026-12-24T08:30:00.000Z');
    });

    it('tells what stands in the way', async () => {
      assert.match((await check({})).warnings.join(), /incident\.github\.repository/);
      Object.assign(repository, { hasIssues: false, isArchived: true });
      repository.pushers.clear();
      const warnings = (await check()).warnings.join();
      assert.match(warnings, /Issues are turned off in acme\/incidents/);
      assert.match(warnings, /archived/);
      assert.match(warnings, /No write access/);
    });

    it('tells that a classic token lacks its scope', async () => {
      const classic = (...scopes: readonly string[]): void =>
        void store.tokens.set('classic-word', { kind: 'classic', login: 'responder', scopes });
      classic('repo');
      assert.deepEqual((await check(undefined, 'classic-word')).warnings, []);
      repository.isPrivate = false;
      classic('gist');
      assert.match((await check(undefined, 'classic-word')).warnings.join(), /no scope “public_repo”/);
      classic('public_repo');
      assert.deepEqual((await check(undefined, 'classic-word')).warnings, []);
    });

    it('takes the token of an app, which is nobody’s', async () => {
      proxy.fault = {
        kind: 'answer',
        status: 403,
        times: 1,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ message: 'Resource not accessible by integration' }),
      };
      const { who, warnings } = await check(undefined, site.token, proxy.url);
      assert.match(who, /App/);
      assert.deepEqual(warnings, []);
    });
  });
});
