import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { IncomingSignal, LiveSignal } from './incomingSignal.ts';
import { findSameSignal } from './mergeSignals.ts';

/** A server of alerts that is asked in this window. */
export interface Server {
  /** As `sources` names what it is: `Alertmanager`. */
  readonly name: string;
  readonly key: string;
  /** Which one it is, for every window; undefined where its address does not say. */
  readonly origin: string | undefined;
  /** Whether its last answer is new and whole. */
  readonly answered: boolean;
}

/** By the id of an attached signal, the keys of the servers that have shown it in this window. */
export type Shown = ReadonlyMap<string, ReadonlySet<string>>;

export interface Seen {
  /** Merged. */
  readonly signals: readonly LiveSignal[];
  readonly servers: readonly Server[];
  readonly shown: Shown;
}

const hasState = ({ kind }: IncomingSignal): boolean => kind === 'alert' || kind === 'page';

/**
 * Which attached alerts and pages of an incident are seen to be in another state than is recorded. One that no source
 * names any more has ended, but only where `hasEnded` says so: silence of a system is not an all-clear, and neither is
 * that of another region's.
 */
export function seenStates(
  incident: Pick<Incident, 'signals'>,
  seen: Seen,
  now: string,
): readonly EventData['SignalStateSeen'][] {
  return incident.signals.flatMap((attached) => {
    if (!hasState(attached)) return [];
    const present = presentOf(attached, seen);
    const state = present?.state ?? (hasEnded(attached, seen) ? 'resolved' : attached.state);
    return state === attached.state ? [] : [{ signal: attached.id, state, at: now }];
  });
}

/**
 * Whether those who told of an attached signal name it no more: each of them that is asked here has answered, and one at
 * least is. Who told of it is known by its origins, else (a link, an older journal) by who has shown it in this window.
 */
export function hasEnded(attached: IncomingSignal, { signals, servers, shown }: Seen): boolean {
  const { id, sources, origins = [] } = attached;
  const present = presentOf(attached, { signals });
  if (present) return present.state === 'resolved';
  const tellers = servers.filter(
    ({ name, key, origin }) =>
      sources.includes(name) &&
      (origins.length > 0 ? origin !== undefined && origins.includes(origin) : shown.get(id)?.has(key)),
  );
  return tellers.length > 0 && tellers.every(({ answered }) => answered);
}

/** The same labels on another server are another alert: with one rule in two regions nothing else tells them apart. */
function presentOf(
  { origins = [], ...attached }: IncomingSignal,
  { signals }: Pick<Seen, 'signals'>,
): LiveSignal | undefined {
  const near =
    origins.length === 0
      ? signals
      : signals.filter((signal) => signal.origins?.some((origin) => origins.includes(origin)));
  return findSameSignal(near, attached);
}

/** What was shown so far, with what is shown now. */
export function withShown(
  shown: Shown,
  incidents: readonly Pick<Incident, 'signals'>[],
  signals: readonly LiveSignal[],
): Shown {
  const next = new Map(shown);
  for (const attached of incidents.flatMap((incident) => incident.signals)) {
    const servers = hasState(attached) ? (presentOf(attached, { signals })?.servers ?? []) : [];
    if (servers.length > 0) next.set(attached.id, new Set([...(next.get(attached.id) ?? []), ...servers]));
  }
  return next;
}
