import { createEvent, type DateArray } from 'ics';
import { failed, ok, type Result } from '../../core/errors.ts';
import type { CalendarEntry } from '../../core/postmortem/calendarEntry.ts';

/**
 * The entry as an iCalendar file (RFC 5545; METHOD as RFC 5546 §3.2 has it for what is published or cancelled), with
 * alarms a day and two hours before the deadline.
 */
export function renderCalendarFile(entry: CalendarEntry): Result<string> {
  const { error, value } = createEvent({
    uid: entry.uid,
    sequence: entry.sequence,
    productId: 'incident-response',
    method: entry.cancelled ? 'CANCEL' : 'PUBLISH',
    status: entry.cancelled ? 'CANCELLED' : 'CONFIRMED',
    title: entry.title,
    description: entry.description,
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
          description: entry.title,
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

function partsOf(iso: string): DateArray {
  const at = new Date(iso);
  return [at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate(), at.getUTCHours(), at.getUTCMinutes()];
}
