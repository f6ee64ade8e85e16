import type { Guide } from '../guide/guide.ts';
import type { EvidenceFile, OutputRef } from '../incident/events.ts';
import { openDebts } from '../incident/undoable.ts';
import { formatDuration } from '../incident/durations.ts';
import { isKnown } from '../incident/evolve.ts';
import type { Incident } from '../incident/incident.ts';
import { incidentSpan } from '../incident/incidentSpan.ts';
import { utcDate, utcDateTime } from '../incident/instants.ts';
import { isMitigatedTooLate } from '../incident/measuredTimes.ts';
import { durationText, impactLines, measureLines, measureText } from './impactSection.ts';
import { fieldOf } from './knownWords.ts';
import { parseLabelLine } from './labelLine.ts';
import { escapeMarkdown } from './markdownText.ts';
import { changeLines, evidenceLines, questionLines } from './causeSection.ts';
import { documentHead } from './documentHead.ts';
import { lessonLines } from './lessonSection.ts';
import { timelineLines } from './postMortemTimeline.ts';
import { countUnlisted } from './timelineEntries.ts';
import { triedLines } from './triedSection.ts';
import { isTimelineRow, parsePostMortemTemplate } from './templateSections.ts';
import type { TemplateSection } from './templateSections.ts';

export interface PostMortemInput {
  readonly incident: Incident;
  readonly guide: Guide | undefined;
  /** UTC ISO 8601. */
  readonly generatedAt: string;
  /** The address of a saved output, as it is to stand in the document. */
  readonly linkToOutput: (ref: OutputRef) => string;
  /** The address of a kept file, as it is to stand in the document. */
  readonly linkToEvidence: (file: EvidenceFile) => string;
  /** The organisation's template, in place of the guide's. */
  readonly template?: string;
  /** How many lines of the journal's files could not be read. */
  readonly unreadable?: number;
  /** Pictures of what was measured, as Markdown; they stand with the impact. */
  readonly plots?: readonly string[];
  /** How many runs measured something whose points could not be read. */
  readonly unreadPoints?: number;
}

const builtIn = `# Post-Mortem: [Incident Title]

## Summary
[What happened, in a few sentences]

## Timeline
- [HH:MM] Event

## Impact
- Duration: X minutes
- Users affected: X%

## Root Cause
[Why it happened]

## Resolution
[What ended it]

## Lessons Learned
- What went well
- What went badly
- Where we were lucky

## Action Items
- [ ] [Action] - [Owner] - [Deadline]
`;

/**
 * A post-mortem draft in Markdown from the guide's own template: its headings, order and wording, filled with what
 * the journal holds. What it does not hold is written "unknown"; no figure is made up. Lessons, action items and
 * sections nobody knows stay as prompts. Never throws.
 */
export function renderPostMortem(input: PostMortemInput): string {
  const { incident, guide } = input;
  const template = parsePostMortemTemplate(
    input.template ?? guide?.templates.find(({ kind }) => kind === 'post-mortem')?.text ?? builtIn,
  );
  const plotted = template.sections.find(({ kind }) => kind === 'impact');
  const blocks: string[][] = [
    [...template.frontmatter],
    [titleLine(template.title, incident)],
    documentHead(fillLabels(template.preamble, incident), input),
    ...template.sections.flatMap((section) => [
      [section.heading],
      sectionLines(section, input),
      section === plotted ? [...(input.plots ?? [])] : [],
    ]),
    ...missingSections(template.sections, input),
    ['---'],
    [footer(input)],
  ];
  const texts = blocks.map((lines) => trimBlank(lines).join('\n')).filter((text) => text !== '');
  return `${texts.join('\n\n')}\n`;
}

function titleLine(heading: string | undefined, { title }: Incident): string {
  const safe = escapeMarkdown(title);
  if (heading === undefined) return `# Post-Mortem: ${safe}`;
  const filled = heading.replace(/\[[^\]]*\]|<[^>]*>|\{\{.*?\}\}/, () => safe);
  return filled === heading ? `${heading.replace(/[\s:：]+$/, '')}: ${safe}` : filled;
}

