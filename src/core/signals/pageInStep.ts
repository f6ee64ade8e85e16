import type { Command } from '../incident/commands.ts';
import { isBefore } from '../incident/decideTimes.ts';
import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { sourceNames } from './incomingSignal.ts';
import { isResolvedByUs, latestPage } from './ownPage.ts';

/** What PagerDuty says of an incident of its own. */
export interface PageSeen {
  readonly id: string;
  /** `#12` */
  readonly name: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  /** Who brought it there, where PagerDuty says so: a person, or a service. */
  readonly who: string | undefined;
  /** Since when it is so, UTC ISO 8601. */
  readonly at: string;
}

/**
 * The page whose state in PagerDuty counts for an active incident, and where it is: the last one. Undefined without one,
 * in a drill, once it was seen resolved, and when we ourselves have asked to resolve it: that says nothing new.
 */
export function pageToWatch(
  incident: Incident,
): { readonly id: string; readonly baseUrl: string } | undefined {
  const last = latestPage(incident);
  if (!last || incident.drill || incident.status !== 'active') return undefined;
  if (incident.pageResolved?.page === last.id) return undefined;
  const baseUrl = incident.deliveries.find(({ delivery }) => delivery === last.delivery)?.place['baseUrl'];
  return isResolvedByUs(incident, last) || baseUrl === undefined ? undefined : { id: last.id, baseUrl };
}

/** What to record of a page that was looked at: who acknowledged it there, once, or that it is resolved there. */
export function recordPage(
  { acknowledgedAt }: Pick<Incident, 'acknowledgedAt'>,
  { id, name, status, who, at }: PageSeen,
): Command | undefined {
  const by = who === undefined ? {} : { who };
  switch (status) {
    case 'triggered':
      return undefined;
    case 'acknowledged':
      return acknowledgedAt === undefined
        ? { type: 'Acknowledge', data: { in: sourceNames.pagerduty, ...by, at } }
        : undefined;
    case 'resolved':
      return { type: 'SeePageResolved', data: { page: id, name, ...by, at } };
  }
}

/** Whether it was not known yet, and is of the time since the incident was last reopened. */
export function isNewsOfPage(
  { events, pageResolved }: Pick<Incident, 'events' | 'pageResolved'>,
  { page, at }: EventData['PageResolvedSeen'],
): boolean {
  const reopened = events.filter(({ type }) => type === 'IncidentReopened').at(-1);
  return pageResolved?.page !== page && (reopened === undefined || isBefore(reopened.time, at));
}

/** The resolution in PagerDuty that a person may follow here; nothing while a soak window says that somebody has. */
export const proposedByPage = (incident: Incident): EventData['PageResolvedSeen'] | undefined =>
  incident.status === 'active' && soakNow(incident) === undefined ? incident.pageResolved : undefined;
