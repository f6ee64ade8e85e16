import { plainWords, sameWords } from '../people/sameWords.ts';

/** Other people who have to agree before a step runs: so many of them, of a role where one is named. */
export interface Need {
  /** 1 to 9. */
  readonly people: number;
  /** As the guide or the setting writes it: `Tech Lead`. Absent: anybody but the one who asks. */
  readonly role?: string;
}

export interface ReadNeeds {
  readonly needs: readonly Need[];
  /** What could not be read, as a sentence; a second person is asked for in its place. */
  readonly problem: string | undefined;
}

const secondPerson = /^(?:(?:a )?second[ -]person|some(?:body|one) else|yes|true)$/i;
const nobodyElse = /^(?:no|none|false|0)$/i;
const counted = /^(\d{1,4})(?: (?:people|persons?|others?|approvals?))?$/i;
const countOfRole = /^(\d{1,4}) (?:of )?(.+)$/i;
const roleWords = /^(?!of$)\p{L}[\p{L}\p{N} .&/'’()-]{0,79}$/u;

/**
 * Reads `ir.approve` and the values of `incident.approvals.floor`: `second person`, a count (`2`, `2 people`), a role
 * (`Tech Lead`), a count of a role (`2 of Tech Lead`), several with commas; `none` asks for nobody. Never throws: what
 * cannot be read asks for a second person, for whoever wrote it wanted somebody to look.
 */
export function parseNeeds(text: string): ReadNeeds {
  const needs: Need[] = [];
  let problem: string | undefined;
  for (const part of text.split(',')) {
    const words = part.replace(/\s+/g, ' ').trim();
    if (nobodyElse.test(words)) continue;
    const need = readPart(words);
    if (need === undefined)
      problem ??= `“${words.slice(0, 60)}” does not say who has to approve, so a second person is asked for. Write “second person”, a count such as “2”, or a role such as “Tech Lead”.`;
    needs.push(need ?? { people: 1 });
  }
  return { needs: joinNeeds(needs), problem };
}

function readPart(words: string): Need | undefined {
  if (secondPerson.test(words)) return { people: 1 };
  const [, count] = counted.exec(words) ?? [];
  if (count !== undefined) return few(Number(count));
  const [, many, ofRole] = countOfRole.exec(words) ?? [];
  const people = many === undefined ? { people: 1 } : few(Number(many));
  const role = (ofRole ?? words).replace(/^role\s*:\s*/i, '').trim();
  return people && roleWords.test(role) ? { ...people, role } : undefined;
}

const few = (people: number): Need | undefined => (people >= 1 && people <= 9 ? { people } : undefined);

/** Everything that any of them wants, each role once with the larger count: joining only ever asks for more. */
export function joinNeeds(needs: readonly Need[]): readonly Need[] {
  const joined = new Map<string, Need>();
  for (const need of needs) {
    const key = need.role === undefined ? '' : plainWords(need.role);
    const known = joined.get(key);
    if (!known || known.people < need.people) joined.set(key, need);
  }
  const most = Math.max(0, ...[...joined.values()].flatMap(({ role, people }) => (role ? [people] : [])));
  const anybody = joined.get('');
  // Whoever holds the role is somebody else as well.
  if (anybody && anybody.people <= most) joined.delete('');
  return [...joined.values()];
}

/** `a second person`, `2 people`, `a Tech Lead`, `2 of Tech Lead and another person`. */
export const renderNeeds = (needs: readonly Need[]): string => needs.map(renderNeed).join(' and ');

function renderNeed({ people, role }: Need): string {
  if (role === undefined) return people === 1 ? 'a second person' : `${people} other people`;
  return people === 1 ? `somebody who is ${role}` : `${people} who are ${role}`;
}

/** Somebody who agreed, with the roles the people file gives them. */
export interface Agreed {
  readonly who: string;
  readonly roles: readonly string[];
}

const fits = ({ role }: Need, { roles }: Agreed): boolean =>
  role === undefined || roles.some((one) => sameWords(one, role));

/** What is still wanted after these have agreed; empty when everybody has. Nobody counts twice for one need. */
export function openNeeds(needs: readonly Need[], agreed: readonly Agreed[]): readonly Need[] {
  return needs.flatMap((need) => {
    const who = new Set(agreed.filter((one) => fits(need, one)).map((one) => plainWords(one.who)));
    const people = need.people - who.size;
    return people > 0 ? [{ ...need, people }] : [];
  });
}

/** Whether somebody's agreement would bring it further. */
export const isWanted = (open: readonly Need[], who: Agreed): boolean => open.some((need) => fits(need, who));

/** Whether what was asked for is at least as much as what is wanted now. */
export const covers = (asked: readonly Need[], wanted: readonly Need[]): boolean =>
  wanted.every((need) =>
    asked.some(
      ({ people, role }) =>
        people >= need.people &&
        (need.role === undefined || (role !== undefined && sameWords(role, need.role))),
    ),
  );
