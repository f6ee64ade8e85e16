import type { IncomingSignal, LiveSignal, SignalState } from './incomingSignal.ts';
import { sourceNames } from './incomingSignal.ts';
import { serviceOf } from './serviceOf.ts';

type Labelled = Pick<IncomingSignal, 'id' | 'kind' | 'labels' | 'sources'>;

/**
 * True when both are the same thing. Prometheus shows its alerts without the external labels that it adds on the way to
 * Alertmanager (`cluster`, `prometheus_replica`): one of Prometheus alone whose labels are all among those of one of
 * Alertmanager is the same alert.
 */
export const isSameSignal = (one: Labelled, other: Labelled): boolean =>
  one.id === other.id || isWithout(one, other) || isWithout(other, one);

/** The one among `signals` that is the same thing, by its id before its labels. */
export const findSameSignal = <T extends Labelled>(signals: readonly T[], wanted: Labelled): T | undefined =>
  signals.find(({ id }) => id === wanted.id) ?? signals.find((signal) => isSameSignal(signal, wanted));

/** `few` is `many` as Prometheus alone tells it. */
function isWithout(few: Labelled, many: Labelled): boolean {
  if (few.kind !== 'alert' || many.kind !== 'alert' || few.labels['alertname'] === undefined) return false;
  const names = Object.keys(few.labels);
  return (
    few.sources.every((source) => source === sourceNames.prometheus) &&
    many.sources.includes(sourceNames.alertmanager) &&
    names.length <= Object.keys(many.labels).length &&
    names.every((name) => many.labels[name] === few.labels[name])
  );
}

/**
 * One signal for each thing that several sources tell of, with all of them as its sources; services filled in from the
 * labels. Newest first.
 */
export function mergeSignals(
  signals: readonly LiveSignal[],
  serviceLabels: readonly string[],
): readonly LiveSignal[] {
  const byId = new Map<string, LiveSignal>();
  for (const signal of signals) {
    const known = byId.get(signal.id);
    byId.set(signal.id, known ? mergeTwo(known, signal) : signal);
  }
  return mergePartial([...byId.values()])
    .map((signal) => withService(signal, serviceLabels))
    .sort(newestFirst);
}

export const newestFirst = (a: LiveSignal, b: LiveSignal): number =>
  a.startedAt < b.startedAt ? 1 : a.startedAt > b.startedAt ? -1 : a.id < b.id ? -1 : 1;

/** Alerts of Prometheus alone with the alert of Alertmanager they are, when no other could be meant on either side. */
function mergePartial(signals: readonly LiveSignal[]): readonly LiveSignal[] {
  const merged = new Map<string, LiveSignal>();
  const gone = new Set<string>();
  for (const alike of byAlertName(signals).values()) {
    // One that both tell of under the same labels is nobody else's counterpart.
    const open = alike.filter(({ sources }) => !isOfBoth(sources));
    for (const few of open) {
      const [many, ...others] = open.filter((one) => one !== few && isWithout(few, one));
      if (!many || others.length > 0) continue;
      if (open.filter((one) => one !== many && isWithout(one, many)).length > 1) continue;
      merged.set(many.id, mergeTwo(many, few));
      gone.add(few.id);
    }
  }
  return signals.filter(({ id }) => !gone.has(id)).map((signal) => merged.get(signal.id) ?? signal);
}

const isOfBoth = (sources: readonly string[]): boolean =>
  sources.includes(sourceNames.alertmanager) && sources.includes(sourceNames.prometheus);

function byAlertName(signals: readonly LiveSignal[]): ReadonlyMap<string, LiveSignal[]> {
  const byName = new Map<string, LiveSignal[]>();
  for (const signal of signals) {
    const name = signal.kind === 'alert' ? signal.labels['alertname'] : undefined;
    if (name === undefined) continue;
    const list = byName.get(name);
    if (list) list.push(signal);
    else byName.set(name, [signal]);
  }
  return byName;
}

/** The quieter state is the truer one: Prometheus knows of no silence. But firing is more than pending. */
const stateOrder: readonly SignalState[] = [
  'resolved',
  'silenced',
  'acknowledged',
  'firing',
  'pending',
  'happened',
];

/** `first` decides what both say. The earlier start counts: Prometheus knows since when it was pending. */
function mergeTwo(first: LiveSignal, second: LiveSignal): LiveSignal {
  const states = [first.state, second.state];
  const origins = together(first.origins, second.origins);
  const servers = together(first.servers, second.servers);
  return {
    ...second,
    ...first,
    labels: { ...second.labels, ...first.labels },
    sources: together(first.sources, second.sources),
    ...(origins.length > 0 ? { origins } : {}),
    ...(servers.length > 0 ? { servers } : {}),
    startedAt: first.startedAt < second.startedAt ? first.startedAt : second.startedAt,
    state: stateOrder.find((state) => states.includes(state)) ?? first.state,
  };
}

const together = (...lists: readonly (readonly string[] | undefined)[]): readonly string[] => [
  ...new Set(lists.flatMap((list) => list ?? [])),
];

function withService(signal: LiveSignal, serviceLabels: readonly string[]): LiveSignal {
  const service = serviceOf(signal, serviceLabels);
  return service === undefined || service === signal.service ? signal : { ...signal, service };
}
