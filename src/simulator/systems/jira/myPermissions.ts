import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { badRequest, JiraRefusal, may, projectOf } from './jiraCall.ts';
import type { JiraPermission } from './jiraState.ts';
import { allPermissions } from './jiraState.ts';

const names: Readonly<Record<JiraPermission, string>> = {
  BROWSE_PROJECTS: 'Browse Projects',
  CREATE_ISSUES: 'Create Issues',
  EDIT_ISSUES: 'Edit Issues',
  ADD_COMMENTS: 'Add Comments',
  TRANSITION_ISSUES: 'Transition Issues',
  LINK_ISSUES: 'Link Issues',
};

/**
 * GET …/mypermissions: which of the named ones the caller has in a project; names are not optional.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-permissions/#api-rest-api-3-mypermissions-get
 */
export function getMyPermissions(call: JiraCall): JiraAnswer {
  const asked = (call.query.get('permissions') ?? '').split(',').filter((key) => key !== '');
  if (asked.length === 0)
    throw badRequest("The 'permissions' query parameter is required. Specify the permissions to check.");
  const unknown = asked.filter((key) => !allPermissions.some((one) => one === key));
  if (unknown.length > 0)
    throw new JiraRefusal(
      400,
      unknown.map((key) => `Unrecognized permission: '${key}'.`),
    );
  const project = projectOf(call, call.query.get('projectKey') ?? '');
  const permissions = allPermissions
    .filter((key) => asked.includes(key))
    .map((key, index) => [
      key,
      {
        id: String(index + 10),
        key,
        name: names[key],
        type: 'PROJECT',
        description: '',
        havePermission: may(call, project, key),
      },
    ]);
  return { status: 200, body: { permissions: Object.fromEntries(permissions) as unknown } };
}
