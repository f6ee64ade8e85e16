export interface GitHubUser {
  readonly id: number;
  readonly login: string;
  readonly name: string;
}

/** What a fine-grained token may do with issues; metadata of its repositories may always be read. */
export type IssueAccess = 'none' | 'read' | 'write';

export type GitHubToken =
  | {
      readonly kind: 'fine-grained';
      readonly login: string;
      /** Full names (`owner/name`) it was made for. */
      repositories: readonly string[];
      issues: IssueAccess;
      /** As GitHub writes it: `2026-12-24 08:30:00 UTC`. */
      expires?: string;
    }
  | {
      readonly kind: 'classic';
      readonly login: string;
      /** `repo`, `public_repo`, … */
      scopes: readonly string[];
    };

export interface GitHubLabel {
  readonly id: number;
  readonly name: string;
  /** Six hexadecimal digits, without #. */
  readonly color: string;
  readonly description: string | null;
}

/** All times in RFC 3339, UTC, whole seconds. */
export interface GitHubComment {
  readonly id: number;
  readonly login: string;
  readonly body: string;
  readonly createdAt: string;
}

export interface GitHubIssue {
  readonly id: number;
  readonly number: number;
  readonly login: string;
  readonly createdAt: string;
  readonly isPullRequest: boolean;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  /** Names, as they are written in the repository. */
  labels: string[];
  /** Logins. */
  assignees: string[];
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  isLocked: boolean;
  /** Gone for good: 410. */
  isDeleted: boolean;
  readonly comments: GitHubComment[];
}

export interface GitHubRepository {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  isPrivate: boolean;
  hasIssues: boolean;
  isArchived: boolean;
  /** Logins that see it when it is private. */
  readonly readers: Set<string>;
  /** Logins with push access: only they set labels and assignees. */
  readonly pushers: Set<string>;
  /** By lower-case name: names are unique in any case. */
  readonly labels: Map<string, GitHubLabel>;
  readonly issues: Map<number, GitHubIssue>;
}

/** `reset` in seconds since 1970. */
export interface GitHubRate {
  limit: number;
  used: number;
  reset: number;
}

/** A refusal to come, instead of the answer. */
export type GitHubFault = {
  readonly method?: string;
  /** A piece of the path; every path when undefined. */
  readonly path?: string;
  /** Calls it still strikes; forever when undefined. */
  times?: number;
} & (
  | {
      /** A secondary rate limit, with Retry-After in seconds or, as also happens, without. */
      readonly kind: 'secondary-limit';
      readonly status: 403 | 429;
      readonly retryAfter?: number;
    }
  /** `afterwards`: the act is done all the same. */
  | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503 | 504; readonly afterwards?: boolean }
);
