import type { Escalation, Guide } from '../guide/guide.ts';
import { sameWords } from '../people/sameWords.ts';
import { isKnown } from './evolve.ts';
import type { Escalated, Incident } from './incident.ts';
import { addMs, msBetween } from './instants.ts';
import { escalationRow, isCalled, sameSeverity } from './progress.ts';

/** One step of the escalation (docs/decisions/0009-escalation-levels.md). Times UTC ISO 8601, durations ms. */
export interface EscalationLevel {
  /** 1 is the row of the incident's own severity. */
  readonly level: number;
  /** The severity as its row in the guide names it. */
  readonly row: string;
  /** Those the row names that no lower level does. */
  readonly roles: readonly string[];
  /** Of these, who was not called yet, under whatever severity. */
  readonly uncalled: readonly string[];
  /** When any of them was called last. */
  readonly calledAt: string | undefined;
  /** Undefined while nobody was called, and where the guide gives the severity no response time. */
  readonly dueAt: string | undefined;
  readonly acknowledged: { readonly at: string; readonly who: string } | undefined;
  /** 0 while there is time left, or when somebody answered. */
  readonly overdueMs: number;
}

/** Whom to call next. */
export interface NextLevel {
  readonly level: number;
  readonly row: string;
  readonly roles: readonly string[];
}

/** A call that nobody answered in its time, and that no later one has taken the place of. */
export interface LateCall {
  readonly level: number;
  readonly roles: readonly string[];
  readonly calledAt: string;
  readonly dueAt: string;
  readonly overdueMs: number;
}

export interface EscalationState {
  readonly levels: readonly EscalationLevel[];
  /** Undefined when everybody the guide lists was called, and when the incident is over. */
  readonly next: NextLevel | undefined;
  readonly late: LateCall | undefined;
  /** The severity has changed since people were called, and its own row names some who were not. */
  readonly raised: NextLevel | undefined;
}

/** Who was called, who answered, and who comes next, by the guide's table, at `now` (UTC ISO 8601). */
export function escalationState(incident: Incident, guide: Guide | undefined, now: string): EscalationState {
  const levels = guide ? levelsOf(incident, guide, now) : [];
  if (incident.status === 'resolved') return { levels, next: undefined, late: undefined, raised: undefined };
  const open = levels.find(({ uncalled }) => uncalled.length > 0);
  const next = open && { level: open.level, row: open.row, roles: open.uncalled };
  const calls = incident.escalations;
  const wasRaised =
    calls.length > 0 && calls.every(({ severity }) => !sameSeverity(severity, incident.severity));
  return {
    levels,
    next,
    late: lateCall(incident, guide, now),
    raised: wasRaised && next?.level === 1 ? next : undefined,
  };
}

function levelsOf(incident: Incident, guide: Guide, now: string): readonly EscalationLevel[] {
  const seen: string[] = [];
  const levels: EscalationLevel[] = [];
  for (const row of rowsUpwards(incident, guide)) {
    const roles = row.roles.filter((role, index) => {
      const isFirst = row.roles.findIndex((one) => sameWords(one, role)) === index;
      return isFirst && !seen.some((one) => sameWords(one, role));
    });
    // A row that names nobody new is no level: calling the same people again helps nobody.
    if (roles.length === 0) continue;
    seen.push(...roles);
    levels.push({
      level: levels.length + 1,
      row: row.severity,
      roles,
      uncalled: roles.filter((role) => !isCalled(incident, role)),
      ...clockOf(incident, guide, roles, now),
    });
  }
  return levels;
}

/** The row of the incident's severity, then those of the higher severities; a guide lists the highest first. */
function rowsUpwards(incident: Incident, guide: Guide): readonly Escalation[] {
  const own = escalationRow(guide, incident.severity);
  const at = guide.severities.findIndex(({ name }) => sameSeverity(name, incident.severity));
  const above =
    at >= 0
      ? guide.severities.slice(0, at).map(({ name }) => escalationRow(guide, name))
      : guide.escalations.slice(0, Math.max(0, own ? guide.escalations.indexOf(own) : 0));
  return [...new Set([own, ...[...above].reverse()])].filter((row) => row !== undefined);
}

type LevelClock = Pick<EscalationLevel, 'calledAt' | 'dueAt' | 'acknowledged' | 'overdueMs'>;

function clockOf(incident: Incident, guide: Guide, roles: readonly string[], now: string): LevelClock {
  const call = incident.escalations
    .filter((one) => one.roles.some((called) => roles.some((role) => sameWords(role, called))))
    .at(-1);
  if (!call) return { calledAt: undefined, dueAt: undefined, acknowledged: undefined, overdueMs: 0 };
  const dueAt = dueOf(call, guide);
  const acknowledged = call.acknowledged ?? acknowledgedAfter(incident, call);
  const isOver = acknowledged !== undefined || dueAt === undefined;
  const end = incident.resolvedAt ?? now;
  return {
    calledAt: call.at,
    dueAt,
    acknowledged,
    overdueMs: isOver ? 0 : Math.max(0, msBetween(dueAt, end) ?? 0),
  };
}

/** The response time of the severity under which they were called is what they have to answer in. */
function dueOf({ at, severity }: Escalated, guide: Guide | undefined): string | undefined {
  const found = guide?.severities.find(({ name }) => sameSeverity(name, severity));
  return found?.responseMinutes === undefined ? undefined : addMs(at, found.responseMinutes * 60_000);
}

/** Whoever acknowledges the incident after a call has answered it. */
function acknowledgedAfter(
  { acknowledgedAt, acknowledgedBy }: Incident,
  { at }: Escalated,
): { readonly at: string; readonly who: string } | undefined {
  if (acknowledgedAt === undefined || (msBetween(at, acknowledgedAt) ?? -1) < 0) return undefined;
  return { at: acknowledgedAt, who: acknowledgedBy ?? 'somebody' };
}

function lateCall(incident: Incident, guide: Guide | undefined, now: string): LateCall | undefined {
  const isSince = (from: string, at: string | undefined) =>
    at !== undefined && (msBetween(from, at) ?? -1) >= 0;
  const answered = incident.escalations.flatMap(({ acknowledged }) => acknowledged?.at ?? []);
  const last = [...answered, incident.acknowledgedAt];
  for (const call of [...incident.escalations].reverse()) {
    const dueAt = dueOf(call, guide);
    const overdueMs = dueAt === undefined ? 0 : (msBetween(dueAt, now) ?? 0);
    if (dueAt === undefined || overdueMs <= 0) continue;
    // Whoever answers a later call looks after the incident: the earlier one is heard.
    if (call.acknowledged || last.some((at) => isSince(call.at, at))) continue;
    const isOvertaken = incident.escalations.some((later) => {
      if (later === call || !isSince(call.at, later.at)) return false;
      const isAgain = call.roles.every((role) => later.roles.some((one) => sameWords(one, role)));
      return later.level > call.level || isAgain;
    });
    if (!isOvertaken) return { level: call.level, roles: call.roles, calledAt: call.at, dueAt, overdueMs };
  }
  return undefined;
}

/**
 * Whether this window is the one that calls the next level by the clock: the one that made the last call, else, when
 * that is gone, the first of those that live. `me` and `live` are writers of the journal.
 */
export function callsByClock(incident: Incident, me: string, live: ReadonlySet<string>): boolean {
  const last = incident.events.filter((event) => isKnown(event) && event.type === 'PeopleEscalated').at(-1);
  if (last && (last.writer === me || live.has(last.writer))) return last.writer === me;
  return [...live, me].sort()[0] === me;
}
