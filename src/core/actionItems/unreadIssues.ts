import { firstSentence, type ErrorCode, type Failure } from '../errors.ts';
import { utcTime } from '../incident/instants.ts';
import type { LintProblem } from '../lint/lintProblem.ts';
import { inLine } from '../lint/textEdit.ts';
import type { ActionIssue, ActionItem } from './actionItem.ts';

/** An issue whose state could not be read. */
export interface UnreadIssue {
  readonly issue: ActionIssue;
  /** Undefined where no connected system holds it, so that nobody was asked. */
  readonly failure: Failure | undefined;
}

/** For a list of them, after somebody asked for a sync. */
export const unreadSentence = ({ issue, failure }: UnreadIssue): string =>
  failure ? `${issue.name}: ${failure.message}` : `${issue.name} is at no system that is connected.`;

/**
 * What stands at the lines of a post-mortem's items whose issue could not be read at `at` (UTC ISO 8601): their boxes are
 * as they were, which says nothing of the issue.
 */
export function unreadProblems(
  items: readonly ActionItem[],
  unread: readonly UnreadIssue[],
  at: string,
): readonly LintProblem[] {
  const byUrl = new Map(unread.map((one) => [one.issue.url, one]));
  return items.flatMap(({ line, written, issue }) => {
    const found = issue && byUrl.get(issue.url);
    if (!found) return [];
    const { failure } = found;
    return [
      {
        line: line + 1,
        range: inLine(
          line + 1,
          written.length - written.trimStart().length + 1,
          written.trimEnd().length + 1,
        ),
        code: 'action-issue-unread',
        severity: failure ? ('warning' as const) : ('info' as const),
        message: failure
          ? [
              `${found.issue.name} could not be read at ${utcTime(at)} UTC, so this box does not follow it.`,
              [firstSentence(failure.message), ...nextStep(failure.code)].join(' '),
              'It is read again every minute while this file is in front.',
            ].join('\n')
          : `${found.issue.name} is at no system that is connected, so this box does not follow it. Connect it with Incident: Connect….`,
        fixes: [],
      },
    ];
  });
}

function nextStep(code: ErrorCode): readonly string[] {
  switch (code) {
    case 'unauthorized':
      return ['Reconnect with Incident: Connect….'];
    case 'forbidden':
      return ['Give the token the permission to read it.'];
    case 'not-found':
      return ['Check the link, and whether the token may see it.'];
    default:
      return [];
  }
}