function sectionLines(section: TemplateSection, input: PostMortemInput): string[] {
  const { incident, guide, linkToOutput } = input;
  switch (section.kind) {
    case 'summary':
      return [...summaryLines(incident), ...spaced(fillLabels(withoutPrompts(section.body), incident))];
    case 'timeline': {
      const first = section.body.findIndex(isTimelineRow);
      const before = withoutPrompts(first === -1 ? section.body : section.body.slice(0, first));
      const says = [section.heading, ...before].some((line) => line.includes('UTC'));
      const isTable = before.some((line) => line.trimStart().startsWith('|'));
      const rows = timelineLines(incident, section.body, linkToOutput);
      const lead = says ? [] : ['All times are UTC.', ''];
      return [
        ...lead,
        ...trimBlank(before),
        ...(isTable || trimBlank(before).length === 0 ? [] : ['']),
        ...rows,
      ];
    }
    case 'impact': {
      const times = measureLines(incident, section.body);
      const lines = impactLines(incident, section);
      const isTable = lines.at(-1)?.trimStart().startsWith('|') ?? false;
      return [...lines, ...(isTable && times.length > 0 ? [''] : []), ...times];
    }
    case 'root-cause':
      return [
        orUnknown(incident.resolution?.cause),
        ...spaced(causeLines(input)),
        ...spaced(withoutPrompts(section.body)),
      ];
    case 'resolution':
      return [
        orUnknown(incident.resolution?.resolution),
        ...spaced(changeLines(input)),
        ...spaced(withoutPrompts(section.body)),
      ];
    case 'actions':
      return [...debtLines(incident), ...section.body];
    case 'lessons':
      return lessonLines(section.body, incident, guide);
    case 'other':
      return [...section.body];
  }
}

/** Whatever the template leaves out, the record of what happened is in every post-mortem. */
function missingSections(sections: readonly TemplateSection[], input: PostMortemInput): string[][] {
  const has = (kind: TemplateSection['kind']) => sections.some((section) => section.kind === kind);
  const { incident } = input;
  const blocks: string[][] = [];
  const section = (name: string, lines: readonly string[]) => blocks.push([`## ${name}`], [...lines]);
  if (!has('summary')) section('Summary', summaryLines(incident));
  if (!has('timeline')) {
    section('Timeline', ['All times are UTC.', '', ...timelineLines(incident, [], input.linkToOutput)]);
  }
  if (!has('impact'))
    section('Impact', [
      ...impactLines(incident, { name: 'Impact', body: [] }),
      ...measureLines(incident, []),
      ...spaced(input.plots ?? []),
    ]);
  if (!has('actions') && openDebts(incident).length > 0) section('Action Items', debtLines(incident));
  if (!has('root-cause')) {
    section('Root Cause', [orUnknown(incident.resolution?.cause), ...spaced(causeLines(input))]);
  }
  return blocks;
}

/** What is known of the cause beside the sentence that was said at the end. */
function causeLines(input: PostMortemInput): string[] {
  const tried = triedLines(input);
  return trimBlank([
    ...questionLines(input.incident, input.guide),
    ...spaced(tried.length === 0 ? [] : ['Tried, ruled out or not used:', '', ...tried]),
    ...spaced(evidenceLines(input)),
  ]);
}

/** What was turned off for the incident and still is: the first thing to act on, so what to do about it leads. */
const debtLines = (incident: Incident): string[] =>
  openDebts(incident).map(
    ({ debt, at, undo }) =>
      `- [ ] ${escapeMarkdown(undo?.title ?? 'Decide on')}: ${escapeMarkdown(debt ?? '')} since ${utcDateTime(at)}`,
  );

function summaryLines(incident: Incident): string[] {
  const when = (at: string | undefined, by?: string) =>
    at === undefined ? 'unknown' : `${utcDateTime(at)}${by === undefined ? '' : ` by ${escapeMarkdown(by)}`}`;
  const people = [...new Set(incident.events.map(({ by }) => by))];
  return [
    [incident.title, ...inShort(incident)].map((text) => asSentence(escapeMarkdown(text))).join(' '),
    '',
    `- Incident: ${escapeMarkdown(incident.number)}${incident.drill ? ' (a drill)' : ''}`,
    `- Severity: ${escapeMarkdown(incident.severity)}`,
    `- Service: ${orUnknown(incident.service)}`,
    `- Onset: ${when(incident.onsetAt)}`,
    `- Declared: ${when(incident.declaredAt, incident.declaredBy)}`,
    `- Acknowledged: ${when(incident.acknowledgedAt, incident.acknowledgedBy)}`,
    `- Mitigated: ${isMitigatedTooLate(incident) ? `unknown (marked ${when(incident.mitigatedAt)}, after the resolution)` : when(incident.mitigatedAt)}`,
    `- Resolved: ${incident.status === 'active' ? 'not when this was drafted' : when(incident.resolvedAt)}`,
    `- Cause: ${orUnknown(incident.resolution?.cause)}`,
    `- People: ${people.map(escapeMarkdown).join(', ')}`,
  ];
}

