import type { ErrorCode } from '../errors.ts';
import { msBetween, utcDate, utcDateTime, utcTime } from '../incident/instants.ts';

/** What the last harmless call told of a connection; never the token. Times UTC ISO 8601. */
export interface LastCheck {
  readonly who: string;
  /** Until when the token is good, where the service says so. */
  readonly until?: string;
  readonly at: string;
}

/** Since when everything that was asked of a system has failed, and the sentence of the last try. */
export interface Failing {
  /** UTC ISO 8601. */
  readonly since: string;
  readonly message: string;
}

export interface ConnectionFacts {
  /** What is not set yet that the system needs: `repository`; undefined when nothing is missing. */
  readonly missing: string | undefined;
  /** False for a token that the system needs and that is not stored. */
  readonly hasToken: boolean;
  readonly lastCheck: LastCheck | undefined;
  readonly failing: Failing | undefined;
}

export type ConnectionState =
  | { readonly kind: 'not-connected'; readonly missing: string | undefined }
  /** The token was kept though the service could not be asked, or another window stored it. */
  | { readonly kind: 'unchecked' }
  | { readonly kind: 'connected'; readonly who: string; readonly until: string | undefined }
  | { readonly kind: 'expired'; readonly who: string; readonly until: string }
  | { readonly kind: 'failing'; readonly since: string; readonly message: string };

/** How a connection stands; `now` is UTC ISO 8601. */
export function connectionState(facts: ConnectionFacts, now: string): ConnectionState {
  const { missing, hasToken, lastCheck, failing } = facts;
  if (!hasToken || missing !== undefined)
    // Where nothing was begun, naming one setting would only mislead: all of it is asked.
    return { kind: 'not-connected', missing: hasToken ? missing : undefined };
  if (failing) return { kind: 'failing', ...failing };
  if (!lastCheck) return { kind: 'unchecked' };
  const { who, until } = lastCheck;
  if (until !== undefined && (msBetween(now, until) ?? 0) < 0) return { kind: 'expired', who, until };
  return { kind: 'connected', who, until };
}

/** The state in a few words, for a row. */
export function connectionText(state: ConnectionState, now: string): string {
  switch (state.kind) {
    case 'not-connected':
      return state.missing === undefined ? 'not connected' : `not connected: no ${state.missing} is set`;
    case 'unchecked':
      return 'token kept, not checked yet';
    case 'connected':
      return `connected as ${state.who}${state.until === undefined ? '' : `, until ${utcDateTime(state.until)}`}`;
    case 'expired':
      return `token of ${state.who} expired ${utcDateTime(state.until)}`;
    case 'failing': {
      const isToday = utcDate(state.since) === utcDate(now);
      return `failing since ${isToday ? `${utcTime(state.since)} UTC` : utcDateTime(state.since)}`;
    }
  }
}

/** Whether a failure tells of the connection, and not of the one thing that was asked for. */
export function tellsOfConnection(code: ErrorCode): boolean {
  switch (code) {
    case 'unauthorized':
    case 'forbidden':
    case 'unreachable':
    case 'timeout':
    case 'failed':
      return true;
    case 'invalid':
    case 'conflict':
    case 'not-found':
    case 'cancelled':
    case 'storage':
    case 'untrusted':
    case 'wrong-target':
      return false;
  }
}
