import {
  addComment,
  listComments,
  listRemoteLinks,
  listTransitions,
  putRemoteLink,
  transitionIssue,
} from './issueActs.ts';
import { getProperty, setProperty } from './issueProperties.ts';
import { createIssue, getIssue, getIssueTypes, getProject, updateIssue } from './issues.ts';
import { bulkFetchIssues, listCommentsByIds } from './bulkReads.ts';
import type { JiraAnswer, JiraCall } from './jiraCall.ts';
import { needCaller } from './jiraCall.ts';
import { getMyPermissions } from './myPermissions.ts';
import { removedSearch, searchByBody, searchByQuery } from './searchIssues.ts';
import { shownAccount } from './shownJira.ts';

export interface JiraRoute {
  readonly method: string;
  /** Behind /rest/api/3. */
  readonly path: RegExp;
  /** Gets what the path's groups matched, decoded. */
  readonly run: (call: JiraCall, parts: readonly string[]) => JiraAnswer;
}

/** GET …/myself: the one look that a wrong token does not survive, so the one to test a connection with. */
const getMyself: JiraRoute['run'] = (call) => ({
  status: 200,
  body: shownAccount(call, needCaller(call).accountId),
});

/** GET …/serverInfo: the site's own address, whatever it was asked by. */
const getServerInfo: JiraRoute['run'] = ({ base, store }) => ({
  status: 200,
  body: {
    baseUrl: base.replace(`/ex/jira/${store.cloudId}`, ''),
    version: '1001.0.0-SNAPSHOT',
    versionNumbers: [1001, 0, 0],
    deploymentType: 'Cloud',
    serverTitle: 'Jira',
  },
});

const issue = '/issue/([^/]+)';
const route = (method: string, path: string, run: JiraRoute['run']): JiraRoute => ({
  method,
  path: new RegExp(`^${path}$`),
  run,
});

/** Each simulated operation. */
export const jiraRoutes: readonly JiraRoute[] = [
  route('GET', '/myself', getMyself),
  route('GET', '/mypermissions', getMyPermissions),
  route('GET', '/serverInfo', getServerInfo),
  route('GET', '/project/([^/]+)', getProject),
  route('GET', '/issue/createmeta/([^/]+)/issuetypes', getIssueTypes),
  route('POST', '/issue', createIssue),
  route('POST', '/issue/bulkfetch', bulkFetchIssues),
  route('GET', issue, getIssue),
  route('PUT', issue, updateIssue),
  route('GET', `${issue}/transitions`, listTransitions),
  route('POST', `${issue}/transitions`, transitionIssue),
  route('GET', `${issue}/comment`, listComments),
  route('POST', `${issue}/comment`, addComment),
  route('POST', '/comment/list', listCommentsByIds),
  route('GET', `${issue}/remotelink`, listRemoteLinks),
  route('POST', `${issue}/remotelink`, putRemoteLink),
  route('GET', `${issue}/properties/([^/]+)`, getProperty),
  route('PUT', `${issue}/properties/([^/]+)`, setProperty),
  route('POST', '/search/jql', searchByBody),
  route('GET', '/search/jql', searchByQuery),
  route('GET', '/search', removedSearch),
  route('POST', '/search', removedSearch),
];
