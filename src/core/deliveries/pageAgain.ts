import type { Guide } from '../guide/guide.ts';
import { isKnown } from '../incident/evolve.ts';
import type { Incident } from '../incident/incident.ts';
import { sameSeverity } from '../incident/progress.ts';
import { isResolvedByUs, latestPage } from '../signals/ownPage.ts';
import type { AnnouncementRow } from './announcement.ts';
import { ownOf, ownPlace } from './ownPlace.ts';
import { isAmongHighest, planAnnouncement, type AnnouncementInput } from './planAnnouncement.ts';

/**
 * The page of an incident that was raised from the severity `before` to one for which people are paged, where it has
 * none. None when it was lowered: nobody is woken for that.
 */
export function pageForRaise(input: AnnouncementInput, before: string): readonly AnnouncementRow[] {
  const { incident, guide } = input;
  if (!isAmongHighest(incident, guide) || !isRaised(guide, before, incident.severity)) return [];
  if (ownOf(incident, 'pagerduty')) return [];
  return planAnnouncement(input).filter(
    ({ requests }) =>
      requests[0]?.task.act === 'adopt-incident' ||
      (requests[0]?.task.system === 'pagerduty' && requests[0].task.act === 'create-incident'),
  );
}

/** A guide lists the highest first. What it does not list may well be lower. */
function isRaised(guide: Guide | undefined, before: string, after: string): boolean {
  const rank = (severity: string): number =>
    guide?.severities.findIndex(({ name }) => sameSeverity(name, severity)) ?? -1;
  return rank(before) < 0 || rank(after) < rank(before);
}

/**
 * A new page for an incident that is reopened: PagerDuty opens no resolved one again, and later acts go to the new one.
 * None while the last is open there. `mark` (a ULID) makes its key its own.
 */
export function pageAgain(
  incident: Incident,
  reason: string | undefined,
  mark: string,
): readonly AnnouncementRow[] {
  const last = latestPage(incident);
  const place = last && ownPlace(incident, last.delivery)?.place;
  if (!place || incident.drill || !isOver(incident, last)) return [];
  const { severity, title, number } = incident;
  const made = incident.deliveries.find(({ delivery }) => delivery === last.delivery)?.task;
  const urgency = made?.act === 'create-incident' && 'urgency' in made ? made.urgency : 'high';
  const text = `Reopened${reason === undefined ? '' : `: ${reason}`}`;
  return [
    {
      id: 'pagerduty/again',
      system: 'pagerduty',
      label: 'PagerDuty incident, a new one: people are paged again',
      text,
      picked: urgency === 'high',
      requests: [
        {
          delivery: `pagerduty/create-incident/${mark}`,
          task: {
            system: 'pagerduty',
            act: 'create-incident',
            title: `${severity} ${title} (${number})`,
            text,
            urgency,
          },
          place,
          after: [],
        },
      ],
    },
  ];
}

const isOver = (incident: Incident, page: NonNullable<ReturnType<typeof latestPage>>): boolean =>
  isResolvedByUs(incident, page) ||
  incident.events.some(
    (event) => isKnown(event) && event.type === 'PageResolvedSeen' && event.data.page === page.id,
  );
