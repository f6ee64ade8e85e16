import type {
  JiraComment,
  JiraIssue,
  JiraIssueType,
  JiraProject,
  JiraRemoteLink,
  JiraStatus,
} from './jiraState.ts';
import type { JiraStore } from './jiraStore.ts';

interface Where {
  readonly store: JiraStore;
  readonly base: string;
}

/** Jira's own way to write a time: ISO 8601 with ms and `+0000`. */
export const jiraTime = (at: number): string => new Date(at).toISOString().replace('Z', '+0000');

const api = ({ base }: Where): string => `${base}/rest/api/3`;

export function shownAccount(where: Where, accountId: string | null): unknown {
  const account = accountId === null ? undefined : where.store.accounts.get(accountId);
  return account === undefined
    ? null
    : {
        self: `${api(where)}/user?accountId=${encodeURIComponent(account.accountId)}`,
        accountId: account.accountId,
        accountType: 'atlassian',
        emailAddress: account.email,
        displayName: account.displayName,
        active: true,
        timeZone: 'Europe/Berlin',
      };
}

export const shownIssueType = (where: Where, { id, name, isSubtask }: JiraIssueType): unknown => ({
  self: `${api(where)}/issuetype/${id}`,
  id,
  name,
  untranslatedName: name,
  description: '',
  subtask: isSubtask,
  hierarchyLevel: isSubtask ? -1 : 0,
});

const categories = {
  new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
};

export const shownStatus = (where: Where, { id, name, category }: JiraStatus): unknown => ({
  self: `${api(where)}/status/${id}`,
  id,
  name,
  description: '',
  statusCategory: {
    self: `${api(where)}/statuscategory/${categories[category].id}`,
    ...categories[category],
  },
});

export const shownProject = (where: Where, { id, key, name }: JiraProject): Record<string, unknown> => ({
  self: `${api(where)}/project/${id}`,
  id,
  key,
  name,
  projectTypeKey: 'software',
  simplified: false,
});

export const shownComment = (where: Where, issue: JiraIssue, comment: JiraComment): unknown => ({
  self: `${api(where)}/issue/${issue.id}/comment/${comment.id}`,
  id: comment.id,
  author: shownAccount(where, comment.author),
  updateAuthor: shownAccount(where, comment.author),
  body: comment.body,
  created: jiraTime(comment.createdAt),
  updated: jiraTime(comment.createdAt),
  jsdPublic: true,
});

export const shownRemoteLink = (where: Where, issue: JiraIssue, link: JiraRemoteLink): unknown => ({
  id: link.id,
  self: `${api(where)}/issue/${issue.key}/remotelink/${link.id}`,
  ...(link.globalId === undefined ? {} : { globalId: link.globalId }),
  application: link.application ?? {},
  ...(link.relationship === undefined ? {} : { relationship: link.relationship }),
  object: link.object,
});

/** An issue with the fields asked for: names, `*all`, `*navigable`, and `-name` to leave one out. */
export function shownIssue(
  where: Where,
  issue: JiraIssue,
  asked: readonly string[],
): Record<string, unknown> {
  const all: Record<string, unknown> = {
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    status: shownStatus(where, issue.status),
    issuetype: shownIssueType(where, issue.issueType),
    project: shownProject(where, issue.project),
    priority: { name: issue.priority },
    assignee: shownAccount(where, issue.assignee),
    reporter: shownAccount(where, issue.reporter),
    creator: shownAccount(where, issue.reporter),
    resolution: issue.status.category === 'done' ? { name: 'Done' } : null,
    created: jiraTime(issue.createdAt),
    updated: jiraTime(issue.updatedAt),
  };
  const every = asked.includes('*all') || asked.includes('*navigable');
  const fields = Object.entries(all).filter(
    ([name]) => (every || asked.includes(name)) && !asked.includes(`-${name}`),
  );
  return {
    expand: 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations',
    id: issue.id,
    self: `${api(where)}/issue/${issue.id}`,
    key: issue.key,
    fields: Object.fromEntries(fields) as unknown,
  };
}
