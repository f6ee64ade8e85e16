import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, utcDateTime } from '../incident/instants.ts';
import type { Reachable } from '../people/peopleFor.ts';
import { sameWords } from '../people/sameWords.ts';

/** The post-mortem's deadline as people's calendars hold it. Times UTC ISO 8601. */
export interface CalendarEntry {
  /** The same for every file of the incident: a calendar moves the entry in place of adding one. */
  readonly uid: string;
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  /** The half hour that ends with the deadline. */
  readonly startsAt: string;
  readonly endsAt: string;
  /** It takes the entry away. */
  readonly cancelled: boolean;
  /** Who answers for the entry. Undefined where no address is known: none is made up. */
  readonly organizer: Organizer | undefined;
}

export type Organizer = NonNullable<EventData['CalendarEntryWritten']['organizer']>;

const lengthMs = 30 * 60_000;

export interface EntryInput {
  readonly incident: Incident;
  /** UTC ISO 8601; undefined when there is none now: the incident is open again, its severity has none, or it is reviewed. */
  readonly dueAt: string | undefined;
  /** As `organizerOf` finds them. */
  readonly organizer?: Organizer | undefined;
}

/** The first of these names that somebody with a mail address has. */
export function organizerOf(
  names: readonly (string | undefined)[],
  people: readonly Reachable[],
): Organizer | undefined {
  for (const wanted of names) {
    const found = people.find(({ name, email }) => email && wanted !== undefined && sameWords(name, wanted));
    if (found?.email !== undefined) return { name: found.name, email: found.email };
  }
  return undefined;
}

/**
 * The entry for the deadline as it is now, or the one that takes an earlier entry back. Undefined when there is no
 * deadline and nothing was ever written.
 */
export function calendarEntryOf({ incident, dueAt, organizer }: EntryInput): CalendarEntry | undefined {
  const last = incident.calendarEntry;
  const due = dueAt ?? last?.dueAt;
  const startsAt = due && addMs(due, -lengthMs);
  if (due === undefined || startsAt === undefined) return undefined;
  const cancelled = dueAt === undefined;
  const isSame = last?.dueAt === due && (last.cancelled ?? false) === cancelled;
  if (cancelled && last?.cancelled === true && isSame) return undefined;
  return {
    uid: last?.uid ?? `${incident.id}-post-mortem@incident-response`,
    sequence: last === undefined ? 0 : isSame ? last.sequence : last.sequence + 1,
    title: `Post-mortem due: ${incident.severity} ${incident.title}`,
    description: [
      `The post-mortem of incident ${incident.number} is due ${utcDateTime(due)}.`,
      `Owner: ${incident.postMortemOwner?.owner ?? 'nobody yet'}.`,
      ...(incident.postMortem ? [`File: ${incident.postMortem.file}`] : []),
    ].join('\n'),
    startsAt,
    endsAt: due,
    cancelled,
    // A calendar may refuse a change that is of another organizer than the entry it has.
    organizer: last?.organizer ?? organizer,
  };
}

export const writtenEntry = ({
  uid,
  sequence,
  endsAt,
  cancelled,
  organizer,
}: CalendarEntry): EventData['CalendarEntryWritten'] => ({
  uid,
  sequence,
  dueAt: endsAt,
  ...(cancelled ? { cancelled } : {}),
  ...(organizer ? { organizer } : {}),
});