/** What one is asked first about an incident; what is not known is left to its own section. */
function inShort(incident: Incident): string[] {
  const { impact, resolution } = incident;
  const span = incidentSpan(incident);
  const effect = impact?.figure ?? resolution?.impact;
  return [
    ...(span ? [`It lasted ${formatDuration(span.ms)}, from the ${span.from} to the ${span.to}`] : []),
    ...(effect ? [`Impact: ${effect}`] : []),
    ...(resolution?.resolution ? [`Resolution: ${resolution.resolution}`] : []),
  ];
}

const asSentence = (text: string): string => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** Labels the journal has an answer to; the others (`Author:`) are left for the person. */
function fillLabels(lines: readonly string[], incident: Incident): string[] {
  return lines.map((line) => {
    const label = parseLabelLine(line);
    const value = label && valueOf(label.label, incident);
    return label && value !== undefined ? label.with(value) : line;
  });
}

function valueOf(label: string, incident: Incident): string | undefined {
  const field = fieldOf(label);
  switch (field) {
    case 'severity':
      return escapeMarkdown(incident.severity);
    case 'service':
      return orUnknown(incident.service);
    case 'number':
      return escapeMarkdown(incident.number);
    case 'title':
      return escapeMarkdown(incident.title);
    case 'date':
      return utcDate(incident.declaredAt);
    case 'declared':
      return utcDateTime(incident.declaredAt);
    case 'resolved':
      return incident.resolvedAt === undefined ? 'unknown' : utcDateTime(incident.resolvedAt);
    case 'duration':
      return durationText(incident);
    case 'cause':
      return orUnknown(incident.resolution?.cause);
    case 'resolution':
      return orUnknown(incident.resolution?.resolution);
    case 'impact':
      return incident.impact
        ? escapeMarkdown(incident.impact.figure)
        : orUnknown(incident.resolution?.impact);
    case 'status':
      return incident.status;
    case 'detect':
    case 'acknowledge':
    case 'mitigate':
    case 'resolve':
      return measureText(incident, field);
    case 'eta':
    case 'hypothesis':
    case 'next':
    case undefined:
      return undefined;
  }
}

const prompt = /^\s*(?:[-*+]\s+)?(?:\[[^\]]*\]|<[^>]*>|\{\{.*\}\}|_[^_]*_|TODO.*|TBD.*|\.\.\.|…)\s*$/;
const withoutPrompts = (lines: readonly string[]): string[] => lines.filter((line) => !prompt.test(line));

const orUnknown = (text: string | undefined): string =>
  text === undefined || text.trim() === '' ? 'unknown' : escapeMarkdown(text);

/** Lines with a blank one before them; nothing for nothing. */
function spaced(lines: readonly string[]): string[] {
  const trimmed = trimBlank(lines);
  return trimmed.length === 0 ? [] : ['', ...trimmed];
}

function trimBlank(lines: readonly string[]): string[] {
  let start = 0;
  let end = lines.length;
  while (start < end && lines[start]!.trim() === '') start++;
  while (end > start && lines[end - 1]!.trim() === '') end--;
  return lines.slice(start, end);
}

/** From what this was made, and what of it is not above. */
function footer({ incident, generatedAt, unreadable = 0, unreadPoints = 0 }: PostMortemInput): string {
  const count = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;
  const open = incident.runs.filter(({ end }) => end === undefined).length;
  const newer = incident.events.filter((event) => !isKnown(event)).length;
  const unlisted = countUnlisted(incident);
  const sentences = [
    `Drafted ${utcDateTime(generatedAt)} from the journal of incident ${escapeMarkdown(incident.number)}: ` +
      `${count(incident.events.length, 'event', 'events')}, ${count(incident.runs.length, 'run', 'runs')}.`,
    open > 0 ? `${count(open, 'run has', 'runs have')} no recorded end (interrupted, or still going).` : '',
    newer > 0
      ? `${count(newer, 'event was', 'events were')} recorded by a newer version and not understood.`
      : '',
    unreadable > 0
      ? `${count(unreadable, 'line', 'lines')} of the journal could not be read: what stood there is missing here.`
      : '',
    unreadPoints > 0
      ? `What ${count(unreadPoints, 'run', 'runs')} measured could not be read: there is no plot of it here.`
      : '',
    unlisted > 0 ? `Not listed: ${count(unlisted, 'value or draft', 'values and drafts')}.` : '',
    'What the journal does not hold is written "unknown".',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}
