import { itemOf, permalink, shownMessage } from './messages.ts';
import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { needOpen, SlackRefusal } from './slackCall.ts';

/** What a name may be: Slack's own emoji and those of a workspace, with a skin tone behind them. */
const emojiName = /^[a-z0-9_+'-]{1,100}(?:::skin-tone-[2-6])?$/;

/** reactions.get, of a message: files are not simulated. */
export function getReactions(call: SlackCall): SlackAnswer {
  const { channel, message } = itemOf(call);
  return {
    type: 'message',
    channel: channel.id,
    message: {
      ...shownMessage(call.store, channel, message, false),
      permalink: permalink(call.store, channel, message),
    },
  };
}

/** reactions.add: once per member and emoji, else `already_reacted`; colons around the name are taken away. */
export function addReaction(call: SlackCall): SlackAnswer {
  const name = nameOf(call);
  const { channel, message } = itemOf(call);
  needOpen(channel);
  if (message.reactions.get(name)?.includes(call.caller.user)) throw new SlackRefusal('already_reacted');
  call.store.react(message, call.caller.user, name);
  return {};
}

/** reactions.remove: of one's own alone. */
export function removeReaction(call: SlackCall): SlackAnswer {
  const name = nameOf(call);
  const { message } = itemOf(call);
  const users = message.reactions.get(name) ?? [];
  if (!users.includes(call.caller.user)) throw new SlackRefusal('no_reaction');
  const others = users.filter((user) => user !== call.caller.user);
  if (others.length > 0) message.reactions.set(name, others);
  else message.reactions.delete(name);
  return {};
}

function nameOf(call: SlackCall): string {
  const name = call.args.required('name').replace(/^:|:$/g, '');
  if (!emojiName.test(name)) throw new SlackRefusal('invalid_name');
  return name;
}
