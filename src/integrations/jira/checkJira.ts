import * as v from 'valibot';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import { answerTimeoutMs, plainResult } from '../askJson.ts';
import type { CheckConnection } from '../connection.ts';
import type { JiraApi } from './jiraApi.ts';
import { createJiraApi } from './jiraApi.ts';

const userSchema = v.object({
  displayName: v.optional(v.string()),
  emailAddress: v.nullish(v.string()),
});
const projectSchema = v.object({
  key: v.string(),
  issueTypes: v.optional(
    v.array(v.object({ id: v.string(), name: v.string(), subtask: v.optional(v.boolean(), false) })),
    [],
  ),
});
const permissionsSchema = v.object({
  permissions: v.record(v.string(), v.object({ name: v.string(), havePermission: v.boolean() })),
});
const needed = ['BROWSE_PROJECTS', 'CREATE_ISSUES', 'ADD_COMMENTS', 'EDIT_ISSUES', 'TRANSITION_ISSUES'];

/**
 * Who a Jira token is with the account's e-mail (`options.email`), and what stands in the way of an issue of
 * `options.issueType` in `options.project`. Jira does not tell until when a token is good.
 */
export const checkJira: CheckConnection = async ({ baseUrl, token, options }, signal) => {
  if (token === undefined) return failed('unauthorized', 'No token for Jira was given.');
  if (!URL.canParse(baseUrl)) return failed('invalid', 'incident.jira.baseUrl is no address.');
  const { email = '', project = '', issueType = '' } = options;
  if (email === '')
    return failed(
      'invalid',
      'No e-mail for Jira: set incident.jira.email to the one of the token’s account.',
    );
  const api = createJiraApi({ fetch, baseUrl, email, token, signal, timeoutMs: answerTimeoutMs });
  const user = await api.read(
    { method: 'GET', path: '/myself', what: 'say who the token is', addressed: 'the user of this token' },
    userSchema,
  );
  if (!user.ok) return plainResult(user);
  const warnings = await lookAtProject(api, project, issueType);
  if (!warnings.ok) return warnings;
  const { displayName, emailAddress } = user.value;
  return ok({
    who: displayName ? `${displayName} (${emailAddress ?? email})` : email,
    warnings: warnings.value,
  });
};

async function lookAtProject(
  api: JiraApi,
  project: string,
  issueType: string,
): Promise<Result<readonly string[]>> {
  if (project === '') return ok(['No project is set yet: incident.jira.project says where issues go.']);
  const key = encodeURIComponent(project);
  const found = await api.read(
    { method: 'GET', path: `/project/${key}`, what: 'look at the project', addressed: project },
    projectSchema,
  );
  if (!found.ok)
    return found.failure.status === 404
      ? ok([
          `${project} is no project that this account sees. Give the account access to it, or set incident.jira.project.`,
        ])
      : plainResult(found);
  const permissions = await api.read(
    {
      method: 'GET',
      path: `/mypermissions?projectKey=${key}&permissions=${needed.join(',')}`,
      what: 'look at the permissions',
      addressed: project,
    },
    permissionsSchema,
  );
  if (!permissions.ok) return plainResult(permissions);
  const missing = Object.values(permissions.value.permissions).filter((one) => !one.havePermission);
  return ok([
    ...typeWarning(found.value, issueType),
    ...missing.map(({ name }) => `The account lacks the permission “${name}” in ${found.value.key}.`),
  ]);
}

function typeWarning(
  { key, issueTypes }: v.InferOutput<typeof projectSchema>,
  wanted: string,
): readonly string[] {
  if (wanted === '') return ['No issue type is set yet: incident.jira.issueType.'];
  const there = issueTypes.filter(({ subtask }) => !subtask);
  if (there.some(({ id, name }) => id === wanted || name.toLowerCase() === wanted.toLowerCase())) return [];
  const names = there.map(({ name }) => name).join(', ');
  return [
    `${key} has no issue type “${wanted}”. There are: ${names}. Set incident.jira.issueType to one of them.`,
  ];
}
