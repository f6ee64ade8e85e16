import * as v from 'valibot';
import type { Result } from '../../core/errors.ts';
import { ok } from '../../core/errors.ts';
import type { Pin } from '../../core/incident/incident.ts';
import type { Signal } from '../../core/ports.ts';
import { plainResult } from '../askJson.ts';
import { learnName, ownId, type KnownMembers } from './members.ts';
import { plainText, usersIn } from './pinText.ts';
import type { SlackConnection } from './slackApi.ts';
import { createSlackCall } from './slackApi.ts';

const message = v.object({
  /** Seconds since 1970 with six decimals. */
  ts: v.pipe(v.string(), v.regex(/^\d{1,11}\.\d{1,6}$/)),
  text: v.optional(v.string(), ''),
  user: v.optional(v.string()),
  /** The name that an app gave its message. */
  username: v.optional(v.string()),
  permalink: v.optional(v.string()),
  files: v.optional(v.array(v.object({ title: v.optional(v.string()), name: v.optional(v.string()) })), []),
});
const pinList = v.object({
  items: v.array(v.object({ message: v.optional(message) })),
});
export interface PinnedChannel extends SlackConnection, KnownMembers {
  /** Channel id. */
  readonly channel: string;
}

/**
 * What people have pinned in the channel, oldest message first; what the app wrote itself is in the incident
 * already and is left out. Author by display name, `at` is when the message was written (UTC ISO 8601), the
 * text is plain: mentions by name, links with their address. https://docs.slack.dev/reference/methods/pins.list
 */
export async function fetchPins(
  { channel, names = new Map<string, string>(), ...connection }: PinnedChannel,
  signal: Signal,
): Promise<Result<readonly Pin[]>> {
  const call = createSlackCall(connection, signal);
  const listed = await call('pins.list', { channel }, 'read what is pinned', pinList);
  if (!listed.ok) return plainResult(listed);
  if (listed.value.items.length === 0) return ok([]);
  const me = await ownId(connection, call);
  if (!me.ok) return plainResult(me);
  const messages = listed.value.items
    .flatMap((item) => item.message ?? [])
    // What the app pins it wrote itself, and what it wrote is in the incident.
    .filter(({ user }) => user !== me.value);
  const ids = messages.flatMap(({ user, text }) => [...(user === undefined ? [] : [user]), ...usersIn(text)]);
  for (const id of ids) if (!(await learnName(id, names, call))) break;
  const pins = messages.map(({ ts, user, username, text, permalink, files }): Pin => {
    const fileNames = files.map(({ title, name }) => title ?? name ?? 'a file').join(', ');
    return {
      message: ts,
      author: (user === undefined ? username : names.get(user)) ?? user ?? 'an app',
      text: plainText(text, names) || fileNames,
      at: new Date(Number(ts) * 1000).toISOString(),
      ...(permalink === undefined ? {} : { url: permalink }),
    };
  });
  return ok(pins.sort((a, b) => Number(a.message) - Number(b.message)));
}
