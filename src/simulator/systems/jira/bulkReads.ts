import { shownProperties } from './issueProperties.ts';
import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { badRequest, may, objectBody } from './jiraCall.ts';
import { shownComment, shownIssue } from './shownJira.ts';

const mostIssues = 100;
const mostComments = 1000;

const texts = (given: unknown): readonly string[] => (Array.isArray(given) ? given.map(String) : []);

/**
 * POST …/issue/bulkfetch: up to a hundred issues by id or key as they are now, by ascending id; those that are not there
 * or not to be seen are left out, also of `issueErrors`.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
 */
export function bulkFetchIssues(call: JiraCall): JiraAnswer {
  const { issueIdsOrKeys, fields, properties } = objectBody(call);
  const asked = texts(issueIdsOrKeys).map((one) => one.toUpperCase());
  if (asked.length === 0 || asked.length > mostIssues)
    throw badRequest(`Between 1 and ${mostIssues} issue IDs or keys must be provided.`);
  const names = texts(properties);
  const issues = [...call.store.issues.values()].filter(
    ({ id, key, project }) =>
      (asked.includes(id) || asked.includes(key)) && may(call, project, 'BROWSE_PROJECTS'),
  );
  return {
    status: 200,
    body: {
      expand: 'names,schema',
      issueErrors: [],
      issues: issues.map((issue) => ({
        ...shownIssue(call, issue, Array.isArray(fields) ? texts(fields) : ['*navigable']),
        ...(names.length === 0 ? {} : { properties: shownProperties(issue.properties, names) }),
      })),
    },
  };
}

/**
 * POST …/comment/list: comments by their ids, with their properties where `expand` says so; a list of an issue's comments
 * does not tell them. https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
 */
export function listCommentsByIds(call: JiraCall): JiraAnswer {
  const { ids } = objectBody(call);
  if (!Array.isArray(ids) || ids.some((id) => !Number.isInteger(id)))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  if (ids.length > mostComments) throw badRequest(`No more than ${mostComments} comment IDs are allowed.`);
  const withProperties = (call.query.get('expand') ?? '').split(',').includes('properties');
  const values = [...call.store.issues.values()]
    .filter(({ project }) => may(call, project, 'BROWSE_PROJECTS'))
    .flatMap((issue) =>
      issue.comments
        .filter(({ id }) => ids.includes(Number(id)))
        .map((comment) => ({
          ...(shownComment(call, issue, comment) as object),
          ...(withProperties
            ? { properties: [...comment.properties].map(([key, value]) => ({ key, value })) }
            : {}),
        })),
    );
  return {
    status: 200,
    body: { isLast: true, maxResults: 1_048_576, startAt: 0, total: values.length, values },
  };
}
