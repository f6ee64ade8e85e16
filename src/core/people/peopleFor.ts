import type { Addressee } from '../deliveries/delivery.ts';
import type { Contact } from '../guide/guide.ts';
import { mailAddress, phoneNumber, type Person } from './person.ts';
import { plainWords, sameWords } from './sameWords.ts';

/** Somebody who holds a role, with every way to reach them that the people file or the guide gives. */
export interface Reachable extends Person {
  /** What the guide's contact table says, when that is no phone number and no address: `#security`, `ext. 12`. */
  readonly contact?: string;
}

/** Who holds one of the guide's roles. */
export interface Holders {
  readonly role: string;
  /** Empty: nobody is known for it. */
  readonly who: readonly Reachable[];
}

/** `Tech Lead Platform` is a tech lead; a tech lead is not the one of the platform. */
const isKindOf = (offered: string, wanted: string): boolean =>
  plainWords(offered).startsWith(`${plainWords(wanted)} `);

/** How a guide's contact can be reached, by the shape of its text. */
export function waysOf(contact: string): Pick<Reachable, 'phone' | 'email' | 'contact'> {
  const text = contact.trim();
  const phone = text.replace(/^tel:\s*/i, '');
  if (phoneNumber.test(phone)) return { phone };
  const email = text.replace(/^mailto:\s*/i, '');
  if (mailAddress.test(email)) return { email };
  return text === '' ? {} : { contact: text };
}

export interface ReachWay {
  readonly kind: 'phone' | 'email' | 'contact' | 'slack' | 'pagerduty' | 'github';
  readonly text: string;
  /** What a click opens; undefined where there is nothing to open. */
  readonly link: string | undefined;
}

/** Every way to reach somebody, the quickest first. A phone's link has digits alone, as RFC 3966 wants it. */
export function renderWaysOf(person: Reachable): readonly ReachWay[] {
  const { phone, email, contact, slack, pagerduty, github } = person;
  const dial = phone?.replace(/(?!^\+)\D/g, '');
  const ways: readonly (readonly [ReachWay['kind'], string | undefined, string | undefined])[] = [
    ['phone', phone, `tel:${dial ?? ''}`],
    ['contact', contact, contact !== undefined && /^https?:/i.test(contact) ? contact : undefined],
    ['email', email, `mailto:${email ?? ''}`],
    ['slack', slack, undefined],
    ['pagerduty', pagerduty, undefined],
    ['github', github, `https://github.com/${github ?? ''}`],
  ];
  return ways.flatMap(([kind, text, link]) => (text === undefined ? [] : [{ kind, text, link }]));
}

/**
 * Everybody the people file and the guide's contact table know, each once: a contact whose name the people file has
 * gets that person's ids, and its role. Placeholders of the guide are nobody.
 */
export function everybody(people: readonly Person[], contacts: readonly Contact[]): readonly Reachable[] {
  const all: Reachable[] = people.map((person) => ({ ...person }));
  for (const { role, name, contact, placeholder } of contacts) {
    if (placeholder) continue;
    const called = name === '' ? role : name;
    const at = all.findIndex((person) => sameWords(person.name, called));
    const known = all[at];
    if (!known) {
      all.push({ name: called, roles: [role], ...waysOf(contact) });
      continue;
    }
    const isNew = role !== '' && !known.roles.some((one) => sameWords(one, role));
    all[at] = { ...waysOf(contact), ...known, roles: isNew ? [...known.roles, role] : known.roles };
  }
  return all;
}

/** Who holds each of the roles: those it names exactly, else those of a narrower role. */
export function holdersOf(
  roles: readonly string[],
  people: readonly Person[],
  contacts: readonly Contact[],
): readonly Holders[] {
  const all = everybody(people, contacts);
  return roles.map((role) => {
    const exact = all.filter((person) => person.roles.some((one) => sameWords(one, role)));
    const near = all.filter((person) => person.roles.some((one) => isKindOf(one, role)));
    return { role, who: exact.length > 0 ? exact : near };
  });
}

/** Whom outside systems are to call for these roles, each person once, and the roles nobody is known for. */
export function peopleFor(
  roles: readonly string[],
  people: readonly Person[],
  contacts: readonly Contact[],
): { readonly people: readonly Addressee[]; readonly unknown: readonly string[] } {
  const holders = holdersOf(roles, people, contacts);
  const found = new Map<string, Addressee>();
  for (const { who } of holders) {
    for (const { name, email, slack, pagerduty, github } of who) {
      found.set(plainWords(name), {
        name,
        ...(slack === undefined ? {} : { slack }),
        ...(email === undefined ? {} : { email }),
        ...(pagerduty === undefined ? {} : { pagerduty }),
        ...(github === undefined ? {} : { github }),
      });
    }
  }
  return {
    people: [...found.values()],
    unknown: holders.filter(({ who }) => who.length === 0).map(({ role }) => role),
  };
}

/** The roles that the people file and the guide's contacts give somebody of this name; none for who is not known. */
export const rolesOf = (
  name: string,
  people: readonly Person[],
  contacts: readonly Contact[],
): readonly string[] => everybody(people, contacts).find((one) => sameWords(one.name, name))?.roles ?? [];
