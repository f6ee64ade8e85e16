import * as v from 'valibot';
import { oneLine } from '../views/oneLine.ts';
import { mailAddress, phoneNumber, type PeopleFile, type Person } from './person.ts';

/** Longer lists are a directory, not the people one calls at night. */
const MOST_PEOPLE = 1_000;
const MOST_ROLES = 50;

const word = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(200));
const list = v.array(v.unknown());
const entry = v.record(v.string(), v.unknown());

/** How each way to reach somebody is written; what is written otherwise is left out with a sentence. */
const ways = {
  phone: {
    schema: v.pipe(word, v.regex(phoneNumber)),
    like: 'a phone number such as +351 210 000 000',
  },
  email: {
    schema: v.pipe(word, v.regex(mailAddress)),
    like: 'an address such as ana@example.org',
  },
  slack: {
    schema: v.pipe(word, v.regex(/^[UW][A-Z0-9]{4,20}$/)),
    like: 'a Slack member id such as U012AB3CD (in Slack: profile, ⋮, Copy member ID)',
  },
  pagerduty: {
    schema: v.pipe(word, v.regex(/^[A-Z0-9]{5,20}$/)),
    like: 'a PagerDuty user id such as PXPGF42 (the end of the address of the user’s page)',
  },
  github: {
    schema: v.pipe(
      word,
      v.transform((text) => text.replace(/^@/, '')),
      v.regex(/^[a-z\d](?:[a-z\d-]{0,38})$/i),
    ),
    like: 'a GitHub login such as ana-lima',
  },
} as const;
type Way = keyof typeof ways;
const isWay = (key: string): key is Way => Object.hasOwn(ways, key);

/**
 * The people of a parsed YAML file: a list of entries, or a mapping whose `people` is one. Never throws. An entry
 * without a name is left out, a field that cannot be right is left out of its entry, and each is told in a sentence.
 */
export function parsePeople(file: unknown): PeopleFile {
  if (file === undefined || file === null || file === '') return { people: [], problems: [] };
  const read = v.safeParse(v.union([list, v.object({ people: v.nullable(list) })]), file);
  if (!read.success)
    return {
      people: [],
      problems: [
        'The file holds no list of people. Write one entry per person, each beginning with "- name:".',
      ],
    };
  const entries = Array.isArray(read.output) ? read.output : (read.output.people ?? []);
  const problems: string[] = [];
  const people: Person[] = [];
  entries.slice(0, MOST_PEOPLE).forEach((one, index) => {
    const person = parseEntry(one, index + 1, problems);
    if (person) people.push(person);
  });
  if (entries.length > MOST_PEOPLE)
    problems.push(
      `The file lists ${entries.length} people; only the first ${MOST_PEOPLE} are used. Keep those who are called in an incident.`,
    );
  return { people, problems };
}

function parseEntry(given: unknown, number: number, problems: string[]): Person | undefined {
  const fields = v.safeParse(entry, given);
  const name = v.safeParse(word, fields.success ? fields.output['name'] : undefined);
  if (!fields.success || !name.success) {
    problems.push(`Entry ${number} has no name, so it is left out. The others are used.`);
    return undefined;
  }
  const who = oneLine(name.output, 60);
  const found: { -readonly [W in Way]?: string } = {};
  let roles: readonly string[] = [];
  for (const [key, value] of Object.entries(fields.output)) {
    if (key === 'name' || value === '' || value === null) continue;
    if (key === 'roles' || key === 'role') {
      roles = [...roles, ...parseRoles(value, who, problems)];
      continue;
    }
    if (!isWay(key)) {
      problems.push(
        `${who} has "${oneLine(key, 40)}", which is not known here. Known are name, roles, ${Object.keys(ways).join(', ')}.`,
      );
      continue;
    }
    const read = v.safeParse(ways[key].schema, value);
    if (read.success) found[key] = read.output;
    else problems.push(`${who}: ${key} is not used. Write ${ways[key].like}.`);
  }
  return { name: name.output, roles: roles.slice(0, MOST_ROLES), ...found };
}

/** A list, or one text with commas. */
function parseRoles(value: unknown, who: string, problems: string[]): readonly string[] {
  const given = typeof value === 'string' ? value.split(',') : value;
  const read = v.safeParse(v.array(word), given);
  if (read.success) return read.output;
  const some = Array.isArray(given) ? given.flatMap((one) => oneWord(one)) : [];
  problems.push(
    `${who}: not every role is a word. Write roles as a list such as [Tech Lead, Incident Lead].`,
  );
  return some;
}

function oneWord(value: unknown): readonly string[] {
  const read = v.safeParse(word, value);
  return read.success ? [read.output] : [];
}
