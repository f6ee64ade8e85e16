import { createHash } from 'node:crypto';
import type { GitHubComment, GitHubIssue, GitHubLabel, GitHubRepository, GitHubUser } from './gitHubState.ts';
import type { GitHubStore } from './gitHubStore.ts';

interface Where {
  readonly store: GitHubStore;
  /** Base URL of the API. */
  readonly base: string;
}

const nodeId = (kind: string, id: number): string =>
  `${kind}_${createHash('sha256').update(`${kind}${id}`).digest('base64url').slice(0, 18)}`;

const site = 'https://github.com';

/** A user as it stands inside other objects. */
export const shownUser = ({ store, base }: Where, login: string): unknown => {
  const user: GitHubUser = store.users.get(login) ?? { id: 0, login, name: login };
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    url: `${base}/users/${user.login}`,
    html_url: `${site}/${user.login}`,
    type: 'User',
    site_admin: false,
  };
};

const repositoryUrl = ({ base }: Where, { owner, name }: GitHubRepository): string =>
  `${base}/repos/${owner}/${name}`;

export const shownLabel = (where: Where, repository: GitHubRepository, label: GitHubLabel): unknown => ({
  id: label.id,
  node_id: nodeId('LA', label.id),
  url: `${repositoryUrl(where, repository)}/labels/${encodeURIComponent(label.name)}`,
  name: label.name,
  description: label.description,
  color: label.color,
  default: ['bug', 'documentation', 'enhancement'].includes(label.name),
});

export const shownRepository = (where: Where, repository: GitHubRepository, login: string): unknown => {
  const { id, owner, name, isPrivate, hasIssues, isArchived, pushers } = repository;
  return {
    id,
    node_id: nodeId('R', id),
    name,
    full_name: `${owner}/${name}`,
    private: isPrivate,
    owner: shownUser(where, owner),
    html_url: `${site}/${owner}/${name}`,
    description: null,
    url: repositoryUrl(where, repository),
    default_branch: 'main',
    has_issues: hasIssues,
    archived: isArchived,
    disabled: false,
    visibility: isPrivate ? 'private' : 'public',
    open_issues_count: [...repository.issues.values()].filter(
      ({ state, isDeleted }) => state === 'open' && !isDeleted,
    ).length,
    permissions: { admin: false, maintain: false, push: pushers.has(login), triage: false, pull: true },
  };
};

/** An issue; `closed_by` is in the answer of one issue, not in lists. */
export function shownIssue(
  where: Where,
  repository: GitHubRepository,
  issue: GitHubIssue,
  inList: boolean,
): Record<string, unknown> {
  const api = repositoryUrl(where, repository);
  const url = `${api}/issues/${issue.number}`;
  const html = `${site}/${repository.owner}/${repository.name}/${issue.isPullRequest ? 'pull' : 'issues'}/${issue.number}`;
  const assignees = issue.assignees.map((login) => shownUser(where, login));
  const labels = issue.labels.flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label === undefined ? [] : [shownLabel(where, repository, label)];
  });
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    url,
    repository_url: api,
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    html_url: html,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: shownUser(where, issue.login),
    labels,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: null,
    locked: issue.isLocked,
    active_lock_reason: null,
    comments: issue.comments.length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    author_association: repository.pushers.has(issue.login) ? 'MEMBER' : 'NONE',
    ...(issue.isPullRequest
      ? { pull_request: { url: `${api}/pulls/${issue.number}`, html_url: html, merged_at: null } }
      : {}),
    ...(inList ? {} : { closed_by: issue.closedBy === null ? null : shownUser(where, issue.closedBy) }),
  };
}

export const shownComment = (
  where: Where,
  repository: GitHubRepository,
  issue: GitHubIssue,
  comment: GitHubComment,
): Record<string, unknown> => ({
  id: comment.id,
  node_id: nodeId('IC', comment.id),
  url: `${repositoryUrl(where, repository)}/issues/comments/${comment.id}`,
  issue_url: `${repositoryUrl(where, repository)}/issues/${issue.number}`,
  html_url: `${site}/${repository.owner}/${repository.name}/issues/${issue.number}#issuecomment-${comment.id}`,
  body: comment.body,
  user: shownUser(where, comment.login),
  created_at: comment.createdAt,
  updated_at: comment.createdAt,
  author_association: repository.pushers.has(comment.login) ? 'MEMBER' : 'NONE',
});
