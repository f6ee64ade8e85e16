import { utcDateTime } from '../../incident/instants.ts';
import { readHead } from '../documentHead.ts';
import { linesIn, type PostMortemText } from './postMortemText.ts';
import { fix, problemAt, type Rule } from './problem.ts';

const row =
  /^\s*(?:(?:[-*+]|\d+[.)])\s+|\|\s*)?(?:\*\*|`)?\[?(?:(\d{4}-\d{2}-\d{2})[ T])?([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d)?(?:\s*(?:UTC|Z))?\]?(?:\*\*|`)?(?=\s|$|[-–—|:])/;
const halfDay = 12 * 60;
const day = 24 * 60;

interface Row {
  readonly line: number;
  /** Minutes from the first day's midnight. */
  readonly at: number;
}

/** Rows of the timeline whose time is before the row above. A jump back by more than half a day is the next day. */
export const lintOrder: Rule = (text) => {
  const timeline = text.sections.find(({ kind }) => kind === 'timeline');
  if (!timeline) return [];
  const rows = rowsOf(text, linesIn(timeline));
  let latest = -Infinity;
  return rows.flatMap(({ line, at }) => {
    if (at >= latest) {
      latest = at;
      return [];
    }
    const message =
      'This row is earlier than one above it. Put it in its place, or write its day if it was another one.';
    return [
      problemAt(
        text,
        line,
        { code: 'times-not-in-order', severity: 'error', message },
        sortFixes(text, rows, line),
      ),
    ];
  });
};

function rowsOf(text: PostMortemText, lines: readonly number[]): readonly Row[] {
  const rows: Row[] = [];
  let today = 0;
  let last: number | undefined;
  for (const line of lines) {
    const match = text.isFolded(line) ? undefined : row.exec(text.lines[line]!);
    if (!match) continue;
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    if (match[1] !== undefined) today = Date.parse(`${match[1]}T00:00:00.000Z`) / 60_000;
    else if (last !== undefined && last - (minutes + today) > halfDay) today += day;
    // The first day is not written: a date that comes later counts from it, whatever it is.
    if (match[1] !== undefined && last !== undefined && last < day) last = undefined;
    last = minutes + today;
    rows.push({ line, at: last });
  }
  return rows;
}

/** The stretch of rows that the line stands in, each with the lines that belong to it, sorted. */
function sortFixes(text: PostMortemText, rows: readonly Row[], line: number) {
  const byLine = new Map(rows.map((one) => [one.line, one.at]));
  const belongs = (at: number): boolean =>
    byLine.has(at) || (/^\s{2,}\S/.test(text.lines[at] ?? '') && !text.isFolded(at));
  let start = line;
  while (belongs(start - 1)) start--;
  while (!byLine.has(start)) start++;
  let end = line + 1;
  while (belongs(end)) end++;
  const entries: { at: number; lines: string[] }[] = [];
  for (let i = start; i < end; i++) {
    const at = byLine.get(i);
    if (at !== undefined) entries.push({ at, lines: [text.lines[i]!] });
    else entries.at(-1)?.lines.push(text.lines[i]!);
  }
  const sorted = [...entries].sort((a, b) => a.at - b.at);
  if (sorted.every((entry, index) => entry === entries[index])) return [];
  const range = { line: start + 1, column: 1, endLine: end, endColumn: text.lines[end - 1]!.length + 1 };
  return [fix('Sort these rows by time', { range, text: sorted.flatMap((entry) => entry.lines).join('\n') })];
}

/** The guide's deadline, by the line of the document's head that states it. */
export const lintDeadline: Rule = (text) => {
  const { due, status } = readHead(text.lines);
  if (!due || status?.value === 'reviewed' || due.at >= text.now) return [];
  const message = `This post-mortem was due ${utcDateTime(due.at)}. Send it to review now, with what is still unknown said as unknown: late is better than perfect.`;
  return [problemAt(text, due.line, { code: 'deadline-passed', severity: 'warning', message })];
};
