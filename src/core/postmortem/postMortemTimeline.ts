import type { EventData, OutputRef } from '../incident/events.ts';
import { isKnown } from '../incident/evolve.ts';
import { formatRunTime } from '../incident/durations.ts';
import type { Incident, Run } from '../incident/incident.ts';
import { msBetween, utcDate, utcTime } from '../incident/instants.ts';
import { outcomeSentence, timelineRows } from '../views/timeline.ts';
import { codeSpan, escapeMarkdown, linkTo, tableCell } from './markdownText.ts';
import { isTimelineRow, timeRow } from './templateSections.ts';

interface Row {
  readonly at: string;
  /** Markdown on one line. */
  readonly text: string;
}

/** Facts that are preparation, not part of what happened; the footer counts them. */
const unlisted: ReadonlySet<string> = new Set([
  'ValueSet',
  'ValueCleared',
  'RunAllEnded',
  'PostMortemDrafted',
  'ActionItemsSeen',
  'CalendarEntryWritten',
]);

export const countUnlisted = (incident: Incident): number =>
  incident.events.filter(({ type }) => unlisted.has(type)).length;

/**
 * The rows of the timeline in the form the template's own rows have, in the journal's order, times UTC. A run is one
 * row: command, outcome, link to its output. Onset and mitigation stand at the time they are said to have been.
 */
export function timelineLines(
  incident: Incident,
  template: readonly string[],
  linkToOutput: (ref: OutputRef) => string,
): readonly string[] {
  const write = rowWriter(template);
  const first = utcDate(incident.declaredAt);
  return rowsOf(incident, linkToOutput).map(({ at, text }) => {
    const day = utcDate(at);
    return write(day === first || day === 'unknown' ? utcTime(at) : `${day} ${utcTime(at)}`, text);
  });
}

function rowsOf(incident: Incident, linkToOutput: (ref: OutputRef) => string): readonly Row[] {
  const started = startsOf(incident);
  const runs = new Map(incident.runs.map((run) => [run.id, run]));
  const told = new Map(timelineRows(incident).map((row) => [row.id, row.text]));
  const rows: Row[] = [];
  const moved: Row[] = [];
  const onset = lastOf(incident, 'OnsetSet');
  const mitigated = lastOf(incident, 'MitigatedMarked');
  for (const event of incident.events) {
    const by = ` (${escapeMarkdown(event.by)})`;
    if (unlisted.has(event.type) && isKnown(event)) continue;
    if (event.id === onset?.id || event.id === mitigated?.id) {
      const what = event.id === onset?.id ? 'Onset: the problem began' : 'Mitigated';
      const at = event.id === onset?.id ? incident.onsetAt : incident.mitigatedAt;
      const recorded = ` (recorded ${utcTime(event.time)} by ${escapeMarkdown(event.by)})`;
      if (at !== undefined) {
        moved.push({ at, text: what + recorded });
        continue;
      }
    }
    const run = isKnown(event) && event.type === 'RunStarted' ? runs.get(event.data.run) : undefined;
    if (run) {
      rows.push({ at: event.time, text: runText(run, started.get(run.id), linkToOutput) + by });
      continue;
    }
    // The end of a run is told in the row of its start.
    if (isKnown(event) && event.type === 'RunEnded' && runs.has(event.data.run)) continue;
    rows.push({ at: event.time, text: escapeMarkdown(told.get(event.id) ?? event.type) + by });
  }
  for (const row of moved) {
    const index = rows.findIndex(({ at }) => (msBetween(row.at, at) ?? 0) > 0);
    rows.splice(index === -1 ? rows.length : index, 0, row);
  }
  return rows;
}

/** The fact that is in force: a time that was corrected, or dropped by a reopen, stays where it was recorded. */
function lastOf(incident: Incident, type: 'OnsetSet' | 'MitigatedMarked') {
  const inForce = type === 'OnsetSet' ? incident.onsetAt : incident.mitigatedAt;
  for (let i = incident.events.length - 1; i >= 0; i--) {
    const event = incident.events[i]!;
    if (isKnown(event) && event.type === type && event.data.at === inForce) return event;
  }
  return undefined;
}

function startsOf(incident: Incident): ReadonlyMap<string, EventData['RunStarted']> {
  const starts = new Map<string, EventData['RunStarted']>();
  for (const event of incident.events) {
    if (isKnown(event) && event.type === 'RunStarted' && !starts.has(event.data.run)) {
      starts.set(event.data.run, event.data);
    }
  }
  return starts;
}

/** `Check pods: \`kubectl get pods\`: 3 pods (120 ms), [output](…)`. */
export function runText(
  run: Run,
  start: EventData['RunStarted'] | undefined,
  linkToOutput: (ref: OutputRef) => string,
): string {
  const isTitled = run.text.trim() !== '' && !run.command.startsWith(run.text);
  const command = codeSpan(run.command);
  const parts = [isTitled ? `${escapeMarkdown(run.text)}: ${command}` : `Ran ${command}`];
  const changes = start?.changes ?? [];
  if (changes.length > 0) parts.push(`confirmed: ${changes.map(escapeMarkdown).join(', ')}`);
  if (!run.end) return [...parts, 'no end recorded'].join('; ');
  const { outcome, durationMs, interrupted, output } = run.end;
  const took = interrupted ? '' : ` (${formatRunTime(durationMs)})`;
  parts.push(escapeMarkdown(outcomeSentence(outcome)) + took);
  if (output) parts.push(linkTo('output', linkToOutput(output)));
  return parts.join('; ');
}

type RowWriter = (time: string, text: string) => string;

function rowWriter(template: readonly string[]): RowWriter {
  const example = template.find(isTimelineRow);
  const list = example === undefined ? undefined : timeRow.exec(example);
  if (list) {
    const [, bullet = '', em = '', open = '', , close = '', , gap = ' '] = list;
    const lead = bullet.trim() === '' ? '- ' : bullet.replace(/\d+/, '1');
    return (time, text) => `${lead}${em}${open}${time}${close}${em}${gap}${text}`;
  }
  if (example !== undefined) {
    const columns = Math.max(2, example.split('|').length - 2);
    const blanks = ' |'.repeat(columns - 2);
    return (time, text) => `| ${time} | ${tableCell(text)} |${blanks}`;
  }
  return (time, text) => `- [${time}] ${text}`;
}
