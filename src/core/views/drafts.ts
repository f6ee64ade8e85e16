import type { Guide, TemplateKind } from '../guide/guide.ts';
import { formatDuration } from '../incident/durations.ts';
import { measuredTimes, type Measure } from '../incident/measuredTimes.ts';
import type { Incident } from '../incident/incident.ts';
import { incidentSpan } from '../incident/incidentSpan.ts';
import { addMs, msBetween, utcDate, utcDateTime, utcTime } from '../incident/instants.ts';
import { nextThing } from '../incident/nextThing.ts';
import { phaseOf } from '../incident/progress.ts';
import { fieldOf } from '../postmortem/knownWords.ts';
import type { Field } from '../postmortem/knownWords.ts';
import { parseLabelLine } from '../postmortem/labelLine.ts';
import type { LabelLine } from '../postmortem/labelLine.ts';
import { renderNextThing } from './nextThingText.ts';
import { oneLine } from './oneLine.ts';

const builtInUpdate = `**Update #N [HH:MM]**
- Status: ...
- Hypothesis: ...
- Next steps: ...
- ETA for resolution: ...`;

const builtInResolution = `**Incident Resolved [HH:MM]**
- Cause: ...
- Resolution: ...
- Duration: ...
- Impact: ...`;

/**
 * The guide's update template filled from the journal at `now` (UTC ISO 8601), for the person to edit. What the
 * journal does not hold is written "unknown".
 */
export function draftUpdate(incident: Incident, guide: Guide | undefined, now: string): string {
  const template = templateOf(guide, 'update') ?? builtInUpdate;
  return fill(template, factsOf(incident, guide, now), ['status', 'hypothesis', 'next', 'eta'], {
    time: now,
    number: nextNumber(incident),
  });
}

/**
 * The update that says there is nothing new: since when, where the response stands, and when the next one comes by the
 * guide's cadence.
 */
export function draftNoChange(incident: Incident, guide: Guide | undefined, now: string): string {
  const last = incident.updates.at(-1);
  const since = last
    ? `since update #${last.number} at ${utcTime(last.at)} UTC`
    : `since the declaration at ${utcTime(incident.declaredAt)} UTC`;
  const next = guide?.cadence && addMs(now, guide.cadence.everyMinutes * 60_000);
  return [
    `**Update #${nextNumber(incident)} [${utcTime(now)} UTC]**`,
    `- Nothing new ${since}`,
    `- Status: ${statusOf(incident, guide)}`,
    ...(next ? [`- Next update: by ${utcTime(next)} UTC`] : []),
  ].join('\n');
}

const nextNumber = ({ updates }: Incident): number =>
  updates.reduce((most, { number }) => Math.max(most, number), 0) + 1;

/** The guide's resolution message filled from the journal; times UTC. Sent before the resolve it says so far. */
export function draftResolution(incident: Incident, guide: Guide | undefined, now: string): string {
  const template = templateOf(guide, 'resolution') ?? builtInResolution;
  return fill(template, factsOf(incident, guide, now), ['cause', 'resolution', 'duration', 'impact'], {
    time: incident.resolvedAt ?? now,
    number: undefined,
  });
}

const templateOf = (guide: Guide | undefined, kind: TemplateKind): string | undefined =>
  guide?.templates.find((template) => template.kind === kind)?.text;

type Facts = Readonly<Record<Field, string>>;

/** Everything a label can ask for. */
function factsOf(incident: Incident, guide: Guide | undefined, now: string): Facts {
  const { impact, resolution } = incident;
  const figure = impact && `${impact.figure} (${impact.source}, ${utcDateTime(impact.at)})`;
  return {
    status: statusOf(incident, guide),
    hypothesis: hypothesisOf(incident),
    next: nextOf(incident, guide, now),
    eta: incident.status === 'resolved' ? 'resolved' : 'unknown',
    cause: known(resolution?.cause),
    resolution:
      known(resolution?.resolution) === 'unknown' ? changesOf(incident) : known(resolution?.resolution),
    duration: durationOf(incident, now),
    impact: known(figure ?? resolution?.impact),
    severity: incident.severity,
    service: known(incident.service),
    number: incident.number,
    title: incident.title,
    declared: utcDateTime(incident.declaredAt),
    resolved: incident.resolvedAt === undefined ? 'not yet' : utcDateTime(incident.resolvedAt),
    date: utcDate(now),
    detect: measured(incident, 'detect'),
    acknowledge: measured(incident, 'acknowledge'),
    mitigate: measured(incident, 'mitigate'),
    resolve: measured(incident, 'resolve'),
  };
}

