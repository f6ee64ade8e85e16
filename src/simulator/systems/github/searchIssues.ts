import type { GitHubAnswer, GitHubCall } from './gitHubCall.ts';
import { canSee, GitHubRefusal, validationFailed } from './gitHubCall.ts';
import { pageOf } from './paging.ts';
import { readQuery } from './searchQuery.ts';
import { shownIssue } from './shownObjects.ts';

/** Results of one search that can be paged through. */
const mostResults = 1000;

/**
 * GET /search/issues: what the index knows, which may lag behind; an empty answer does not prove that nothing is
 * there. `incomplete_results` says that the search gave up early. 30 searches a minute, apart from the other limit.
 * https://docs.github.com/rest/search/search#search-issues-and-pull-requests
 */
export function searchIssues(call: GitHubCall): GitHubAnswer {
  const { store, query } = call;
  const text = query.get('q');
  if (text === null || text.trim() === '')
    throw validationFailed({ resource: 'Search', field: 'q', code: 'missing' });
  const { repositories, test } = readQuery(text);
  const named = repositories.map((full) => full.toLowerCase());
  const visible = [...store.repositories]
    .filter(([full, repository]) => (named.length === 0 || named.includes(full)) && canSee(call, repository))
    .map(([, repository]) => repository);
  if (visible.length === 0)
    throw validationFailed({
      resource: 'Search',
      field: 'q',
      code: 'invalid',
      message:
        'The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.',
    });
  const found = store.searchTimesOut
    ? []
    : store.index.entries().filter((entry) => visible.includes(entry.repository) && test(entry));
  const sort = query.get('sort');
  const sign = query.get('order') === 'asc' ? 1 : -1;
  const sorted = found.toSorted(({ issue: a }, { issue: b }) => {
    if (sort === 'updated') return sign * a.updatedAt.localeCompare(b.updatedAt);
    return sort === 'created' ? sign * (a.id - b.id) : b.id - a.id;
  });
  const page = pageOf(sorted, call, '/search/issues', mostResults);
  if ((Number(query.get('page') ?? 1) - 1) * Number(query.get('per_page') ?? 30) >= mostResults)
    throw new GitHubRefusal(422, 'Only the first 1000 search results are available');
  return {
    status: 200,
    headers: page.headers,
    body: {
      total_count: found.length,
      incomplete_results: store.searchTimesOut,
      items: page.items.map(({ repository, issue }) => ({
        ...shownIssue(call, repository, issue, true),
        score: 1,
      })),
    },
  };
}
