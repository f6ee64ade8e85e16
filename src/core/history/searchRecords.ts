import { foldText } from './foldText.ts';
import type { IncidentRecord } from './incidentRecord.ts';
import type { Kind, SearchQuery } from './searchQuery.ts';

/** A record with what is looked at folded once. */
export interface SearchEntry {
  readonly record: IncidentRecord;
  readonly number: string;
  readonly title: string;
  readonly service: string;
  readonly severity: string;
  readonly cause: string;
  readonly people: string;
  /** UTC day; empty where it is not known. */
  readonly day: string;
}

export function searchEntryOf(record: IncidentRecord): SearchEntry {
  const { number, title, service = '', severity = '', cause = '', people, declaredAt = '' } = record;
  return {
    record,
    number: number.toLowerCase(),
    title: foldText(title),
    service: foldText(service),
    severity: foldText(severity),
    cause: foldText(cause),
    people: people.map(foldText).join('\n'),
    day: declaredAt.slice(0, 10),
  };
}

/** Where a word stands decides how much it says. */
const weights = [
  ['number', 12],
  ['title', 8],
  ['service', 6],
  ['cause', 5],
  ['people', 4],
  ['severity', 3],
] as const;

/** Those that fit, the best first and the newest first among equals. Without a word: the newest first. */
export function searchRecords(
  entries: readonly SearchEntry[],
  query: SearchQuery,
): readonly IncidentRecord[] {
  const found: { readonly entry: SearchEntry; readonly score: number }[] = [];
  for (const entry of entries) {
    if (!passes(entry, query)) continue;
    const score = scoreOf(entry, query.words);
    if (score >= 0) found.push({ entry, score });
  }
  return found
    .sort((a, b) => b.score - a.score || newestFirst(a.entry, b.entry))
    .map(({ entry }) => entry.record);
}

function newestFirst(a: SearchEntry, b: SearchEntry): number {
  const [one, other] = [a.record.declaredAt ?? '', b.record.declaredAt ?? ''];
  return one < other ? 1 : one > other ? -1 : a.record.id < b.record.id ? 1 : -1;
}

function passes(entry: SearchEntry, query: SearchQuery): boolean {
  const { day, service, severity, cause, people } = entry;
  const any = (wanted: readonly string[], test: (one: string) => boolean): boolean =>
    wanted.length === 0 || wanted.some(test);
  return (
    (query.from === undefined || (day !== '' && day >= query.from)) &&
    (query.to === undefined || (day !== '' && day <= query.to)) &&
    any(query.service, (one) => service.includes(one)) &&
    any(query.severity, (one) => isSeverity(severity, one)) &&
    any(query.cause, (one) => cause.includes(one)) &&
    any(query.person, (one) => people.includes(one)) &&
    query.is.every((kind) => isKind(entry.record, kind)) &&
    query.without.every((word) => placesOf(entry, word) === 0)
  );
}

/** `sev:1` finds SEV1, SEV-1 and P1, and not SEV10. */
const isSeverity = (severity: string, wanted: string): boolean =>
  severity === wanted || (/^\d+$/.test(wanted) && /(\d+)\D*$/.exec(severity)?.[1] === wanted);

function isKind({ status, drill, imported }: IncidentRecord, kind: Kind): boolean {
  switch (kind) {
    case 'active':
    case 'resolved':
      return status === kind;
    case 'drill':
      return drill;
    case 'imported':
      return imported !== undefined;
  }
}

/** Below zero when a word stands nowhere. */
function scoreOf(entry: SearchEntry, words: readonly string[]): number {
  let score = 0;
  for (const word of words) {
    const places = placesOf(entry, word);
    if (places === 0) return -1;
    score += places;
  }
  return score;
}

function placesOf(entry: SearchEntry, word: string): number {
  let sum = 0;
  for (const [place, weight] of weights) {
    const text = entry[place];
    const at = text.indexOf(word);
    // A word that begins there says more than one that is only a part of another.
    if (at !== -1) sum += at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? ' ') ? weight + 1 : weight;
  }
  return sum === 0 && entry.record.text.includes(word) ? 1 : sum;
}
