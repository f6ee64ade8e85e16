import { itemOf, permalink, shownMessage } from './messages.ts';
import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { channelOf, needMembership, needOpen, SlackRefusal } from './slackCall.ts';

/** pins.add: a message that is pinned already is `already_pinned`, which a second try may take for success. */
export function addPin(call: SlackCall): SlackAnswer {
  const { channel, message } = itemOf(call);
  needMembership(call, channel);
  needOpen(channel);
  if (message.subtype !== undefined) throw new SlackRefusal('not_pinnable');
  if (channel.pins.some(({ ts }) => ts === message.ts)) throw new SlackRefusal('already_pinned');
  call.store.pin(channel, message.ts, call.caller.user);
  return {};
}

/**
 * pins.list: newest first, without pages. `created` (seconds since 1970) and `created_by` are of the pin, the
 * message's own author is in `message.user`.
 */
export function listPins(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  if (call.caller.kind === 'bot') needMembership(call, channel);
  const items = channel.pins.toReversed().flatMap(({ ts, by, created }) => {
    const message = channel.messages.find((each) => each.ts === ts);
    return message === undefined
      ? []
      : [
          {
            type: 'message',
            channel: channel.id,
            created,
            created_by: by,
            message: {
              ...shownMessage(call.store, channel, message, false),
              permalink: permalink(call.store, channel, message),
            },
          },
        ];
  });
  return { items };
}

/** pins.remove */
export function removePin(call: SlackCall): SlackAnswer {
  const { channel, message } = itemOf(call);
  needMembership(call, channel);
  const at = channel.pins.findIndex(({ ts }) => ts === message.ts);
  if (at < 0) throw new SlackRefusal('no_pin');
  channel.pins.splice(at, 1);
  return {};
}
