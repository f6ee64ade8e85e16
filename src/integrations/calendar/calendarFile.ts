import { createEvent, type DateArray } from 'ics';
import { failed, ok, type Result } from '../../core/errors.ts';
import type { CalendarEntry } from '../../core/postmortem/calendarEntry.ts';

/**
 * The entry as an iCalendar file (RFC 5545; METHOD as RFC 5546 §3.2 has it for what is published or cancelled), with
 * alarms a day and two hours before the deadline. RFC 5546 wants an ORGANIZER with an address: where nobody's is known it
 * is left out, because a made-up one would get the answers of people's calendars; a file that is opened is taken as it is.
 */
export function renderCalendarFile(entry: CalendarEntry): Result<string> {
  const title = oneText(entry.title);
  const organizer = organizerOf(entry);
  const { error, value } = createEvent({
    uid: entry.uid,
    sequence: entry.sequence,
    productId: 'incident-response',
    method: entry.cancelled ? 'CANCEL' : 'PUBLISH',
    status: entry.cancelled ? 'CANCELLED' : 'CONFIRMED',
    title,
    description: oneText(entry.description),
    ...(organizer ? { organizer } : {}),
    start: partsOf(entry.startsAt),
    end: partsOf(entry.endsAt),
    startInputType: 'utc',
    endInputType: 'utc',
    startOutputType: 'utc',
    endOutputType: 'utc',
    busyStatus: 'FREE',
    alarms: entry.cancelled
      ? []
      : [24, 2].map((hours) => ({
          action: 'display' as const,
          // The package escapes the text of the event, and not that of its alarms.
          description: escapeText(title),
          trigger: { hours, before: true },
        })),
  });
  if (error || value === null)
    return failed(
      'invalid',
      'The calendar file could not be written. The deadline is still in the tree.',
      String(error),
    );
  return ok(value);
}

/** Text without what no content line may hold (RFC 5545 §3.1); every kind of line break is one. */
const oneText = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '');

/** A TEXT value (RFC 5545 §3.3.11). */
const escapeText = (text: string): string => text.replace(/[\\;,]/g, '\\$&').replaceAll('\n', '\\n');

/** What a `mailto:` holds without being encoded, and the package takes. */
const plainAddress = /^[\w.!#$%&'*+/=?^`{|}~-]+@[a-z\d-]+(?:\.[a-z\d-]+)+$/i;

/** A parameter's value may hold no quotation mark at all (RFC 5545 §3.1). */
function organizerOf({ organizer }: CalendarEntry): { name: string; email: string } | undefined {
  if (!organizer || !plainAddress.test(organizer.email)) return undefined;
  return { name: oneText(organizer.name).replace(/["\n]/g, ' ').trim(), email: organizer.email };
}

function partsOf(iso: string): DateArray {
  const at = new Date(iso);
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()];
}
