import type { LiveSignal } from './incomingSignal.ts';
import { newestFirst } from './mergeSignals.ts';
import { serviceKey } from './serviceOf.ts';

export interface SignalGroup {
  /** Stable while the service is the same one; empty for signals that name none. */
  readonly key: string;
  /** As the newest of them writes it; undefined when they name none. */
  readonly service: string | undefined;
  /** Newest first. */
  readonly signals: readonly LiveSignal[];
}

export interface GroupedSignals {
  /** By their newest signal, newest first; what names no service comes last. */
  readonly services: readonly SignalGroup[];
  /** What nobody is to be woken by, newest first. */
  readonly quiet: readonly LiveSignal[];
  /** Deploys, flags and configuration, newest first. */
  readonly changes: readonly LiveSignal[];
}

/** Signals (already merged) as a person reads them. What is resolved is left out. */
export function groupSignals(signals: readonly LiveSignal[]): GroupedSignals {
  const sorted = [...signals].sort(newestFirst);
  const groups = new Map<string, LiveSignal[]>();
  const quiet: LiveSignal[] = [];
  const changes: LiveSignal[] = [];
  for (const signal of sorted) {
    if (signal.state === 'happened') changes.push(signal);
    else if (signal.state === 'silenced') quiet.push(signal);
    else if (signal.state !== 'resolved') {
      const key = serviceKey(signal.service ?? '');
      const group = groups.get(key);
      if (group) group.push(signal);
      else groups.set(key, [signal]);
    }
  }
  const services = [...groups]
    .map(([key, list]) => ({ key, service: list[0]?.service, signals: list }))
    .sort((a, b) => Number(a.key === '') - Number(b.key === ''));
  return { services, quiet, changes };
}
