import type { GitHubAnswer, GitHubCall } from './gitHubCall.ts';
import {
  fieldsOf,
  GitHubRefusal,
  invalidRequest,
  issueOf,
  needIssues,
  repositoryOf,
  textField,
  validationFailed,
} from './gitHubCall.ts';
import { checkBody } from './issues.ts';
import { pageOf } from './paging.ts';
import { shownComment } from './shownObjects.ts';

/** GET …/issues/N/comments: oldest first. https://docs.github.com/rest/issues/comments#list-issue-comments */
export function listComments(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'read');
  const issue = issueOf(repository, number);
  const since = call.query.get('since');
  const found = issue.comments.filter(
    ({ createdAt }) => since === null || Date.parse(createdAt) >= Date.parse(since),
  );
  const page = pageOf(found, call, `/repositories/${repository.id}/issues/${number}/comments`);
  return {
    status: 200,
    headers: page.headers,
    body: page.items.map((comment) => shownComment(call, repository, issue, comment)),
  };
}

/** POST …/issues/N/comments: no idempotency key either. https://docs.github.com/rest/issues/comments#create-an-issue-comment */
export function createComment(
  call: GitHubCall,
  [owner = '', name = '', number = '']: readonly string[],
): GitHubAnswer {
  const repository = repositoryOf(call, owner, name);
  needIssues(call, repository, 'write');
  const issue = issueOf(repository, number);
  const body = textField(fieldsOf(call), 'body');
  if (body === undefined) throw invalidRequest('"body" wasn\'t supplied.');
  if (body.trim() === '')
    throw validationFailed({
      resource: 'IssueComment',
      code: 'unprocessable',
      field: 'data',
      message: 'Body cannot be blank',
    });
  checkBody('IssueComment', body);
  if (issue.isLocked && !repository.pushers.has(call.caller.login))
    throw new GitHubRefusal(403, 'Unable to create comment because issue is locked.');
  const comment = call.store.addComment(repository, issue, call.caller.login, body);
  const shown = shownComment(call, repository, issue, comment);
  return { status: 201, body: shown, headers: { location: String(shown['url']) } };
}
