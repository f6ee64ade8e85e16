import type { Command } from '../incident/commands.ts';
import type { Contact } from '../guide/guide.ts';
import { rolesOf } from '../people/peopleFor.ts';
import type { Person } from '../people/person.ts';
import { whyNoYes, type Approval } from './approval.ts';

/** A member of the channel. */
interface Member {
  /** Slack member id. */
  readonly user: string;
  /** Display name; the id where it is not known. */
  readonly who: string;
}

/** One reaction of one member to the message that asks for an approval. */
export interface Reaction extends Member {
  /** Without colons and skin tone: `white_check_mark`. */
  readonly name: string;
}

/** What one member wrote into the channel after it. */
export interface Reply extends Member {
  readonly text: string;
}

export interface ChannelAnswers {
  readonly reactions: readonly Reaction[];
  readonly replies: readonly Reply[];
}

type Answer = Extract<Command, { type: 'GiveApproval' | 'RefuseApproval' }>;
type Given = Answer['data']['how'];

/** What stands behind `approve` or `refuse` in a reply, so that talk about one request never answers another. */
export const replyCode = (request: string): string =>
  request
    .replaceAll(/[^a-z\d]/gi, '')
    .slice(-5)
    .toUpperCase();

/** Reasons of a refusal are cut behind so many characters. */
const longestReason = 500;

/** Whether a text of the channel may be an answer to some request: whose names are worth looking up. */
export const looksLikeAnswer = (text: string): boolean => /^[\s`*_~]*(?:approve|refuse)d?\s+\w/i.test(text);

/**
 * A yes counts only by itself: "approve 7K3QF" does, "approve 7K3QF once the queue is empty" does not. A no may go on
 * with its reason.
 */
function readReply(text: string, code: string): { yes: true } | { yes: false; reason: string } | undefined {
  const [, word = '', given = '', more = ''] =
    /^[\s`*_~]*(approve|refuse)d?\s+([a-z\d]+)(?![a-z\d])[\s`*_:,.!–—-]*(.*)$/is.exec(text) ?? [];
  if (given.toUpperCase() !== code) return undefined;
  if (word.toLowerCase() === 'refuse') return { yes: false, reason: more.trim().slice(0, longestReason) };
  // `:+1:` leaves its colon with the punctuation before it.
  return /^(?:[\w+-]+:[\s:]*)*$/.test(more) ? { yes: true } : undefined;
}

/**
 * What the channel answers to a request at `now`: a refusal where anybody refuses, by a reaction to its message or by
 * `refuse CODE`, else every approval that counts. A member whom the people file has by Slack id goes by that name, which
 * is how one's own request is known.
 */
export function answersIn(
  approval: Approval,
  { reactions, replies }: ChannelAnswers,
  people: readonly Person[],
  contacts: readonly Contact[],
  now: string,
): readonly Answer[] {
  const { request } = approval;
  const nameOf = ({ user, who }: Member): string => people.find(({ slack }) => slack === user)?.name ?? who;
  const code = replyCode(request);
  const read = replies.map((reply) => ({ reply, said: readReply(reply.text, code) }));
  const crossed = reactions.find(({ name }) => name === 'x');
  if (crossed) return [{ type: 'RefuseApproval', data: { request, who: nameOf(crossed), how: 'reaction' } }];
  for (const { reply, said } of read) {
    if (said?.yes !== false) continue;
    const reason = said.reason === '' ? {} : { reason: said.reason };
    return [{ type: 'RefuseApproval', data: { request, who: nameOf(reply), how: 'reply', ...reason } }];
  }
  const yes: readonly (readonly [Member, Given])[] = [
    ...reactions
      .filter(({ name }) => name === 'white_check_mark')
      .map((reaction) => [reaction, 'reaction'] as const),
    ...read.flatMap(({ reply, said }) => (said?.yes === true ? [[reply, 'reply'] as const] : [])),
  ];
  return yes
    .map(([member, how]) => {
      const who = nameOf(member);
      return { who, how, roles: rolesOf(who, people, contacts) };
    })
    .filter((one) => whyNoYes(approval, one, now) === undefined)
    .map(({ who, how, roles }) => ({
      type: 'GiveApproval',
      data: { request, who, how, ...(roles.length > 0 ? { roles } : {}) },
    }));
}
