import { foldText } from './foldText.ts';

/** What somebody looks for in History. All of it must hold. */
export interface SearchQuery {
  /** Folded words and phrases that must stand somewhere. */
  readonly words: readonly string[];
  /** Folded ones that must stand nowhere. */
  readonly without: readonly string[];
  /** Any one of each list; folded. */
  readonly service: readonly string[];
  readonly severity: readonly string[];
  readonly cause: readonly string[];
  readonly person: readonly string[];
  readonly is: readonly Kind[];
  /** UTC days `2026-01-31`: from this one on, and up to this one. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Sentences about what could not be used; the rest of the query counts. */
  readonly problems: readonly string[];
}

export type Kind = 'active' | 'resolved' | 'drill' | 'imported';
const kinds: readonly Kind[] = ['active', 'resolved', 'drill', 'imported'];

const names: Readonly<
  Record<string, 'service' | 'severity' | 'cause' | 'person' | 'is' | 'after' | 'before' | 'until' | 'on'>
> = {
  service: 'service',
  svc: 'service',
  severity: 'severity',
  sev: 'severity',
  cause: 'cause',
  person: 'person',
  who: 'person',
  by: 'person',
  is: 'is',
  after: 'after',
  since: 'after',
  before: 'before',
  until: 'until',
  on: 'on',
  date: 'on',
};

const part = /(-)?(?:([a-z]+):(?:"([^"]*)"?|(\S*))|"([^"]*)"?|(\S+))/giu;

/**
 * Reads `service:payment sev:1 after:2026-01 -staging "connection pool" ana`. A filter that is not known is looked for as
 * text (an error may well be called `error:timeout`); a date that cannot be read is a problem. Never throws.
 */
export function parseSearchQuery(text: string): SearchQuery {
  const lists = { service: [], severity: [], cause: [], person: [] } as Record<
    'service' | 'severity' | 'cause' | 'person',
    string[]
  >;
  const words: string[] = [];
  const without: string[] = [];
  const is: Kind[] = [];
  const problems: string[] = [];
  let from: string | undefined;
  let to: string | undefined;
  for (const [all, minus, key = '', quotedValue, plainValue = '', quoted, plain = ''] of text.matchAll(
    part,
  )) {
    const value = foldText(quotedValue ?? plainValue);
    const name = Object.hasOwn(names, key.toLowerCase()) ? names[key.toLowerCase()] : undefined;
    if (name === undefined) {
      const word = foldText(key === '' ? (quoted ?? plain) : all.replace(/^-/, '').replaceAll('"', ''));
      if (word !== '') (minus === undefined ? words : without).push(word);
      continue;
    }
    if (minus !== undefined) problems.push(`-${key}: is not known; a minus goes before a word alone.`);
    else if (value === '') problems.push(`${key}: has no value yet.`);
    else if (name === 'is') {
      const kind = kinds.find((one) => one === value);
      if (kind) is.push(kind);
      else problems.push(`is:${value} is not known. Known: ${kinds.join(', ')}.`);
    } else if (name === 'after' || name === 'before' || name === 'until' || name === 'on') {
      const days = readDays(value);
      if (!days) problems.push(`${key}:${value} is no date. Write 2026, 2026-01 or 2026-01-31.`);
      else {
        // As mail programs have it: what is after a month begins with its first day, what is before it ends ahead of it.
        const last = name === 'before' ? days.dayBefore : days.last;
        if (name === 'after' || name === 'on')
          from = from === undefined || days.first > from ? days.first : from;
        if (name !== 'after') to = to === undefined || last < to ? last : to;
      }
    } else
      lists[name].push(
        ...value
          .split(',')
          .map((one) => one.trim())
          .filter(Boolean),
      );
  }
  return { words, without, ...lists, is, from, to, problems };
}

/** First and last UTC day of `2026`, `2026-01` or `2026-01-31`, and the day before; undefined for anything else. */
function readDays(text: string) {
  const [, year = '', month, day] = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text) ?? [];
  if (year === '') return undefined;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  const first = new Date(Date.UTC(y, m - 1, d));
  if (first.getUTCMonth() !== m - 1 || first.getUTCDate() !== d) return undefined;
  const last =
    day !== undefined ? first : new Date(month === undefined ? Date.UTC(y, 12, 0) : Date.UTC(y, m, 0));
  const dayOf = (date: Date): string => date.toISOString().slice(0, 10);
  return {
    first: dayOf(first),
    last: dayOf(last),
    dayBefore: dayOf(new Date(first.getTime() - 86_400_000)),
  };
}
