import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import type { SlackCall, SlackConnection } from './slackApi.ts';

const identity = v.object({ user_id: v.string() });
const userInfo = v.object({
  user: v.object({
    name: v.optional(v.string(), ''),
    real_name: v.optional(v.string(), ''),
    profile: v.optional(v.object({ display_name: v.optional(v.string(), '') }), { display_name: '' }),
  }),
});

/** What is known of members, kept by the caller from one look to the next: nobody is asked for again. */
export interface KnownMembers {
  /** Display names by member id. */
  readonly names?: Map<string, string>;
  /** The app's own id by connection, or the question that is under way. */
  readonly ownIds?: Map<string, Promise<ApiResult<string>>>;
}

/**
 * The app's own member id: what it wrote itself nobody else said. Looks that go on side by side ask once for their
 * connection; what failed is asked again the next time.
 */
export async function ownId(
  { baseUrl, token, ownIds = new Map() }: Pick<SlackConnection, 'baseUrl' | 'token'> & KnownMembers,
  call: SlackCall,
): Promise<ApiResult<string>> {
  const key = `${baseUrl} ${token}`;
  const known = ownIds.get(key) ?? askOwnId(call);
  ownIds.set(key, known);
  const answer = await known;
  if (!answer.ok && ownIds.get(key) === known) ownIds.delete(key);
  return answer;
}

async function askOwnId(call: SlackCall): Promise<ApiResult<string>> {
  const asked = await call('auth.test', {}, 'find out who the app is', identity);
  return asked.ok ? { ok: true, value: asked.value.user_id } : asked;
}

/** Who cannot be looked up stays under their id, this time; false when nobody else can be looked up either. */
export async function learnName(id: string, names: Map<string, string>, call: SlackCall): Promise<boolean> {
  if (names.has(id)) return true;
  const asked = await call('users.info', { user: id }, 'look up who wrote it', userInfo);
  if (!asked.ok) return asked.failure.said === 'user_not_found';
  const { name, real_name, profile } = asked.value.user;
  names.set(id, profile.display_name || real_name || name || id);
  return true;
}
