import assert from 'node:assert/strict';
import type { SlackUnderTest } from './slackCalls.ts';
import { channelId, startSlack, tenOClock, userId } from './slackCalls.ts';

interface Channel {
  id: string;
  name: string;
  is_archived: boolean;
  is_member: boolean;
  is_private: boolean;
  creator: string;
  created: number;
  num_members?: number;
  topic: { value: string; creator: string; last_set: number };
}

describe('channels of the simulated Slack', () => {
  let slack: SlackUnderTest;
  beforeEach(async () => {
    slack = await startSlack();
  });
  afterEach(() => slack.dispose());
  const create = async (name: string, more = {}) => {
    const made = await slack.call('conversations.create', { name, ...more });
    assert.equal(made.ok, true, String(made.error));
    return made['channel'] as Channel;
  };
  const error = async (method: string, fields: Record<string, string>, token?: string) =>
    (await slack.call(method, fields, token)).error;

  it('are created with their maker inside', async () => {
    const channel = await create('incident-2026-11-23-0001');
    assert.match(channel.id, /^C[A-Z0-9]{8,}$/);
    assert.equal(channel.name, 'incident-2026-11-23-0001');
    assert.equal(channel.is_member, true);
    assert.equal(channel.creator, slack.store.app.botUser);
    assert.equal(channel.created, tenOClock / 1000);
    const info = await slack.call('conversations.info', { channel: channel.id, include_num_members: 'true' });
    assert.equal((info['channel'] as Channel).num_members, 1);
  });

  it('have names of lowercase letters, digits, - and _, at most 80', async () => {
    for (const [name, wanted] of [
      ['', 'invalid_name_required'],
      ['x'.repeat(81), 'invalid_name_maxlength'],
      ['--__', 'invalid_name_punctuation'],
      ['Incident', 'invalid_name_specials'],
      ['an incident', 'invalid_name_specials'],
      ['incident.1', 'invalid_name_specials'],
      ['#incident', 'invalid_name_specials'],
    ] as const)
      assert.equal(await error('conversations.create', { name }), wanted, name);
    await create('x'.repeat(80));
    await create('a-1_b');
  });

  it('keep a name taken when archived, deleted, or private and never seen', async () => {
    const channel = await create('incident-1');
    assert.equal(await error('conversations.create', { name: 'incident-1' }), 'name_taken');
    await slack.call('conversations.archive', { channel: channel.id });
    assert.equal(await error('conversations.create', { name: 'incident-1' }), 'name_taken');
    slack.store.deleteChannel(channel.id);
    assert.equal(await error('conversations.info', { channel: channel.id }), 'channel_not_found');
    assert.equal(await error('conversations.create', { name: 'incident-1' }), 'name_taken');
    const hidden = slack.store.addChannel({ name: 'hidden', isPrivate: true });
    assert.equal(await error('conversations.create', { name: 'hidden' }), 'name_taken');
    assert.equal(await error('conversations.info', { channel: hidden.id }), 'channel_not_found');
  });

  it('are private where asked for, listed to members alone', async () => {
    const made = await create('quiet', { is_private: 'true' });
    assert.equal(made.is_private, true);
    const names = async (types: string) =>
      ((await slack.call('conversations.list', { types }))['channels'] as Channel[]).map(({ name }) => name);
    slack.store.addChannel({ name: 'of-others', isPrivate: true });
    assert.deepEqual(await names('private_channel'), ['quiet']);
    assert.deepEqual(await names('public_channel,private_channel'), ['general', 'incidents', 'quiet']);
    assert.equal(await error('conversations.list', { types: 'secret' }), 'invalid_types');
  });

  it('that the app is in are listed by themselves, archived ones too', async () => {
    const own = await create('incident-1');
    await create('incident-2');
    assert.equal((await slack.call('conversations.archive', { channel: own.id })).ok, true);
    const listed = await slack.call('users.conversations', { limit: '2' });
    assert.deepEqual(
      (listed['channels'] as Channel[]).map(({ name, is_archived }) => [name, is_archived]),
      [
        ['incidents', false],
        ['incident-1', true],
      ],
    );
    assert.notEqual((listed['response_metadata'] as { next_cursor: string }).next_cursor, '');
    assert.equal(await error('users.conversations', { limit: '1000' }), 'invalid_limit');
  });

  it('are listed in pages; archived ones are left out of a page after it was cut', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    for (const name of ['general', 'incidents']) {
      const channel = slack.store.channels.get(channelId(slack, name));
      assert.ok(channel);
      channel.isArchived = true;
    }
    const pages: string[][] = [];
    let cursor = '';
    do {
      const page = await slack.call('conversations.list', { limit: '2', exclude_archived: 'true', cursor });
      pages.push((page['channels'] as Channel[]).map(({ name }) => name));
      cursor = (page['response_metadata'] as { next_cursor: string }).next_cursor;
    } while (cursor !== '');
    assert.deepEqual(pages, [[], ['a', 'b'], ['c']]);
    assert.equal(await error('conversations.list', { cursor: 'bm9uc2Vuc2U=' }), 'invalid_cursor');
    assert.equal(await error('conversations.list', { limit: '1001' }), 'invalid_limit');
    assert.equal(await error('conversations.list', { limit: 'many' }), 'invalid_limit');
  });

  it('take a topic and a purpose of at most 250 characters from members, and say so inside', async () => {
    const { id } = await create('topical');
    const set = await slack.call('conversations.setTopic', { channel: id, topic: 'SEV2 payments' });
    assert.deepEqual((set['channel'] as Channel).topic, {
      value: 'SEV2 payments',
      creator: slack.store.app.botUser,
      last_set: tenOClock / 1000,
    });
    const purpose = await slack.call('conversations.setPurpose', { channel: id, purpose: 'p'.repeat(250) });
    assert.equal(purpose['purpose'], 'p'.repeat(250));
    assert.deepEqual(
      slack.store.channels.get(id)?.messages.map(({ subtype }) => subtype),
      ['channel_join', 'channel_topic', 'channel_purpose'],
    );
    const long = 'x'.repeat(251);
    assert.equal(await error('conversations.setTopic', { channel: id, topic: long }), 'too_long');
    assert.equal(await error('conversations.setPurpose', { channel: id, purpose: long }), 'too_long');
    const general = channelId(slack, 'general');
    assert.equal(await error('conversations.setTopic', { channel: general, topic: 'x' }), 'not_in_channel');
    assert.equal(await error('conversations.setTopic', { channel: 'C1', topic: 'x' }), 'channel_not_found');
    assert.equal(await error('conversations.setTopic', { topic: 'x' }), 'invalid_arguments');
    await slack.call('conversations.archive', { channel: id });
    assert.equal(await error('conversations.setTopic', { channel: id, topic: 'x' }), 'is_archived');
  });

  it('are archived once, and brought back by a person, not by a bot', async () => {
    const { id } = await create('passing');
    assert.deepEqual(await slack.call('conversations.archive', { channel: id }), {
      ok: true,
      warning: 'superfluous_charset',
      response_metadata: { warnings: ['superfluous_charset'] },
    });
    assert.equal(await error('conversations.archive', { channel: id }), 'already_archived');
    assert.equal(await error('conversations.unarchive', { channel: id }), 'not_in_channel');
    const { userToken } = slack.store;
    assert.equal((await slack.call('conversations.unarchive', { channel: id }, userToken)).ok, true);
    assert.equal(await error('conversations.unarchive', { channel: id }, userToken), 'not_archived');
    assert.equal(slack.store.channels.get(id)?.isArchived, false);
    const general = channelId(slack, 'general');
    assert.equal(await error('conversations.archive', { channel: general }), 'cant_archive_general');
  });

  it('take in the invited, all or nobody, or with force whoever can come', async () => {
    const { id } = await create('crowded');
    const [ana, ben, cleo] = ['ana', 'ben', 'cleo'].map((name) => userId(slack, name));
    assert.ok(ana !== undefined && ben !== undefined && cleo !== undefined);
    const invite = (users: string, more = {}) =>
      slack.call('conversations.invite', { channel: id, users, ...more });
    assert.equal((await invite(`${ana}`)).ok, true);
    const mixed = await invite(`${ana},${ben},U0NOBODY`);
    assert.equal(mixed.error, 'already_in_channel');
    const errors = [
      { user: ana, ok: false, error: 'already_in_channel' },
      { user: 'U0NOBODY', ok: false, error: 'user_not_found' },
    ];
    assert.deepEqual(mixed['errors'], errors);
    assert.equal(slack.store.channels.get(id)?.members.has(ben), false);
    const forced = await invite(`${ana},${ben},U0NOBODY`, { force: 'true' });
    assert.equal(forced.ok, true);
    assert.deepEqual(forced['errors'], errors);
    assert.equal(slack.store.channels.get(id)?.members.has(ben), true);
    assert.equal((await invite(slack.store.app.botUser)).error, 'cant_invite_self');
    assert.equal((await invite('')).error, 'no_user');
    assert.equal((await invite(Array(1001).fill('U1').join(','))).error, 'too_many_users');
    const gone = slack.store.users.get(cleo);
    assert.ok(gone);
    gone.deleted = true;
    assert.equal((await invite(cleo)).error, 'cant_invite');
    const members = await slack.call('conversations.members', { channel: id });
    assert.deepEqual(members['members'], [slack.store.app.botUser, ana, ben]);
    await slack.call('conversations.archive', { channel: id });
    assert.equal((await invite(userId(slack, 'dev'))).error, 'is_archived');
    const general = channelId(slack, 'general');
    assert.equal(await error('conversations.invite', { channel: general, users: ana }), 'not_in_channel');
  });

  it('show their members in pages', async () => {
    const channel = channelId(slack, 'incidents');
    const first = await slack.call('conversations.members', { channel, limit: '3' });
    const { next_cursor: cursor } = first['response_metadata'] as { next_cursor: string };
    const second = await slack.call('conversations.members', { channel, limit: '3', cursor });
    assert.equal((first['members'] as string[]).length, 3);
    assert.equal((second['members'] as string[]).length, 2);
    assert.deepEqual(second['response_metadata'], {
      next_cursor: '',
      warnings: ['superfluous_charset'],
    });
  });

  it('are joined when public and open; a second time is only warned about', async () => {
    const channel = channelId(slack, 'general');
    const joined = await slack.call('conversations.join', { channel });
    assert.equal((joined['channel'] as Channel).is_member, true);
    const again = await slack.call('conversations.join', { channel });
    assert.equal(again.ok, true);
    assert.match(String(again['warning']), /already_in_channel/);
    const closed = slack.store.addChannel({ name: 'closed' });
    closed.isArchived = true;
    assert.equal(await error('conversations.join', { channel: closed.id }), 'is_archived');
    const { id } = await create('quiet', { is_private: 'true' });
    assert.equal(await error('conversations.join', { channel: id }), 'method_not_supported_for_channel_type');
  });
});
