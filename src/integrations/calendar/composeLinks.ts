import type { CalendarEntry } from '../../core/postmortem/calendarEntry.ts';

/** Pages that open with the entry filled in. What they make has an id of its own and is not moved by a later file. */
export function composeLinks(
  entry: CalendarEntry,
): readonly { readonly name: string; readonly url: string }[] {
  const { title, description, startsAt, endsAt } = entry;
  const compact = (iso: string): string => iso.replace(/[-:]|\.\d{3}/g, '');
  const google = new URLSearchParams({
    action: 'TEMPLATE',
    text: title,
    dates: `${compact(startsAt)}/${compact(endsAt)}`,
    details: description,
  });
  const outlook = new URLSearchParams({
    path: '/calendar/action/compose',
    rru: 'addevent',
    subject: title,
    startdt: startsAt,
    enddt: endsAt,
    body: description,
  });
  return [
    { name: 'Google Calendar', url: `https://calendar.google.com/calendar/render?${String(google)}` },
    { name: 'Outlook', url: `https://outlook.office.com/calendar/0/deeplink/compose?${String(outlook)}` },
  ];
}
