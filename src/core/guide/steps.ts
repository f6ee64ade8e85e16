import type { Fence } from './blocks.ts';
import { isPlainlyOutput, looksLikeOutput } from './fenceOutput.ts';
import { isConsole, readPrompt, rootPrompt } from './fenceUse.ts';
import type { Step } from './guide.ts';
import { isKnownProgram } from './programs.ts';
import { isPromql, parsePromqlSteps } from './promqlSteps.ts';
import type { Report } from './report.ts';
import { commentText, groupShellLines, numberedComment, type ShellUnit } from './shellLines.ts';
import { endsWithNeed, startsWithIf } from './vocabulary.ts';

/** A step that has no place in its sequence yet. */
export type StepDraft = Omit<Step, 'id' | 'number' | 'document'>;

/** Lines of a fence with the number each has in the file, minus 1. */
interface Lines {
  readonly texts: readonly string[];
  readonly at: readonly number[];
  /** Output may stand between them: none of a session's, a table of any fence's, more where the language says console. */
  readonly output: 'none' | 'tables' | 'any';
  /** The prompt they stand behind, where the session goes on in another shell than it began in. */
  readonly elsewhere?: string;
}

/**
 * Splits a fence into steps: at numbered comments where it has any, else at blank lines, unless it is a cell of Runme.
 * No command line is lost: each
 * is in exactly one step's command, each comment in a text, condition or detail. `fallback` is the text of the first
 * step when it has no comment of its own (the list item or sentence above the fence).
 */
export function parseSteps(fence: Fence, report: Report, fallback?: string): StepDraft[] {
  const { language, attributes } = fence;
  if (isPromql(language)) return parsePromqlSteps(fence, fallback);
  const whole = /^#!/.test(fence.lines[0] ?? '');
  const drafts = whole
    ? [script(fence)]
    : sessions(fence, language).flatMap((lines) =>
        split(lines, fence, report).map((draft) =>
          lines.elsewhere === undefined ? draft : { ...draft, elsewhere: lines.elsewhere },
        ),
      );
  const when = attributes['ir.when'];
  return drafts.map(({ comments, leading: above, command, line, endLine, elsewhere }, index) => {
    const numberless = comments.map((comment) => comment.replace(numberedComment, '').trim());
    const leading = numberless.slice(0, above).filter((text) => text !== '');
    const later = numberless.slice(above).filter((text) => text !== '');
    const asked = leading.find((text) => startsWithIf.test(text));
    // It says what to do as well, so it is the step's text too.
    const need = asked === undefined ? leading.find((text) => endsWithNeed.test(text)) : undefined;
    const condition = asked ?? need;
    const rest = leading.filter((text) => text !== condition);
    const firstLine = command
      ?.split('\n')
      .find((text) => text.trim() !== '')
      ?.trim();
    const outside = index === 0 ? fallback : undefined;
    return {
      text: need ?? rest[0] ?? condition ?? outside ?? firstLine ?? '',
      condition:
        condition ?? when ?? (outside !== undefined && startsWithIf.test(outside) ? outside : undefined),
      command,
      details: [
        ...(need === undefined ? rest.slice(1) : rest),
        ...later,
        ...(elsewhere === undefined ? [] : [`In the example it is typed at the prompt “${elsewhere}”.`]),
      ],
      language,
      line,
      endLine,
      attributes,
    };
  });
}

