import type { Step } from '../guide/guide.ts';
import { wholeLine, type TextRange } from './textEdit.ts';

/** A step's command with the place of each of its characters in the file. */
export interface LocatedCommand {
  readonly text: string;
  /** False where the command's own text could not be found again, so that only its lines are known. */
  readonly isExact: boolean;
  /** The place of a part of the command, by offsets into `text`. */
  range(start: number, end: number): TextRange;
  /** The offset of a place of the file, line and column from 1; undefined outside of the command's lines. */
  offsetAt(line: number, column: number): number | undefined;
}

/** Finds a step's command again in the file's lines: behind prompts, in lists and quotes. Undefined for manual steps. */
export function locateCommand(lines: readonly string[], step: Step): LocatedCommand | undefined {
  const text = step.command;
  if (text === undefined) return undefined;
  const parts: { readonly offset: number; readonly line: number; readonly column: number }[] = [];
  let offset = 0;
  let at = step.line - 1;
  for (const part of text.split('\n')) {
    const wanted = part.trimEnd();
    let found = -1;
    let line = at;
    for (; line < step.endLine && found < 0; line++) {
      const written = lines[line] ?? '';
      // A comment may speak of the command that follows it.
      if (!written.trimStart().startsWith('#') || wanted.startsWith('#')) found = written.indexOf(wanted);
    }
    if (found < 0) {
      const range = () => wholeLine(lines, step.line);
      return { text, isExact: false, range, offsetAt: () => undefined };
    }
    parts.push({ offset, line, column: found + 1 });
    at = line;
    offset += part.length + 1;
  }
  const place = (wanted: number) => {
    const behind = parts.findIndex((each) => each.offset > wanted);
    const part = parts[(behind < 0 ? parts.length : behind) - 1] ?? { offset: 0, line: step.line, column: 1 };
    return { line: part.line, column: part.column + (wanted - part.offset) };
  };
  return {
    text,
    isExact: true,
    range(start, end) {
      const from = place(start);
      const to = place(Math.max(start, end));
      return { ...from, endLine: to.line, endColumn: to.column };
    },
    offsetAt(line, column) {
      const part = parts.find((each) => each.line === line);
      return part === undefined || column < part.column ? undefined : part.offset + column - part.column;
    },
  };
}
