import type { FieldError, GitHubAnswer, GitHubCall } from './gitHubCall.ts';
import {
  fieldsOf,
  GitHubRefusal,
  invalidRequest,
  issueOf,
  namesField,
  needIssues,
  repositoryOf,
  textField,
  validationFailed,
} from './gitHubCall.ts';
import type { GitHubIssue, GitHubRepository } from './gitHubState.ts';
import { pageOf } from './paging.ts';
import { shownIssue } from './shownObjects.ts';

/** Longest title and body of an issue, and body of a comment, in characters. */
const longestTitle = 256;
export const longestBody = 65_536;

const tooLong = (resource: string, field: string, most: number): FieldError => ({
  resource,
  code: 'custom',
  field,
  message: `${field} is too long (maximum is ${most} characters)`,
});

/** Refuses a body above 65,536 characters. */
export function checkBody(resource: string, body: string | undefined | null): void {
  if ((body ?? '').length > longestBody) throw validationFailed(tooLong(resource, 'body', longestBody));
}

function checkTitle(title: string): void {
  if (title.trim() === '')
    throw validationFailed({ resource: 'Issue', code: 'missing_field', field: 'title' });
  if (title.length > longestTitle) throw validationFailed(tooLong('Issue', 'title', longestTitle));
}

function checkAssignees(
  { store }: GitHubCall,
  repository: GitHubRepository,
  logins: readonly string[],
): void {
  const strangers = logins.filter((login) => !store.users.has(login) || !repository.readers.has(login));
  if (strangers.length > 0)
    throw validationFailed(
      ...strangers.map((value): FieldError => ({
        value,
        resource: 'Issue',
        field: 'assignees',
        code: 'invalid',
      })),
    );
}

const nullable = (fields: Readonly<Record<string, unknown>>, name: string): string | null | undefined =>
  fields[name] === null ? null : textField(fields, name);

/**
 * POST …/issues: there is no idempotency key; a first try is found by its body or label. Labels that the repository
 * does not have are created; without push access labels and assignees are dropped without a word.
 * https://docs.github.com/rest/issues/issues#create-an-issue
 */
export function createIssue(call: GitHubCall, [owner = '', name = '']: readonly string[]): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  const fields = fieldsOf(call);
  const title = textField(fields, 'title');
  if (title === undefined) throw invalidRequest('"title" wasn\'t supplied.');
  const body = nullable(fields, 'body');
  const labels = namesField(fields, 'labels') ?? [];
  const assignees = namesField(fields, 'assignees') ?? [];
  checkTitle(title);
  checkBody('Issue', body);
  const pushes = repository.pushers.has(call.caller.login);
  if (pushes) checkAssignees(call, repository, assignees);
  const issue = call.store.addIssue(repository, {
    title,
    body: body ?? null,
    login: call.caller.login,
    labels: pushes ? [...new Set(labels)] : [],
    assignees: pushes ? [...assignees] : [],
  });
  const shown = shownIssue(call, repository, issue, false);
  return { status: 201, body: shown, headers: { location: String(shown['url']) } };
}

/** GET …/issues/N: 404, or 410 once it was deleted. */
export function getIssue(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'read');
  return { status: 200, body: shownIssue(call, repository, issueOf(repository, number), false) };
}

function oneOf<Value extends string>(field: string, value: string, allowed: readonly Value[]): Value {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw validationFailed({ value, resource: 'Issue', field, code: 'invalid' });
  return found;
}

function changeState({ store, caller }: GitHubCall, issue: GitHubIssue, to: 'open' | 'closed'): void {
  if (issue.state === to) return;
  issue.state = to;
  issue.stateReason = to === 'closed' ? 'completed' : 'reopened';
  issue.closedAt = to === 'closed' ? store.time() : null;
  issue.closedBy = to === 'closed' ? caller.login : null;
}

/** PATCH …/issues/N: `labels` and `assignees` replace what was there. */
export function updateIssue(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  const issue = issueOf(repository, number);
  const pushes = repository.pushers.has(call.caller.login);
  if (!pushes && issue.login !== call.caller.login)
    throw new GitHubRefusal(403, 'Must have admin rights to Repository.');
  const fields = fieldsOf(call);
  const title = nullable(fields, 'title');
  const body = nullable(fields, 'body');
  const labels = namesField(fields, 'labels');
  const assignees = namesField(fields, 'assignees');
  const state = textField(fields, 'state');
  const reason = nullable(fields, 'state_reason');
  if (typeof title === 'string') checkTitle(title);
  checkBody('Issue', body);
  if (assignees !== undefined) checkAssignees(call, repository, assignees);
  const to = state === undefined ? undefined : oneOf('state', state, ['open', 'closed'] as const);
  const because =
    typeof reason === 'string'
      ? oneOf('state_reason', reason, ['completed', 'not_planned', 'duplicate', 'reopened'] as const)
      : undefined;
  if (typeof title === 'string') issue.title = title;
  if (body !== undefined) issue.body = body;
  if (to !== undefined) changeState(call, issue, to);
  if (to !== undefined && because !== undefined) issue.stateReason = because;
  if (pushes && labels !== undefined)
    issue.labels = [...new Set(labels)].map((label) => call.store.ensureLabel(repository, label).name);
  if (pushes && assignees !== undefined) issue.assignees = [...assignees];
  call.store.changed(repository, issue);
  return { status: 200, body: shownIssue(call, repository, issue, false) };
}

const sortKeys: Readonly<Record<string, (issue: GitHubIssue) => string | number>> = {
  created: ({ createdAt, number }) => `${createdAt}${String(number).padStart(9, '0')}`,
  updated: ({ updatedAt, number }) => `${updatedAt}${String(number).padStart(9, '0')}`,
  comments: ({ comments }) => comments.length,
};

/**
 * GET …/issues: what was made a moment ago is in it, unlike in the search. Pull requests are in it too, to be told by
 * their `pull_request`. `labels` must all be there; `since` is by the last update, RFC 3339.
 * https://docs.github.com/rest/issues/issues#list-repository-issues
 */
export function listIssues(call: GitHubCall, [owner = '', name = '']: readonly string[]): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'read');
  const { query } = call;
  const state = oneOf('state', query.get('state') ?? 'open', ['open', 'closed', 'all']);
  const sort = oneOf('sort', query.get('sort') ?? 'created', ['created', 'updated', 'comments']);
  const direction = oneOf('direction', query.get('direction') ?? 'desc', ['asc', 'desc']);
  const since = query.get('since');
  if (since !== null && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$/.test(since))
    throw validationFailed({ value: since, resource: 'Issue', field: 'since', code: 'invalid' });
  const labels = (query.get('labels') ?? '').split(',').filter((label) => label !== '');
  const has = (issue: GitHubIssue, label: string): boolean =>
    issue.labels.some((each) => each.toLowerCase() === label.trim().toLowerCase());
  const found = [...repository.issues.values()]
    .filter((issue) => !issue.isDeleted && (state === 'all' || issue.state === state))
    .filter((issue) => labels.every((label) => has(issue, label)))
    .filter(({ login }) => [null, login].includes(query.get('creator')))
    .filter(({ updatedAt }) => since === null || Date.parse(updatedAt) >= Date.parse(since));
  const key = sortKeys[sort] ?? (() => 0);
  const sign = direction === 'asc' ? 1 : -1;
  found.sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const page = pageOf(found, call, `/repositories/${repository.id}/issues`);
  return {
    status: 200,
    headers: page.headers,
    body: page.items.map((issue) => shownIssue(call, repository, issue, true)),
  };
}
