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
 * Runs that tell of now: those that began since the incident was pinned where it is, and since it was reopened, without
 * those that the guide sent to another cluster. A replay has no events: then all of its runs are of one target. Pure.
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

/** Ids of the runs that began before the incident was last pinned to another place, or before it was reopened. */
function formerRuns(events: readonly AnyEvent[]): ReadonlySet<string> {
  let former: readonly string[] = [];
  let pinned: Target | undefined;
  let isOver = false;
  const begun: string[] = [];
  for (const event of events) {
    if (!isKnown(event)) continue;
    switch (event.type) {
      case 'RunStarted':
        begun.push(event.data.run);
        break;
      case 'IncidentDeclared':
      case 'TargetPinned':
        if (pinned && !isSamePlace(pinned, event.data.target)) former = [...begun];
        pinned = event.data.target;
        break;
      case 'IncidentResolved':
      case 'SoakStarted':
        isOver = true;
        break;
      case 'SoakCancelled':
        isOver = false;
        break;
      case 'IncidentReopened':
        // Of two who reopen it apart from each other the second changes nothing.
        if (isOver) former = [...begun];
        isOver = false;
        break;
      default:
        break;
    }
  }
  return new Set(former);
}

/** Names of the values that such a former run gave, and nobody since: what they were is not what they are. */
export function formerValues(events: readonly AnyEvent[]): ReadonlySet<string> {
  const former = formerRuns(events);
  const names = new Set<string>();
  if (former.size === 0) return names;
  for (const event of events) {
    if (!isKnown(event) || (event.type !== 'ValueSet' && event.type !== 'ValueCleared')) continue;
    const run = event.type === 'ValueSet' ? event.data.run : undefined;
    if (run !== undefined && former.has(run)) names.add(event.data.name);
    else names.delete(event.data.name);
  }
  return names;
}
