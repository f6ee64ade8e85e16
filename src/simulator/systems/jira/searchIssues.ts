import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { badRequest, JiraRefusal, may, objectBody, visibleProject } from './jiraCall.ts';
import type { JiraIssue } from './jiraState.ts';
import { shownProperties } from './issueProperties.ts';
import { readJql } from './jql.ts';
import { shownIssue } from './shownJira.ts';

/** GET and POST …/search: gone for good. */
export function removedSearch(): JiraAnswer {
  throw new JiraRefusal(410, [
    'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
  ]);
}

interface Search {
  readonly jql: unknown;
  readonly fields: readonly string[] | undefined;
  readonly maxResults: unknown;
  readonly nextPageToken: unknown;
  readonly reconcileIssues: unknown;
  readonly properties: readonly string[];
}

/** POST …/search/jql */
export function searchByBody(call: JiraCall): JiraAnswer {
  const body = objectBody(call);
  const known = [
    ...['jql', 'fields', 'maxResults', 'nextPageToken', 'reconcileIssues', 'expand', 'properties'],
    'fieldsByKeys',
  ];
  if (Object.keys(body).some((name) => !known.includes(name)))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  const { jql, fields, maxResults, nextPageToken, reconcileIssues, properties = [] } = body;
  if ((fields !== undefined && !Array.isArray(fields)) || !Array.isArray(properties))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  return search(call, {
    jql,
    fields: (fields as readonly unknown[] | undefined)?.map(String),
    maxResults,
    nextPageToken,
    reconcileIssues,
    properties: properties.map(String),
  });
}

/** GET …/search/jql */
export function searchByQuery(call: JiraCall): JiraAnswer {
  const { query } = call;
  const list = (name: string): readonly string[] =>
    query
      .getAll(name)
      .flatMap((value) => value.split(','))
      .filter((value) => value !== '');
  const maxResults = query.get('maxResults');
  return search(call, {
    jql: query.get('jql') ?? undefined,
    fields: query.has('fields') ? list('fields') : undefined,
    maxResults: maxResults === null ? undefined : Number(maxResults),
    nextPageToken: query.get('nextPageToken') ?? undefined,
    reconcileIssues: query.has('reconcileIssues') ? list('reconcileIssues').map(Number) : undefined,
    properties: list('properties'),
  });
}

/**
 * The search of today: a query with a restriction; ids alone unless `fields` are named; pages by an opaque
 * `nextPageToken` until `isLast`, without a total. The index may lag behind: what is in `reconcileIssues` (up to 50
 * ids) is looked at as it is. For nobody, and so for a wrong token, a project does not exist (400).
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/
 */
function search(
  call: JiraCall,
  { jql, fields, maxResults, nextPageToken, reconcileIssues, properties }: Search,
): JiraAnswer {
  const { store } = call;
  if (jql !== undefined && typeof jql !== 'string') throw badRequest('The JQL must be a string.');
  const { test, compare } = readJql(jql ?? '', {
    project: (name) => visibleProject(call, name),
    now: store.now(),
  });
  if (test === undefined)
    throw badRequest(
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    );
  const size = pageSize(call, maxResults, fields);
  const found = currentEntries(call, reconcileIssues)
    .filter((issue) => may(call, issue.project, 'BROWSE_PROJECTS') && test(issue))
    .sort(compare);
  const from = startOf(nextPageToken);
  const page = found.slice(from, from + size);
  const isLast = from + size >= found.length;
  return {
    status: 200,
    body: {
      issues: page.map((issue) =>
        fields === undefined
          ? { id: issue.id }
          : {
              ...shownIssue(call, issue, fields),
              ...(properties.length === 0
                ? {}
                : { properties: shownProperties(issue.properties, properties) }),
            },
      ),
      isLast,
      ...(isLast ? {} : { nextPageToken: tokenOf(from + size) }),
    },
  };
}

function pageSize({ store }: JiraCall, asked: unknown, fields: readonly string[] | undefined): number {
  const most = fields === undefined ? 5000 : store.mostPerPage;
  if (asked === undefined || asked === null) return Math.min(50, most);
  if (typeof asked !== 'number' || !Number.isInteger(asked) || asked < 1 || asked > 5000)
    throw badRequest("The value for 'maxResults' must be between 1 and 5000.");
  return Math.min(asked, most);
}

function currentEntries({ store }: JiraCall, reconcile: unknown): JiraIssue[] {
  const entries = new Map(store.index.entries().map((issue) => [issue.id, issue]));
  if (reconcile === undefined || reconcile === null) return [...entries.values()];
  if (!Array.isArray(reconcile) || reconcile.some((id) => !Number.isInteger(id)))
    throw badRequest('Invalid request payload. Refer to the REST API documentation and try again.');
  if (reconcile.length > 50) throw badRequest('No more than 50 issues can be reconciled.');
  for (const id of reconcile.map(String)) {
    const issue = store.issues.get(id);
    if (issue === undefined) entries.delete(id);
    else entries.set(id, issue);
  }
  return [...entries.values()];
}

const tokenOf = (from: number): string => Buffer.from(`from:${from}`).toString('base64url');

function startOf(token: unknown): number {
  if (token === undefined || token === null) return 0;
  const from = /^from:(\d+)$/.exec(Buffer.from(String(token), 'base64url').toString('utf8'))?.[1];
  if (from === undefined) throw badRequest('The provided next page token is invalid.');
  return Number(from);
}
