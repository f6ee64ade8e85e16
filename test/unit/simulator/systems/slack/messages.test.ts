import assert from 'node:assert/strict';
import type { SlackChannel } from '../../../../../src/simulator/systems/slack/slackState.ts';
import type { SlackUnderTest } from './slackCalls.ts';
import { channelId, startSlack, userId } from './slackCalls.ts';

interface Message {
  ts: string;
  text: string;
  user: string;
  bot_id?: string;
  metadata?: { event_type: string; event_payload?: object };
  pinned_to?: string[];
  edited?: object;
}

describe('messages of the simulated Slack', () => {
  let slack: SlackUnderTest;
  let incidents: SlackChannel;
  let channel: string;
  beforeEach(async () => {
    slack = await startSlack();
    channel = channelId(slack, 'incidents');
    const found = slack.store.channels.get(channel);
    assert.ok(found);
    incidents = found;
  });
  afterEach(() => slack.dispose());
  const post = (fields: Record<string, string>) => slack.call('chat.postMessage', { channel, ...fields });
  const error = async (method: string, fields: Record<string, string>) =>
    (await slack.call(method, fields)).error;
  const history = async (fields: Record<string, string> = {}) =>
    (await slack.call('conversations.history', { channel, ...fields }))['messages'] as Message[];
  const metadata = { event_type: 'incident_delivery', event_payload: { key: 'k1' } };

  it('are posted, and found again by their metadata', async () => {
    const posted = await post({ text: 'We are on it', metadata: JSON.stringify(metadata) });
    assert.equal(posted['channel'], channel);
    assert.match(String(posted['ts']), /^\d{10}\.\d{6}$/);
    const message = posted['message'] as Message;
    assert.equal(message.text, 'We are on it');
    assert.equal(message.bot_id, slack.store.app.botId);
    assert.deepEqual(message.metadata, metadata);
    const [bare] = await history();
    assert.deepEqual(bare?.metadata, { event_type: 'incident_delivery' }, 'no payload unless asked for');
    const [full] = await history({ include_all_metadata: 'true' });
    assert.deepEqual(full?.metadata, metadata);
  });

  it('keep the escapes and links of Slack, not the text as sent', async () => {
    await post({ text: 'a < b & c, see https://status.example.com/x. <@U1> <https://e.example|page> &lt;' });
    assert.equal(
      incidents.messages[0]?.text,
      'a &lt; b &amp; c, see <https://status.example.com/x>. <@U1> <https://e.example|page> &lt;',
    );
  });

  it('go to a channel by name, and to one the bot is not in with chat:write.public alone', async () => {
    const general = channelId(slack, 'general');
    assert.equal((await post({ channel: '#general', text: 'x' }))['channel'], general);
    const token = slack.store.tokens.get(slack.store.token);
    assert.ok(token);
    token.scopes = token.scopes.filter((scope) => scope !== 'chat:write.public');
    assert.equal((await post({ channel: general, text: 'x' })).error, 'not_in_channel');
    assert.equal((await post({ text: 'x' })).ok, true);
  });

  it('need a channel that is there and open, and something to say', async () => {
    assert.equal((await post({ channel: 'C1', text: 'x' })).error, 'channel_not_found');
    assert.equal((await post({})).error, 'no_text');
    assert.equal((await post({ text: ' ' })).error, 'no_text');
    assert.equal((await post({ text: 'x', thread_ts: '1.000000' })).error, 'thread_not_found');
    incidents.isArchived = true;
    assert.equal((await post({ text: 'x' })).error, 'is_archived');
  });

  it('are cut at 40,000 characters when posted, refused above 4,000 when updated', async () => {
    const posted = await post({ text: 'x'.repeat(40_001) });
    assert.equal(posted.ok, true);
    assert.match(String(posted['warning']), /message_truncated/);
    assert.equal((posted['message'] as Message).text.length, 40_000);
    const ts = String(posted['ts']);
    assert.equal(await error('chat.update', { channel, ts, text: 'x'.repeat(4_001) }), 'msg_too_long');
    assert.equal((await slack.call('chat.update', { channel, ts, text: 'x'.repeat(4_000) })).ok, true);
    assert.equal((await post({ markdown_text: 'x'.repeat(12_001) })).error, 'msg_too_long');
    assert.equal((await post({ markdown_text: 'x', text: 'y' })).error, 'markdown_text_conflict');
  });

  it('have metadata of a type and a payload, at most 16 KB', async () => {
    for (const [given, wanted] of [
      ['{', 'invalid_metadata_format'],
      ['"x"', 'invalid_metadata_format'],
      ['{"event_type":"x"}', 'invalid_metadata_format'],
      ['{"event_type":"","event_payload":{}}', 'invalid_metadata_format'],
      ['{"event_type":"x","event_payload":{},"more":1}', 'invalid_metadata_schema'],
      [JSON.stringify({ event_type: 'x', event_payload: { y: 'z'.repeat(16_384) } }), 'metadata_too_large'],
    ] as const)
      assert.equal((await post({ text: 'x', metadata: given })).error, wanted, given.slice(0, 60));
    assert.equal(incidents.messages.length, 0);
  });

  it('have blocks of known types and lengths', async () => {
    const blocks = (...list: unknown[]) => post({ text: 'x', blocks: JSON.stringify(list) });
    const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
    assert.equal((await blocks(section('fine'), { type: 'divider' })).ok, true);
    assert.equal((await post({ blocks: JSON.stringify([section('no text beside it')]) })).ok, true);
    const long = await blocks(section('x'.repeat(3001)));
    assert.equal(long.error, 'invalid_blocks');
    assert.deepEqual(long['response_metadata'], {
      messages: ['[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]'],
    });
    for (const bad of [
      { type: 'shout' },
      {},
      { type: 'section' },
      section(''),
      { type: 'header', text: { type: 'mrkdwn', text: 'x' } },
      { type: 'header', text: { type: 'plain_text', text: 'x'.repeat(151) } },
      { type: 'section', fields: [{ type: 'mrkdwn', text: 'x'.repeat(2001) }] },
    ])
      assert.equal((await blocks(bad)).error, 'invalid_blocks', JSON.stringify(bad).slice(0, 60));
    assert.equal((await blocks(...Array(51).fill({ type: 'divider' }))).error, 'invalid_blocks');
    assert.equal((await post({ text: 'x', blocks: '{' })).error, 'invalid_blocks_format');
    const attachments = JSON.stringify(Array(101).fill({ text: 'x' }));
    assert.equal((await post({ text: 'x', attachments })).error, 'too_many_attachments');
  });

  it('are updated by who wrote them, and keep their metadata', async () => {
    const { ts } = (await post({ text: 'one', metadata: JSON.stringify(metadata) })) as unknown as Message;
    const updated = await slack.call('chat.update', { channel, ts, text: 'two' });
    assert.equal(updated['text'], 'two');
    const [message] = await history({ include_all_metadata: 'true' });
    assert.deepEqual(message?.metadata, metadata);
    assert.ok(message.edited);
    await slack.call('chat.update', { channel, ts, text: 'two', metadata: '{}' });
    assert.equal(incidents.messages[0]?.metadata, undefined);
    const other = slack.store.say(incidents, userId(slack, 'ana'), 'mine');
    const update = (at: string, text: string) => error('chat.update', { channel, ts: at, text });
    assert.equal(await update(other.ts, 'x'), 'cant_update_message');
    assert.equal(await update('1.000000', 'x'), 'message_not_found');
    assert.equal(await update(ts, ''), 'no_text');
    incidents.isArchived = true;
    assert.equal(await update(ts, 'x'), 'is_inactive');
  });

  it('are read newest first, between two times, in pages', async () => {
    const said = ['1', '2', '3', '4', '5'].map((text) => slack.store.say(incidents, 'U1', text).ts);
    const texts = async (fields: Record<string, string>) => (await history(fields)).map(({ text }) => text);
    assert.deepEqual(await texts({}), ['5', '4', '3', '2', '1']);
    const [, second = '', , fourth = ''] = said;
    assert.deepEqual(await texts({ oldest: second, latest: fourth }), ['3']);
    assert.deepEqual(await texts({ oldest: second, latest: fourth, inclusive: 'true' }), ['4', '3', '2']);
    const page = await slack.call('conversations.history', { channel, limit: '3' });
    assert.equal(page['has_more'], true);
    const { next_cursor: cursor } = page['response_metadata'] as { next_cursor: string };
    const rest = await slack.call('conversations.history', { channel, limit: '3', cursor });
    assert.deepEqual(
      (rest['messages'] as Message[]).map(({ text }) => text),
      ['2', '1'],
    );
    assert.equal(rest['has_more'], false);
    slack.store.historyLimit = 2;
    assert.equal((await history({ limit: '200' })).length, 2, 'sold outside the Marketplace: small pages');
    for (const [fields, wanted] of [
      [{ oldest: 'yesterday' }, 'invalid_ts_oldest'],
      [{ latest: '1.1234567' }, 'invalid_ts_latest'],
      [{ cursor: 'x' }, 'invalid_cursor'],
      [{ limit: '1000' }, 'invalid_limit'],
    ] as const)
      assert.equal(await error('conversations.history', { channel, ...fields }), wanted);
  });

  it('of threads are not in the history, unless broadcast', async () => {
    const { ts } = (await post({ text: 'parent' })) as unknown as Message;
    await post({ text: 'reply', thread_ts: ts });
    await post({ text: 'loud reply', thread_ts: ts, reply_broadcast: 'true' });
    assert.deepEqual(
      (await history()).map(({ text }) => text),
      ['loud reply', 'parent'],
    );
  });

  it('are read by members; a person also reads public channels from outside', async () => {
    const general = channelId(slack, 'general');
    assert.equal(await error('conversations.history', { channel: general }), 'not_in_channel');
    const outside = slack.store.addChannel({ name: 'elsewhere' });
    const byPerson = await slack.call(
      'conversations.history',
      { channel: outside.id },
      slack.store.userToken,
    );
    assert.equal(byPerson.ok, true);
  });

  it('have an address, which needs no scope', async () => {
    const { ts } = (await post({ text: 'x' })) as unknown as Message;
    const link = await slack.call('chat.getPermalink', { channel, message_ts: ts });
    assert.equal(
      link['permalink'],
      `https://simulated-workspace.slack.com/archives/${channel}/p${ts.replace('.', '')}`,
    );
    assert.equal(await error('chat.getPermalink', { channel, message_ts: '1.000000' }), 'message_not_found');
  });

  it('are pinned once, listed with who pinned them and when, and unpinned', async () => {
    const ana = userId(slack, 'ana');
    const own = ((await post({ text: 'first' })) as unknown as Message).ts;
    const others = slack.store.say(incidents, userId(slack, 'ben'), 'look at this').ts;
    assert.equal((await slack.call('pins.add', { channel, timestamp: own })).ok, true);
    assert.equal(await error('pins.add', { channel, timestamp: own }), 'already_pinned');
    slack.store.pin(incidents, others, ana);
    const items = (await slack.call('pins.list', { channel }))['items'] as {
      created: number;
      created_by: string;
      message: Message & { permalink: string };
    }[];
    assert.deepEqual(
      items.map(({ created_by: by, message }) => [by, message.user, message.text]),
      [
        [ana, userId(slack, 'ben'), 'look at this'],
        [slack.store.app.botUser, slack.store.app.botUser, 'first'],
      ],
    );
    assert.equal(items[0]?.created, slack.store.seconds());
    assert.match(items[0].message.permalink, /\/archives\/C/);
    assert.deepEqual((await history())[0]?.pinned_to, [channel]);
    assert.equal((await slack.call('pins.remove', { channel, timestamp: own })).ok, true);
    assert.equal(await error('pins.remove', { channel, timestamp: own }), 'no_pin');
    for (const [fields, wanted] of [
      [{ channel }, 'no_item_specified'],
      [{ channel, timestamp: 'now' }, 'bad_timestamp'],
      [{ channel, timestamp: '1.000000' }, 'message_not_found'],
      [{ channel: 'C1', timestamp: own }, 'channel_not_found'],
    ] as const)
      assert.equal(await error('pins.add', fields), wanted);
  });

  it('are pinned by members in open channels, and only what somebody posted', async () => {
    const general = slack.store.channels.get(channelId(slack, 'general'));
    assert.ok(general);
    const { ts } = slack.store.say(general, 'U1', 'x');
    assert.equal(await error('pins.add', { channel: general.id, timestamp: ts }), 'not_in_channel');
    assert.equal(await error('pins.list', { channel: general.id }), 'not_in_channel');
    const joined = slack.store.say(incidents, 'U1', 'joined', { subtype: 'channel_join' });
    assert.equal(await error('pins.add', { channel, timestamp: joined.ts }), 'not_pinnable');
    const said = slack.store.say(incidents, 'U1', 'x');
    incidents.isArchived = true;
    assert.equal(await error('pins.add', { channel, timestamp: said.ts }), 'is_archived');
  });

  it('show who reacted', async () => {
    const message = slack.store.say(incidents, 'U1', 'ack?');
    slack.store.react(message, 'U2', 'eyes');
    slack.store.react(message, 'U3', 'eyes');
    const got = await slack.call('reactions.get', { channel, timestamp: message.ts });
    assert.deepEqual((got['message'] as { reactions: unknown }).reactions, [
      { name: 'eyes', users: ['U2', 'U3'], count: 2 },
    ]);
    assert.equal(await error('reactions.get', { channel }), 'no_item_specified');
  });
});

