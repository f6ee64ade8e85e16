import * as v from 'valibot';
import type { DeliveryTask, Receipt } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryResult } from '../../core/deliveries/deliveryPort.ts';
import type { ApiResult } from '../askJson.ts';
import { deliveryFailed } from '../askJson.ts';
import { messageParts } from './messageParts.ts';
import type { SlackCall } from './slackApi.ts';
import { anyAnswer, pageEnd } from './slackChannel.ts';

/** The metadata of what we post, by which it is found again: anybody of the workspace can read it. */
const metadataType = 'incident_delivery';
/** How far back before the first attempt is looked, ms: the clocks may differ, and the key decides anyway. */
const lookBack = 60 * 60_000;

const posted = v.object({ ts: v.string() });
const permalink = v.object({ permalink: v.string() });

const historyPage = v.object({
  messages: v.array(
    v.object({
      ts: v.string(),
      metadata: v.optional(
        v.object({
          event_type: v.string(),
          event_payload: v.optional(v.record(v.string(), v.unknown()), {}),
        }),
      ),
    }),
  ),
  response_metadata: pageEnd,
});

/**
 * Posts the text once, in as many messages as it takes, each with the delivery's key in its metadata, and pins the
 * first. The receipt is the first message's.
 */
export async function postMessage(
  task: Extract<DeliveryTask, { act: 'post' }>,
  channel: Receipt,
  context: DeliveryContext,
  call: SlackCall,
): Promise<DeliveryResult> {
  const { parts, cut } = messageParts(task.text);
  let there: ReadonlyMap<number, string> = new Map();
  if (context.mayExist) {
    const looked = await postedParts(channel.id, context, parts.length, call);
    if (!looked.ok) return deliveryFailed(looked.failure);
    there = looked.value;
  }
  let first = there.get(1);
  for (const [index, text] of parts.entries()) {
    if (there.has(index + 1)) continue;
    const part = parts.length === 1 ? {} : { part: index + 1, of: parts.length };
    const asked = await call(
      'chat.postMessage',
      {
        channel: channel.id,
        text,
        // Only what is marked up as a link is one.
        parse: 'none',
        unfurl_links: false,
        unfurl_media: false,
        metadata: { event_type: metadataType, event_payload: { key: context.key, ...part } },
      },
      'post the message',
      posted,
    );
    if (!asked.ok) return deliveryFailed(asked.failure);
    if (index === 0) first = asked.value.ts;
  }
  if (first === undefined)
    return deliveryFailed({
      code: 'invalid',
      message: 'There is no text to post in Slack. Nothing was sent; write it and send it again.',
      retry: 'person',
    });
  const details = cut ? ['longer than Slack takes: the end of it is only here'] : [];
  if (task.pin) {
    const pinned = await call('pins.add', { channel: channel.id, timestamp: first }, 'pin it', anyAnswer);
    if (!pinned.ok && pinned.failure.said !== 'already_pinned') {
      if (pinned.failure.retry === 'automatic') return deliveryFailed(pinned.failure);
      details.push(`it could not be pinned (${pinned.failure.said ?? pinned.failure.code})`);
    }
  }
  const url = await addressOf(first, channel, call);
  return {
    kind: 'delivered',
    receipt: {
      id: first,
      ...(url === undefined ? {} : { url }),
      ...(details.length === 0 ? {} : { detail: details.join(', ') }),
    },
    ...(there.size === parts.length ? { found: true } : {}),
  };
}

/** Timestamps by number of the parts that an earlier attempt has posted. */
async function postedParts(
  channel: string,
  { key, delivery }: DeliveryContext,
  wanted: number,
  call: SlackCall,
): Promise<ApiResult<ReadonlyMap<number, string>>> {
  const found = new Map<number, string>();
  const since = Date.parse(delivery.firstStartedAt ?? delivery.requestedAt) - lookBack;
  for (let cursor = ''; ;) {
    const page = await call(
      'conversations.history',
      {
        channel,
        oldest: (since / 1000).toFixed(6),
        include_all_metadata: true,
        limit: 200,
        ...(cursor === '' ? {} : { cursor }),
      },
      'look whether the message was posted',
      historyPage,
    );
    if (!page.ok) return page;
    for (const { ts, metadata } of page.value.messages) {
      if (metadata?.event_type !== metadataType || metadata.event_payload['key'] !== key) continue;
      const part = metadata.event_payload['part'];
      found.set(typeof part === 'number' ? part : 1, ts);
    }
    const next = page.value.response_metadata.next_cursor;
    if (found.size >= wanted || next === '' || next === cursor) return { ok: true, value: found };
    cursor = next;
  }
}

/** The message's address: below the channel's where that is known, else as Slack says; it is there without one too. */
async function addressOf(ts: string, channel: Receipt, call: SlackCall): Promise<string | undefined> {
  if (channel.url !== undefined && channel.url.endsWith(`/archives/${channel.id}`))
    return `${channel.url}/p${ts.replace('.', '')}`;
  const args = { channel: channel.id, message_ts: ts };
  const asked = await call('chat.getPermalink', args, 'find the message’s address', permalink);
  return asked.ok ? asked.value.permalink : undefined;
}
