import * as v from 'valibot';
import type { Reaction } from '../../core/approvals/channelAnswers.ts';
import { ok, type Result } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { plainResult } from '../askJson.ts';
import { learnName, ownId, type KnownMembers } from './members.ts';
import { createSlackCall, type SlackConnection } from './slackApi.ts';

const reacted = v.object({
  message: v.object({
    reactions: v.optional(v.array(v.object({ name: v.string(), users: v.array(v.string()) })), []),
  }),
});

export interface ReactedMessage extends SlackConnection, KnownMembers {
  /** Channel id. */
  readonly channel: string;
  /** Of the message. */
  readonly timestamp: string;
}

/**
 * Who reacted to a message with what, by member id and display name; the app's own are left out. A skin tone is no part
 * of a name here. https://docs.slack.dev/reference/methods/reactions.get
 */
export async function fetchReactions(
  { channel, timestamp, names = new Map<string, string>(), ...connection }: ReactedMessage,
  signal: Signal,
): Promise<Result<readonly Reaction[]>> {
  const call = createSlackCall(connection, signal);
  // Without `full` a long list of those who reacted may be cut.
  const asked = await call(
    'reactions.get',
    { channel, timestamp, full: true },
    'read the reactions',
    reacted,
  );
  if (!asked.ok) return plainResult(asked);
  const { reactions } = asked.value.message;
  if (reactions.length === 0) return ok([]);
  const me = await ownId(connection, call);
  if (!me.ok) return plainResult(me);
  const given = reactions.flatMap(({ name, users }) =>
    users.filter((user) => user !== me.value).map((user) => ({ name: name.replace(/::.*$/, ''), user })),
  );
  for (const { user } of given) if (!(await learnName(user, names, call))) break;
  return ok(given.map(({ name, user }) => ({ name, user, who: names.get(user) ?? user })));
}
