import type { Fence } from './blocks.ts';
import { isConsole, prompt } from './fenceUse.ts';
import type { Step } from './guide.ts';
import type { Report } from './report.ts';
import { commentText, groupShellLines, numberedComment, type ShellUnit } from './shellLines.ts';
import { startsWithIf } from './vocabulary.ts';

/** A step that has no place in its sequence yet. */
export type StepDraft = Omit<Step, 'id' | 'number'>;

/** Lines of a fence with the number each has in the file, minus 1. */
interface Lines {
  readonly texts: readonly string[];
  readonly at: readonly number[];
}

/**
 * Splits a fence into steps: at numbered comments where it has any, else at blank lines, unless it is a cell of Runme. No command line is lost: each
 * is in exactly one step's command, each comment in a text, condition or detail. `fallback` is the text of the first
 * step when it has no comment of its own (the list item or sentence above the fence).
 */
export function parseSteps(fence: Fence, report: Report, fallback?: string): StepDraft[] {
  const { language, attributes } = fence;
  const whole = /^#!/.test(fence.lines[0] ?? '');
  const drafts = whole
    ? [script(fence)]
    : sessions(fence, language).flatMap((lines) => split(lines, fence, report));
  const when = attributes['ir.when'];
  return drafts.map(({ comments, leading: above, command, line, endLine }, index) => {
    const numberless = comments.map((comment) => comment.replace(numberedComment, '').trim());
    const leading = numberless.slice(0, above).filter((text) => text !== '');
    const later = numberless.slice(above).filter((text) => text !== '');
    const condition = leading.find((text) => startsWithIf.test(text));
    const rest = leading.filter((text) => text !== condition);
    const firstLine = command
      ?.split('\n')
      .find((text) => text.trim() !== '')
      ?.trim();
    const outside = index === 0 ? fallback : undefined;
    return {
      text: rest[0] ?? condition ?? outside ?? firstLine ?? '',
      condition:
        condition ?? when ?? (outside !== undefined && startsWithIf.test(outside) ? outside : undefined),
      command,
      details: [...rest.slice(1), ...later],
      language,
      line,
      endLine,
      attributes,
    };
  });
}

interface Draft {
  readonly comments: readonly string[];
  /** How many of the comments stand above the command. */
  readonly leading: number;
  readonly command: string | undefined;
  readonly line: number;
  readonly endLine: number;
}

/** A fence that begins with `#!` is one script and runs as a whole. */
function script(fence: Fence): Draft {
  const comments = fence.lines.slice(1).flatMap((line) => commentText(line) ?? []);
  return {
    comments,
    leading: 1,
    command: fence.lines.join('\n').trimEnd(),
    line: fence.line,
    endLine: fence.line + Math.max(0, fence.lines.length - 1),
  };
}

/**
 * What of the fence is typed: everything, or in a recorded session the lines behind prompts. Each prompt that follows
 * output begins anew.
 */
function sessions(fence: Fence, language: string): Lines[] {
  const first = fence.lines.find((line) => line.trim() !== '' && commentText(line) === undefined);
  const session = first !== undefined && prompt.test(first);
  const anyPrompt = session || (isConsole(language) && fence.lines.some((line) => prompt.test(line)));
  if (!anyPrompt) return [{ texts: fence.lines, at: fence.lines.map((_, index) => index) }];
  const out: { texts: string[]; at: number[] }[] = [];
  let texts: string[] = [];
  let at: number[] = [];
  let waiting: number[] = []; // comment lines that belong to the next prompt, should one follow
  let typing = false;
  const close = () => {
    if (texts.length > 0) out.push({ texts, at });
    [texts, at] = [[], []];
  };
  fence.lines.forEach((line, index) => {
    const shown = prompt.exec(line);
    const goesOn = typing && (/^>\s/.test(line) || /(?:\\|\||&&)$/.test((texts.at(-1) ?? '').trimEnd()));
    if (shown) {
      if (waiting.length > 0 || !typing) close();
      for (const held of waiting) {
        texts.push(fence.lines[held] ?? '');
        at.push(held);
      }
      waiting = [];
      texts.push(line.slice(shown[0].length));
      at.push(index);
      typing = true;
    } else if (goesOn) {
      texts.push(line.replace(/^\s{0,3}>\s/, ''));
      at.push(index);
    } else {
      typing = false;
      if (commentText(line) !== undefined) waiting.push(index);
      else if (line.trim() !== '') waiting = []; // it was output that looks like a comment
    }
  });
  close();
  if (waiting.length > 0) out.push({ texts: waiting.map((held) => fence.lines[held] ?? ''), at: waiting });
  return out;
}

