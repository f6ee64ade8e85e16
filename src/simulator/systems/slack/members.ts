import { conversation } from './channels.ts';
import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { channelOf, needMembership, needOpen, pageOf, SlackRefusal } from './slackCall.ts';
import type { SlackChannel } from './slackState.ts';

function whyNot({ store, caller }: SlackCall, channel: SlackChannel, id: string): string | undefined {
  const user = store.users.get(id);
  if (user === undefined) return 'user_not_found';
  if (id === caller.user) return 'cant_invite_self';
  if (user.deleted) return 'cant_invite';
  return channel.members.has(id) ? 'already_in_channel' : undefined;
}

/**
 * conversations.invite: up to 1000 user ids, one bad one and nobody is invited; with `force` the good ones are. The
 * answer's `errors` has an entry for each bad one either way, and with `force` stands beside `ok: true`.
 */
export function inviteUsers(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  const users = (call.args.text('users') ?? '').split(',').filter((id) => id !== '');
  if (users.length === 0) throw new SlackRefusal('no_user');
  if (users.length > 1000) throw new SlackRefusal('too_many_users');
  needMembership(call, channel);
  needOpen(channel);
  const errors = users.flatMap((user) => {
    const error = whyNot(call, channel, user);
    return error === undefined ? [] : [{ user, ok: false, error }];
  });
  const good = users.filter((user) => !errors.some((bad) => bad.user === user));
  const [first] = errors;
  if (first !== undefined && (good.length === 0 || !call.args.flag('force')))
    throw new SlackRefusal(first.error, { errors });
  for (const user of new Set(good)) {
    channel.members.add(user);
    call.store.say(channel, user, `<@${user}> has joined the channel`, { subtype: 'channel_join' });
  }
  return { channel: conversation(call, channel), ...(errors.length === 0 ? {} : { errors }) };
}

/** conversations.members: ids alone, 100 a page unless told otherwise. */
export function listMembers(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  const page = pageOf([...channel.members], call, call.args.limit(100, 1000), (id) => `user:${id}`);
  return { members: page.items, response_metadata: { next_cursor: page.next } };
}

/** conversations.join: public channels only; joining again is no error, but warned about. */
export function joinChannel(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  if (channel.isPrivate) throw new SlackRefusal('method_not_supported_for_channel_type');
  needOpen(channel);
  const { store, caller } = call;
  if (channel.members.has(caller.user))
    return {
      channel: conversation(call, channel),
      warning: 'already_in_channel',
      response_metadata: { warnings: ['already_in_channel'] },
    };
  channel.members.add(caller.user);
  store.say(channel, caller.user, `<@${caller.user}> has joined the channel`, { subtype: 'channel_join' });
  return { channel: conversation(call, channel) };
}
