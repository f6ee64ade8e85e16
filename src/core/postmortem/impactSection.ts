import { isKnown } from '../incident/evolve.ts';
import { formatDuration } from '../incident/durations.ts';
import type { Incident } from '../incident/incident.ts';
import { incidentSpan } from '../incident/incidentSpan.ts';
import { measuredTimes, measures, type Measure } from '../incident/measuredTimes.ts';
import { utcDate, utcDateTime, utcTime } from '../incident/instants.ts';
import { fieldOf, sectionKindOf } from './knownWords.ts';
import { parseLabelLine } from './labelLine.ts';
import { escapeMarkdown } from './markdownText.ts';
import type { TemplateSection } from './templateSections.ts';

const units =
  /(?<!\p{L})(?:min|minut\p{L}*|hours?|hrs?|stunden?|heures?|horas?|ore|uur|godzin\p{L}*|timmar|минут\p{L}*|час\p{L}*)(?!\p{L})|分|時間|小时|시간/iu;

/** Of a label that nobody filled; a figure that cannot be known is another thing. */
const notGiven = 'not given';

/**
 * The impact section's lines: what somebody gave, then the template's own labels with what the journal holds, "not
 * given" for the rest. A template's sample figures never stay, and the only figure written is one somebody gave, with
 * its source.
 */
export function impactLines(
  incident: Incident,
  { name, body }: Pick<TemplateSection, 'name' | 'body'>,
): readonly string[] {
  const figures = figuresOf(incident);
  const labels = body.map((line, index) => (isTableHeader(body, index) ? undefined : parseLabelLine(line)));
  const byWord = labels.findIndex((one) => one && fieldOf(one.label) === 'duration');
  // Only where no word is known: in a language that is, "Time to detect: X minutes" asks for another figure.
  const timed = labels.filter((one) => one && fieldOf(one.label) === undefined && units.test(one.value));
  const byUnit =
    sectionKindOf(name) === undefined && timed.length === 1
      ? labels.findIndex((one) => one === timed[0])
      : -1;
  const durationAt = byWord === -1 ? byUnit : byWord;
  const impactAt =
    figures.length === 0 ? -1 : labels.findIndex((one) => one && fieldOf(one.label) === 'impact');

  const lines = body.flatMap((line, index) => {
    const label = labels[index];
    if (!label) return isTableHeader(body, index) || !isSample(line) ? [line] : [];
    if (index === durationAt) return [label.with(durationText(incident))];
    const measure = measureOf(label.label);
    if (measure !== undefined) return [label.with(measureText(incident, measure))];
    return [label.with(index === impactAt ? figures.join('; ') : notGiven)];
  });
  const own = name.replace(/[:：]+$/, '') || 'Impact';
  const added = durationAt === -1 ? [`- Duration: ${durationText(incident)}`] : [];
  // Above the labels that nobody filled, which would else say the contrary of what is known.
  const given = impactAt === -1 ? figures.map((figure) => `- ${own}: ${figure}`) : [];
  const hasOthers = labels.some(
    (label, index) => label && index !== durationAt && measureOf(label.label) === undefined,
  );
  if (figures.length === 0 && !hasOthers) added.push(`- ${own}: ${notGiven}`);

  while (lines.at(-1)?.trim() === '') lines.pop();
  while (lines[0]?.trim() === '') lines.shift();
  const isAfterTable = added.length > 0 && lines.at(-1)?.trimStart().startsWith('|');
  const isBeforeList = given.length === 0 || lines.length === 0 || /^\s*[-*+]\s/.test(lines[0]!);
  return [...given, ...(isBeforeList ? [] : ['']), ...lines, ...(isAfterTable ? [''] : []), ...added];
}

/** The times that the template has no label for. */
export function measureLines(incident: Incident, asked: readonly string[]): readonly string[] {
  return [...timesOf(incident, asked), ...relapseLines(incident)];
}

/** A time that was called over belongs to the duration all the same, because it was not over: that has to be said. */
function relapseLines({ events }: Incident): string[] {
  let resolvedAt: string | undefined;
  return events.flatMap((event) => {
    if (!isKnown(event)) return [];
    if (event.type === 'IncidentResolved') resolvedAt ??= event.time;
    if (event.type !== 'IncidentReopened' || resolvedAt === undefined) return [];
    const line = `- Called resolved ${utcDateTime(resolvedAt)}, reopened ${utcDateTime(event.time)}: the time between counts as part of it`;
    resolvedAt = undefined;
    return [line];
  });
}

function timesOf(incident: Incident, asked: readonly string[]): readonly string[] {
  const there = new Set(asked.map((line) => measureOf(parseLabelLine(line)?.label ?? '')));
  return measures
    .filter((measure) => !there.has(measure))
    .map((measure) => `- Time to ${measure}: ${measureText(incident, measure)}`);
}

const measureOf = (label: string): Measure | undefined => {
  const field = fieldOf(label);
  return measures.find((measure) => measure === field);
};

/** `4 min (from the onset, …, to the first alert, …)`, or `unknown` with its reason. */
export function measureText(incident: Incident, measure: Measure): string {
  const time = measuredTimes(incident)[measure];
  if (time.kind === 'unknown') return `unknown (${escapeMarkdown(time.because)})`;
  const day = utcDate(incident.declaredAt);
  const [from, to] = [time.from, time.to].map(
    ({ what, at }) =>
      `${escapeMarkdown(what)}, ${utcDate(at) === day ? `${utcTime(at)} UTC` : utcDateTime(at)}`,
  );
  return `${formatDuration(time.ms)} (from ${from}, to ${to})`;
}

/** `45 min (from the onset, 2026-11-23 10:30 UTC, to the mitigation, …)`, or why it is unknown. */
export function durationText(incident: Incident): string {
  const span = incidentSpan(incident);
  if (span) {
    const from = `from the ${span.from}, ${utcDateTime(span.fromAt)}`;
    const onset = span.from === 'declaration' ? '; the onset is unknown' : '';
    return `${formatDuration(span.ms)} (${from}, to the ${span.to}, ${utcDateTime(span.toAt)}${onset})`;
  }
  const isOver = incident.mitigatedAt !== undefined || incident.resolvedAt !== undefined;
  return isOver
    ? 'unknown (the recorded times contradict each other)'
    : 'unknown (not over when this was drafted)';
}

function figuresOf({ impact, resolution }: Incident): readonly string[] {
  const figures: string[] = [];
  if (impact) {
    const source = `source: ${escapeMarkdown(impact.source)}, as of ${utcDateTime(impact.at)}`;
    figures.push(`${escapeMarkdown(impact.figure)} (${source})`);
  }
  if (resolution?.impact) figures.push(`${escapeMarkdown(resolution.impact)} (as said when it was resolved)`);
  return figures;
}

/** Without a label there is nothing to fill: `~5% of users`, `X orders lost`, `[describe]`. */
const isSample = (line: string) =>
  /\d/.test(line) ||
  /(?<![\p{L}])[XN](?![\p{L}])/u.test(line) ||
  /^\s*(?:[-*+]\s+)?(?:\[.*\]|<.*>)\s*$/.test(line);

const isTableHeader = (body: readonly string[], index: number) => {
  const isRow = body[index]?.trimStart().startsWith('|') ?? false;
  return isRow && /^\s*\|[\s:|-]+\|\s*$/.test(body[index + 1] ?? '');
};
