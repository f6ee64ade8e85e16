import type { WebCall } from '../webApi.ts';
import type { JiraAccount, JiraIssue, JiraPermission, JiraProject } from './jiraState.ts';
import type { JiraStore } from './jiraStore.ts';

/** An answer of `{errorMessages, errors}`: sentences on the whole, and one for each field. */
export class JiraRefusal extends Error {
  readonly status: number;
  readonly errorMessages: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
  constructor(
    status: number,
    errorMessages: readonly string[],
    errors: Readonly<Record<string, string>> = {},
  ) {
    super([...errorMessages, ...Object.values(errors)].join(' '));
    this.status = status;
    this.errorMessages = errorMessages;
    this.errors = errors;
  }
}

export const badRequest = (message: string): JiraRefusal => new JiraRefusal(400, [message]);

/** 401, whose body is a sentence and no JSON. */
export class Unauthenticated extends Error {}

export interface JiraCall extends WebCall {
  readonly store: JiraStore;
  /** Nobody: without credentials, and with wrong ones too. */
  readonly caller: JiraAccount | undefined;
  /** Base URL that the caller used, for `self`. */
  readonly base: string;
}

export interface JiraAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const may = ({ caller }: JiraCall, project: JiraProject, permission: JiraPermission): boolean =>
  caller !== undefined && project.permissions.get(caller.accountId)?.has(permission) === true;

/** For what needs somebody: writing, and asking who one is. */
export function needCaller({ caller }: JiraCall): JiraAccount {
  if (caller === undefined) throw new Unauthenticated();
  return caller;
}

/** By key or id, in any case; undefined when it is not there or not to be seen, which Jira does not tell apart. */
export function visibleProject(call: JiraCall, keyOrId: string): JiraProject | undefined {
  const project = [...call.store.projects.values()].find(
    ({ key, id }) => id === keyOrId || key.toLowerCase() === keyOrId.toLowerCase(),
  );
  return project !== undefined && may(call, project, 'BROWSE_PROJECTS') ? project : undefined;
}

export function projectOf(call: JiraCall, keyOrId: string): JiraProject {
  const project = visibleProject(call, keyOrId);
  if (project !== undefined) return project;
  const what = /^\d+$/.test(keyOrId) ? 'id' : 'key';
  throw new JiraRefusal(404, [`No project could be found with ${what} '${keyOrId}'.`]);
}

/** By key or id; hidden ones are not there, and for nobody nothing is: a wrong token answers 404 here, not 401. */
export function issueOf(call: JiraCall, keyOrId: string): JiraIssue {
  const issue = [...call.store.issues.values()].find(
    ({ key, id }) => id === keyOrId || key.toLowerCase() === keyOrId.toLowerCase(),
  );
  if (issue === undefined || !may(call, issue.project, 'BROWSE_PROJECTS'))
    throw new JiraRefusal(404, ['Issue does not exist or you do not have permission to see it.']);
  return issue;
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The JSON body; another content type is a 415. */
export function jsonBody({ headers, text }: JiraCall): unknown {
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw new JiraRefusal(415, ['Unsupported Media Type']);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badRequest('There was an error parsing JSON. Check that your request body is valid.');
  }
}

/** The JSON body, which must be an object. */
export function objectBody(call: JiraCall): Readonly<Record<string, unknown>> {
  const body = jsonBody(call);
  if (!isRecord(body))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  return body;
}
