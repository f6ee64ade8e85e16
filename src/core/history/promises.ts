import { msBetween } from '../incident/instants.ts';
import { postMortemTime } from '../incident/postMortemTime.ts';
import type { GuideRules } from './guideRules.ts';
import type { IncidentRecord } from './incidentRecord.ts';

export interface UpdatesKept {
  readonly onTime: number;
  /** Posted too late, or due and never posted: one for each gap that was too long. */
  readonly late: number;
}

/**
 * How many updates of the guide's cadence came on time, as the incident's own clock asked for them: each is due so long
 * after the one before (the first after the declare), or when it was put off to. One that had become due and was never
 * posted is late. `now` UTC ISO 8601; undefined where the guide gives no cadence.
 */
export function updatesKept(
  { updates, snoozes, declaredAt, resolvedAt }: IncidentRecord,
  rules: GuideRules | undefined,
  now: string,
): UpdatesKept | undefined {
  const every = rules?.updateEveryMs;
  const end = declaredAt === undefined ? undefined : msBetween(declaredAt, resolvedAt ?? now);
  if (every === undefined || end === undefined) return undefined;
  const dueAfter = (last: number, by: number): number => {
    const snooze = snoozes.filter(([at]) => at >= last && at <= by).at(-1);
    return Math.max(last + every, snooze?.[1] ?? 0);
  };
  let last = 0;
  let onTime = 0;
  let late = 0;
  for (const at of updates) {
    if (at > end) continue;
    if (at <= dueAfter(last, at)) onTime += 1;
    else late += 1;
    last = at;
  }
  if (end > dueAfter(last, end)) late += 1;
  return { onTime, late };
}

/**
 * Whether a post-mortem was reviewed within the guide's time. `pending`: there is time left. `not-asked`: the guide wants
 * none, or the incident goes on. `now` UTC ISO 8601.
 */
export function postMortemKept(
  { severity, resolvedAt, reviewedAt, wasSeenToRecur }: IncidentRecord,
  rules: GuideRules | undefined,
  now: string,
): 'on-time' | 'late' | 'pending' | 'not-asked' | 'not-known' {
  if (resolvedAt === undefined) return 'not-asked';
  if (rules === undefined || severity === undefined) return 'not-known';
  const within = rules.postMortemMs(severity, wasSeenToRecur);
  if (within === undefined) return 'not-asked';
  const { kind } = postMortemTime({ resolvedAt, reviewedAt }, within, now);
  switch (kind) {
    case 'not-begun':
      return 'not-asked';
    case 'open':
      return 'pending';
    case 'overdue':
      return 'late';
    case 'on-time':
    case 'late':
    case 'not-known':
      return kind;
  }
}
