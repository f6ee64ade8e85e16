import { parseInstant } from '../incident/instants.ts';

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
export function findRecurrences(
  subjects: readonly RecurrenceSubject[],
  windowDays = recurrenceDays,
): ReadonlyMap<string, Recurrence> {
  const dated = subjects
    .flatMap((subject) => {
      const { declaredAt } = subject;
      const at = declaredAt === undefined ? undefined : atOf(declaredAt);
      return declaredAt === undefined || at === undefined ? [] : [{ subject, declaredAt, at }];
    })
    .sort((a, b) => a.at - b.at || (a.subject.id < b.subject.id ? -1 : 1));
  type Dated = (typeof dated)[number];
  const having = new Map<string, Dated[]>();
  const found = new Map<string, Recurrence>();
  for (const one of dated) {
    const earliest = one.at - windowDays * dayMs;
    const common = new Map<string, { readonly dated: Dated; readonly because: CommonTrait[] }>();
    const traits = traitsOf(one.subject);
    for (const { key, trait } of traits) {
      const before = having.get(key) ?? [];
      for (let at = before.length - 1; at >= 0 && before[at]!.at >= earliest; at -= 1) {
        const earlier = before[at]!;
        const known = common.get(earlier.subject.id);
        if (known) known.because.push(trait);
        else common.set(earlier.subject.id, { dated: earlier, because: [trait] });
      }
    }
    for (const { key } of traits) {
      const list = having.get(key);
      if (list) list.push(one);
      else having.set(key, [one]);
    }
    if (common.size > 0) found.set(one.subject.id, recurrence(one.at, [...common.values()]));
  }
  return found;
}

/** Whether one incident recurs; undefined when it does not. `others` in any order, itself may be among them. */
export function recurrenceOf(
  subject: RecurrenceSubject,
  others: readonly RecurrenceSubject[],
  windowDays = recurrenceDays,
): Recurrence | undefined {
  const rest = others.filter(({ id }) => id !== subject.id);
  return findRecurrences([...rest, subject], windowDays).get(subject.id);
}

/** A record's time in ms since 1970: of an instant, or of the day's beginning in UTC where only the day is known. */
export const atOf = (declaredAt: string): number | undefined =>
  parseInstant(declaredAt.length === 10 ? `${declaredAt}T00:00:00.000Z` : declaredAt);

function recurrence(
  at: number,
  common: readonly {
    readonly dated: {
      readonly subject: RecurrenceSubject;
      readonly declaredAt: string;
      readonly at: number;
    };
    readonly because: readonly CommonTrait[];
  }[],
): Recurrence {
  const earlier = common
    .map(({ dated, because }) => ({
      id: dated.subject.id,
      number: dated.subject.number,
      title: dated.subject.title,
      declaredAt: dated.declaredAt,
      msBefore: at - dated.at,
      because,
    }))
    .sort((a, b) => a.msBefore - b.msBefore || (a.id < b.id ? 1 : -1));
  const because = new Map(
    earlier.flatMap((one) => one.because).map((trait) => [`${trait.kind} ${trait.value}`, trait]),
  );
  return {
    earlier: earlier.slice(0, mostShown),
    count: earlier.length,
    because: [...because.values()].sort((a, b) => order[a.kind] - order[b.kind]),
  };
}

function traitsOf({ service, alerts, errors }: RecurrenceSubject) {
  const traits: CommonTrait[] = [
    ...alerts.map((value): CommonTrait => ({ kind: 'alert', value })),
    ...errors.map((value): CommonTrait => ({ kind: 'error', value })),
    ...(service === undefined ? [] : [{ kind: 'service', value: service } as const]),
  ];
  const byKey = new Map(
    traits.map((trait) => [`${trait.kind} ${trait.value.trim().toLowerCase()}`, trait] as const),
  );
  return [...byKey].map(([key, trait]) => ({ key, trait }));
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
