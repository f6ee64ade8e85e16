/** A member of the simulated workspace: a person, or the app's own bot user. */
export interface SlackUser {
  readonly id: string;
  /** The handle, without @. */
  name: string;
  realName: string;
  email: string | undefined;
  /** An IANA name. */
  timezone: string;
  readonly isBot: boolean;
  /** Deactivated: kept, but nobody to invite or find by email. */
  deleted: boolean;
}

/** What a channel says about itself; `last_set` in seconds since 1970. */
export interface SlackHeadline {
  readonly value: string;
  readonly creator: string;
  readonly last_set: number;
}

export interface SlackMetadata {
  readonly event_type: string;
  readonly event_payload: Readonly<Record<string, unknown>>;
}

export interface SlackMessage {
  /** Seconds since 1970 with six decimals, unique in its channel: its id. */
  readonly ts: string;
  readonly user: string;
  /** `channel_join` and the like for what Slack itself writes; undefined for a posted message. */
  readonly subtype: string | undefined;
  /** The app's bot, when an app posted it. */
  readonly botId: string | undefined;
  readonly threadTs: string | undefined;
  /** A reply that is shown in the channel too. */
  readonly broadcast: boolean;
  text: string;
  blocks: readonly unknown[] | undefined;
  attachments: readonly unknown[] | undefined;
  metadata: SlackMetadata | undefined;
  edited: { readonly user: string; readonly ts: string } | undefined;
  /** Emoji name to the users who gave it. */
  readonly reactions: Map<string, string[]>;
}

/** `created` in seconds since 1970. */
export interface SlackPin {
  readonly ts: string;
  readonly by: string;
  readonly created: number;
}

export interface SlackChannel {
  readonly id: string;
  name: string;
  readonly isPrivate: boolean;
  readonly creator: string;
  /** Seconds since 1970. */
  readonly created: number;
  isArchived: boolean;
  topic: SlackHeadline;
  purpose: SlackHeadline;
  /** User ids, in the order they came. */
  readonly members: Set<string>;
  /** Oldest first. */
  readonly messages: SlackMessage[];
  /** Oldest first. */
  readonly pins: SlackPin[];
}

export interface SlackToken {
  /** Bot tokens act as the app's bot user, user tokens as a person. */
  readonly kind: 'bot' | 'user';
  readonly user: string;
  scopes: readonly string[];
  revoked: boolean;
}

/** A refusal to come, instead of the method's answer. */
export interface SlackFault {
  /** `chat.postMessage`; undefined strikes every method. */
  readonly method?: string;
  /** `ratelimited`, `internal_error`, `fatal_error`, `service_unavailable`, … */
  readonly error: string;
  /** Seconds; makes it an HTTP 429 with this Retry-After. */
  readonly retryAfter?: number;
  /** Calls it still strikes; forever when undefined. */
  times?: number;
  /** The act is done all the same: what Slack says of `fatal_error` and `internal_error`. */
  readonly afterwards?: boolean;
}

/** Every scope an incident needs, as the app's manifest would ask for them. */
export const botScopes: readonly string[] = [
  ...['channels:history', 'channels:join', 'channels:manage', 'channels:read'],
  ...['groups:history', 'groups:read', 'groups:write'],
  ...['chat:write', 'chat:write.public', 'pins:read', 'pins:write', 'reactions:read', 'usergroups:read'],
  ...['users:read', 'users:read.email'],
];
