import { constructOf, createLexState, lexLine, type Construct, type Dialect } from './shellLexer.ts';

/** What a fence's lines are; `from` and `to` are 0-based line indexes, both included. */
export type ShellUnit =
  | { readonly kind: 'blank'; readonly from: number; readonly to: number }
  | { readonly kind: 'comment'; readonly from: number; readonly to: number; readonly text: string }
  | {
      readonly kind: 'command';
      readonly from: number;
      readonly to: number;
      /** Comment lines inside a block or a pipeline. */
      readonly comments: readonly string[];
    };

export interface Unclosed {
  /** 0-based line index where it opens. */
  readonly at: number;
  readonly construct: Construct;
}

/** `# 2. Check logs`, `# 2) …`, `# Step 2: …`: a comment that begins a numbered step. */
export const numberedComment =
  /^(?:\(\d{1,3}\)|\d{1,3}(?:\.\d{1,3})*[.)](?=\s|$)|\d{1,3}:(?=\s)|\d{1,3}[、．：]|(?:step|schritt|paso|étape|passo|stap|krok|steg|шаг|крок|ステップ|手順|步骤)\s{0,3}\d{1,3}\s?[:：.)–—-])\s*/iu;

/** A comment line's text without its `#` and frame; undefined for a line that is no comment. */
export function commentText(line: string): string | undefined {
  const trimmed = line.trim();
  if (!trimmed.startsWith('#')) return undefined;
  const text = trimmed.replace(/^#+\s*/, '');
  return /^[\s#=*_~-]*$/.test(text) ? '' : text;
}

/**
 * Groups a fence's lines into commands that belong together: backslash continuations, heredocs, open quotes, trailing
 * `|` and `&&`, and blocks such as `for … done` stay one unit. What never closes is taken literally, so that one stray
 * apostrophe cannot swallow the steps below it. Linear: each kind of failure gives up on its construct for that stretch.
 */
export function groupShellLines(
  lines: readonly string[],
  dialect: Dialect,
): { units: ShellUnit[]; unclosed: Unclosed[] } {
  const units: ShellUnit[] = [];
  const unclosed: Unclosed[] = [];
  let lastLine: Map<string, number> | undefined;
  const lastLineOf = (text: string): number => {
    lastLine ??= new Map(lines.map((line, index) => [line.trim(), index]));
    return lastLine.get(text) ?? -1;
  };
  const offUntil = new Map<Construct, number>();

  let at = 0;
  while (at < lines.length) {
    const line = lines[at] ?? '';
    const comment = commentText(line);
    if (line.trim() === '') {
      units.push({ kind: 'blank', from: at, to: at });
      at++;
      continue;
    }
    if (comment !== undefined) {
      units.push({ kind: 'comment', from: at, to: at, text: comment });
      at++;
      continue;
    }
    const read = readCommand(lines, at, dialect, offUntil, lastLineOf);
    if (read.failed) {
      offUntil.set(read.failed, read.next);
      unclosed.push({ at, construct: read.failed });
      continue;
    }
    units.push({ kind: 'command', from: at, to: read.next - 1, comments: read.comments });
    at = read.next;
  }
  return { units, unclosed };
}

interface ReadCommand {
  /** The line behind the command, or behind the stretch in which a construct did not close. */
  readonly next: number;
  readonly comments: readonly string[];
  readonly failed: Construct | undefined;
}

function readCommand(
  lines: readonly string[],
  start: number,
  dialect: Dialect,
  offUntil: ReadonlyMap<Construct, number>,
  lastLineOf: (text: string) => number,
): ReadCommand {
  const state = createLexState();
  const comments: string[] = [];
  const off = (construct: Construct) => start < (offUntil.get(construct) ?? 0);
  let at = start;
  let lastSolid = start;
  for (;;) {
    const here = at;
    const hasLine = (delimiter: string) => lastLineOf(delimiter) > here;
    lexLine(lines[at] ?? '', state, { dialect, off, hasLine });
    at++;
    for (const delimiter of state.heredocs.splice(0)) {
      while (at < lines.length && (lines[at] ?? '').trim() !== delimiter) at++;
      at = Math.min(at + 1, lines.length);
    }
    if ((lines[at - 1] ?? '').trim() !== '') lastSolid = at - 1;
    const inQuote = state.quote !== '';
    const inBlock = state.parens > 0 || state.blocks > 0;
    if (!inQuote && !inBlock && !state.continues && !state.pending) break;
    const next = lines[at];
    const comment = next === undefined ? undefined : commentText(next);
    // A numbered step cannot begin inside a string: the quote above it is a stray apostrophe.
    const strayQuote = inQuote && comment !== undefined && numberedComment.test(comment);
    if (next === undefined || strayQuote) {
      if (state.quote !== '') return { next: at, comments, failed: constructOf(state.quote) };
      if (inBlock) return { next: at, comments, failed: 'block' };
      break;
    }
    if (comment !== undefined && !inQuote) {
      // The shell drops a comment behind a backslash together with the continuation.
      if (state.continues) break;
      if (state.pending && !inBlock && numberedComment.test(comment)) break;
      if (comment !== '') comments.push(comment);
    }
  }
  return { next: lastSolid + 1, comments, failed: undefined };
}
