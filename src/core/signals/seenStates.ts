import type { EventData } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { IncomingSignal, LiveSignal } from './incomingSignal.ts';
import { findSameSignal } from './mergeSignals.ts';

export interface Seen {
  /** Merged. */
  readonly signals: readonly LiveSignal[];
  /** Sources that are asked at all. */
  readonly asked: ReadonlySet<string>;
  /** Those whose last answer is new and whole. */
  readonly answered: ReadonlySet<string>;
}

/**
 * Which attached alerts and pages of an incident are seen to be in another state than is recorded. One that no source
 * names any more has ended, but only when each that told of it has answered: silence of a system is not an all-clear.
 */
export function seenStates(
  incident: Pick<Incident, 'signals'>,
  { signals, asked, answered }: Seen,
  now: string,
): readonly EventData['SignalStateSeen'][] {
  return incident.signals.flatMap((attached) => {
    if (attached.kind !== 'alert' && attached.kind !== 'page') return [];
    const present = findSameSignal(signals, attached);
    const state = present?.state ?? (hasEnded(attached, asked, answered) ? 'resolved' : attached.state);
    return state === attached.state ? [] : [{ signal: attached.id, state, at: now }];
  });
}

function hasEnded(
  { sources }: IncomingSignal,
  asked: ReadonlySet<string>,
  answered: ReadonlySet<string>,
): boolean {
  const relevant = sources.filter((source) => asked.has(source));
  return relevant.length > 0 && relevant.every((source) => answered.has(source));
}
