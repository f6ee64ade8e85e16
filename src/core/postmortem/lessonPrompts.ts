import type { Guide } from '../guide/guide.ts';
import { clocksOf } from '../incident/clocks.ts';
import { isKnown } from '../incident/evolve.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { stepMark } from '../incident/progress.ts';
import type { DeliveryTask } from '../deliveries/delivery.ts';
import { nameOfTask } from '../views/deliveryTexts.ts';
import { escapeMarkdown, inWords } from './markdownText.ts';
import { isBad } from './timelineEntries.ts';

export interface LessonPrompts {
  /** What went right by chance, as far as the journal shows it. */
  readonly lucky: readonly string[];
  /** What went wrong in the response itself. */
  readonly badly: readonly string[];
}

/**
 * Questions for the lessons, each from a fact of the journal and ending in what a person has to answer. Markdown on one
 * line, without a bullet.
 */
export function lessonPrompts(incident: Incident, guide: Guide | undefined): LessonPrompts {
  return {
    lucky: [...notNeeded(incident), ...unanswered(incident), ...undetected(incident)],
    badly: [...cameBack(incident), ...late(incident, guide), ...notTold(incident)],
  };
}

/** Steps that never worked, though it ended all the same. One that timed out may have worked: nothing is known of it. */
function notNeeded(incident: Incident): string[] {
  const { runs, mitigatedAt, resolvedAt } = incident;
  if (mitigatedAt === undefined && resolvedAt === undefined) return [];
  const last = new Map<string, Run>();
  const worked = new Set<string>();
  for (const run of runs) {
    if (run.dryRun === true || run.undoes !== undefined || !run.end) continue;
    last.set(run.step, run);
    if (!isBad(run)) worked.add(run.step);
  }
  const failed = [...last.values()]
    .filter(
      (run) =>
        isBad(run) &&
        run.end?.outcome.kind !== 'timed-out' &&
        !worked.has(run.step) &&
        stepMark(incident, run.step) === undefined,
    )
    .map(({ text, startedAt }) => `“${escapeMarkdown(text)}” (${utcTime(startedAt)} UTC)`);
  if (failed.length === 0) return [];
  const was = failed.length === 1 ? 'was it' : 'were they';
  return [`${inWords(failed)} did not succeed, and it ended all the same: ${was} needed?`];
}

function unanswered({ escalations, resolvedAt }: Incident): string[] {
  if (resolvedAt === undefined) return [];
  return escalations
    .filter(({ acknowledged }) => acknowledged === undefined)
    .map(
      ({ roles, at }) =>
        `No answer to the call to ${roles.map(escapeMarkdown).join(', ')} (${utcTime(at)} UTC) is recorded: what if they had been needed?`,
    );
}

function undetected({ signals, drill }: Incident): string[] {
  const seen = signals.some(({ kind }) => kind === 'alert' || kind === 'page');
  if (seen || drill) return [];
  return ['No alert is attached to this incident: who noticed it, and what if they had not looked?'];
}

function cameBack({ events }: Incident): string[] {
  return events.flatMap((event) =>
    isKnown(event) && event.type === 'IncidentReopened'
      ? [
          `It was called resolved and came back (reopened ${utcTime(event.time)} UTC): what did the check before miss?`,
        ]
      : [],
  );
}

function late(incident: Incident, guide: Guide | undefined): string[] {
  const { response } = clocksOf(incident, guide, incident.resolvedAt ?? incident.declaredAt);
  if (response.kind !== 'late' || response.at === undefined) return [];
  return [
    `It was acknowledged ${formatDuration(response.overdueMs)} after the guide’s response time: who was not reached, and why?`,
  ];
}

function notTold({ deliveries }: Incident): string[] {
  return deliveries
    .filter(({ state }) => state === 'failed')
    .map(
      ({ task, place }) =>
        `${escapeMarkdown(nameOfTask(task, place))} was never ${doneTo(task)}: who did not hear of it?`,
    );
}

/** What is done to such a thing, as people say it. */
function doneTo({ system, act }: DeliveryTask): string {
  if (system === 'statuspage') return 'published';
  return act === 'create-channel' || act === 'create-ticket' || act === 'create-incident'
    ? 'created'
    : 'sent';
}
