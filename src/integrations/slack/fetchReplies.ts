import * as v from 'valibot';
import { looksLikeAnswer, type Reply } from '../../core/approvals/channelAnswers.ts';
import { ok, type Result } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { plainResult } from '../askJson.ts';
import type { ReactedMessage } from './fetchReactions.ts';
import { learnName, ownId } from './members.ts';
import { plainText } from './pinText.ts';
import { createSlackCall } from './slackApi.ts';
import { pageEnd } from './slackChannel.ts';

const historyPage = v.object({
  messages: v.array(
    v.object({
      /** Seconds since 1970 with six decimals. */
      ts: v.string(),
      text: v.optional(v.string(), ''),
      user: v.optional(v.string()),
      subtype: v.optional(v.string()),
    }),
  ),
  response_metadata: pageEnd,
});

/** Of two hundred messages each: an answer is written soon after the request, and it is open for minutes. */
const mostPages = 5;

/**
 * What people wrote into the channel after the message that looks like an answer to it, newest first; not what the
 * app wrote itself, and of a thread only what was also sent to the channel, for a bot's token reads no threads of channels.
 * https://docs.slack.dev/reference/methods/conversations.history
 */
export async function fetchReplies(
  { channel, timestamp, names = new Map<string, string>(), ...connection }: ReactedMessage,
  signal: Signal,
): Promise<Result<readonly Reply[]>> {
  const call = createSlackCall(connection, signal);
  const found: { user: string; text: string }[] = [];
  let cursor = '';
  for (let page = 0; page < mostPages; page += 1) {
    const asked = await call(
      'conversations.history',
      { channel, oldest: timestamp, limit: 200, ...(cursor === '' ? {} : { cursor }) },
      'read the replies',
      historyPage,
    );
    if (!asked.ok) return plainResult(asked);
    for (const { ts, text, user, subtype } of asked.value.messages) {
      // What was said before is no answer, whatever else a server gives.
      if (Number(ts) <= Number(timestamp)) continue;
      if (user === undefined || (subtype !== undefined && subtype !== 'thread_broadcast')) continue;
      // Whoever answers may speak to the app.
      const said = text.replace(/^\s*<@[^>]+>[\s,:]*/, '');
      if (looksLikeAnswer(said)) found.push({ user, text: said });
    }
    cursor = asked.value.response_metadata.next_cursor;
    if (cursor === '') break;
  }
  if (found.length === 0) return ok([]);
  const me = await ownId(connection, call);
  if (!me.ok) return plainResult(me);
  const byOthers = found.filter(({ user }) => user !== me.value);
  for (const { user } of byOthers) if (!(await learnName(user, names, call))) break;
  return ok(
    byOthers.map(({ user, text }) => ({ user, who: names.get(user) ?? user, text: plainText(text, names) })),
  );
}
