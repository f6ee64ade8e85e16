import type { Guide, Problem } from '../guide/guide.ts';
import { markerNames } from '../guide/markers.ts';
import { splitAtUnclosedFences } from '../guide/fenceRecovery.ts';
import { parseFrontmatter } from '../guide/frontmatter.ts';
import { lintAttributes } from './lintAttributes.ts';
import { lintedSteps } from './lintedStep.ts';
import { lintLinks } from './lintLinks.ts';
import type { LintProblem } from './lintProblem.ts';
import { lintSteps } from './lintSteps.ts';
import { lintSeverities, refineTable, type Refined } from './lintTables.ts';
import { nearMatch } from './nearMatch.ts';
import { inLine, insertBelow, linesOf, replaceIn, wholeLine } from './textEdit.ts';

export interface LintOptions {
  /** Those of `linkedFiles(guide)` that are not there; empty where nobody has looked. */
  readonly missingFiles?: ReadonlySet<string>;
}

/**
 * Everything that is wrong or dangerous in a guide, with its exact place and what mends it: what its reader reported,
 * the traps of its commands, attributes, names, tables and links. `guide` is `parseGuide(source)`. Sorted by place.
 * Total, and nothing is asked of anybody.
 */
export function lintGuide(source: string, guide: Guide, options: LintOptions = {}): readonly LintProblem[] {
  const lines = linesOf(source);
  const linted = lintedSteps(guide, lines);
  const attributes = lintAttributes(linted, lines);
  const known = new Set(attributes.map(({ line }) => line));
  return [
    ...guide.problems
      .filter((problem) => !isToldBetter(problem, known))
      .map((problem): LintProblem => {
        const refined = refine(problem, guide, lines);
        return { ...problem, ...refined, line: refined.range.line };
      }),
    ...attributes,
    ...lintSeverities(guide, lines),
    ...lintTitles(guide, lines),
    ...lintSteps(linted, lines),
    ...lintLinks(guide, lines, options.missingFiles ?? new Set()),
  ].sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
}

/** The reader names one unknown attribute of a fence as a whole; here each is told where it stands. */
const isToldBetter = ({ code, line, message }: Problem, told: ReadonlySet<number>): boolean =>
  code === 'fence-attributes' && told.has(line) && message.startsWith('“ir.');

function refine(problem: Problem, guide: Guide, lines: readonly string[]): Refined {
  const { code, line } = problem;
  switch (code) {
    case 'fence-unclosed':
      return closeFence(line, lines);
    case 'marker-unknown':
      return renameMarker(line, lines);
    case 'fence-attributes': {
      const brace = (lines[line - 1] ?? '').indexOf('{');
      const end = (lines[line - 1] ?? '').trimEnd().length;
      return { range: brace < 0 ? wholeLine(lines, line) : inLine(line, brace + 1, end + 1), fixes: [] };
    }
    default:
      return refineTable(problem, guide, lines) ?? { range: wholeLine(lines, line), fixes: [] };
  }
}

/** The fence is closed below its last line that was read as content: before a heading where one cut it off. */
function closeFence(line: number, lines: readonly string[]): Refined {
  const opening = lines[line - 1] ?? '';
  const [, before = '', marker = '```'] =
    /^([\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)*)(`{3,}|~{3,})/.exec(opening) ?? [];
  const segment = splitAtUnclosedFences(lines, parseFrontmatter(lines).bodyLine).find(
    ({ from, to }) => from < line && line <= to,
  );
  let last = Math.max(line, segment?.to ?? lines.length);
  while (last > line && (lines[last - 1] ?? '').trim() === '') last -= 1;
  const indent = before.replace(/[^\s>]/g, ' ');
  return {
    range: wholeLine(lines, line),
    fixes: [{ kind: 'edit', title: 'Close the fence', edits: [insertBelow(lines, last, indent + marker)] }],
  };
}

function renameMarker(line: number, lines: readonly string[]): Refined {
  const written = lines[line - 1] ?? '';
  const found = /<!--\s*incident:\s*([\w-]+)/i.exec(written);
  const name = found?.[1] ?? '';
  const near = nearMatch(name, markerNames);
  if (!found || name === '') return { range: wholeLine(lines, line), fixes: [] };
  const from = found.index + found[0].length - name.length + 1;
  const range = inLine(line, from, from + name.length);
  return {
    range,
    fixes:
      near === undefined
        ? []
        : [
            {
              kind: 'edit',
              title: `Rename to ${near}`,
              edits: [replaceIn(line, from, from + name.length, near)],
            },
          ],
  };
}

/** Two runbooks of one title: in lists, and for an alert that looks for its runbook, nobody can tell them apart. */
function lintTitles({ runbooks }: Guide, lines: readonly string[]): readonly LintProblem[] {
  const first = new Map<string, number>();
  const titles = new Set(runbooks.map(({ title }) => title.toLowerCase()));
  return runbooks.flatMap(({ title, line }): readonly LintProblem[] => {
    const before = first.get(title.toLowerCase());
    if (before === undefined) {
      first.set(title.toLowerCase(), line);
      return [];
    }
    let number = 2;
    while (titles.has(`${title.toLowerCase()} (${String(number)})`)) number += 1;
    const put = ` (${String(number)})`;
    titles.add(`${title.toLowerCase()}${put}`);
    const heading = (lines[line - 1] ?? '').replace(/\s+#*\s*$/, '');
    return [
      {
        line,
        code: 'runbook-title-duplicate',
        severity: 'warning',
        message: `“${title}” is also the title of the runbook at line ${String(before)}, so nobody can tell them apart in a list.`,
        range: wholeLine(lines, line),
        fixes: /^\s{0,3}#{1,6}\s/.test(heading)
          ? [
              {
                kind: 'edit',
                title: `Call it ${title}${put}`,
                edits: [replaceIn(line, heading.length + 1, heading.length + 1, put)],
              },
            ]
          : [],
      },
    ];
  });
}
