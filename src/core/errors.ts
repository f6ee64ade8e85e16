/** What went wrong, for the program to branch on. */
export type ErrorCode =
  | 'invalid' // what was given makes no sense: say what and where
  | 'conflict' // it made sense once, but not in the present state
  | 'not-found'
  | 'unauthorized' // 401, or credentials that could not be obtained
  | 'forbidden' // 403: known, and not allowed
  | 'unreachable' // no connection, name not resolved, connection cut
  | 'timeout'
  | 'cancelled'
  | 'failed' // the other side did it and reports failure
  | 'storage' // disk full, read-only, unreadable
  | 'untrusted' // the workspace is in Restricted Mode
  | 'wrong-target'; // the plan's target is not the incident's pin

/**
 * The one error type: a code for the program, a sentence for the person, a cause for the log.
 * `message` says what happened, what was not lost, and what to do next.
 */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly cause?: string;
  /** A command line that a person can run to get over it (`aws sso login --profile x`): offered as a button. */
  readonly remedy?: string;
}

export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure };

export const ok = <T>(value: T): Result<T> => ({ ok: true, value });

export const failed = (
  code: ErrorCode,
  message: string,
  cause?: string,
): { ok: false; failure: Failure } => ({
  ok: false,
  failure: cause === undefined ? { code, message } : { code, message, cause },
});

/** The text of anything that was thrown; for a log or a `cause`, never alone for the person. */
export const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown);

/** What a failure's message says that happened, without what its caller does next. */
export const firstSentence = (message: string): string => /^.*?\.(?=\s|$)/s.exec(message)?.[0] ?? message;
