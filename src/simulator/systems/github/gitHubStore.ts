import type { RequestLog } from '../webApi.ts';
import { createRequestLog } from '../webApi.ts';
import type { SearchIndex } from '../searchIndex.ts';
import { createSearchIndex } from '../searchIndex.ts';
import type {
  GitHubComment,
  GitHubFault,
  GitHubIssue,
  GitHubLabel,
  GitHubRate,
  GitHubRepository,
  GitHubToken,
  GitHubUser,
} from './gitHubState.ts';

/** An issue as the search saw it at one time. */
export interface IndexedIssue {
  readonly repository: GitHubRepository;
  readonly issue: GitHubIssue;
}

/** The state of the simulated GitHub: tests may read and set all of it. */
export interface GitHubStore extends RequestLog {
  /** A fine-grained personal access token that may write issues of `repository`: plainly no real one. */
  readonly token: string;
  /** The full name of the repository that is there from the start, with issues. */
  readonly repository: string;
  readonly tokens: Map<string, GitHubToken>;
  readonly users: Map<string, GitHubUser>;
  /** By full name in lower case. */
  readonly repositories: Map<string, GitHubRepository>;
  /** What /search/issues finds; `lag` is settable. */
  readonly index: SearchIndex<IndexedIssue>;
  /** The search gives up early and says `incomplete_results`. */
  searchTimesOut: boolean;
  readonly rates: { readonly core: GitHubRate; readonly search: GitHubRate };
  readonly faults: GitHubFault[];
  /** The present, in ms since 1970. */
  readonly now: () => number;
  /** The present in RFC 3339, UTC, whole seconds. */
  time(): string;
  nextId(): number;
  addUser(login: string, name?: string): GitHubUser;
  /** A repository that its owner and the token's account may push to. */
  addRepository(fullName: string, more?: Partial<GitHubRepository>): GitHubRepository;
  /** Creates the label where the repository does not have it; gives it as it is written there. */
  ensureLabel(repository: GitHubRepository, name: string): GitHubLabel;
  addIssue(
    repository: GitHubRepository,
    issue: Partial<GitHubIssue> & Pick<GitHubIssue, 'title'>,
  ): GitHubIssue;
  addComment(repository: GitHubRepository, issue: GitHubIssue, login: string, body: string): GitHubComment;
  /** Tells the index of a change, and dates it. */
  changed(repository: GitHubRepository, issue: GitHubIssue): void;
  /** Gone: 410 from then on, and in no list. */
  deleteIssue(repository: GitHubRepository, issue: GitHubIssue): void;
}

const account = 'responder';

/** GitHub as it is when the simulated production starts: one organisation, one repository, one account. */
export function createGitHubStore(now: () => number): GitHubStore {
  let lastId = 1000;
  const nextId = (): number => ++lastId;
  const time = (): string => new Date(Math.floor(now() / 1000) * 1000).toISOString().replace('.000Z', 'Z');
  const inAnHour = (): number => Math.floor(now() / 1000) + 3600;
  const store: GitHubStore = {
    ...createRequestLog(),
    token: 'simulated-github-word',
    repository: 'acme/incidents',
    tokens: new Map(),
    users: new Map(),
    repositories: new Map(),
    index: createSearchIndex(now),
    searchTimesOut: false,
    rates: {
      core: { limit: 5000, used: 0, reset: inAnHour() },
      search: { limit: 30, used: 0, reset: Math.floor(now() / 1000) + 60 },
    },
    faults: [],
    now,
    time,
    nextId,
    addUser(login, name = login) {
      const user = { id: nextId(), login, name };
      store.users.set(login, user);
      return user;
    },
    addRepository(fullName, more = {}) {
      const [owner = '', name = ''] = fullName.split('/');
      const repository: GitHubRepository = {
        id: nextId(),
        owner,
        name,
        isPrivate: true,
        hasIssues: true,
        isArchived: false,
        readers: new Set([owner, account]),
        pushers: new Set([owner, account]),
        labels: new Map(),
        issues: new Map(),
        ...more,
      };
      for (const label of ['bug', 'documentation', 'enhancement']) store.ensureLabel(repository, label);
      store.repositories.set(fullName.toLowerCase(), repository);
      return repository;
    },
    ensureLabel(repository, name) {
      const key = name.toLowerCase();
      const label = repository.labels.get(key) ?? { id: nextId(), name, color: 'ededed', description: null };
      repository.labels.set(key, label);
      return label;
    },
    addIssue(repository, given) {
      const at = time();
      const issue: GitHubIssue = {
        id: nextId(),
        number: Math.max(0, ...repository.issues.keys()) + 1,
        login: account,
        createdAt: at,
        updatedAt: at,
        closedAt: null,
        closedBy: null,
        isPullRequest: false,
        body: null,
        state: 'open',
        stateReason: null,
        labels: [],
        assignees: [],
        isLocked: false,
        isDeleted: false,
        comments: [],
        ...given,
      };
      issue.labels = issue.labels.map((label) => store.ensureLabel(repository, label).name);
      repository.issues.set(issue.number, issue);
      store.changed(repository, issue);
      return issue;
    },
    addComment(repository, issue, login, body) {
      const comment = { id: nextId(), login, body, createdAt: time() };
      issue.comments.push(comment);
      store.changed(repository, issue);
      return comment;
    },
    changed(repository, issue) {
      issue.updatedAt = time();
      store.index.put(String(issue.id), {
        repository,
        issue: { ...issue, labels: [...issue.labels], comments: [...issue.comments] },
      });
    },
    deleteIssue(_repository, issue) {
      issue.isDeleted = true;
      store.index.put(String(issue.id), undefined);
    },
  };
  store.addUser(account, 'On Call');
  store.addUser('acme', 'Acme');
  store.addRepository(store.repository);
  store.tokens.set(store.token, {
    kind: 'fine-grained',
    login: account,
    repositories: [store.repository],
    issues: 'write',
  });
  return store;
}
