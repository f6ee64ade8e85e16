import type * as v from 'valibot';
import type { ApiResult } from '../askJson.ts';
import { readAnswer } from '../askJson.ts';
import { good } from '../tickets/ticketSystem.ts';
import type { GitHubApi, GitHubCall } from './githubApi.ts';

const pageSize = 100;
/** What lies further back is not looked at. */
const mostPages = 50;

/**
 * Goes through a list's pages until `done` says so or there are no more:
 * https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api. Fails when it is too long to be sure.
 */
export async function eachPage<T>(
  api: GitHubApi,
  call: Omit<GitHubCall, 'method'>,
  schema: v.GenericSchema<unknown, readonly T[]>,
  done: (items: readonly T[]) => boolean,
): Promise<ApiResult<undefined>> {
  for (let page = 1; page <= mostPages; page++) {
    const path = `${call.path}${call.path.includes('?') ? '&' : '?'}per_page=${pageSize}&page=${page}`;
    const answer = await api.ask({ ...call, method: 'GET', path });
    if (!answer.ok) return answer;
    const { headers, body } = answer.value;
    const items = readAnswer({ system: 'GitHub', what: call.what }, schema, body);
    if (!items.ok) return items;
    const link = headers.get('link');
    const isLast = link === null ? items.value.length < pageSize : !link.includes('rel="next"');
    if (done(items.value) || isLast) return good(undefined);
  }
  return {
    ok: false,
    failure: {
      code: 'failed',
      message: `GitHub lists too much to ${call.what} among it, so nothing was sent. Look there, and mark it as done by hand.`,
      retry: 'person',
    },
  };
}
