import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import type { TicketMark } from '../tickets/ticketSystem.ts';
import { good } from '../tickets/ticketSystem.ts';
import type { JiraApi, JiraCall } from './jiraApi.ts';

/** The property of ours on issues and comments; people do not see it. */
export const markProperty = 'incident-response';

/** Pages of a hundred: what lies further back is not looked at. */
const mostPages = 30;
/** Issues asked for by key in one call, half of them before the newest known key, half after it. */
const askedByKey = 100;

const issueSchema = v.object({
  key: v.string(),
  fields: v.optional(v.object({ created: v.optional(v.string()) })),
  properties: v.optional(v.record(v.string(), v.unknown()), {}),
});
const searchSchema = v.object({
  issues: v.optional(v.array(issueSchema), []),
  nextPageToken: v.nullish(v.string()),
});
const bulkSchema = v.object({
  issues: v.optional(v.array(issueSchema), []),
  issueErrors: v.optional(v.array(v.unknown()), []),
});

type Issue = v.InferOutput<typeof issueSchema>;

const call = (path: string, addressed: string, body: unknown): JiraCall => ({
  method: 'POST',
  path,
  what: 'look for the issue',
  addressed,
  body,
});

/**
 * The key of the project's issue that carries the mark. Search lags behind, by seconds or minutes, and a property can be
 * searched for only where an app declares it; `reconcileIssues` wants ids, which nobody knows of an issue whose answer
 * was lost (https://developer.atlassian.com/cloud/jira/platform/search-and-reconcile/). So the newest issues are listed
 * with their property, and those that the index may not have yet are fetched by key: a project counts its issues, and a
 * fetch by key reads what is there.
 */
export async function findIssue(
  api: JiraApi,
  project: string,
  mark: TicketMark,
): Promise<ApiResult<string | undefined>> {
  const isOurs = (issue: Issue): boolean => keyOfMark(issue.properties[markProperty]) === mark.key;
  let newest = { project, number: 0 };
  let nextPageToken: string | undefined;
  for (let page = 0; ; page++) {
    if (page === mostPages) return tooMany;
    const found = await api.read(
      call('/search/jql', project, {
        jql: `project = "${project}" ORDER BY created DESC`,
        fields: ['created'],
        properties: [markProperty],
        maxResults: 100,
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
      }),
      searchSchema,
    );
    if (!found.ok) return found;
    const { issues } = found.value;
    const ours = issues.find(isOurs);
    if (ours) return good(ours.key);
    for (const { key } of issues) {
      const named = splitKey(key);
      if (named && named.number > newest.number) newest = named;
    }
    nextPageToken = found.value.nextPageToken ?? undefined;
    const oldest = Date.parse(issues.at(-1)?.fields?.created ?? '');
    if (nextPageToken === undefined || oldest < Date.parse(mark.notBefore)) break;
  }
  return findByKey(api, newest, isOurs);
}

/** Looks around the newest key that the search knows, and on as long as there are issues behind it. */
async function findByKey(
  api: JiraApi,
  { project, number }: { readonly project: string; readonly number: number },
  isOurs: (issue: Issue) => boolean,
): Promise<ApiResult<string | undefined>> {
  for (let known = number, calls = 0; calls < mostPages; calls++) {
    const first = Math.max(1, known - askedByKey / 2 + 1);
    const keys = Array.from({ length: askedByKey }, (_, index) => `${project}-${first + index}`);
    const fetched = await api.read(
      call('/issue/bulkfetch', project, {
        issueIdsOrKeys: keys,
        fields: ['created'],
        properties: [markProperty],
      }),
      bulkSchema,
    );
    if (!fetched.ok) return fetched;
    const { issues, issueErrors } = fetched.value;
    const ours = issues.find(isOurs);
    if (ours) return good(ours.key);
    // Only what Jira could not read right now stands there; what does not exist is left out.
    if (issueErrors.length > 0) return unreadable;
    const numbers = issues
      .map(({ key }) => splitKey(key))
      .filter((one) => one?.project === project)
      .map((one) => one?.number ?? 0);
    const last = Math.max(known, ...numbers);
    if (last === known) return good(undefined);
    known = last;
  }
  return tooMany;
}

function splitKey(key: string): { readonly project: string; readonly number: number } | undefined {
  const [, project, number] = /^(.+)-(\d+)$/.exec(key) ?? [];
  return project === undefined ? undefined : { project, number: Number(number) };
}

/** The delivery's key in the value of our property. */
export const keyOfMark = (value: unknown): string | undefined => {
  const key = (value as { readonly delivery?: unknown } | null | undefined)?.delivery;
  return typeof key === 'string' ? key : undefined;
};

export const markWith = (key: string): { readonly key: string; readonly value: object } => ({
  key: markProperty,
  value: { delivery: key },
});

const tooMany: ApiResult<never> = {
  ok: false,
  failure: {
    code: 'failed',
    message:
      'Jira lists too many new issues to look for ours among them, so nothing was sent. Look there, and mark it as done by hand.',
    retry: 'person',
  },
};

const unreadable: ApiResult<never> = {
  ok: false,
  failure: {
    code: 'failed',
    message:
      'Jira could not show all of its newest issues, so it is not known whether the earlier attempt got through. Nothing was sent; it is looked for again by itself.',
    retry: 'automatic',
  },
};
