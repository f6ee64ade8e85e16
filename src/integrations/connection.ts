import type { Result } from '../core/errors.ts';
import type { Signal } from '../core/ports.ts';

/** Every outside system that can be connected, by the word settings and secrets use for it. */
export type ConnectedSystem =
  | 'slack'
  | 'github'
  | 'jira'
  | 'statuspage'
  | 'pagerduty'
  | 'alertmanager'
  | 'prometheus'
  | 'grafana'
  | 'webhook';

/**
 * Gives the token that was stored for a system at that address (its origin), undefined when none was: an address that
 * comes from a journal or from a folder's settings is never given the token of another.
 */
export type TokenOf = (system: ConnectedSystem, baseUrl: string) => Promise<string | undefined>;

/**
 * Gives the account that a stored token belongs to or acts for, where the system wants both: the e-mail address of Jira's
 * account, of PagerDuty's user. Undefined when it is not known.
 */
export type AccountOf = (system: ConnectedSystem, baseUrl: string) => Promise<string | undefined>;

/** Gives the address of the webhook with this name and its token, if it has one; undefined when no such one is set up. */
export type WebhookOf = (
  name: string,
) => Promise<{ readonly url: string; readonly token: string | undefined } | undefined>;

/** What a harmless call told of a connection. */
export interface ConnectedAs {
  /** As whom: `incident-bot in TechCorp`, `ana@techcorp.example`. */
  readonly who: string;
  /** UTC ISO 8601, where the service says until when the token is good. */
  readonly until?: string;
  /** Sentences about what is missing though the token is good: a scope, a project that is not seen. */
  readonly warnings: readonly string[];
}

/** Asks the service who the token is, without changing anything. `options` are the system's settings. */
export type CheckConnection = (
  connection: {
    readonly baseUrl: string;
    readonly token: string | undefined;
    readonly options: Readonly<Record<string, string>>;
  },
  signal: Signal,
) => Promise<Result<ConnectedAs>>;
