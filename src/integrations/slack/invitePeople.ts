import * as v from 'valibot';
import type { Addressee, Receipt } from '../../core/deliveries/delivery.ts';
import type { DeliveryResult } from '../../core/deliveries/deliveryPort.ts';
import type { ApiFailure } from '../askJson.ts';
import { deliveryFailed } from '../askJson.ts';
import type { SlackCall } from './slackApi.ts';

const foundUser = v.object({ user: v.object({ id: v.string() }) });
/** With `force` the good ones are invited, and the bad ones named beside `ok: true`. */
const invited = v.object({
  errors: v.optional(v.array(v.object({ user: v.optional(v.string(), ''), error: v.string() })), []),
});

/** Why somebody is not in the channel afterwards; about the person, not about the token or the channel. */
const aboutThem: Readonly<Record<string, string>> = {
  cant_invite: 'cannot be invited',
  user_not_found: 'unknown to Slack',
  users_not_found: 'nobody in Slack has this e-mail address',
  user_is_restricted: 'is a guest who cannot be invited',
  ura_max_channels: 'is a guest who is in another channel already',
  user_disabled: 'is deactivated in Slack',
  no_external_invite_permission: 'is of another organisation',
  invitee_cant_see_channel: 'cannot see the channel’s workspace',
};
/** They are there: nothing to tell. */
const isThere = new Set(['already_in_channel', 'cant_invite_self']);

interface Invitation {
  readonly person: Addressee;
  readonly id: string;
}

/**
 * Brings people into the channel; who has no Slack id is looked up by e-mail address. Nobody who cannot be found or
 * invited keeps the others out: they are named in the receipt's detail. May be repeated.
 */
export async function invitePeople(
  people: readonly Addressee[],
  channel: Receipt,
  call: SlackCall,
): Promise<DeliveryResult> {
  const missed: string[] = [];
  const found: Invitation[] = [];
  /** What kept us from looking, not from finding: told once the others are invited. */
  let refusal: ApiFailure | undefined;
  for (const person of people) {
    const { name, slack, email } = person;
    if (slack !== undefined) found.push({ person, id: slack });
    else if (email === undefined) missed.push(`${name} (no Slack id and no e-mail address is known)`);
    else if (refusal === undefined) {
      const asked = await call('users.lookupByEmail', { email }, `look up ${name}`, foundUser);
      if (asked.ok) found.push({ person, id: asked.value.user.id });
      else if (asked.failure.said === 'users_not_found') missed.push(`${name} (${why('users_not_found')})`);
      else if (asked.failure.retry === 'automatic') return deliveryFailed(asked.failure);
      else refusal = asked.failure;
    }
  }
  const distinct = found.filter(({ id }, at) => found.findIndex((other) => other.id === id) === at);
  const sent = await invite(distinct, channel.id, call);
  if (!sent.ok) return deliveryFailed(sent.failure);
  missed.push(...sent.missed.map(({ invitation, error }) => `${invitation.person.name} (${why(error)})`));
  const there = distinct.filter((one) => sent.missed.every(({ invitation }) => invitation !== one));
  const names = there.map(({ person }) => person.name).join(', ');
  if (refusal)
    return deliveryFailed({
      ...refusal,
      message: names === '' ? refusal.message : `${refusal.message} In the channel already: ${names}.`,
    });
  const detail =
    missed.length > 0 ? `not invited: ${missed.join(', ')}` : names === '' ? 'nobody to invite' : undefined;
  return {
    kind: 'delivered',
    receipt: {
      id: channel.id,
      ...(names === '' ? {} : { name: names }),
      ...(channel.url === undefined ? {} : { url: channel.url }),
      ...(detail === undefined ? {} : { detail }),
    },
  };
}

const why = (error: string): string => aboutThem[error] ?? error;

type Sent =
  | { readonly ok: true; readonly missed: readonly { invitation: Invitation; error: string }[] }
  | { readonly ok: false; readonly failure: ApiFailure };

async function invite(who: readonly Invitation[], channel: string, call: SlackCall): Promise<Sent> {
  if (who.length === 0) return { ok: true, missed: [] };
  const users = who.map(({ id }) => id).join(',');
  const args = { channel, users, force: true };
  const asked = await call('conversations.invite', args, 'invite people', invited);
  const missedOf = (error: string, one: Invitation) =>
    isThere.has(error) ? [] : [{ invitation: one, error }];
  if (asked.ok) {
    const { errors } = asked.value;
    return {
      ok: true,
      missed: who.flatMap((one) => {
        const bad = errors.find(({ user }) => user === one.id);
        return bad === undefined ? [] : missedOf(bad.error, one);
      }),
    };
  }
  const said = asked.failure.said ?? '';
  if (!isThere.has(said) && aboutThem[said] === undefined) return asked;
  const [first] = who;
  if (who.length === 1 && first) return { ok: true, missed: missedOf(said, first) };
  // All or nobody: one by one the good ones get in.
  const missed: { invitation: Invitation; error: string }[] = [];
  for (const one of who) {
    const alone = await invite([one], channel, call);
    if (!alone.ok) return alone;
    missed.push(...alone.missed);
  }
  return { ok: true, missed };
}