interface Draft {
  readonly elsewhere?: string;
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
  const console = isConsole(language);
  const promptIn = promptOf(fence.lines, console);
  const first = fence.lines.find((line) => line.trim() !== '' && commentText(line) === undefined);
  const session = first !== undefined && promptIn(first) !== undefined;
  const anyPrompt = session || (console && fence.lines.some((line) => promptIn(line) !== undefined));
  const output = console ? 'any' : 'tables';
  if (!anyPrompt) return [{ texts: fence.lines, at: fence.lines.map((_, index) => index), output }];
  const out: (Lines & { output: 'none' })[] = [];
  let home: string | undefined;
  let shell: string | undefined;
  let texts: string[] = [];
  let at: number[] = [];
  let waiting: number[] = []; // comment lines that belong to the next prompt, should one follow
  let typing = false;
  const close = () => {
    if (texts.length > 0)
      out.push({
        texts,
        at,
        output: 'none',
        ...(shell === home || shell === undefined ? {} : { elsewhere: shell }),
      });
    [texts, at] = [[], []];
  };
  fence.lines.forEach((line, index) => {
    const shown = promptIn(line);
    const goesOn = typing && (/^>\s/.test(line) || /(?:\\|\||&&)$/.test((texts.at(-1) ?? '').trimEnd()));
    if (shown !== undefined) {
      const named = shown.trim();
      if (waiting.length > 0 || !typing || (shell !== undefined && !isSameShell(shell, named))) close();
      home ??= named;
      shell = isSameShell(home, named) ? home : named;
      for (const held of waiting) {
        texts.push(fence.lines[held] ?? '');
        at.push(held);
      }
      waiting = [];
      texts.push(line.slice(shown.length));
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
  if (waiting.length > 0)
    out.push({ texts: waiting.map((held) => fence.lines[held] ?? ''), at: waiting, output: 'none' });
  return out;
}

/** Prompts that differ in their folder only are of one shell. */
const isSameShell = (one: string, other: string): boolean => {
  const withoutFolder = (text: string): string => text.replace(/[:\s][^$#%\]>]*/, '');
  return withoutFolder(one) === withoutFolder(other);
};

/** Finds the prompt a line begins with; in a session recorded as root, with no other prompts, that is a bare `#`. */
function promptOf(lines: readonly string[], console: boolean): (line: string) => string | undefined {
  if (!console) return readPrompt;
  const rootIn = (line: string): string | undefined => {
    const shown = rootPrompt.exec(line)?.[0];
    return shown !== undefined && isKnownProgram(line.slice(shown.length)) ? shown : undefined;
  };
  const bare = lines.filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  const asRoot =
    !lines.some((line) => readPrompt(line) !== undefined) &&
    !bare.some(isKnownProgram) &&
    lines.some((line) => rootIn(line) !== undefined);
  return (line) => readPrompt(line) ?? (asRoot ? rootIn(line) : undefined);
}

/** The units that someone typed: a table that a command printed, or what a console printed, is left out. */
function typedUnits(units: readonly ShellUnit[], { texts, output }: Lines): readonly ShellUnit[] {
  if (output === 'none') return units;
  let hasCommand = false;
  let printing = false;
  let behindBlank = false;
  return units.map((unit) => {
    if (unit.kind !== 'command') {
      behindBlank = unit.kind === 'blank';
      if (unit.kind === 'comment') printing = false;
      return unit;
    }
    const line = texts[unit.from] ?? '';
    const isOutput = output === 'any' ? looksLikeOutput(line) : isPlainlyOutput(line);
    const goesOn = printing && !isKnownProgram(line) && (!behindBlank || looksLikeOutput(line));
    printing = hasCommand && (isOutput || goesOn);
    behindBlank = false;
    hasCommand ||= !printing;
    // What follows output begins anew, as behind a blank line.
    return printing ? { kind: 'blank', from: unit.from, to: unit.to } : unit;
  });
}

/** A fence that Runme knows as a cell, by a name or an id of its own, runs as a whole, blank lines and all. */
const isCell = ({ attributes }: Fence): boolean =>
  (attributes['name'] ?? '').trim() !== '' || /^[0-9A-HJKMNP-TV-Z]{26}$/.test(attributes['id'] ?? '');

function split(lines: Lines, fence: Fence, report: Report): Draft[] {
  const { language, line: firstLine } = fence;
  const dialect = /^(?:pwsh|powershell|ps1)$/.test(language) ? 'powershell' : 'posix';
  const { units: grouped, unclosed } = groupShellLines(lines.texts, dialect);
  const units = typedUnits(grouped, lines);
  const lineOf = (index: number) => firstLine + (lines.at[index] ?? 0);
  const isPrinted = (from: number): boolean =>
    grouped.some((unit, index) => unit.from === from && units[index] !== unit);
  for (const { at, construct } of unclosed)
    if (!isPrinted(at))
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
  // Field by field: a copy by `...` is much slower, and every step of every file is made here.
  drafts.map((draft, index) => ({
    id: ids(`${sequence}.${String(index + 1)}`),
    number: index + 1,
    text: draft.text,
    condition: draft.condition,
    command: draft.command,
    details: draft.details,
    language: draft.language,
    line: draft.line,
    endLine: draft.endLine,
    attributes: draft.attributes,
  }));
