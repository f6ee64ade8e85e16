import { parseInstant } from '../incident/instants.ts';
import { whole, type Pieces } from '../pieces.ts';

/** What recurrence is judged by. Every `IncidentRecord` is one. */
export interface RecurrenceSubject {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly service: string | undefined;
  /** UTC ISO 8601, or the day alone; undefined where it is not known, which recurs of nothing. */
  readonly declaredAt: string | undefined;
  /** Names of the alerts and pages that were attached. */
  readonly alerts: readonly string[];
  /** Templates of the errors that were kept as evidence. */
  readonly errors: readonly string[];
}

/** What two incidents have in common. `value` as the later one calls it. */
export interface CommonTrait {
  readonly kind: 'service' | 'alert' | 'error';
  readonly value: string;
}

export interface EarlierIncident {
  readonly id: string;
  readonly number: string;
  readonly title: string;
  readonly declaredAt: string;
  /** Between the two declares. */
  readonly msBefore: number;
  /** Never empty: why it is thought the same. */
  readonly because: readonly CommonTrait[];
}

export interface Recurrence {
  /** The newest first, `mostShown` of them at most. */
  readonly earlier: readonly EarlierIncident[];
  /** How many there are in the window. */
  readonly count: number;
  /** Every trait that some earlier one has too, alerts and errors before the service. */
  readonly because: readonly CommonTrait[];
}

export const recurrenceDays = 30;
const mostShown = 10;
const dayMs = 86_400_000;
const order = { alert: 0, error: 1, service: 2 } as const;

/**
 * Which incidents recur, by id: an earlier one within the window (days between the declares) has the same service, the
 * same alert or the same template of an error. Drills are the caller's to leave out. Linear but for the sorting.
 */
export const findRecurrences = (
  subjects: readonly RecurrenceSubject[],
  windowDays = recurrenceDays,
): ReadonlyMap<string, Recurrence> => whole(recurrencesInPieces(subjects, windowDays));

/** The same, one incident a piece. */
export function* recurrencesInPieces(
  subjects: readonly RecurrenceSubject[],
  windowDays = recurrenceDays,
): Pieces<ReadonlyMap<string, Recurrence>> {
  const dated: Dated[] = [];
  for (const subject of subjects) {
    yield;
    const at = subject.declaredAt === undefined ? undefined : atOf(subject.declaredAt);
    if (at !== undefined) dated.push({ subject, at, declaredAt: subject.declaredAt ?? '' });
  }
  dated.sort((a, b) => a.at - b.at || (a.subject.id < b.subject.id ? -1 : 1));
  // Places in `dated`, in order, of those that have a trait.
  const having = new Map<string, number[]>();
  // Of which incident each place was counted last: thousands of pairs are counted without an object for each.
  const countedFor = new Int32Array(dated.length).fill(-1);
  const found = new Map<string, Recurrence>();
  for (const [place, { subject, at }] of dated.entries()) {
    yield;
    const earliest = at - windowDays * dayMs;
    const traits = traitsOf(subject);
    const shared: Shared[] = [];
    let count = 0;
    for (const { key, trait } of traits) {
      const before = having.get(key) ?? [];
      let from = before.length;
      while (from > 0 && dated[before[from - 1]!]!.at >= earliest) {
        from -= 1;
        const earlier = before[from]!;
        if (countedFor[earlier] === place) continue;
        countedFor[earlier] = place;
        count += 1;
      }
      if (from < before.length)
        shared.push({ trait, places: before.slice(Math.max(from, before.length - mostShown)) });
    }
    for (const { key } of traits) {
      const list = having.get(key);
      if (list) list.push(place);
      else having.set(key, [place]);
    }
    if (count > 0) found.set(subject.id, recurrence(at, count, shared, dated));
  }
  return found;
}

/** Whether one incident recurs; undefined when it does not. `others` in any order, itself may be among them. */
export function recurrenceOf(
  subject: RecurrenceSubject,
  others: readonly RecurrenceSubject[],
  windowDays = recurrenceDays,
): Recurrence | undefined {
  const wanted = new Set(traitsOf(subject).map(({ key }) => key));
  const alike = others.filter(
    (other) => other.id !== subject.id && traitsOf(other).some(({ key }) => wanted.has(key)),
  );
  return findRecurrences([...alike, subject], windowDays).get(subject.id);
}

/** A record's time in ms since 1970: of an instant, or of the day's beginning in UTC where only the day is known. */
export const atOf = (declaredAt: string): number | undefined =>
  parseInstant(declaredAt.length === 10 ? `${declaredAt}T00:00:00.000Z` : declaredAt);

interface Dated {
  readonly subject: RecurrenceSubject;
  readonly declaredAt: string;
  readonly at: number;
}

/** A trait that an incident has in common with earlier ones: the newest `mostShown` of their places, the newest last. */
interface Shared {
  readonly trait: CommonTrait;
  readonly places: readonly number[];
}

function recurrence(
  at: number,
  count: number,
  shared: readonly Shared[],
  dated: readonly Dated[],
): Recurrence {
  const newest = [...new Set(shared.flatMap(({ places }) => places))]
    .sort((a, b) => b - a)
    .slice(0, mostShown);
  const last = ({ places }: Shared): number => places.at(-1) ?? -1;
  return {
    earlier: newest.map((place) => {
      const { subject, declaredAt, at: earlierAt } = dated[place]!;
      return {
        ...{ id: subject.id, number: subject.number, title: subject.title, declaredAt },
        msBefore: at - earlierAt,
        because: shared.filter(({ places }) => places.includes(place)).map(({ trait }) => trait),
      };
    }),
    count,
    because: [...shared]
      .sort((a, b) => order[a.trait.kind] - order[b.trait.kind] || last(b) - last(a))
      .map(({ trait }) => trait),
  };
}

function traitsOf({ service, alerts, errors }: RecurrenceSubject) {
  const byKey = new Map<string, CommonTrait>();
  const add = (kind: CommonTrait['kind'], value: string): void =>
    void byKey.set(`${kind} ${value.trim().toLowerCase()}`, { kind, value });
  for (const value of alerts) add('alert', value);
  for (const value of errors) add('error', value);
  if (service !== undefined) add('service', service);
  return Array.from(byKey, ([key, trait]) => ({ key, trait }));
}

const words = { service: 'the same service', alert: 'the same alert', error: 'the same error' } as const;

/** `the same alert, HighErrorRate` */
export const describeTrait = ({ kind, value }: CommonTrait): string => `${words[kind]}, ${value}`;

/** The newest of the earlier ones with why, and how many more there are. */
export function describeRecurrence({ earlier, count }: Pick<Recurrence, 'earlier' | 'count'>): string {
  const [newest] = earlier;
  const more = count > 1 ? `; and ${count - 1} more before` : '';
  return newest ? `${describeEarlier(newest)}${more}` : 'of nothing that is known';
}

/** `2026-11-20-0001, 3 days before: the same alert, HighErrorRate; the same service, payment-service` */
export function describeEarlier({ number, msBefore, because }: EarlierIncident): string {
  const days = Math.floor(msBefore / dayMs);
  const before = days === 0 ? 'less than a day' : days === 1 ? '1 day' : `${days} days`;
  return `${number}, ${before} before: ${because.map(describeTrait).join('; ')}`;
}
