import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';
import type { SearchIndex } from '../searchIndex.ts';
import { createSearchIndex } from '../searchIndex.ts';
import type {
  JiraAccount,
  JiraComment,
  JiraDocument,
  JiraFault,
  JiraIssue,
  JiraProject,
} from './jiraState.ts';
import { allPermissions } from './jiraState.ts';

/** The state of the simulated Jira site: tests may read and set all of it. */
export interface JiraStore extends RequestLog {
  /** Basic authentication: this address and this API token, plainly no real ones. */
  readonly email: string;
  readonly token: string;
  /** The key of the project that is there from the start. */
  readonly project: string;
  /** The id in `/ex/jira/ID/…`, the addresses that tokens with scopes go by. */
  readonly cloudId: string;
  readonly accounts: Map<string, JiraAccount>;
  /** By key. */
  readonly projects: Map<string, JiraProject>;
  /** By id, oldest first. */
  readonly issues: Map<string, JiraIssue>;
  /** What searches find; `lag` is settable. */
  readonly index: SearchIndex<JiraIssue>;
  /** The most a page of a search holds when fields are asked for. */
  mostPerPage: number;
  readonly faults: JiraFault[];
  /** The present, in ms since 1970. */
  readonly now: () => number;
  nextId(): number;
  addAccount(email: string, displayName: string, token?: string): JiraAccount;
  /** A project whose accounts may do everything in it. */
  addProject(key: string, accounts: readonly JiraAccount[]): JiraProject;
  addIssue(project: JiraProject, issue: Partial<JiraIssue> & Pick<JiraIssue, 'summary'>): JiraIssue;
  addComment(
    issue: JiraIssue,
    author: string,
    body: JiraDocument,
    properties?: ReadonlyMap<string, unknown>,
  ): JiraComment;
  /** Tells the index of a change, and dates it. */
  changed(issue: JiraIssue): void;
  deleteIssue(issue: JiraIssue): void;
}

/** The site as it is when the simulated production starts: one project, OPS, and one account. */
export function createJiraStore(now: () => number): JiraStore {
  let lastId = 10_000;
  const nextId = (): number => ++lastId;
  const numbers = new Map<string, number>();
  const store: JiraStore = {
    ...createRequestLog(),
    email: 'responder@example.com',
    token: 'simulated-jira-word',
    project: 'OPS',
    cloudId: '11111111-2222-4333-8444-555555555555',
    accounts: new Map(),
    projects: new Map(),
    issues: new Map(),
    index: createSearchIndex(now),
    mostPerPage: 100,
    faults: [],
    now,
    nextId,
    addAccount(email, displayName, token) {
      const account = {
        accountId: `simulated:${nextId()}`,
        email,
        displayName,
        tokens: new Set(token === undefined ? [] : [token]),
      };
      store.accounts.set(account.accountId, account);
      return account;
    },
    addProject(key, accounts) {
      const issueType = (name: string, isSubtask = false) => ({ id: String(nextId()), name, isSubtask });
      const project: JiraProject = {
        id: String(nextId()),
        key,
        name: `${key} project`,
        issueTypes: [issueType('Task'), issueType('Bug'), issueType('Incident'), issueType('Sub-task', true)],
        statuses: [
          { id: '10000', name: 'To Do', category: 'new' },
          { id: '10001', name: 'In Progress', category: 'indeterminate' },
          { id: '10002', name: 'Done', category: 'done' },
        ],
        transitions: [
          { id: '11', name: 'To Do', to: '10000' },
          { id: '21', name: 'In Progress', to: '10001' },
          { id: '31', name: 'Done', to: '10002' },
        ],
        screenFields: new Set(['summary', 'description', 'labels', 'priority', 'assignee']),
        requiredFields: new Set(),
        permissions: new Map(accounts.map(({ accountId }) => [accountId, new Set(allPermissions)])),
      };
      store.projects.set(key, project);
      return project;
    },
    addIssue(project, given) {
      const number = (numbers.get(project.key) ?? 0) + 1;
      numbers.set(project.key, number);
      const [issueType] = project.issueTypes;
      const [status] = project.statuses;
      if (issueType === undefined || status === undefined) throw new Error(`${project.key} has no workflow.`);
      const issue: JiraIssue = {
        id: String(nextId()),
        key: `${project.key}-${number}`,
        project,
        issueType,
        status,
        description: null,
        labels: [],
        priority: 'Medium',
        assignee: null,
        reporter: [...store.accounts.keys()][0] ?? '',
        createdAt: now(),
        updatedAt: now(),
        comments: [],
        remoteLinks: [],
        properties: new Map(),
        ...given,
      };
      store.issues.set(issue.id, issue);
      store.changed(issue);
      return issue;
    },
    addComment(issue, author, body, properties = new Map()) {
      const comment = { id: String(nextId()), author, body, createdAt: now(), properties };
      issue.comments.push(comment);
      store.changed(issue);
      return comment;
    },
    changed(issue) {
      issue.updatedAt = now();
      store.index.put(issue.id, { ...issue, comments: [...issue.comments] });
    },
    deleteIssue(issue) {
      store.issues.delete(issue.id);
      store.index.put(issue.id, undefined);
    },
  };
  const responder = store.addAccount(store.email, 'On Call', store.token);
  store.addProject(store.project, [responder]);
  return store;
}
