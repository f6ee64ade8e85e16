import assert from 'node:assert/strict';
import type { WebAPICallError } from '@slack/web-api';
import { ErrorCode, LogLevel, WebClient } from '@slack/web-api';
import type { SlackUnderTest } from './slackCalls.ts';
import { startSlack, userId } from './slackCalls.ts';

describe("the simulated Slack under Slack's own client", () => {
  let slack: SlackUnderTest;
  let client: WebClient;
  const clientOf = (token: string) =>
    new WebClient(token, {
      slackApiUrl: `${slack.url}/api/`,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      // Its default writes warnings of the server to the console.
      logLevel: LogLevel.ERROR,
    });
  beforeEach(async () => {
    slack = await startSlack();
    client = clientOf(slack.store.token);
  });
  afterEach(() => slack.dispose());

  it('opens a channel with people, a topic and a pinned message', async () => {
    const auth = await client.auth.test();
    assert.equal(auth.user_id, slack.store.app.botUser);
    const made = await client.conversations.create({ name: 'incident-2026-11-23-0001' });
    const channel = made.channel?.id ?? '';
    await client.conversations.setTopic({ channel, topic: 'SEV2 Payments failing' });
    await client.conversations.setPurpose({ channel, purpose: 'One incident' });
    const found = await client.users.lookupByEmail({ email: 'ben@example.com' });
    await client.conversations.invite({ channel, users: found.user?.id ?? '', force: true });
    const posted = await client.chat.postMessage({
      channel,
      text: 'Runbook and links',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: '*Runbook* and links' } }],
      metadata: { event_type: 'incident_delivery', event_payload: { key: 'k1' } },
    });
    const timestamp = posted.ts ?? '';
    await client.pins.add({ channel, timestamp });
    const pins = await client.pins.list({ channel });
    assert.equal(pins.items?.[0]?.message?.ts, timestamp);
    assert.equal(pins.items[0].created_by, auth.user_id);
    const link = await client.chat.getPermalink({ channel, message_ts: timestamp });
    assert.match(link.permalink ?? '', /\/archives\//);
    const history = await client.conversations.history({ channel, include_all_metadata: true });
    const mine = history.messages?.find(({ metadata }) => metadata?.event_type === 'incident_delivery');
    assert.deepEqual(mine?.metadata?.event_payload, { key: 'k1' });
    const members = await client.conversations.members({ channel });
    assert.deepEqual(members.members, [slack.store.app.botUser, userId(slack, 'ben')]);
    await client.chat.update({ channel, ts: timestamp, text: 'Resolved' });
    await client.conversations.archive({ channel });
    const info = await client.conversations.info({ channel });
    assert.equal(info.channel?.is_archived, true);
  });

  it('walks every page with its paginator', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) slack.store.addChannel({ name });
    const names: string[] = [];
    for await (const page of client.paginate('conversations.list', { limit: 3 }))
      names.push(...(page as unknown as { channels: { name: string }[] }).channels.map(({ name }) => name));
    assert.deepEqual(names, ['general', 'incidents', 'a', 'b', 'c', 'd', 'e']);
  });

  it('learns what is refused: the error, the scope that is missing, when to come back', async () => {
    const caught = async (act: Promise<unknown>): Promise<WebAPICallError> =>
      act.then(
        () => assert.fail('it was not refused'),
        (thrown: unknown) => thrown as WebAPICallError,
      );
    const taken = await caught(client.conversations.create({ name: 'general' }));
    assert.equal(taken.code, ErrorCode.PlatformError);
    assert.equal('data' in taken && taken.data.error, 'name_taken');
    const narrow = slack.store.tokens.get(slack.store.token);
    assert.ok(narrow);
    narrow.scopes = ['channels:read'];
    const missing = await caught(client.pins.add({ channel: 'C1', timestamp: '1.000000' }));
    assert.ok('data' in missing);
    assert.deepEqual(missing.data.response_metadata?.scopes, ['channels:read']);
    assert.deepEqual(missing.data.response_metadata.acceptedScopes, ['pins:write']);
    slack.store.faults.push({ error: 'ratelimited', retryAfter: 7, times: 1 });
    const limited = await caught(client.auth.test());
    assert.equal(limited.code, ErrorCode.RateLimitedError);
    assert.equal('retryAfter' in limited && limited.retryAfter, 7);
    const wrong = await caught(clientOf('another-word').auth.test());
    assert.equal('data' in wrong && wrong.data.error, 'invalid_auth');
  });
});
