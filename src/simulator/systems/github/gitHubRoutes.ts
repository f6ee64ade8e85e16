import { createComment, listComments } from './comments.ts';
import type { GitHubAnswer, GitHubCall } from './gitHubCall.ts';
import { repositoryOf } from './gitHubCall.ts';
import { createIssue, getIssue, listIssues, updateIssue } from './issues.ts';
import {
  addIssueLabels,
  createLabel,
  getLabels,
  listIssueLabels,
  removeIssueLabel,
  removeIssueLabels,
} from './labels.ts';
import { searchIssues } from './searchIssues.ts';
import { shownRepository, shownUser } from './shownObjects.ts';

export interface GitHubRoute {
  readonly method: string;
  readonly path: RegExp;
  /** Page and anchor under https://docs.github.com/rest/ that refusals point to. */
  readonly documentation: string;
  /** Gets what the path's groups matched, decoded. */
  readonly run: (call: GitHubCall, parts: readonly string[]) => GitHubAnswer;
}

function getUser(call: GitHubCall): GitHubAnswer {
  const user = shownUser(call, call.caller.login) as Record<string, unknown>;
  return {
    status: 200,
    body: { ...user, name: call.store.users.get(call.caller.login)?.name ?? null, email: null },
  };
}

const getRepository: GitHubRoute['run'] = (call, [owner = '', name = '']) => ({
  status: 200,
  body: shownRepository(call, repositoryOf(call, owner, name), call.caller.login),
});

const repo = '/repos/([^/]+)/([^/]+)';
const issue = `${repo}/issues/(\\d+)`;
const route = (
  method: string,
  path: string,
  documentation: string,
  run: GitHubRoute['run'],
): GitHubRoute => ({ method, path: new RegExp(`^${path}$`), documentation, run });

/** Each simulated operation. */
export const gitHubRoutes: readonly GitHubRoute[] = [
  route('GET', '/user', 'users/users#get-the-authenticated-user', getUser),
  route('GET', repo, 'repos/repos#get-a-repository', getRepository),
  route('GET', `${repo}/issues`, 'issues/issues#list-repository-issues', listIssues),
  route('POST', `${repo}/issues`, 'issues/issues#create-an-issue', createIssue),
  route('GET', issue, 'issues/issues#get-an-issue', getIssue),
  route('PATCH', issue, 'issues/issues#update-an-issue', updateIssue),
  route('GET', `${issue}/comments`, 'issues/comments#list-issue-comments', listComments),
  route('POST', `${issue}/comments`, 'issues/comments#create-an-issue-comment', createComment),
  route('GET', `${issue}/labels`, 'issues/labels#list-labels-for-an-issue', listIssueLabels),
  route('POST', `${issue}/labels`, 'issues/labels#add-labels-to-an-issue', addIssueLabels),
  route('DELETE', `${issue}/labels`, 'issues/labels#remove-all-labels-from-an-issue', removeIssueLabels),
  route('DELETE', `${issue}/labels/([^/]+)`, 'issues/labels#remove-a-label-from-an-issue', removeIssueLabel),
  route('GET', `${repo}/labels`, 'issues/labels#list-labels-for-a-repository', getLabels),
  route('GET', `${repo}/labels/([^/]+)`, 'issues/labels#get-a-label', getLabels),
  route('POST', `${repo}/labels`, 'issues/labels#create-a-label', createLabel),
  route('GET', '/search/issues', 'search/search#search-issues-and-pull-requests', searchIssues),
];