describe('people of the simulated Slack', () => {
  let slack: SlackUnderTest;
  beforeEach(async () => {
    slack = await startSlack();
  });
  afterEach(() => slack.dispose());

  it('are found by email in any case, unless deactivated', async () => {
    const found = await slack.call('users.lookupByEmail', { email: 'ANA@example.com' });
    const user = found['user'] as { id: string; profile: { email: string } };
    assert.equal(user.id, userId(slack, 'ana'));
    assert.equal(user.profile.email, 'ana@example.com');
    const ana = slack.store.users.get(user.id);
    assert.ok(ana);
    ana.deleted = true;
    assert.equal(
      (await slack.call('users.lookupByEmail', { email: 'ana@example.com' })).error,
      'users_not_found',
    );
    assert.equal((await slack.call('users.lookupByEmail')).error, 'invalid_arguments');
  });

  it('are shown alone, in pages, and by group', async () => {
    assert.equal((await slack.call('users.info', { user: 'U1' })).error, 'user_not_found');
    const fay = slack.store.addUser({ name: 'fay', email: 'fay@example.com' });
    const info = await slack.call('users.info', { user: fay.id });
    assert.equal((info['user'] as { name: string }).name, 'fay');
    const all = (await slack.call('users.list'))['members'] as unknown[];
    assert.equal(all.length, 6);
    const page = await slack.call('users.list', { limit: '4' });
    const { next_cursor: cursor } = page['response_metadata'] as { next_cursor: string };
    const rest = await slack.call('users.list', { limit: '4', cursor });
    assert.equal((page['members'] as unknown[]).length + (rest['members'] as unknown[]).length, 6);
    const group = slack.store.addUserGroup([fay.id]);
    assert.match(group, /^S/);
    assert.deepEqual((await slack.call('usergroups.users.list', { usergroup: group }))['users'], [fay.id]);
    assert.equal((await slack.call('usergroups.users.list', { usergroup: 'S1' })).error, 'no_such_subteam');
  });
});
