import type { Deadline, Guide, Phase } from '../guide/guide.ts';
import type { Incident } from './incident.ts';
import { addMs, msBetween } from './instants.ts';
import { postMortemTime, type PostMortemTime } from './postMortemTime.ts';
import { deadlinesFor, phaseOf, severityOf } from './progress.ts';

const minute = 60_000;
const hour = 60 * minute;

/** All times UTC ISO 8601, all durations ms. `overdueMs` is 0 while there is time left. */
export interface Clocks {
  /** From the declare to the resolution, or to now. */
  readonly elapsedMs: number;
  readonly response: ResponseClock;
  /** Undefined when the incident is over or the guide gives no cadence. */
  readonly update: UpdateClock | undefined;
  /** Undefined when the incident is over or the present phase has no minutes. */
  readonly phase: PhaseTimer | undefined;
  readonly postMortem: readonly PostMortemClock[];
}

export type ResponseClock =
  /** The guide gives no time for this severity. */
  | { readonly kind: 'none' }
  | { readonly kind: 'waiting'; readonly dueAt: string; readonly remainingMs: number }
  | { readonly kind: 'met'; readonly dueAt: string; readonly at: string }
  /** Acknowledged too late (`at`), or not yet and overdue. */
  | {
      readonly kind: 'late';
      readonly dueAt: string;
      readonly overdueMs: number;
      readonly at: string | undefined;
    };

export interface UpdateClock {
  /** Of the update that comes next. */
  readonly number: number;
  readonly dueAt: string;
  readonly remainingMs: number;
  readonly overdueMs: number;
}

export interface PhaseTimer {
  readonly phase: Phase;
  readonly lengthMs: number;
  readonly dueAt: string;
  readonly remainingMs: number;
  readonly overdueMs: number;
}

export interface PostMortemClock {
  readonly deadline: Deadline;
  /** Undefined until the incident is resolved. */
  readonly dueAt: string | undefined;
  readonly time: PostMortemTime;
  /** It holds only if the incident recurs, and of what is not known (yet): show it, do not assert it. */
  readonly recurring: boolean;
}

/** Every clock of an incident at `now`, by the guide's own times. */
export function clocksOf(incident: Incident, guide: Guide | undefined, now: string): Clocks {
  const isActive = incident.status === 'active';
  const end = isActive ? now : (incident.resolvedAt ?? now);
  return {
    elapsedMs: Math.max(0, msBetween(incident.declaredAt, end) ?? 0),
    response: responseClock(incident, guide, now),
    update: isActive ? updateClock(incident, guide, now) : undefined,
    phase: isActive ? phaseTimer(incident, guide, now) : undefined,
    postMortem: guide ? deadlinesFor(incident, guide).map((one) => postMortemClock(incident, one, now)) : [],
  };
}

function responseClock(incident: Incident, guide: Guide | undefined, now: string): ResponseClock {
  const minutes = severityOf(incident, guide)?.responseMinutes;
  const dueAt = minutes === undefined ? undefined : addMs(incident.declaredAt, minutes * minute);
  if (dueAt === undefined) return { kind: 'none' };
  const at = incident.acknowledgedAt;
  const overdueMs = msBetween(dueAt, at ?? incident.resolvedAt ?? now) ?? 0;
  if (overdueMs > 0) return { kind: 'late', dueAt, overdueMs, at };
  if (at !== undefined) return { kind: 'met', dueAt, at };
  // Resolved within the time without a word: there is nobody left to wait for.
  if (incident.resolvedAt !== undefined) return { kind: 'met', dueAt, at: incident.resolvedAt };
  return { kind: 'waiting', dueAt, remainingMs: -overdueMs };
}

function updateClock(incident: Incident, guide: Guide | undefined, now: string): UpdateClock | undefined {
  if (!guide?.cadence) return undefined;
  const last = incident.updates.at(-1);
  const byCadence = addMs(last?.at ?? incident.declaredAt, guide.cadence.everyMinutes * minute);
  if (byCadence === undefined) return undefined;
  // A snooze only puts off: one that ends before the update is due anyway changes nothing.
  const snoozedMs = incident.snooze ? (msBetween(byCadence, incident.snooze.until) ?? 0) : 0;
  const dueAt = (snoozedMs > 0 && addMs(byCadence, snoozedMs)) || byCadence;
  const number = incident.updates.reduce((most, update) => Math.max(most, update.number), 0) + 1;
  return { number, dueAt, ...left(dueAt, now) };
}

/**
 * A guide's "15-45 min" is counted from when the response began, the declare: an onset found out later, hours
 * before, would make every phase late at once.
 */
function phaseTimer(incident: Incident, guide: Guide | undefined, now: string): PhaseTimer | undefined {
  const phase = phaseOf(incident, guide);
  if (phase?.clock.kind !== 'minutes') return undefined;
  const { from, to } = phase.clock;
  const dueAt = addMs(incident.declaredAt, to * minute);
  return dueAt === undefined
    ? undefined
    : { phase, lengthMs: Math.max(0, to - from) * minute, dueAt, ...left(dueAt, now) };
}

function postMortemClock(incident: Incident, deadline: Deadline, now: string): PostMortemClock {
  const recurring = deadline.recurring && incident.recurrence === undefined;
  const { resolvedAt } = incident;
  const withinMs = deadline.hours * hour;
  const dueAt = resolvedAt === undefined ? undefined : addMs(resolvedAt, withinMs);
  const time = postMortemTime({ resolvedAt, reviewedAt: incident.postMortem?.reviewedAt }, withinMs, now);
  return { deadline, dueAt, time, recurring };
}

function left(dueAt: string, now: string): { remainingMs: number; overdueMs: number } {
  const ms = msBetween(now, dueAt) ?? 0;
  return { remainingMs: Math.max(0, ms), overdueMs: Math.max(0, -ms) };
}
