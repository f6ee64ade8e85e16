import { asStored } from './messageText.ts';
import { readAttachments, readBlocks, readMetadata } from './messageParts.ts';
import type { SlackAnswer, SlackCall } from './slackCall.ts';
import { channelOf, needMembership, needOpen, pageOf, SlackRefusal } from './slackCall.ts';
import type { SlackChannel, SlackMessage } from './slackState.ts';
import type { SlackStore } from './slackStore.ts';

/** Longest text that is kept of a posted message, and that an update may have, in characters. */
const longestPost = 40_000;
const longestUpdate = 4_000;
const longestMarkdown = 12_000;

/** A message as the Web API gives it: of its metadata only the type, unless all was asked for. */
export function shownMessage(
  store: SlackStore,
  channel: SlackChannel,
  message: SlackMessage,
  withMetadata: boolean,
): SlackAnswer {
  const { metadata, reactions } = message;
  return {
    type: 'message',
    ...(message.subtype === undefined ? { team: store.team.id } : { subtype: message.subtype }),
    user: message.user,
    ts: message.ts,
    text: message.text,
    ...(message.botId === undefined ? {} : { bot_id: message.botId, app_id: store.app.id }),
    ...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
    ...(message.blocks === undefined ? {} : { blocks: message.blocks }),
    ...(message.attachments === undefined ? {} : { attachments: message.attachments }),
    ...(message.edited === undefined ? {} : { edited: message.edited }),
    ...(metadata === undefined
      ? {}
      : { metadata: withMetadata ? metadata : { event_type: metadata.event_type } }),
    ...(channel.pins.some((pin) => pin.ts === message.ts) ? { pinned_to: [channel.id] } : {}),
    ...(reactions.size === 0
      ? {}
      : { reactions: [...reactions].map(([name, users]) => ({ name, users, count: users.length })) }),
  };
}

function timestampOf({ args }: SlackCall, name: 'oldest' | 'latest'): number | undefined {
  const text = args.text(name);
  if (text === undefined || text === '') return undefined;
  if (!/^\d+(\.\d{1,6})?$/.test(text)) throw new SlackRefusal(`invalid_ts_${name}`);
  return Number(text);
}

/**
 * conversations.history: newest first, a bot must be a member. `oldest` and `latest` themselves only with `inclusive`.
 * Metadata's payload only with `include_all_metadata`. Replies of a thread are not in it, what Slack wrote itself is.
 */
export function readHistory(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  if (call.caller.kind === 'bot') needMembership(call, channel);
  const { store, args } = call;
  const [oldest, latest] = [timestampOf(call, 'oldest'), timestampOf(call, 'latest')];
  const inclusive = args.flag('inclusive');
  const inRange = ({ ts }: SlackMessage): boolean => {
    const at = Number(ts);
    if (at === oldest || at === latest) return inclusive;
    return at >= (oldest ?? 0) && at <= (latest ?? Infinity);
  };
  const all = channel.messages
    .filter(({ threadTs, ts, broadcast }) => threadTs === undefined || threadTs === ts || broadcast)
    .filter(inRange)
    .reverse();
  const limit = Math.min(args.limit(Math.min(100, store.historyLimit), 999), store.historyLimit);
  const page = pageOf(all, call, limit, ({ ts }) => `next_ts:${ts.replace('.', '')}`);
  return {
    ...(latest === undefined ? {} : { latest: args.text('latest') }),
    messages: page.items.map((message) =>
      shownMessage(store, channel, message, args.flag('include_all_metadata')),
    ),
    has_more: page.next !== '',
    pin_count: channel.pins.length,
    channel_actions_ts: null,
    channel_actions_count: 0,
    ...(page.next === '' ? {} : { response_metadata: { next_cursor: page.next } }),
  };
}

interface Content {
  readonly text: string;
  readonly blocks: readonly unknown[] | undefined;
  readonly attachments: readonly unknown[] | undefined;
}

function contentOf({ args }: SlackCall): Content {
  const markdown = args.text('markdown_text');
  const blocks = readBlocks(args);
  const attachments = readAttachments(args);
  if (markdown !== undefined && (blocks !== undefined || args.text('text') !== undefined))
    throw new SlackRefusal('markdown_text_conflict');
  if (markdown !== undefined && markdown.length > longestMarkdown) throw new SlackRefusal('msg_too_long');
  const text = markdown ?? args.text('text') ?? '';
  if (text.trim() === '' && blocks === undefined && attachments === undefined)
    throw new SlackRefusal('no_text');
  return { text, blocks, attachments };
}