function measured(incident: Incident, measure: Measure): string {
  const time = measuredTimes(incident)[measure];
  return time.kind === 'known' ? formatDuration(time.ms) : `unknown (${time.because})`;
}

const known = (text: string | undefined): string =>
  text && text.trim() !== '' ? oneLine(text, 500) : 'unknown';

/** The phase by the guide's own name, and since when it is mitigated or resolved. */
export function statusOf(incident: Incident, guide: Guide | undefined): string {
  const phase = incident.phases.at(-1)?.name ?? phaseOf(incident, guide)?.name ?? 'Investigating';
  if (incident.status === 'resolved') return `Resolved at ${utcTime(incident.resolvedAt ?? '')} UTC`;
  if (incident.mitigatedAt !== undefined)
    return `Mitigated at ${utcTime(incident.mitigatedAt)} UTC, ${phase}`;
  return phase;
}

function hypothesisOf(incident: Incident): string {
  if (incident.resolution?.cause) return known(incident.resolution.cause);
  const note = incident.notes.at(-1);
  return known(note && [note.questionText, note.text].filter(Boolean).join(' '));
}

/** The guide's next thing as if this update were out and somebody had answered: those two are being done right now. */
function nextOf(incident: Incident, guide: Guide | undefined, now: string): string {
  const sent = { number: 0, text: '', at: now, by: '' };
  const after: Incident = {
    ...incident,
    acknowledgedAt: incident.acknowledgedAt ?? now,
    updates: [...incident.updates, sent],
  };
  const thing = nextThing(after, guide, now);
  return thing.kind === 'nothing' ? 'unknown' : oneLine(renderNextThing(thing));
}

/** Without a word from a person: the changes that were really made, as what they are. */
function changesOf(incident: Incident): string {
  const changes = incident.runs.filter(
    ({ risk, end }) => risk !== 'read' && end?.outcome.kind === 'succeeded',
  );
  if (changes.length === 0) return 'unknown';
  return `Changes made: ${changes.map(({ text, command }) => `${oneLine(text)} (${oneLine(command)})`).join('; ')}`;
}

function durationOf(incident: Incident, now: string): string {
  const span = incidentSpan(incident);
  if (span) {
    const times = `${utcTime(span.fromAt)} to ${utcTime(span.toAt)} UTC`;
    return `${formatDuration(span.ms)} (${span.from} to ${span.to}, ${times})`;
  }
  if (incident.resolvedAt !== undefined || incident.mitigatedAt !== undefined) return 'unknown';
  const from = incident.onsetAt ?? incident.declaredAt;
  const ms = msBetween(from, now);
  if (ms === undefined || ms < 0) return 'unknown';
  return `${formatDuration(ms)} so far (since the ${incident.onsetAt === undefined ? 'declaration' : 'onset'}, ${utcTime(from)} UTC)`;
}

const bracketedTime = /\[\s*[\p{L}\d]{1,2}:[\p{L}\d]{2}[^\]\n]{0,10}\]/gu;

/**
 * Fills `Label: value` lines by the label's words. In a language none of whose words are known, by their order. A
 * label that asks for something else is left for the person as "unknown".
 */
function fill(
  template: string,
  facts: Facts,
  order: readonly Field[],
  { time, number }: { readonly time: string; readonly number: number | undefined },
): string {
  const lines = template.split('\n').map((line) => ({ line, label: parseLabelLine(line) }));
  const anyKnown = lines.some(({ label }) => label && fieldOf(label.label) !== undefined);
  let position = 0;
  return lines
    .map(({ line, label }) => {
      if (!label || isHeading(line, label, anyKnown)) {
        const dated = line.replace(bracketedTime, () => `[${utcTime(time)} UTC]`);
        return number === undefined ? dated : dated.replace(/#(?:\d+|N|X)\b/, `#${number}`);
      }
      const field = anyKnown ? fieldOf(label.label) : order[position++];
      return label.with(field === undefined ? 'unknown' : facts[field]);
    })
    .join('\n');
}

/** `**Incident update:**` above the bullets asks for nothing. */
function isHeading(line: string, { label, value }: LabelLine, anyKnown: boolean): boolean {
  const isBare = value === '' && !/^\s*(?:[-*+]\s|\d+[.)]\s|\|)/.test(line);
  return isBare && fieldOf(label) === undefined && (anyKnown || /^\s*(?:\*\*|__)/.test(line));
}
