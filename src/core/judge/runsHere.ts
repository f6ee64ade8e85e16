import { isKnown } from '../incident/evolve.ts';
import type { AnyEvent } from '../incident/events.ts';
import type { Target } from '../plan/plan.ts';

/** What says where a command goes; the machine's current context is none of it. */
const cluster = ['context', 'namespace'] as const;
/** Chosen later than the cluster, often: nothing was seen there before. */
const beside = ['server', 'argoCdServer', 'awsProfile', 'awsRegion'] as const;

const isSamePlace = (one: Target, other: Target): boolean =>
  cluster.every((place) => one[place] === other[place]) &&
  beside.every((place) => one[place] === undefined || one[place] === other[place]);

/**
 * Runs that went where the incident is pinned now: those that began since it was pinned there, without those that the guide
 * sent to another cluster. A replay has no events: then all of its runs are of one target. Pure.
 */
export function runsHere<R extends { readonly id: string; readonly target: Target }>(incident: {
  readonly runs: readonly R[];
  readonly target: Target;
  readonly events?: readonly AnyEvent[];
}): readonly R[] {
  const { context } = incident.target;
  const former = formerRuns(incident.events ?? []);
  return incident.runs.filter(
    ({ id, target }) =>
      !former.has(id) &&
      (context === undefined || target.context === undefined || target.context === context),
  );
}

/** Ids of the runs that began before the incident was last pinned to another place. */
function formerRuns(events: readonly AnyEvent[]): ReadonlySet<string> {
  let former: readonly string[] = [];
  let pinned: Target | undefined;
  const begun: string[] = [];
  for (const event of events) {
    if (!isKnown(event)) continue;
    if (event.type === 'RunStarted') begun.push(event.data.run);
    if (event.type !== 'IncidentDeclared' && event.type !== 'TargetPinned') continue;
    if (pinned && !isSamePlace(pinned, event.data.target)) former = [...begun];
    pinned = event.data.target;
  }
  return new Set(former);
}
