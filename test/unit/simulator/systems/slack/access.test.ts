import assert from 'node:assert/strict';
import type { Answer, SlackUnderTest } from './slackCalls.ts';
import { channelId, startSlack, userId } from './slackCalls.ts';

describe('who may call the simulated Slack, and how', () => {
  let slack: SlackUnderTest;
  beforeEach(async () => {
    slack = await startSlack();
  });
  afterEach(() => slack.dispose());
  const bearer = () => ({ authorization: `Bearer ${slack.store.token}` });
  const body = async (answer: Response): Promise<Answer> => (await answer.json()) as Answer;

  it('says whose the token is', async () => {
    const { store } = slack;
    assert.deepEqual(await slack.call('auth.test'), {
      ok: true,
      url: store.team.url,
      team: 'Simulated',
      user: 'incident_response',
      team_id: store.team.id,
      user_id: store.app.botUser,
      bot_id: store.app.botId,
      is_enterprise_install: false,
    });
    assert.match(store.team.id, /^T[A-Z0-9]{8,}$/);
    assert.match(store.app.botUser, /^U[A-Z0-9]{8,}$/);
    const person = await slack.call('auth.test', {}, store.userToken);
    assert.equal(person['user'], 'ana');
    assert.equal('bot_id' in person, false);
  });

  it('tells no token, an unknown one, a revoked one and a deactivated account apart, with status 200', async () => {
    const none = await slack.send('auth.test', { method: 'POST' });
    assert.equal(none.status, 200);
    assert.deepEqual(await body(none), { ok: false, error: 'not_authed' });
    assert.equal((await slack.call('auth.test', {}, 'another-word')).error, 'invalid_auth');
    const known = slack.store.tokens.get(slack.store.token);
    assert.ok(known);
    known.revoked = true;
    assert.equal((await slack.call('auth.test')).error, 'token_revoked');
    known.revoked = false;
    const bot = slack.store.users.get(known.user);
    assert.ok(bot);
    bot.deleted = true;
    assert.equal((await slack.call('auth.test')).error, 'account_inactive');
  });

  it('takes a token as a form field, never from the query or a JSON body', async () => {
    const token = slack.store.token;
    const form = await slack.send('auth.test', { method: 'POST', body: new URLSearchParams({ token }) });
    assert.equal((await body(form)).ok, true);
    const query = await slack.send(`auth.test?token=${token}`, { method: 'GET' });
    assert.equal((await body(query)).error, 'not_authed');
    const json = await slack.send('auth.test', {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ token }),
    });
    assert.equal((await body(json)).error, 'not_authed');
  });

  it('names the scope that is missing and those there are, in the answer and in headers', async () => {
    slack.store.tokens.set('narrow-word', {
      kind: 'bot',
      user: slack.store.app.botUser,
      scopes: ['users:read', 'groups:read'],
      revoked: false,
    });
    const answer = await slack.send('chat.postMessage', {
      method: 'POST',
      headers: { authorization: 'Bearer narrow-word' },
      body: new URLSearchParams({ channel: channelId(slack, 'incidents'), text: 'x' }),
    });
    assert.equal(answer.headers.get('x-oauth-scopes'), 'users:read,groups:read');
    assert.equal(answer.headers.get('x-accepted-oauth-scopes'), 'chat:write');
    assert.deepEqual(await body(answer), {
      ok: false,
      error: 'missing_scope',
      needed: 'chat:write',
      provided: 'users:read,groups:read',
    });
    const info = await slack.call(
      'conversations.info',
      { channel: channelId(slack, 'general') },
      'narrow-word',
    );
    assert.equal(info.error, 'missing_scope', 'a scope for private channels shows no public one');
    assert.equal(info['needed'], 'channels:read');
    assert.equal(
      (await slack.call('users.lookupByEmail', { email: 'ana@example.com' }, 'narrow-word'))['needed'],
      'users:read.email',
    );
    const ana = await slack.call('users.info', { user: userId(slack, 'ana') }, 'narrow-word');
    assert.equal('email' in ((ana['user'] as { profile: object }).profile ?? {}), false);
  });

  it('reads JSON bodies, and refuses broken ones and other types by their names', async () => {
    const post = async (type: string | undefined, text: string) =>
      body(
        await slack.send('conversations.info', {
          method: 'POST',
          headers: { ...bearer(), ...(type === undefined ? {} : { 'content-type': type }) },
          body: new TextEncoder().encode(text),
        }),
      );
    const good = JSON.stringify({ channel: channelId(slack, 'general') });
    assert.equal((await post('application/json; charset=utf-8', good)).ok, true);
    const unmarked = await post('application/json', good);
    assert.equal(unmarked['warning'], 'missing_charset');
    assert.deepEqual(unmarked['response_metadata'], { warnings: ['missing_charset'] });
    assert.equal((await post('application/json', '{')).error, 'invalid_json');
    assert.equal((await post('application/json', '"x"')).error, 'json_not_object');
    assert.equal((await post('application/json', '[]')).error, 'json_not_object');
    assert.equal((await post('application/xml', good)).error, 'invalid_post_type');
    assert.equal((await post(undefined, good)).error, 'missing_post_type');
    assert.equal((await post('application/json; charset=latin-7', good)).error, 'invalid_charset');
  });

  it('does not read a JSON body where the page lists forms alone', async () => {
    const answer = await slack.send('users.lookupByEmail', {
      method: 'POST',
      headers: { ...bearer(), 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ email: 'ana@example.com' }),
    });
    const refused = await body(answer);
    assert.equal(refused.error, 'invalid_arguments');
    assert.deepEqual(refused['response_metadata'], { messages: ['[ERROR] missing required field: email'] });
  });

  it('answers GET as well, knows its methods, and serves nothing else', async () => {
    const channel = channelId(slack, 'general');
    const got = await slack.send(`conversations.info?channel=${channel}`, { headers: bearer() });
    assert.equal((await body(got)).ok, true);
    assert.deepEqual(await slack.call('chat.shout'), {
      ok: false,
      error: 'unknown_method',
      req_method: 'chat.shout',
    });
    assert.equal((await slack.send('auth.test', { method: 'PUT', headers: bearer() })).status, 405);
    assert.equal((await fetch(`${slack.url}/other`)).status, 404);
  });

  it('limits the rate of a method with 429 and Retry-After, as often as told', async () => {
    slack.store.faults.push({ method: 'auth.test', error: 'ratelimited', retryAfter: 30, times: 1 });
    const limited = await slack.send('auth.test', { method: 'POST', headers: bearer() });
    assert.equal(limited.status, 429);
    assert.equal(limited.headers.get('retry-after'), '30');
    assert.deepEqual(await body(limited), { ok: false, error: 'ratelimited' });
    assert.equal((await slack.call('auth.test')).ok, true);
  });

  it('fails before or after the act, as told', async () => {
    const channel = channelId(slack, 'incidents');
    const said = () => slack.store.channels.get(channel)?.messages.length;
    slack.store.faults.push({ error: 'service_unavailable', times: 1 });
    const post = () => slack.call('chat.postMessage', { channel, text: 'x' });
    assert.equal((await post()).error, 'service_unavailable');
    assert.equal(said(), 0);
    slack.store.faults.push({ error: 'fatal_error', times: 1, afterwards: true });
    assert.equal((await post()).error, 'fatal_error');
    assert.equal(said(), 1);
    assert.equal((await post()).ok, true);
    assert.deepEqual(slack.store.faults, []);
  });

  it('keeps what it was asked', async () => {
    await slack.call('conversations.info', { channel: 'C1' });
    const seen = slack.store.requests.at(-1);
    assert.equal(seen?.path, '/api/conversations.info');
    assert.equal(seen.method, 'POST');
    assert.deepEqual(seen.body, { channel: 'C1' });
    assert.equal(seen.headers.authorization, `Bearer ${slack.store.token}`);
  });
});