/** A fence that Runme knows as a cell, by a name or an id of its own, runs as a whole, blank lines and all. */
const isCell = ({ attributes }: Fence): boolean =>
  (attributes['name'] ?? '').trim() !== '' || /^[0-9A-HJKMNP-TV-Z]{26}$/.test(attributes['id'] ?? '');

function split(lines: Lines, fence: Fence, report: Report): Draft[] {
  const { language, line: firstLine } = fence;
  const dialect = /^(?:pwsh|powershell|ps1)$/.test(language) ? 'powershell' : 'posix';
  const { units, unclosed } = groupShellLines(lines.texts, dialect);
  const lineOf = (index: number) => firstLine + (lines.at[index] ?? 0);
  for (const { at, construct } of unclosed)
    report(
      lineOf(at),
      'command-unclosed',
      'warning',
      `A ${construct} is opened in this command and never closed. The line was kept as it is; a shell will refuse it.`,
    );
  const numbered = units.some((unit) => unit.kind === 'comment' && numberedComment.test(unit.text));
  const drafts: Draft[] = [];
  let chunk: ShellUnit[] = [];
  const close = () => {
    const draft = toDraft(chunk, lines, lineOf);
    if (draft) drafts.push(draft);
    chunk = [];
  };
  let inNumbered = false;
  const together = isCell(fence);
  for (const unit of units) {
    const begins = numbered && unit.kind === 'comment' && numberedComment.test(unit.text);
    if (begins || (unit.kind === 'blank' && !inNumbered && !together)) close();
    if (begins) inNumbered = true;
    if (unit.kind !== 'blank') chunk.push(unit);
  }
  close();
  return drafts;
}

function toDraft(
  units: readonly ShellUnit[],
  lines: Lines,
  lineOf: (index: number) => number,
): Draft | undefined {
  const [first] = units;
  const last = units.at(-1);
  if (!first || !last) return undefined;
  const comments: string[] = [];
  const command: string[] = [];
  let leading = 0;
  for (const unit of units) {
    if (unit.kind === 'comment') {
      comments.push(unit.text);
      if (command.length === 0) leading = comments.length;
    } else if (unit.kind === 'command') {
      for (let at = unit.from; at <= unit.to; at++) command.push(lines.texts[at] ?? '');
      for (const inner of unit.comments) comments.push(inner);
    }
  }
  if (command.length === 0 && comments.every((comment) => comment === '')) return undefined;
  return {
    comments,
    leading,
    command: command.length > 0 ? command.join('\n') : undefined,
    line: lineOf(first.from),
    endLine: lineOf(last.to),
  };
}

/** A step that only a person can do, from prose. */
export const manualStep = (text: string, line: number, details: readonly string[] = []): StepDraft => ({
  text,
  condition: startsWithIf.test(text) ? text : undefined,
  command: undefined,
  details,
  language: '',
  line,
  endLine: line,
  attributes: {},
});

/** Numbers a sequence's steps and names them after it: `high-latency.2` stays the same when a wording changes. */
export const numberSteps = (
  sequence: string,
  drafts: readonly StepDraft[],
  ids: (wanted: string) => string,
): Step[] =>
  drafts.map((draft, index) => ({
    id: ids(`${sequence}.${String(index + 1)}`),
    number: index + 1,
    ...draft,
  }));
