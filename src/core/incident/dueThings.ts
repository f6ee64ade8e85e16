import type { Guide } from '../guide/guide.ts';
import { clocksOf } from './clocks.ts';
import { escalationState, type LateCall, type NextLevel } from './escalation.ts';
import type { EventData } from './events.ts';
import type { Incident } from './incident.ts';
import { proposedByPage } from '../signals/pageInStep.ts';

/** Something that a person is told of once, when its time has come. `key` is the same for the same time. */
export type DueThing =
  | { readonly kind: 'update'; readonly key: string; readonly number: number }
  | {
      readonly kind: 'late-call';
      readonly key: string;
      readonly late: LateCall;
      /** Undefined at the top: nobody is listed above. */
      readonly next: NextLevel | undefined;
    }
  | { readonly kind: 'raised'; readonly key: string; readonly next: NextLevel }
  /** Somebody has resolved the incident's page in PagerDuty. */
  | { readonly kind: 'page-resolved'; readonly key: string; readonly seen: EventData['PageResolvedSeen'] };

/**
 * What is due in an active incident at `now` (UTC ISO 8601): an update, the next level, those a raised severity names, and
 * whether it is over where its page is.
 */
export function dueThings(incident: Incident, guide: Guide | undefined, now: string): readonly DueThing[] {
  if (incident.status === 'resolved') return [];
  const things: DueThing[] = [];
  const { update } = clocksOf(incident, guide, now);
  if (update && update.overdueMs > 0)
    things.push({
      kind: 'update',
      key: `${incident.id}/update/${update.dueAt}`,
      number: update.number,
    });
  const { late, next, raised } = escalationState(incident, guide, now);
  if (late)
    things.push({
      kind: 'late-call',
      key: `${incident.id}/late/${late.calledAt}`,
      late,
      next,
    });
  if (raised)
    things.push({ kind: 'raised', key: `${incident.id}/raised/${incident.severity}`, next: raised });
  const seen = proposedByPage(incident);
  if (seen) things.push({ kind: 'page-resolved', key: `${incident.id}/page-resolved/${seen.page}`, seen });
  return things;
}
