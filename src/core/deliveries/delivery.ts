import type { ErrorCode } from '../errors.ts';

/** An outside system that deliveries go to. */
export type OutwardSystem = 'slack' | 'github' | 'jira' | 'statuspage' | 'pagerduty' | 'webhook';

/** Somebody as the outside systems know them: what is known of their ids. */
export interface Addressee {
  readonly name: string;
  /** Slack member id: `U012AB3CD`. */
  readonly slack?: string;
  readonly email?: string;
  /** PagerDuty user id. */
  readonly pagerduty?: string;
  /** GitHub login. */
  readonly github?: string;
}

/** Statuspage's words for an incident's state. */
export type StatusPageStatus = 'investigating' | 'identified' | 'monitoring' | 'resolved';

/**
 * One outward act as data. Texts may name what earlier deliveries made, `{channel}`, `{channelUrl}`, `{ticketUrl}`,
 * `{statusPageUrl}`, `{pageUrl}`: filled in from the receipts when it is sent (see fillReceipts).
 */
export type DeliveryTask =
  /** `name` without `#`; when it is taken by another incident a suffix is added. */
  | {
      readonly system: 'slack';
      readonly act: 'create-channel';
      readonly name: string;
      readonly topic: string;
    }
  | { readonly system: 'slack'; readonly act: 'invite'; readonly people: readonly Addressee[] }
  | { readonly system: 'slack'; readonly act: 'post'; readonly text: string; readonly pin?: boolean }
  | { readonly system: 'slack'; readonly act: 'set-topic'; readonly topic: string }
  | { readonly system: 'slack'; readonly act: 'archive' }
  /** `body` is Markdown; `labels` are GitHub labels or Jira labels. */
  | {
      readonly system: 'github' | 'jira';
      readonly act: 'create-ticket';
      readonly title: string;
      readonly body: string;
      readonly labels: readonly string[];
      /** The post-mortem's action item that it is for; the incident's own ticket has none. */
      readonly action?: string;
    }
  | { readonly system: 'github' | 'jira'; readonly act: 'comment'; readonly text: string }
  /** Takes severity labels of ours away that are not `label`, and adds it. */
  | { readonly system: 'github' | 'jira'; readonly act: 'set-severity'; readonly label: string }
  /** Of the incident's own ticket, or of `ticket`. */
  | {
      readonly system: 'github' | 'jira';
      readonly act: 'close' | 'reopen';
      readonly text: string;
      readonly ticket?: Receipt;
    }
  | {
      readonly system: 'statuspage';
      readonly act: 'create-incident';
      readonly name: string;
      readonly status: StatusPageStatus;
      readonly text: string;
      /** Whether subscribers are written to: always a person's explicit choice. */
      readonly notify: boolean;
    }
  | {
      readonly system: 'statuspage';
      readonly act: 'update-incident';
      readonly status: StatusPageStatus;
      readonly text: string;
      readonly notify: boolean;
    }
  | {
      readonly system: 'pagerduty';
      readonly act: 'create-incident';
      readonly title: string;
      readonly text: string;
      readonly urgency: 'high' | 'low';
    }
  /** Takes an incident that PagerDuty has already (its alert declared this one) as ours. */
  | { readonly system: 'pagerduty'; readonly act: 'adopt-incident'; readonly incident: string }
  | {
      readonly system: 'pagerduty';
      readonly act: 'request-responders';
      readonly message: string;
      readonly people: readonly Addressee[];
    }
  | { readonly system: 'pagerduty'; readonly act: 'note'; readonly text: string }
  | { readonly system: 'pagerduty'; readonly act: 'acknowledge' }
  | { readonly system: 'pagerduty'; readonly act: 'resolve' }
  /** `payload` is sent as JSON with the incident's facts; `event` names what happened. */
  | {
      readonly system: 'webhook';
      readonly act: 'send';
      readonly event: 'declared' | 'update' | 'severity' | 'resolved' | 'reopened';
      readonly payload: Readonly<Record<string, string>>;
    };

/**
 * Where a delivery goes, settled when it is requested, so that another workspace's settings cannot send it elsewhere
 * after a restart. `baseUrl` always; GitHub: `repository` (`owner/name`); Jira: `project`, `issueType`, `email`;
 * Statuspage: `page`; PagerDuty: `service` (id), `from` (e-mail), both e-mails of the account of then: what the settings
 * name by now, or the token is kept with, goes before it; webhook: `name` of its setting, no `baseUrl`.
 * Never a token.
 */
export type DeliveryPlace = Readonly<Record<string, string>>;

export interface DeliveryRequest {
  /** Unique in the incident and stable over restarts: `slack/create-channel`, `slack/post/<ULID>`. */
  readonly delivery: string;
  readonly task: DeliveryTask;
  readonly place: DeliveryPlace;
  /** Deliveries of the same incident that must have been delivered before. */
  readonly after: readonly string[];
}

/** What the other side gave: enough to find it again and to act on it later. */
export interface Receipt {
  /** The other side's id: channel id, issue number or key, incident id, message timestamp. */
  readonly id: string;
  /** For people. */
  readonly url?: string;
  /** `#incident-2026-11-23-0001`, `techcorp/payments#12`, `OPS-7`. */
  readonly name?: string;
  /** What a person should know of how it went: two people could not be invited. */
  readonly detail?: string;
}

/** `automatic`: tried again by itself, later. `person`: something has to be changed first. */
export type DeliveryRetry = 'automatic' | 'person';

export interface DeliveryFailure {
  readonly code: ErrorCode;
  /** Says what happened, that nothing of the incident was lost, and what to do next. No token, no full address. */
  readonly message: string;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  readonly retry: DeliveryRetry;
  /** UTC ISO 8601; not before this time. */
  readonly retryAt?: string;
}

export type DeliveryState = 'requested' | 'started' | 'delivered' | 'failed' | 'by-hand' | 'dropped';

/** One outward act of an incident, folded from its events. Times UTC ISO 8601. */
export interface Delivery extends DeliveryRequest {
  readonly state: DeliveryState;
  readonly requestedAt: string;
  readonly requestedBy: string;
  /** The activation that asked for it: it is the one to send it while it lives. */
  readonly writer: string;
  /** How often it was started. */
  readonly attempts: number;
  /** When its first attempt started: what exists since then may be ours. */
  readonly firstStartedAt: string | undefined;
  readonly lastStartedAt: string | undefined;
  /** The activation of the last attempt. */
  readonly lastWriter: string | undefined;
  readonly settledAt: string | undefined;
  readonly receipt: Receipt | undefined;
  /** True when an earlier attempt turned out to have got through. */
  readonly found: boolean;
  /** Of the last attempt; undefined once it is delivered. */
  readonly failure: DeliveryFailure | undefined;
  /** Why it was marked done by hand or dropped. */
  readonly note: string | undefined;
}

/** What a service is asked to recognise the delivery by: incident and delivery together, the same after any restart. */
export const deliveryKey = (incident: string, delivery: string): string => `${incident}/${delivery}`;

/** Whether an incident has deliveries that are not out. */
export const hasUnsent = ({ deliveries }: { readonly deliveries: readonly Delivery[] }): boolean =>
  deliveries.some((one) => !isSettled(one));

/** Another token may help: this one is wrong, or may not do it. */
export const isRefused = ({ code }: Pick<DeliveryFailure, 'code'>): boolean =>
  code === 'unauthorized' || code === 'forbidden';

/** Nothing more will be done about it. */
export const isSettled = ({ state }: Pick<Delivery, 'state'>): boolean =>
  state === 'delivered' || state === 'by-hand' || state === 'dropped';
