import type { Incident } from '../incident/incident.ts';
import type { IncomingSignal } from './incomingSignal.ts';
import { isSameSignal } from './mergeSignals.ts';

type Delivering = Pick<Incident, 'deliveries'>;
type Told = Pick<IncomingSignal, 'id' | 'kind' | 'labels' | 'sources'>;

/** An incident of PagerDuty that is the same as ours. */
export interface OwnPage {
  /** PagerDuty's id of it. */
  readonly id: string;
  /** `opened` by us to call people, or `adopted`: the page this incident was declared from. */
  readonly how: 'opened' | 'adopted';
  /** The delivery that made it ours. */
  readonly delivery: string;
}

/** What an incident is in PagerDuty, by the receipts of its deliveries, in the order in which it was paged. */
export const ownPages = ({ deliveries }: Delivering): readonly OwnPage[] =>
  deliveries.flatMap(({ delivery, task, receipt, state }): readonly OwnPage[] => {
    if (task.system !== 'pagerduty' || receipt === undefined || state === 'dropped') return [];
    if (task.act === 'create-incident') return [{ id: receipt.id, how: 'opened', delivery }];
    return task.act === 'adopt-incident' ? [{ id: receipt.id, how: 'adopted', delivery }] : [];
  });

/** The one that later acts go to: the newest, for after a reopen there may be another. */
export const latestPage = (incident: Delivering): OwnPage | undefined => ownPages(incident).at(-1);

/** Whether we have asked to resolve it: what it says afterwards is our own doing. */
export function isResolvedByUs({ deliveries }: Delivering, page: OwnPage): boolean {
  const made = deliveries.findIndex(({ delivery }) => delivery === page.delivery);
  return deliveries
    .slice(made)
    .some(({ task, state }) => task.system === 'pagerduty' && task.act === 'resolve' && state !== 'dropped');
}

/** Whether a page is the incident's own, opened by us or adopted, or only of one of the two kinds where `how` says so. */
export const isOwnPage = (
  incident: Delivering,
  { kind, labels }: Pick<IncomingSignal, 'kind' | 'labels'>,
  how?: OwnPage['how'],
): boolean =>
  kind === 'page' &&
  ownPages(incident).some((own) => own.id === labels['incident_id'] && (how ?? own.how) === own.how);

/** Whether a signal is part of an incident already: attached to it, or its own page. */
export const isOfIncident = (incident: Pick<Incident, 'deliveries' | 'signals'>, signal: Told): boolean =>
  incident.signals.some((attached) => isSameSignal(attached, signal)) || isOwnPage(incident, signal);
