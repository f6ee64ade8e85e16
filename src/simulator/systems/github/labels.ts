import type { GitHubAnswer, GitHubCall } from './gitHubCall.ts';
import {
  fieldsOf,
  GitHubRefusal,
  invalidRequest,
  issueOf,
  namesField,
  needIssues,
  notFound,
  parse,
  repositoryOf,
  textField,
  validationFailed,
} from './gitHubCall.ts';
import type { GitHubIssue, GitHubRepository } from './gitHubState.ts';
import { pageOf } from './paging.ts';
import { shownLabel } from './shownObjects.ts';

const labelsOf = (call: GitHubCall, repository: GitHubRepository, issue: GitHubIssue): readonly unknown[] =>
  issue.labels.flatMap((name) => {
    const label = repository.labels.get(name.toLowerCase());
    return label === undefined ? [] : [shownLabel(call, repository, label)];
  });

function needPush({ caller }: GitHubCall, repository: GitHubRepository): void {
  if (!repository.pushers.has(caller.login)) throw notFound();
}

/** GET …/issues/N/labels. https://docs.github.com/rest/issues/labels */
export function listIssueLabels(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'read');
  const page = pageOf(
    labelsOf(call, repository, issueOf(repository, number)),
    call,
    `/repositories/${repository.id}/issues/${number}/labels`,
  );
  return { status: 200, headers: page.headers, body: page.items };
}

/** POST …/issues/N/labels: adds; `{labels: […]}` or the list alone; gives all that the issue has then. */
export function addIssueLabels(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  needPush(call, repository);
  const issue = issueOf(repository, number);
  const given = parse(call.text);
  const labels = namesField(Array.isArray(given) ? { labels: given } : fieldsOf(call), 'labels') ?? [];
  const added = labels.map((label) => call.store.ensureLabel(repository, label).name);
  issue.labels = [...new Set([...issue.labels, ...added])];
  call.store.changed(repository, issue);
  return { status: 200, body: labelsOf(call, repository, issue) };
}

/** DELETE …/issues/N/labels/NAME: gives what is left; 404 for a label that the issue does not have. */
export function removeIssueLabel(
  call: GitHubCall,
  [owner = '', name = '', number = '', label = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  needPush(call, repository);
  const issue = issueOf(repository, number);
  const left = issue.labels.filter((each) => each.toLowerCase() !== label.toLowerCase());
  if (left.length === issue.labels.length) throw new GitHubRefusal(404, 'Label does not exist');
  issue.labels = left;
  call.store.changed(repository, issue);
  return { status: 200, body: labelsOf(call, repository, issue) };
}

/** DELETE …/issues/N/labels: all of them. */
export function removeIssueLabels(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  needPush(call, repository);
  const issue = issueOf(repository, number);
  issue.labels = [];
  call.store.changed(repository, issue);
  return { status: 204 };
}

/** GET …/labels and …/labels/NAME of a repository. */
export function getLabels(call: GitHubCall, [owner = '', name = '', label]: readonly string[]): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'read');
  if (label !== undefined) {
    const found = repository.labels.get(label.toLowerCase());
    if (found === undefined) throw notFound();
    return { status: 200, body: shownLabel(call, repository, found) };
  }
  const all = [...repository.labels.values()].map((each) => shownLabel(call, repository, each));
  const page = pageOf(all, call, `/repositories/${repository.id}/labels`);
  return { status: 200, headers: page.headers, body: page.items };
}

/** POST …/labels: a name that is there in any case is `already_exists`; the colour has no #. */
export function createLabel(call: GitHubCall, [owner = '', name = '']: readonly string[]): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  needPush(call, repository);
  const fields = fieldsOf(call);
  const label = textField(fields, 'name');
  if (label === undefined) throw invalidRequest('"name" wasn\'t supplied.');
  const color = textField(fields, 'color') ?? 'ededed';
  const description = fields['description'] === null ? null : (textField(fields, 'description') ?? null);
  if (label.trim() === '')
    throw validationFailed({ resource: 'Label', code: 'missing_field', field: 'name' });
  if (repository.labels.has(label.toLowerCase()))
    throw validationFailed({ resource: 'Label', code: 'already_exists', field: 'name' });
  if (!/^[0-9a-f]{6}$/i.test(color))
    throw validationFailed({ resource: 'Label', code: 'invalid', field: 'color' });
  const long = (field: string, most: number) =>
    validationFailed({
      resource: 'Label',
      code: 'custom',
      field,
      message: `${field} is too long (maximum is ${most} characters)`,
    });
  if (label.length > 50) throw long('name', 50);
  if ((description ?? '').length > 100) throw long('description', 100);
  const made = { id: call.store.nextId(), name: label, color: color.toLowerCase(), description };
  repository.labels.set(label.toLowerCase(), made);
  return { status: 201, body: shownLabel(call, repository, made) };
}
