import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import type { SlackCall } from './slackApi.ts';

/** Where the next page of a list begins; empty behind the last. https://docs.slack.dev/apis/web-api/pagination */
export const pageEnd = v.optional(v.object({ next_cursor: v.optional(v.string(), '') }), { next_cursor: '' });

const headline = v.optional(v.object({ value: v.string() }), { value: '' });

/** A public channel: https://docs.slack.dev/reference/objects/conversation-object */
const channelSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** Seconds since 1970, by Slack's clock. */
  created: v.optional(v.number(), 0),
  creator: v.optional(v.string(), ''),
  is_archived: v.optional(v.boolean(), false),
  purpose: headline,
  topic: headline,
});
export type SlackChannel = v.InferOutput<typeof channelSchema>;

export const oneChannel = v.object({ channel: channelSchema });
/** What is only to succeed. */
export const anyAnswer = v.object({});

const channelPage = v.object({
  channels: v.array(channelSchema),
  response_metadata: pageEnd,
});

/**
 * The public channels that the app is in, archived ones too: who makes a channel is in it, so what it made is among
 * them, and a workspace has far more channels than those.
 */
export async function ownChannels(call: SlackCall): Promise<ApiResult<readonly SlackChannel[]>> {
  const asked = await pagesOf(call, 'users.conversations');
  if (asked.ok) return asked;
  const { status, said } = asked.failure;
  // What else speaks Slack's Web API does not have this method.
  if (status !== 404 && said !== 'unknown_method') return asked;
  return pagesOf(call, 'conversations.list');
}

async function pagesOf(call: SlackCall, method: string): Promise<ApiResult<readonly SlackChannel[]>> {
  const channels: SlackChannel[] = [];
  for (let cursor = ''; ;) {
    const args = { types: 'public_channel', limit: 999, ...(cursor === '' ? {} : { cursor }) };
    const page = await call(method, args, 'look for the incident’s channel', channelPage);
    if (!page.ok) return page;
    channels.push(...page.value.channels);
    const next = page.value.response_metadata.next_cursor;
    if (next === '' || next === cursor) return { ok: true, value: channels };
    cursor = next;
  }
}

/**
 * The name as Slack takes it, and what to try when another has it: lower case, letters, digits, `-` and `_`, 80
 * characters at most. https://docs.slack.dev/reference/methods/conversations.create#naming
 */
export function channelNames(wanted: string): readonly string[] {
  const name = wanted
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_-]+/gu, '-')
    .replace(/^-+|-+$/g, '');
  const letters = Array.from({ length: 25 }, (_, at) => `-${String.fromCharCode(98 + at)}`);
  return ['', ...letters].map((suffix) => `${name.slice(0, 80 - suffix.length)}${suffix}`);
}
