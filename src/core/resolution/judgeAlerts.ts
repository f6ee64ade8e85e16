import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import type { IncomingSignal, LiveSignal } from '../signals/incomingSignal.ts';
import { isOfIncident, isOwnPage } from '../signals/ownPage.ts';
import { hasEnded, type Seen } from '../signals/seenStates.ts';
import { isSameService } from '../signals/serviceOf.ts';
import { bad, good, notChecked, type Look } from './check.ts';

/** What the sources of alerts said when they were asked just now. */
export interface AlertsSeen extends Seen {
  /** Every source of alerts that is set up. */
  readonly sources: readonly {
    readonly name: string;
    /** Undefined when it answered whole, just now. */
    readonly problem: string | undefined;
  }[];
}

/**
 * Whether an alert of the incident still stands: one that is attached, of its service, or of no service at all where the
 * incident has none. A silenced alert still stands. Silence of a source is not an all-clear, nor is that of a server
 * which never told of an attached alert. The page that we opened for the incident is no alert: it ends with the
 * resolution, so it would wait for itself. An adopted one is.
 */
export function judgeAlerts(incident: Incident, seen: AlertsSeen): Look {
  const { signals, sources } = seen;
  const active = signals.filter(
    (signal) =>
      (signal.kind === 'alert' || signal.kind === 'page') &&
      signal.state !== 'resolved' &&
      signal.state !== 'happened' &&
      !isOwnPage(incident, signal, 'opened') &&
      concerns(incident, signal),
  );
  const lines = active.map(
    ({ title, state, startedAt, sources: from }) =>
      `${title}: ${state} since ${utcTime(startedAt)} UTC (${from.join(', ')})`,
  );
  const about = incident.service === undefined ? '' : ` of ${incident.service}`;
  if (active.length > 0) {
    const named = active.slice(0, 3).map(({ title, state }) => `${title} (${state})`);
    const more = active.length > 3 ? ` and ${active.length - 3} more` : '';
    return bad(
      `${active.length} active alert${active.length === 1 ? '' : 's'}${about}: ${named.join(', ')}${more}`,
      lines,
    );
  }
  if (sources.length === 0)
    return notChecked('no source of alerts is connected: Alertmanager, Prometheus or PagerDuty');
  const silent = sources.filter(({ problem }) => problem !== undefined);
  if (silent.length > 0)
    return notChecked(
      `${silent.map(({ name }) => name).join(' and ')} did not answer`,
      silent.map(({ name, problem }) => `${name}: ${problem ?? ''}`),
    );
  const unknown = incident.signals.filter(
    (attached) => isOpen(incident, attached) && !hasEnded(attached, seen),
  );
  if (unknown.length > 0)
    return notChecked(
      `nobody who is asked here has told of ${unknown.map(({ title }) => title).join(', ')}, so it is not known whether that has ended`,
      unknown.map(
        ({ title, sources: from, origins = [] }) =>
          `${title}: ${(origins.length > 0 ? origins : from).join(', ')}`,
      ),
    );
  return good(`no active alert${about} in ${sources.map(({ name }) => name).join(', ')}`);
}

/** An attached alert or page whose end nobody has seen; our own page ends with the resolution. */
function isOpen(incident: Incident, attached: IncomingSignal): boolean {
  const { kind, state, labels } = attached;
  if ((kind !== 'alert' && kind !== 'page') || state === 'resolved') return false;
  const isOver = kind === 'page' && incident.pageResolved?.page === labels['incident_id'];
  return !isOver && !isOwnPage(incident, attached, 'opened');
}

function concerns(incident: Incident, signal: LiveSignal): boolean {
  if (isOfIncident(incident, signal)) return true;
  return incident.service === undefined || isSameService(incident.service, signal.service);
}
