import type { StatusPageStatus } from '../deliveries/delivery.ts';
import type { Guide } from '../guide/guide.ts';
import { clocksOf } from '../incident/clocks.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, msBetween, utcDateTime, utcTime } from '../incident/instants.ts';
import { chosenOptions, phaseOf } from '../incident/progress.ts';
import { statusOf } from './drafts.ts';
import { oneLine } from './oneLine.ts';

/** Statuspage's word for where the response stands, by the guide's phase. */
export function publicStatusOf(incident: Incident, guide: Guide | undefined): StatusPageStatus {
  if (incident.status === 'resolved') return 'resolved';
  if (incident.mitigatedAt !== undefined) return 'monitoring';
  switch (phaseOf(incident, guide)?.kind) {
    case 'mitigation':
      return 'identified';
    case 'resolution':
    case 'post-mortem':
      return 'monitoring';
    case 'triage':
    case 'diagnosis':
    case undefined:
      return 'investigating';
  }
}

export interface PublicDraft {
  readonly status: StatusPageStatus;
  /** What a new incident on the status page is called. */
  readonly name: string;
  readonly text: string;
}

/**
 * What customers may read of an incident, for a person to see and change. Holds no hypothesis, no cause, no command, no
 * note, and neither the incident's title nor its service: those are the responders' words. A service is named only by
 * the name that the guide's frontmatter has for it, `publicNames: payment-service=Payments`. What is not known is left
 * out. `given` (a guide's own `/statuspage` line) takes the place of the text.
 */
export function draftPublic(incident: Incident, guide: Guide | undefined, given?: string): PublicDraft {
  const status = publicStatusOf(incident, guide);
  const what = publicNameOf(incident, guide);
  const own = given?.trim() ?? '';
  return {
    status,
    name: `Problem with ${what}`,
    text: own === '' ? sentencesOf(incident, status, what).join(' ') : own,
  };
}

function sentencesOf(incident: Incident, status: StatusPageStatus, what: string): readonly string[] {
  const began = incident.onsetAt === undefined ? [] : [`It began at ${utcDateTime(incident.onsetAt)}.`];
  switch (status) {
    case 'investigating':
      return [`We are investigating a problem with ${what}.`, ...began];
    case 'identified':
      return [`There is a problem with ${what}, and we are working on a fix.`, ...began];
    case 'monitoring':
      return incident.mitigatedAt === undefined
        ? [`We are checking that the problem with ${what} is over.`, ...began]
        : [
            `The problem with ${what} has been under control since ${utcDateTime(incident.mitigatedAt)}.`,
            'We are watching that it stays so.',
            ...began,
          ];
    case 'resolved':
      return [
        incident.resolvedAt === undefined
          ? `The problem with ${what} is resolved.`
          : `The problem with ${what} was resolved at ${utcDateTime(incident.resolvedAt)}.`,
        ...began,
      ];
  }
}

function publicNameOf({ service }: Incident, guide: Guide | undefined): string {
  const pairs = guide?.frontmatter['publicNames']?.split(',') ?? [];
  for (const pair of pairs) {
    const [internal = '', name = ''] = pair.split('=').map((part) => part.trim());
    if (name !== '' && service !== undefined && internal.toLowerCase() === service.toLowerCase()) return name;
  }
  return 'our service';
}

/**
 * What those who decide want to know, in four lines: impact, since when, what is being done, when they hear again. From
 * the journal alone; what it does not hold is "unknown". `now` is UTC ISO 8601.
 */
export function draftExecutive(incident: Incident, guide: Guide | undefined, now: string): string {
  const { severity, title, number, impact } = incident;
  const figure = impact && `${impact.figure} (${impact.source}, ${utcDateTime(impact.at)})`;
  return [
    `**${oneLine(`${severity} ${title}`)}** (${number}) [${utcTime(now)} UTC]`,
    `- Impact: ${oneLine(figure ?? 'unknown', 500)}`,
    `- Since: ${sinceWhen(incident, now)}`,
    `- What is being done: ${doing(incident, guide)}`,
    `- Next update: ${nextUpdate(incident, guide, now)}`,
  ].join('\n');
}

function sinceWhen(incident: Incident, now: string): string {
  const from = incident.onsetAt ?? incident.declaredAt;
  const ms = msBetween(from, incident.mitigatedAt ?? incident.resolvedAt ?? now);
  const long = ms === undefined || ms < 0 ? '' : `, ${formatDuration(ms)}`;
  const began = incident.onsetAt === undefined ? ' (declared; when it began is unknown)' : '';
  return `${utcDateTime(from)}${long}${began}`;
}

/** The phase, and in mitigation the guide's option that was taken. */
function doing(incident: Incident, guide: Guide | undefined): string {
  const phase = phaseOf(incident, guide);
  const [option] = phase?.kind === 'mitigation' ? chosenOptions(incident, phase) : [];
  return oneLine([statusOf(incident, guide), option?.title].filter(Boolean).join(': '));
}

/** The guide's cadence from now on: this one is going out. */
function nextUpdate(incident: Incident, guide: Guide | undefined, now: string): string {
  if (incident.status === 'resolved') return 'none, it is over';
  const { update } = clocksOf(incident, guide, now);
  const due = update && update.overdueMs > 0 ? afterCadence(guide, now) : update?.dueAt;
  return due === undefined ? 'unknown' : `by ${utcTime(due)} UTC`;
}

const afterCadence = (guide: Guide | undefined, now: string): string | undefined =>
  guide?.cadence && addMs(now, guide.cadence.everyMinutes * 60_000);
