import type { Guide } from '../guide/guide.ts';
import { clocksOf } from '../incident/clocks.ts';
import { formatClock, formatCountdown } from '../incident/durations.ts';
import { escalationState } from '../incident/escalation.ts';
import type { Incident } from '../incident/incident.ts';
import { utcDateTime, utcTime } from '../incident/instants.ts';
import { soakNow } from '../resolution/foldResolution.ts';
import { soakClock } from '../resolution/soak.ts';
import { soakProgress } from './resolutionRows.ts';
import { lateSentence } from './escalationTexts.ts';
import { oneLine } from './oneLine.ts';
import { renderTarget } from './timeline.ts';

export interface StatusBar {
  /** With codicons in VS Code's `$(name)` form. */
  readonly text: string;
  /** Plain text, several lines. */
  readonly tooltip: string;
  readonly tone: 'normal' | 'warning' | 'error';
}

/**
 * Of an active incident: severity, elapsed time, time to the next update. `warning` when the response, an update or an
 * escalation's answer is overdue; `error` when more than one of them is: then nobody is known to look after it.
 */
export function statusBarOf(incident: Incident, guide: Guide | undefined, now: string): StatusBar {
  const { elapsedMs, response, update } = clocksOf(incident, guide, now);
  const severity = plain(incident.severity);
  const lines = [
    `${incident.severity} ${oneLine(incident.title)} (${incident.number}${incident.drill ? ', drill' : ''})`,
    `Declared ${utcDateTime(incident.declaredAt)} by ${incident.declaredBy}`,
    `Target: ${renderTarget(incident.target)}`,
  ];
  const parts = [`$(flame) ${severity} ${formatClock(elapsedMs)}`];
  const isUnanswered = response.kind === 'late' && response.at === undefined;
  if (isUnanswered) {
    parts.push(`response ${formatCountdown(response.overdueMs)} late`);
    lines.push(`Nobody acknowledged by ${utcTime(response.dueAt)} UTC.`);
  } else if (response.kind === 'waiting') {
    lines.push(`Acknowledge by ${utcTime(response.dueAt)} UTC.`);
  }
  const isUpdateLate = update !== undefined && update.overdueMs > 0;
  if (update) {
    parts.push(
      isUpdateLate
        ? `update ${formatCountdown(update.overdueMs)} late`
        : `update in ${formatCountdown(update.remainingMs)}`,
    );
    lines.push(`Update #${update.number} due ${utcTime(update.dueAt)} UTC.`);
    if (incident.snooze) lines.push(`It was put off: ${oneLine(incident.snooze.reason)}`);
  }
  const { late, next } = escalationState(incident, guide, now);
  if (late) {
    parts.push(`escalation ${formatCountdown(late.overdueMs)} late`);
    lines.push(lateSentence(late, next));
  }
  const soak = soakNow(incident);
  if (soak?.state === 'running') {
    parts.push(`$(watch) soak ${formatCountdown(soakClock(soak, now).remainingMs)} left`);
    lines.push(`Soak window: ${soakProgress(soak, now)}.`);
  } else if (soak?.state === 'passed') {
    const { open } = soak;
    parts.push(open.length === 0 ? '$(pass) soak passed' : `$(warning) soak passed, ${open.length} open`);
    lines.push(
      open.length === 0
        ? 'The soak window has passed: resolve it.'
        : `The soak window has passed, and not all is good: ${oneLine(open.join(', '))}.`,
    );
  } else if (soak) {
    parts.push('$(warning) relapse');
    lines.push(`Relapse within the soak window: ${oneLine(soak.relapse.join('; '))}`);
  }
  const background = incident.runs.filter((run) => run.background === true && run.end === undefined);
  if (background.length > 0) {
    parts.push(`$(sync) ${background.length} in the background`);
    lines.push(`In the background: ${background.map(({ text }) => oneLine(text, 60)).join(', ')}`);
  }
  const count = [isUnanswered, isUpdateLate, late !== undefined].filter(Boolean).length;
  const tone = count > 1 || soak?.state === 'relapsed' ? 'error' : count === 1 ? 'warning' : 'normal';
  return { text: parts.join(' · '), tooltip: lines.join('\n'), tone };
}

/** A severity named `$(x)` must not draw an icon. */
const plain = (text: string) => oneLine(text, 20).replaceAll('$(', '(');
