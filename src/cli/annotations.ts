import type { ProblemSeverity } from '../core/guide/guide.ts';
import type { TextRange } from '../core/lint/textEdit.ts';

/** Something said about one line of one file. */
export interface Finding {
  /** With `/`, relative to where the command was started. */
  readonly file: string;
  readonly line: number;
  /** Where in the file, 1-based, the end exclusive; undefined when the whole line is meant. */
  readonly range: TextRange | undefined;
  readonly code: string;
  readonly severity: ProblemSeverity;
  readonly message: string;
}

const commandOf: Readonly<Record<ProblemSeverity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** What a line of a log must not hold raw (actions/toolkit, packages/core/src/command.ts, escapeData). */
const escapeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** The same for a property, which ends at a comma or a colon (escapeProperty). */
const escapeProperty = (text: string): string =>
  escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/**
 * Findings as annotations of a GitHub Actions run, one line each
 * (https://docs.github.com/actions/reference/workflow-commands-for-github-actions).
 */
export const renderAnnotations = (findings: readonly Finding[]): string =>
  findings
    .map(
      ({ file, line, range, code, severity, message }) =>
        `::${commandOf[severity]} file=${escapeProperty(file)},line=${line}${columns(range)},title=${escapeProperty(code)}::${escapeData(message)}\n`,
    )
    .join('');

/** GitHub takes columns only of a place in one line. */
const columns = (range: TextRange | undefined): string =>
  range && range.endLine === range.line && range.endColumn > range.column
    ? `,col=${range.column},endColumn=${range.endColumn}`
    : '';
