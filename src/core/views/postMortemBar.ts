import type { Guide } from '../guide/guide.ts';
import { describeRecurrence } from '../history/recurrence.ts';
import { clocksOf } from '../incident/clocks.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { msBetween, utcDateTime } from '../incident/instants.ts';
import { statusNames } from '../incident/postMortemStatus.ts';
import { openDeadline } from '../postmortem/postMortemDeadline.ts';
import { oneLine } from './oneLine.ts';
import type { StatusBar } from './statusBar.ts';

/** What is older than this is left to the tree and to Trends: the status bar is for what can still be helped, ms. */
export const owedForMs = 30 * 86_400_000;

export interface OwedPostMortem {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  readonly bar: StatusBar;
}

/**
 * The post-mortem that the status bar counts down for while nothing burns: the current incident's, else that of the one
 * resolved last; undefined when none is owed. `incidents` in any order, `now` UTC ISO 8601.
 */
export function owedPostMortem(
  incidents: readonly Incident[],
  current: string | undefined,
  guideOf: (incident: Incident) => Guide | undefined,
  now: string,
): OwedPostMortem | undefined {
  const owed = incidents
    .map((incident) => ({ incident, guide: guideOf(incident) }))
    .filter(({ incident, guide }) => isOwed(incident, guide, now))
    .sort((a, b) => ((a.incident.resolvedAt ?? '') < (b.incident.resolvedAt ?? '') ? 1 : -1));
  const one = owed.find(({ incident }) => incident.id === current) ?? owed[0];
  return one && { ...one, bar: barOf(one.incident, one.guide, owed.length - 1, now) };
}

function isOwed(incident: Incident, guide: Guide | undefined, now: string): boolean {
  const { drill, status, resolvedAt } = incident;
  if (drill || status === 'active' || resolvedAt === undefined) return false;
  return (
    (msBetween(resolvedAt, now) ?? Infinity) < owedForMs &&
    openDeadline(clocksOf(incident, guide, now)) !== undefined
  );
}

function barOf(incident: Incident, guide: Guide | undefined, others: number, now: string): StatusBar {
  const { number, severity, title, postMortem, postMortemOwner, recurrence } = incident;
  const clock = openDeadline(clocksOf(incident, guide, now));
  const { dueAt, time, deadline } = clock ?? {};
  const isLate = time?.kind === 'overdue';
  const lines = [
    `Post-mortem of ${severity} ${oneLine(title)} (${number}): ${postMortem ? statusNames[postMortem.status] : 'not drafted yet'}`,
    `Due ${dueAt === undefined ? 'at no known time' : utcDateTime(dueAt)}. The guide: ${oneLine(deadline?.text ?? '')}`,
    ...(deadline?.recurring && recurrence
      ? [`It recurs: ${oneLine(describeRecurrence(recurrence), 300)}`]
      : []),
    `Owner: ${postMortemOwner ? oneLine(postMortemOwner.owner) : 'nobody yet'}`,
    ...(others > 0 ? [`${others} more ${others === 1 ? 'is' : 'are'} owed.`] : []),
  ];
  return {
    text: isLate
      ? `$(notebook) Post-mortem ${formatDuration(time.overdueMs)} late`
      : `$(notebook) Post-mortem due in ${formatDuration(time?.kind === 'open' ? time.remainingMs : 0)}`,
    tooltip: lines.join('\n'),
    tone: isLate ? 'warning' : 'normal',
  };
}
