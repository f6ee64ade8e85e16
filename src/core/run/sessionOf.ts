import type { Incident } from '../incident/incident.ts';

/** What ends a session: what was exported for one target must not reach another. */
const endings: ReadonlySet<string> = new Set(['TargetPinned', 'IncidentResolved', 'IncidentReopened']);

/** The beginning of every session key of an incident. */
export const sessionsOf = (incident: string): string => `${incident}/`;

/** The beginning of the keys that hold now: since the target was pinned last, or the incident resolved or reopened. */
export function presentSessions({ id, events }: Incident): string {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at];
    if (event && endings.has(event.type)) return `${sessionsOf(id)}${event.id}/`;
  }
  return `${sessionsOf(id)}declared/`;
}

/** Names the session whose exported variables a step finds: those of this sequence in this incident. */
export const sessionOf = (incident: Incident, sequence: string): string =>
  `${presentSessions(incident)}${sequence}`;
