import type { OutputRef } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import { utcDate, utcTime } from '../incident/instants.ts';
import { keyTimeline, type TimelineRow } from './keyTimeline.ts';
import { tableCell } from './markdownText.ts';
import { isTimelineRow, timeRow } from './templateSections.ts';
import { timelineEntries } from './timelineEntries.ts';

/**
 * The timeline's lines: what matters, by phase, in the form the template's own rows have; below it the whole journal in
 * its order, folded. Times UTC, with the day where it is not the declare's.
 */
export function timelineLines(
  incident: Incident,
  template: readonly string[],
  linkToOutput: (ref: OutputRef) => string,
): readonly string[] {
  const writer = rowWriter(template);
  const first = utcDate(incident.declaredAt);
  const timeOf = (at: string): string => {
    const day = utcDate(at);
    return day === first || day === 'unknown' ? utcTime(at) : `${day} ${utcTime(at)}`;
  };
  const entries = timelineEntries(incident, linkToOutput);
  const { groups, isTrimmed, isReordered } = keyTimeline(entries);
  const write = ({ at, text }: TimelineRow): string => writer.row(timeOf(at), text);
  const lines: string[] = [];
  for (const { name, at, rows } of groups) {
    if (name !== undefined && at !== undefined) lines.push(...writer.group(timeOf(at), name, lines));
    lines.push(...rows.map(write));
  }
  if (isReordered)
    lines.push('', 'The clocks of those who wrote differ: the rows are in the order of their clocks.');
  if (!isTrimmed) return lines;
  return [
    ...lines,
    '',
    '<details>',
    `<summary>The whole journal: ${entries.length} entries</summary>`,
    '',
    ...entries.map(({ at, text }) => `- [${timeOf(at)}] ${text}`),
    '',
    '</details>',
  ];
}

interface RowWriter {
  readonly row: (time: string, text: string) => string;
  /** Lines that begin a phase, behind what is there already. */
  readonly group: (time: string, name: string, before: readonly string[]) => readonly string[];
}

function rowWriter(template: readonly string[]): RowWriter {
  const example = template.find(isTimelineRow);
  const list = example === undefined ? undefined : timeRow.exec(example);
  if (list || example === undefined) {
    const [, bullet = '', em = '', open = '', , close = '', , gap = ' '] = list ?? [
      ...['', '- ', '', '[', '', ']', '', ' '],
    ];
    const lead = bullet.trim() === '' ? '- ' : bullet.replace(/\d+/, '1');
    return {
      row: (time, text) => `${lead}${em}${open}${time}${close}${em}${gap}${text}`,
      group: (time, name, before) => [...(before.length === 0 ? [] : ['']), `**${name}**, from ${time}`, ''],
    };
  }
  const columns = Math.max(2, example.split('|').length - 2);
  const blanks = ' |'.repeat(columns - 2);
  const row = (time: string, text: string): string => `| ${time} | ${tableCell(text)} |${blanks}`;
  return { row, group: (time, name) => [row(time, `**${name}**`)] };
}
