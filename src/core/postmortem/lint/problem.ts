import type { Fix, LintProblem } from '../../lint/lintProblem.ts';
import { inLine, wholeLine, type TextEdit } from '../../lint/textEdit.ts';
import type { PostMortemText } from './postMortemText.ts';

export type Rule = (text: PostMortemText) => readonly LintProblem[];
type Place = number | { readonly line: number; readonly from: number; readonly to: number };

/** A problem at a line, or at a stretch of it (columns from 0). */
export function problemAt(
  { lines }: PostMortemText,
  place: Place,
  what: Pick<LintProblem, 'code' | 'severity' | 'message'>,
  fixes: readonly Fix[] = [],
): LintProblem {
  const line = (typeof place === 'number' ? place : place.line) + 1;
  const range =
    typeof place === 'number' ? wholeLine(lines, line) : inLine(line, place.from + 1, place.to + 1);
  return { ...what, line, range, fixes };
}

export const fix = (title: string, ...edits: readonly TextEdit[]): Fix => ({ kind: 'edit', title, edits });
