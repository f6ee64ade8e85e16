/** One project permission, by the name that Jira has for it. */
export type JiraPermission =
  'BROWSE_PROJECTS' | 'CREATE_ISSUES' | 'EDIT_ISSUES' | 'ADD_COMMENTS' | 'TRANSITION_ISSUES' | 'LINK_ISSUES';

export interface JiraAccount {
  readonly accountId: string;
  readonly email: string;
  readonly displayName: string;
  /** The API tokens that open it, by Basic authentication together with the email. */
  readonly tokens: Set<string>;
}

export interface JiraStatus {
  readonly id: string;
  readonly name: string;
  readonly category: 'new' | 'indeterminate' | 'done';
}

/** A way to another status; from any status when `from` is undefined. */
export interface JiraTransition {
  readonly id: string;
  readonly name: string;
  readonly from?: string;
  /** A status's id. */
  readonly to: string;
  /** What its screen wants, and of what it may be chosen. */
  readonly required?: Readonly<Record<string, readonly string[]>>;
}

export interface JiraIssueType {
  readonly id: string;
  readonly name: string;
  readonly isSubtask: boolean;
}

export interface JiraProject {
  readonly id: string;
  readonly key: string;
  readonly name: string;
  readonly issueTypes: readonly JiraIssueType[];
  readonly statuses: readonly JiraStatus[];
  transitions: JiraTransition[];
  /** The fields on its create and edit screens: what is not here cannot be set. */
  readonly screenFields: Set<string>;
  /** Fields without which nothing is created, beside summary. */
  readonly requiredFields: Set<string>;
  /** What each account may do, by account id; nobody else sees it. */
  readonly permissions: Map<string, Set<JiraPermission>>;
}

/** A document in Atlassian Document Format. */
export type JiraDocument = Readonly<Record<string, unknown>>;

export interface JiraComment {
  readonly id: string;
  readonly author: string;
  readonly body: JiraDocument;
  /** ms since 1970. */
  readonly createdAt: number;
  readonly properties: ReadonlyMap<string, unknown>;
}

export interface JiraRemoteLink {
  readonly id: number;
  readonly globalId: string | undefined;
  readonly relationship: unknown;
  readonly application: unknown;
  readonly object: Readonly<Record<string, unknown>>;
}

/** Times in ms since 1970, people by account id. */
export interface JiraIssue {
  readonly id: string;
  readonly key: string;
  readonly project: JiraProject;
  issueType: JiraIssueType;
  status: JiraStatus;
  summary: string;
  description: JiraDocument | null;
  labels: readonly string[];
  priority: string;
  assignee: string | null;
  readonly reporter: string;
  readonly createdAt: number;
  updatedAt: number;
  readonly comments: JiraComment[];
  readonly remoteLinks: JiraRemoteLink[];
  readonly properties: Map<string, unknown>;
}

/** A refusal to come, instead of the answer. */
export type JiraFault = {
  readonly method?: string;
  /** A piece of the path; every path when undefined. */
  readonly path?: string;
  /** Calls it still strikes; forever when undefined. */
  times?: number;
} &
  /** 429 with Retry-After in seconds. */
  (
    | { readonly kind: 'rate-limit'; readonly retryAfter: number }
    /** 403: the site's rules, not the project's permissions. */
    | { readonly kind: 'forbidden' }
    /** `afterwards`: the act is done all the same. */
    | { readonly kind: 'server-error'; readonly status: 500 | 502 | 503 | 504; readonly afterwards?: boolean }
  );

export const allPermissions: readonly JiraPermission[] = [
  ...(['BROWSE_PROJECTS', 'CREATE_ISSUES', 'EDIT_ISSUES'] as const),
  ...(['ADD_COMMENTS', 'TRANSITION_ISSUES', 'LINK_ISSUES'] as const),
];
