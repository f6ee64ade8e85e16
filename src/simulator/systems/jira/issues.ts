import type { FieldChanges } from './issueFields.ts';
import { checkLabels, readFields } from './issueFields.ts';
import { readProperties, shownProperties } from './issueProperties.ts';
import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import {
  badRequest,
  isRecord,
  issueOf,
  JiraRefusal,
  may,
  needCaller,
  objectBody,
  projectOf,
  visibleProject,
} from './jiraCall.ts';
import type { JiraIssue, JiraIssueType, JiraProject } from './jiraState.ts';
import { shownIssue, shownIssueType, shownProject } from './shownJira.ts';

const refused = (errors: Readonly<Record<string, string>>): JiraRefusal => new JiraRefusal(400, [], errors);

/** GET …/project/KEY: one that the caller may not browse is not found. */
export function getProject(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const project = projectOf(call, key);
  return {
    status: 200,
    body: {
      ...shownProject(call, project),
      issueTypes: project.issueTypes.map((type) => shownIssueType(call, type)),
    },
  };
}

/** GET …/issue/createmeta/KEY/issuetypes: what the caller may create there, in pages of 50. */
export function getIssueTypes(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const { issueTypes } = projectOf(call, key);
  const startAt = Number(call.query.get('startAt') ?? 0);
  const maxResults = Number(call.query.get('maxResults') ?? 50);
  return {
    status: 200,
    body: {
      startAt,
      maxResults,
      total: issueTypes.length,
      issueTypes: issueTypes.slice(startAt, startAt + maxResults).map((type) => shownIssueType(call, type)),
    },
  };
}

function projectToCreateIn(call: JiraCall, given: unknown): JiraProject {
  const [key, id] = isRecord(given) ? [given['key'], given['id']] : [];
  const named = typeof key === 'string' ? key : typeof id === 'string' ? id : '';
  const project = visibleProject(call, named);
  if (project === undefined) throw refused({ project: 'Specify a valid project ID or key' });
  if (!may(call, project, 'CREATE_ISSUES'))
    throw badRequest('You do not have permission to create issues in this project.');
  return project;
}

function issueTypeOf({ issueTypes }: JiraProject, given: unknown): JiraIssueType {
  if (!isRecord(given) || (given['id'] ?? given['name']) === undefined)
    throw refused({ issuetype: 'Specify an issue type' });
  const found = issueTypes.find(({ id, name }) =>
    given['id'] === undefined ? name === given['name'] : id === String(given['id']),
  );
  if (found === undefined) throw refused({ issuetype: 'The issue type selected is invalid.' });
  return found;
}

/**
 * POST …/issue: there is no idempotency key. `properties` are stored with the issue in one step, so a key in one of
 * them, or in a label, finds a first try again. Gives id, key and self.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post
 */
export function createIssue(call: JiraCall): JiraAnswer {
  const { accountId } = needCaller(call);
  const body = objectBody(call);
  const { fields } = body;
  if (!isRecord(fields)) throw badRequest("one of 'fields' or 'update' required");
  const { project: place, issuetype, ...rest } = fields;
  const project = projectToCreateIn(call, place);
  const issueType = issueTypeOf(project, issuetype);
  const given = { summary: undefined, ...rest };
  const { changes, errors } = readFields(call.store, project, given, true);
  const missing = [...project.requiredFields].filter((name) => !(name in rest));
  const all = {
    ...Object.fromEntries(missing.map((name) => [name, `${name} is required.`])),
    ...errors,
  };
  if (Object.keys(all).length > 0) throw refused(all);
  const properties = readProperties(body['properties']);
  const issue = call.store.addIssue(project, {
    summary: '',
    ...changes,
    issueType,
    reporter: accountId,
    properties,
  });
  return {
    status: 201,
    body: { id: issue.id, key: issue.key, self: `${call.base}/rest/api/3/issue/${issue.id}` },
  };
}

/** GET …/issue/KEY: `fields` and `properties` as comma-separated lists; every field when none is named. */
export function getIssue(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  const issue = issueOf(call, key);
  const list = (name: string): readonly string[] =>
    call.query
      .getAll(name)
      .flatMap((value) => value.split(','))
      .filter((value) => value !== '');
  const fields = list('fields');
  const wanted = list('properties');
  return {
    status: 200,
    body: {
      ...shownIssue(call, issue, fields.length === 0 ? ['*all'] : fields),
      ...(wanted.length === 0 ? {} : { properties: shownProperties(issue.properties, wanted) }),
    },
  };
}

/** `update.labels`: a list of `{add}`, `{remove}` or `{set}`. */
function updatedLabels(issue: JiraIssue, operations: unknown): readonly string[] {
  if (!Array.isArray(operations)) throw refused({ labels: 'data was not an array' });
  let labels = issue.labels;
  for (const operation of operations as readonly unknown[]) {
    const [verb, value] = (isRecord(operation) ? Object.entries(operation) : [])[0] ?? [];
    const checked = checkLabels(verb === 'set' ? value : [value]);
    if ('error' in checked) throw refused({ labels: checked.error });
    if (verb === 'add') labels = [...new Set([...labels, ...checked.value])];
    else if (verb === 'remove') labels = labels.filter((label) => label !== value);
    else if (verb === 'set') labels = checked.value;
    else throw refused({ labels: `Operation '${verb ?? ''}' is not supported.` });
  }
  return labels;
}

export function applyChanges(issue: JiraIssue, changes: FieldChanges): void {
  for (const name of ['summary', 'labels', 'priority'] as const) {
    const value = changes[name];
    if (value !== undefined) Object.assign(issue, { [name]: value });
  }
  if (changes.description !== undefined) issue.description = changes.description;
  if (changes.assignee !== undefined) issue.assignee = changes.assignee;
}

/** PUT …/issue/KEY: 204. The status is not a field: transitions change it. Without the right to edit no field is on a screen. */
export function updateIssue(call: JiraCall, [key = '']: readonly string[]): JiraAnswer {
  needCaller(call);
  const issue = issueOf(call, key);
  const { fields = {}, update = {}, properties } = objectBody(call);
  if (!isRecord(fields) || !isRecord(update)) throw badRequest("one of 'fields' or 'update' required");
  const maySet = may(call, issue.project, 'EDIT_ISSUES');
  const twice = Object.keys(update).find((name) => name in fields);
  if (twice !== undefined)
    throw refused({
      [twice]: `Field '${twice}' cannot be modified more than once in the same request.`,
    });
  const { changes, errors } = readFields(call.store, issue.project, fields, maySet);
  const unknown = Object.keys(update).filter(
    (name) => name !== 'labels' || !maySet || !issue.project.screenFields.has(name),
  );
  const all = {
    ...errors,
    ...Object.fromEntries(
      unknown.map((name) => [
        name,
        `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`,
      ]),
    ),
  };
  if (Object.keys(all).length > 0) throw refused(all);
  const labels = 'labels' in update ? updatedLabels(issue, update['labels']) : undefined;
  for (const [name, value] of readProperties(properties)) issue.properties.set(name, value);
  applyChanges(issue, labels === undefined ? changes : { ...changes, labels });
  call.store.changed(issue);
  return { status: 204 };
}
