import { formatRunTime } from '../incident/durations.ts';
import type { Outcome } from '../plan/plan.ts';

export interface OutcomeText {
  /** Short: `exit code 0`, `3 pods`, `403 Forbidden`, `stopped`. The failure's sentence is not in it. */
  readonly text: string;
  readonly tone: 'ok' | 'neutral' | 'bad';
}

/** Names of the HTTP statuses an API server or a service commonly answers (RFC 9110, RFC 6585). */
const statusNames: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** How a run ended, in a few words and a tone for colour. */
export function renderOutcome(outcome: Outcome): OutcomeText {
  switch (outcome.kind) {
    case 'succeeded':
      return { text: outcome.detail || exitText(outcome.exitCode) || 'succeeded', tone: 'ok' };
    case 'no-match':
      return { text: 'no match', tone: 'neutral' };
    case 'failed':
      return { text: failureText(outcome), tone: 'bad' };
    case 'stopped':
      return { text: 'stopped', tone: 'neutral' };
    case 'timed-out':
      return { text: `timed out after ${formatRunTime(outcome.afterMs)}`, tone: 'bad' };
  }
}

/** What stands behind an outcome in a sentence of its own: a failure's, or that of a stop which nobody pressed. */
export const outcomeMessage = (outcome: Outcome): string | undefined =>
  outcome.kind === 'failed' || outcome.kind === 'stopped' ? outcome.message : undefined;

const exitText = (code: number | undefined) => (code === undefined ? undefined : `exit code ${code}`);

function failureText({ status, signal, exitCode }: Extract<Outcome, { kind: 'failed' }>): string {
  if (status !== undefined) return [String(status), statusNames[status]].filter(Boolean).join(' ');
  if (signal !== undefined) return `ended by ${signal}`;
  return exitText(exitCode) ?? 'failed';
}