/** The channel to post into: by id, or a public one by its name with or without #. */
function destination(call: SlackCall): SlackChannel {
  const named = call.args.required('channel').replace(/^#/, '');
  const byName = [...call.store.channels.values()].find(
    ({ name, isPrivate }) => name === named && !isPrivate,
  );
  return byName ?? channelOf(call);
}

/**
 * chat.postMessage. There is no idempotency key: metadata is what finds a first try again. A channel that the bot is
 * not in needs `chat:write.public`. A text above 40,000 characters is cut and warned about, not refused; one of
 * `markdown_text` above 12,000 is `msg_too_long`.
 */
export function postMessage(call: SlackCall): SlackAnswer {
  const { store, caller, args } = call;
  const channel = destination(call);
  if (!channel.members.has(caller.user) && !caller.scopes.includes('chat:write.public'))
    throw new SlackRefusal('not_in_channel');
  needOpen(channel);
  const content = contentOf(call);
  const metadata = readMetadata(args);
  const threadTs = args.text('thread_ts');
  if (threadTs !== undefined && !channel.messages.some(({ ts }) => ts === threadTs))
    throw new SlackRefusal('thread_not_found');
  const message = store.say(channel, caller.user, content.text.slice(0, longestPost), {
    botId: store.app.botId,
    blocks: content.blocks,
    attachments: content.attachments,
    metadata: metadata === 'none' ? undefined : metadata,
    threadTs,
    broadcast: args.flag('reply_broadcast'),
  });
  const warned = {
    warning: 'message_truncated',
    response_metadata: {
      warnings: ['message_truncated'],
      messages: [
        '[WARN] Your message was truncated but still posted. The `text` field accepts up to 40,000 characters.',
      ],
    },
  };
  return {
    channel: channel.id,
    ts: message.ts,
    message: shownMessage(store, channel, message, true),
    ...(content.text.length > longestPost ? warned : {}),
  };
}

function messageAt(channel: SlackChannel, ts: string): SlackMessage {
  const found = channel.messages.find((message) => message.ts === ts);
  if (found === undefined) throw new SlackRefusal('message_not_found');
  return found;
}

/** chat.update: one's own messages, at most 4,000 characters; metadata stays unless given, `{}` removes it. */
export function updateMessage(call: SlackCall): SlackAnswer {
  const { store, caller, args } = call;
  const channel = channelOf(call);
  const message = messageAt(channel, args.required('ts'));
  if (channel.isArchived) throw new SlackRefusal('is_inactive');
  if (message.user !== caller.user || message.subtype !== undefined)
    throw new SlackRefusal('cant_update_message');
  const content = contentOf(call);
  if (content.text.length > longestUpdate) throw new SlackRefusal('msg_too_long');
  const metadata = readMetadata(args);
  message.text = asStored(content.text);
  message.blocks = content.blocks;
  message.attachments = content.attachments ?? message.attachments;
  if (metadata !== undefined) message.metadata = metadata === 'none' ? undefined : metadata;
  message.edited = { user: caller.user, ts: `${store.seconds()}.000000` };
  return {
    channel: channel.id,
    ts: message.ts,
    text: message.text,
    message: shownMessage(store, channel, message, true),
  };
}

/** The address of a message in the workspace. */
export const permalink = (
  store: SlackStore,
  channel: SlackChannel,
  { ts, threadTs }: SlackMessage,
): string => {
  const thread = threadTs === undefined ? '' : `?thread_ts=${threadTs}&cid=${channel.id}`;
  return `${store.team.url}archives/${channel.id}/p${ts.replace('.', '')}${thread}`;
};

/** chat.getPermalink: needs no scope. */
export function getPermalink(call: SlackCall): SlackAnswer {
  const channel = channelOf(call);
  const message = messageAt(channel, call.args.required('message_ts'));
  return { channel: channel.id, permalink: permalink(call.store, channel, message) };
}

/** The message that `channel` and `timestamp` name, for pins and reactions. */
export function itemOf(call: SlackCall): { readonly channel: SlackChannel; readonly message: SlackMessage } {
  const ts = call.args.text('timestamp');
  if (ts === undefined || ts === '') throw new SlackRefusal('no_item_specified');
  const channel = channelOf(call);
  if (!/^\d+\.\d{6}$/.test(ts)) throw new SlackRefusal('bad_timestamp');
  return { channel, message: messageAt(channel, ts) };
}
