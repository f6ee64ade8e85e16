import assert from 'node:assert/strict';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { lintGuide, type LintOptions } from '../../../../src/core/lint/lintGuide.ts';
import type { LintProblem } from '../../../../src/core/lint/lintProblem.ts';
import { applyEdits, linesOf } from '../../../../src/core/lint/textEdit.ts';

/** What is wrong in a text, read as the editor reads it. */
export const lint = (source: string, options: LintOptions = {}): readonly LintProblem[] =>
  lintGuide(source, parseGuide(source, { file: 'docs/guide.md' }), options);

export const lintCodes = (source: string, options?: LintOptions): readonly string[] =>
  lint(source, options).map(({ code }) => code);

/** A runbook with one fence of commands. */
export const runbook = (info: string, ...lines: string[]): string =>
  ['# Ops', '', '## Runbooks', '', '### One', '', `\`\`\`${info}`, ...lines, '```', ''].join('\n');

export const bash = (...lines: string[]): string => runbook('bash', ...lines);

/** The problem of a code, with what its range covers. */
export function found(
  source: string,
  code: string,
  options?: LintOptions,
): LintProblem & { readonly text: string } {
  const problem = lint(source, options).find((each) => each.code === code);
  assert.ok(problem, `${code} is not among ${lintCodes(source, options).join(', ')}`);
  const { line, column, endLine, endColumn } = problem.range;
  const lines = linesOf(source);
  const text =
    line === endLine
      ? (lines[line - 1] ?? '').slice(column - 1, endColumn - 1)
      : [
          (lines[line - 1] ?? '').slice(column - 1),
          ...lines.slice(line, endLine - 1),
          (lines[endLine - 1] ?? '').slice(0, endColumn - 1),
        ].join('\n');
  return { ...problem, text };
}

/** The text after a fix of a problem: the first whose title fits. */
export function fixed(
  source: string,
  code: string,
  title: RegExp | string = '',
  options?: LintOptions,
): string {
  const problem = found(source, code, options);
  const fix = problem.fixes.find((each) => each.title.match(title));
  assert.ok(fix, `no fix fits ${String(title)}: ${problem.fixes.map((each) => each.title).join(' | ')}`);
  assert.equal(fix.kind, 'edit');
  return fix.kind === 'edit' ? applyEdits(source, fix.edits) : source;
}

/** Applies a fix and holds that the problem is gone by it, and nothing new has come. */
export function mends(
  source: string,
  code: string,
  title: RegExp | string = '',
  options?: LintOptions,
): string {
  const after = fixed(source, code, title, options);
  const count = (text: string, wanted: string) =>
    lintCodes(text, options).filter((each) => each === wanted).length;
  assert.equal(count(after, code), count(source, code) - 1, after);
  const fresh = lintCodes(after, options).filter((each) => !lintCodes(source, options).includes(each));
  assert.deepEqual(
    fresh.filter((each) => each !== 'incomplete-argument' && each !== 'placeholder-kind'),
    [],
  );
  return after;
}
