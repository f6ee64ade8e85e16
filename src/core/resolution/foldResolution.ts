import type { EventData, IncidentEvent } from '../incident/events.ts';
import type { Override, SeenCheck } from './check.ts';
import { unwatchedBetween, type Soak } from './soak.ts';

/** What a fold of an incident holds of its resolution. */
export interface ResolutionDraft {
  readonly checks: Map<string, SeenCheck>;
  readonly overrides: Map<string, Override>;
  readonly soaks: Soak[];
}

export type ResolutionEventType =
  'ResolutionChecked' | 'CheckOverridden' | 'SoakStarted' | 'RelapseSeen' | 'SoakPassed' | 'SoakCancelled';
type ResolutionEvent = Extract<IncidentEvent, { type: ResolutionEventType }>;

/** Folds one fact; total. Only the newest soak window ever changes. */
export function foldResolution(draft: ResolutionDraft, event: ResolutionEvent): void {
  switch (event.type) {
    case 'ResolutionChecked':
      for (const seen of event.data.checks) draft.checks.set(seen.check, seen);
      look(draft, event.data.soak, event.time);
      return;
    case 'CheckOverridden':
      draft.overrides.set(event.data.check, { ...event.data, at: event.time, by: event.by });
      return;
    case 'SoakStarted':
      start(draft, event.data, event);
      return;
    case 'RelapseSeen':
      end(draft, event.data.soak, event.time, { state: 'relapsed', relapse: event.data.sentences });
      return;
    case 'SoakPassed':
      end(draft, event.data.soak, event.time, { state: 'passed', open: event.data.open });
      return;
    case 'SoakCancelled':
      endSoak(draft, 'cancelled', event.time);
      return;
  }
}

/** The incident was resolved or reopened, or somebody called the window off: whatever it was at, it is over. */
export function endSoak(
  { soaks }: ResolutionDraft,
  state: 'cancelled' | 'reopened' | 'resolved',
  at: string,
): void {
  const last = soaks.at(-1);
  if (last && isPending(last)) soaks[soaks.length - 1] = { ...last, state, endedAt: at };
}

/** Whether a window waits for its end or for a person. */
export const isPending = ({ state }: Pick<Soak, 'state'>): boolean =>
  state === 'running' || state === 'passed' || state === 'relapsed';

/** The window that an incident is in; undefined when it is in none. */
export const soakNow = ({ soaks }: { readonly soaks: readonly Soak[] }): Soak | undefined => {
  const last = soaks.at(-1);
  return last && isPending(last) ? last : undefined;
};

/** The window whose checks are to be run. */
export const runningSoak = (incident: {
  readonly status: string;
  readonly soaks: readonly Soak[];
}): Soak | undefined => {
  const last = incident.soaks.at(-1);
  return incident.status === 'active' && last?.state === 'running' ? last : undefined;
};

function start(draft: ResolutionDraft, data: EventData['SoakStarted'], { time, by }: IncidentEvent): void {
  if (draft.soaks.some(({ id }) => id === data.soak) || draft.soaks.at(-1)?.state === 'running') return;
  endSoak(draft, 'cancelled', time);
  const { soak: id, durationMs, then, cause, impact, resolution } = data;
  draft.soaks.push({
    id,
    startedAt: time,
    by,
    durationMs,
    then,
    said: {
      ...(cause === undefined ? {} : { cause }),
      ...(impact === undefined ? {} : { impact }),
      ...(resolution === undefined ? {} : { resolution }),
    },
    state: 'running',
    lastLookAt: time,
    unwatchedMs: 0,
    endedAt: undefined,
    relapse: [],
    open: [],
  });
}

function look({ soaks }: ResolutionDraft, id: string | undefined, at: string): void {
  const last = soaks.at(-1);
  if (!last || last.id !== id || last.state !== 'running') return;
  const unwatchedMs = last.unwatchedMs + unwatchedBetween(last.lastLookAt, at);
  soaks[soaks.length - 1] = { ...last, lastLookAt: at, unwatchedMs };
}

function end(
  { soaks }: ResolutionDraft,
  id: string,
  at: string,
  how: Pick<Soak, 'state'> & Partial<Pick<Soak, 'relapse' | 'open'>>,
): void {
  const last = soaks.at(-1);
  if (!last || last.id !== id || last.state !== 'running') return;
  soaks[soaks.length - 1] = { ...last, ...how, endedAt: at };
}
