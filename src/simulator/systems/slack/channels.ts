import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { channelOf, needMembership, needOpen, needScope, pageOf, SlackRefusal } from './slackCall.ts';
import type { SlackChannel } from './slackState.ts';

/** A conversation object as the Web API gives it: https://docs.slack.dev/reference/objects/conversation-object */
export const conversation = ({ caller, store }: SlackCall, channel: SlackChannel): SlackAnswer => ({
  id: channel.id,
  name: channel.name,
  name_normalized: channel.name,
  is_channel: !channel.isPrivate,
  is_group: channel.isPrivate,
  is_im: false,
  is_mpim: false,
  is_private: channel.isPrivate,
  is_archived: channel.isArchived,
  is_general: channel.name === 'general',
  is_shared: false,
  is_ext_shared: false,
  is_org_shared: false,
  is_pending_ext_shared: false,
  pending_shared: [],
  is_member: channel.members.has(caller.user),
  created: channel.created,
  creator: channel.creator,
  unlinked: 0,
  context_team_id: store.team.id,
  shared_team_ids: [store.team.id],
  topic: channel.topic,
  purpose: channel.purpose,
  previous_names: [],
});

function checkName(name: string): void {
  const refuse = (what: string): never => {
    throw new SlackRefusal(`invalid_name_${what}`);
  };
  if (name === '') refuse('required');
  if (name.length > 80) refuse('maxlength');
  if (/^[\p{P}\p{S}\s]+$/u.test(name)) refuse('punctuation');
  if (!/^[\p{L}\p{N}_-]+$/u.test(name) || name !== name.toLowerCase()) refuse('specials');
}

/**
 * conversations.create. The maker becomes a member. A name is taken by archived channels, and by private ones that
 * the caller can neither list nor find: `name_taken` may come for a channel that nobody shows.
 */
export function createChannel(call: SlackCall): SlackAnswer {
  const name = call.args.text('name') ?? '';
  const isPrivate = call.args.flag('is_private');
  needScope(
    call,
    isPrivate
      ? ['groups:write']
      : call.caller.kind === 'bot'
        ? ['channels:manage', 'channels:write']
        : ['channels:write'],
  );
  checkName(name);
  const { store, caller } = call;
  const taken = [...store.channels.values()].some((channel) => channel.name === name);
  if (taken || store.takenNames.has(name)) throw new SlackRefusal('name_taken');
  const channel = store.addChannel({ name, isPrivate, by: caller.user, members: [caller.user] });
  store.say(channel, caller.user, `<@${caller.user}> has joined the channel`, { subtype: 'channel_join' });
  return { channel: conversation(call, channel) };
}

/**
 * conversations.list. `exclude_archived` filters a page after it was cut: a page may hold fewer than its limit, even
 * none, and still have a cursor for the next.
 */
export function listChannels(call: SlackCall): SlackAnswer {
  const page = channelPage(call, 1000, () => true);
  return {
    ...page,
    channels: page.channels.map((channel) => ({
      ...conversation(call, channel),
      num_members: channel.members.size,
    })),
  };
}

/** users.conversations: like the list, of those alone that the caller is a member of, and without their numbers. */
export function listOwnChannels(call: SlackCall): SlackAnswer {
  const page = channelPage(call, 999, ({ members }) => members.has(call.caller.user));
  return { ...page, channels: page.channels.map((channel) => conversation(call, channel)) };
}

function channelPage(
  call: SlackCall,
  mostAPage: number,
  isWanted: (channel: SlackChannel) => boolean,
): { readonly channels: readonly SlackChannel[]; readonly response_metadata: SlackAnswer } {
  const types = (call.args.text('types') ?? 'public_channel').split(',').map((type) => type.trim());
  if (types.some((type) => !['public_channel', 'private_channel', 'mpim', 'im'].includes(type)))
    throw new SlackRefusal('invalid_types');
  if (types.includes('public_channel')) needScope(call, ['channels:read']);
  if (types.includes('private_channel')) needScope(call, ['groups:read']);
  const all = [...call.store.channels.values()]
    .filter((channel) =>
      channel.isPrivate
        ? types.includes('private_channel') && channel.members.has(call.caller.user)
        : types.includes('public_channel'),
    )
    .filter(isWanted);
  const page = pageOf(all, call, call.args.limit(100, mostAPage), ({ id }) => `channel:${id}`);
  return {
    channels: page.items.filter((channel) => !channel.isArchived || !call.args.flag('exclude_archived')),
    response_metadata: { next_cursor: page.next },
  };
}

/** conversations.info */
export function channelInfo(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  const members = call.args.flag('include_num_members') ? { num_members: channel.members.size } : {};
  return { channel: { ...conversation(call, channel), ...members } };
}

const headline =
  (field: 'topic' | 'purpose') =>
  (call: SlackCall): SlackAnswer => {
    const channel = channelOf(call);
    const value = call.args.text(field) ?? '';
    needMembership(call, channel);
    needOpen(channel);
    if (value.length > 250) throw new SlackRefusal('too_long');
    const { store, caller } = call;
    channel[field] = { value, creator: caller.user, last_set: store.seconds() };
    const words = { topic: 'set the channel topic', purpose: 'set the channel description' }[field];
    store.say(channel, caller.user, `${words}: ${value}`, { subtype: `channel_${field}` });
    return field === 'topic' ? { channel: conversation(call, channel) } : { purpose: value };
  };

/** conversations.setTopic: at most 250 characters, by a member; Slack writes it into the channel as a message. */
export const setTopic = headline('topic');

/** conversations.setPurpose: at most 250 characters, by a member. */
export const setPurpose = headline('purpose');

/** conversations.archive: the name stays taken, the messages stay readable. */
export function archiveChannel(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  if (channel.name === 'general') throw new SlackRefusal('cant_archive_general');
  if (channel.isArchived) throw new SlackRefusal('already_archived');
  if (call.caller.kind === 'bot') needMembership(call, channel);
  call.store.say(channel, call.caller.user, 'archived the channel', { subtype: 'channel_archive' });
  channel.isArchived = true;
  return {};
}

/** conversations.unarchive: refused to bot tokens, which Slack's page calls a bug; a user token may, and joins. */
export function unarchiveChannel(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  if (call.caller.kind === 'bot') throw new SlackRefusal('not_in_channel');
  if (!channel.isArchived) throw new SlackRefusal('not_archived');
  channel.isArchived = false;
  channel.members.add(call.caller.user);
  return {};
}
