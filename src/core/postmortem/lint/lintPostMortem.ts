import type { LintProblem } from '../../lint/lintProblem.ts';
import { incidentOfDocument } from '../generatedBase.ts';
import { sectionsOf } from '../sectionRange.ts';
import { lintActions } from './lintActions.ts';
import { lintImpact } from './lintImpact.ts';
import { lintSections } from './lintSections.ts';
import { lintDeadline, lintOrder } from './lintTimes.ts';
import { lintBlame, lintCounterfactuals, lintOutage } from './lintWords.ts';
import { readPostMortem, type PostMortemContext } from './postMortemText.ts';
import type { Rule } from './problem.ts';

const rules: readonly Rule[] = [
  lintSections,
  lintActions,
  lintImpact,
  lintOrder,
  lintDeadline,
  lintBlame,
  lintCounterfactuals,
  lintOutage,
];

/**
 * What keeps a post-mortem from being read with profit: each with its place, a sentence and what mends it, in the order of
 * the document. Errors keep it from a review. Never throws.
 */
export function lintPostMortem(source: string, context: PostMortemContext): readonly LintProblem[] {
  const text = readPostMortem(source, context);
  return rules
    .flatMap((rule) => rule(text))
    .sort((a, b) => a.range.line - b.range.line || a.range.column - b.range.column);
}

/**
 * Whether a Markdown file is a post-mortem: it says so, or it lies where post-mortems are kept and has two of their
 * sections.
 */
export function looksLikePostMortem(source: string, isInFolder: boolean): boolean {
  if (incidentOfDocument(source) !== undefined) return true;
  if (!isInFolder) return false;
  const kinds = new Set(sectionsOf(source.split(/\r?\n/)).map(({ kind }) => kind));
  kinds.delete(undefined);
  return kinds.size >= 2;
}
