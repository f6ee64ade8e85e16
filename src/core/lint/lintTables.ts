import { parseDuration } from '../guide/durations.ts';
import type { Guide } from '../guide/guide.ts';
import { words } from '../guide/vocabulary.ts';
import type { Fix, LintProblem } from './lintProblem.ts';
import { nearMatch } from './nearMatch.ts';
import { addCells, cellsOf, fillCell, insertRuler, isRuler, tableAround, type Cell } from './tableCells.ts';
import { inLine, removeLine, wholeLine, type TextRange } from './textEdit.ts';

/** What mends a row, and which part of it is meant. */
export interface Refined {
  readonly range: TextRange;
  readonly fixes: readonly Fix[];
}

/** Response times of severities from the highest on, as guides commonly have them: proposals to be corrected. */
const usualTimes = ['15 minutes', '30 minutes', '2 hours', '24 hours'];

/** A cell's text; of an empty one the space before it, for a range without a width is not seen. */
const rangeOf = (line: number, { from, to }: Cell): TextRange =>
  from === to ? inLine(line, Math.max(1, from - 1), from) : inLine(line, from, to);

/** The place and the fixes of a problem that the guide's reader found in a table; undefined for others. */
export function refineTable(
  { code, line }: { readonly code: string; readonly line: number },
  guide: Guide,
  lines: readonly string[],
): Refined | undefined {
  const written = lines[line - 1] ?? '';
  const cells = cellsOf(written);
  const whole = wholeLine(lines, line);
  const edit = (title: string, ...edits: Extract<Fix, { kind: 'edit' }>['edits']): Fix => ({
    kind: 'edit',
    title,
    edits,
  });
  switch (code) {
    case 'severity-time-unread': {
      const column = columnOf(lines, line, words.time, (text) => parseDuration(text) !== undefined);
      const rank = guide.severities.findIndex((severity) => severity.line === line);
      const time = usualTimes[rank] ?? usualTimes.at(-1) ?? '';
      const cell = cells[column];
      return {
        range: cell ? rangeOf(line, cell) : whole,
        fixes: [edit(`Write ${time} as the response time`, fillCell(lines, line, column, time))],
      };
    }
    case 'severity-duplicate':
      return { range: whole, fixes: [edit('Remove this row', removeLine(lines, line))] };
    case 'table-row-short': {
      const { header } = tableAround(lines, line);
      const absent = cellsOf(lines[header - 1] ?? '').length - cells.length;
      if (absent < 1) return { range: whole, fixes: [] };
      const put = addCells(written, line, Array<string>(absent).fill(''));
      return {
        range: whole,
        fixes: [edit(`Add ${absent === 1 ? 'an empty cell' : `${String(absent)} empty cells`}`, put)],
      };
    }
    case 'table-broken': {
      const { header, ruler } = tableAround(lines, line);
      const put = insertRuler(lines, header);
      const fixes = [
        edit('Add the line under its header', ...(ruler === 0 ? [put] : [removeLine(lines, ruler), put])),
      ];
      return {
        range: wholeLine(lines, header),
        fixes: ruler > 1 && !isRuler(lines[ruler - 1] ?? '') ? [] : fixes,
      };
    }
    case 'escalation-severity-unknown':
    case 'escalation-severity-missing': {
      const column = code === 'escalation-severity-missing' ? cells.findIndex(({ text }) => text === '') : 0;
      const cell = cells[Math.max(0, column)];
      if (!cell) return { range: whole, fixes: [] };
      const names = guide.severities.map(({ name }) => name);
      const taken = new Set(guide.escalations.map(({ severity }) => severity));
      const name = cell.text.replace(/[*_`]/g, '');
      const likely = nearMatch(name, names);
      // SEV9 is no misspelt SEV1: only a wrong letter is one.
      const near = likely?.replace(/\d/g, '') === name.replace(/\d/g, '') ? undefined : likely;
      const free = near === undefined ? names.filter((name) => !taken.has(name)) : [near];
      return {
        range: rangeOf(line, cell),
        fixes: free
          .slice(0, 4)
          .map((name) => edit(`Write ${name}`, fillCell(lines, line, Math.max(0, column), name))),
      };
    }
    case 'contact-placeholder': {
      const open = cells.filter(
        ({ text }) => text === '' || /^[[<{(].*[\])>}]$|^(?:tbd|tba|todo|\?+|-+)$/i.test(text),
      );
      const [first] = open;
      const last = open.at(-1);
      return {
        range: first && last ? inLine(line, first.from, Math.max(last.to, first.from + 1)) : whole,
        fixes: [],
      };
    }
    default:
      return undefined;
  }
}

/** The column of a row's table whose header says it, else the one whose cells mostly hold it, else the last. */
function columnOf(
  lines: readonly string[],
  row: number,
  named: RegExp,
  holds: (text: string) => boolean,
): number {
  const { header, last } = tableAround(lines, row);
  const names = cellsOf(lines[header - 1] ?? '');
  const rows = lines
    .slice(header, last)
    .filter((line) => !isRuler(line))
    .map(cellsOf);
  const held = names.findIndex((_, column) => rows.some((cells) => holds(cells[column]?.text ?? '')));
  const byName = names.findIndex(({ text }, column) => column > 0 && named.test(text));
  return held > 0 ? held : byName > 0 ? byName : Math.max(1, names.length - 1);
}

/** A table of severities without any column of times: no incident of this guide has a response clock. */
export function lintSeverities(guide: Guide, lines: readonly string[]): readonly LintProblem[] {
  const [first] = guide.severities;
  const isTold = guide.problems.some(({ code }) => code === 'severity-time-unread');
  if (!first || isTold || guide.severities.some(({ responseMinutes }) => responseMinutes !== undefined))
    return [];
  const { header, ruler } = tableAround(lines, first.line);
  const range = wholeLine(lines, header);
  const column = guide.severities.map(({ line }, rank) =>
    addCells(lines[line - 1] ?? '', line, [usualTimes[rank] ?? usualTimes.at(-1) ?? '']),
  );
  return [
    {
      line: header,
      code: 'severity-time-missing',
      severity: 'warning',
      message:
        'The severities have no response time, so their incidents have no response clock. Add a column such as “Response Time”.',
      range,
      fixes:
        ruler === 0
          ? []
          : [
              {
                kind: 'edit',
                title: 'Add a column Response Time',
                edits: [
                  addCells(lines[header - 1] ?? '', header, ['Response Time']),
                  addCells(lines[ruler - 1] ?? '', ruler, ['---']),
                  ...column,
                ],
              },
            ],
    },
  ];
}
