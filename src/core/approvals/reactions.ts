import type { Command } from '../incident/commands.ts';
import type { Contact } from '../guide/guide.ts';
import { rolesOf } from '../people/peopleFor.ts';
import type { Person } from '../people/person.ts';
import { whyNoYes, type Approval } from './approval.ts';

/** One reaction of one member to the message that asks for an approval. */
export interface Reaction {
  /** Without colons and skin tone: `white_check_mark`. */
  readonly name: string;
  /** Slack member id. */
  readonly user: string;
  /** Display name; the id where it is not known. */
  readonly who: string;
}

type Answer = Extract<Command, { type: 'GiveApproval' | 'RefuseApproval' }>;

/**
 * What the reactions to a request's message answer at `now`: a refusal where anybody refuses, else every approval that
 * counts. A member whom the people file has by Slack id goes by that name, which is how one's own request is known.
 */
export function answersIn(
  approval: Approval,
  reactions: readonly Reaction[],
  people: readonly Person[],
  contacts: readonly Contact[],
  now: string,
): readonly Answer[] {
  const { request } = approval;
  const nameOf = ({ user, who }: Reaction): string => people.find(({ slack }) => slack === user)?.name ?? who;
  const no = reactions.find(({ name }) => name === 'x');
  if (no) return [{ type: 'RefuseApproval', data: { request, who: nameOf(no), how: 'reaction' } }];
  return reactions
    .filter(({ name }) => name === 'white_check_mark')
    .map((reaction) => {
      const who = nameOf(reaction);
      return { who, roles: rolesOf(who, people, contacts) };
    })
    .filter((yes) => whyNoYes(approval, { ...yes, how: 'reaction' }, now) === undefined)
    .map(({ who, roles }) => ({
      type: 'GiveApproval',
      data: { request, who, how: 'reaction', ...(roles.length > 0 ? { roles } : {}) },
    }));
}
