import * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import { good } from '../tickets/ticketSystem.ts';
import { keyOfMark, markProperty } from './findIssue.ts';
import type { JiraApi } from './jiraApi.ts';

const pageSize = 100;
const mostPages = 50;

const listSchema = v.object({
  total: v.optional(v.number()),
  comments: v.array(v.object({ id: v.string() })),
});
const detailSchema = v.object({
  values: v.array(
    v.object({
      id: v.string(),
      properties: v.optional(v.array(v.object({ key: v.string(), value: v.unknown() })), []),
    }),
  ),
});

/**
 * The id of the issue's comment that carries the key. A list of comments does not tell their properties, a list by ids
 * does: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-comments/
 */
export async function findComment(
  api: JiraApi,
  issue: string,
  key: string,
): Promise<ApiResult<string | undefined>> {
  const what = 'look for the comment';
  for (let page = 0; page < mostPages; page++) {
    const listed = await api.read(
      {
        method: 'GET',
        path: `/issue/${issue}/comment?orderBy=-created&startAt=${page * pageSize}&maxResults=${pageSize}`,
        what,
        addressed: issue,
      },
      listSchema,
    );
    if (!listed.ok) return listed;
    const ids = listed.value.comments.map(({ id }) => Number(id));
    if (ids.length === 0) return good(undefined);
    const detailed = await api.read(
      { method: 'POST', path: '/comment/list?expand=properties', what, addressed: issue, body: { ids } },
      detailSchema,
    );
    if (!detailed.ok) return detailed;
    const ours = detailed.value.values.find(({ properties }) =>
      properties.some((one) => one.key === markProperty && keyOfMark(one.value) === key),
    );
    if (ours) return good(ours.id);
    if ((page + 1) * pageSize >= (listed.value.total ?? Infinity)) return good(undefined);
  }
  return {
    ok: false,
    failure: {
      code: 'failed',
      message: `${issue} has too many comments to look for ours among them, so nothing was sent. Look there, and mark it as done by hand.`,
      retry: 'person',
    },
  };
}
