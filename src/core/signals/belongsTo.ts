import type { Incident } from '../incident/incident.ts';
import { parseInstant } from '../incident/instants.ts';
import type { IncomingSignal } from './incomingSignal.ts';
import { isOfIncident } from './ownPage.ts';
import { isSameService } from './serviceOf.ts';

/**
 * Two who see one outage declare it within the time in which a guide has them triage it; what comes later for the same
 * service may well be something else. Milliseconds.
 */
export const sameIncidentMs = 30 * 60_000;

/** Why an alert belongs to an incident that is open already. */
export interface Belonging {
  readonly incident: Incident;
  readonly because: 'attached' | 'same-alert' | 'same-service';
}

/**
 * The open incident a signal belongs to, the strongest reason first: it is attached there or is its own page; the same
 * alert of another pod or instance is (same service, same name); or it is of the same service and began within half an
 * hour of what the incident is about. `incidents` newest first; resolved ones and drills take nothing.
 */
export function belongsTo(signal: IncomingSignal, incidents: readonly Incident[]): Belonging | undefined {
  const open = incidents.filter(({ status, drill }) => status === 'active' && !drill);
  const attached = open.find((incident) => isOfIncident(incident, signal));
  if (attached) return { incident: attached, because: 'attached' };
  const alike = open.find(
    ({ service, signals }) =>
      isSameService(service, signal.service) &&
      signals.some(({ kind, title }) => kind === signal.kind && title === signal.title),
  );
  if (alike) return { incident: alike, because: 'same-alert' };
  const near = open.find(
    (incident) => isSameService(incident.service, signal.service) && isNear(incident, signal.startedAt),
  );
  return near && { incident: near, because: 'same-service' };
}

/** Between shortly before it began and shortly after it was declared. */
function isNear({ onsetAt, declaredAt }: Incident, startedAt: string): boolean {
  const at = parseInstant(startedAt);
  const declared = parseInstant(declaredAt);
  if (at === undefined || declared === undefined) return false;
  const onset = Math.min((onsetAt && parseInstant(onsetAt)) || declared, declared);
  return at >= onset - sameIncidentMs && at <= declared + sameIncidentMs;
}

/** An open incident of this service that was declared within the last half hour: perhaps the same one. Newest first. */
export function sameIncident(
  service: string | undefined,
  incidents: readonly Incident[],
  now: string,
): Incident | undefined {
  const present = parseInstant(now);
  return incidents.find(({ status, drill, service: known, declaredAt }) => {
    const declared = parseInstant(declaredAt);
    return (
      status === 'active' &&
      !drill &&
      isSameService(known, service) &&
      present !== undefined &&
      declared !== undefined &&
      present - declared <= sameIncidentMs
    );
  });
}
