import type { GitHubCall } from './gitHubCall.ts';

/**
 * One page of a list with its Link header: `per_page` 30 unless told otherwise and never above 100. A client follows
 * the links as they are: those of a repository go by its id. https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api
 */
export function pageOf<Item>(
  items: readonly Item[],
  { query, base }: GitHubCall,
  path: string,
  most = Infinity,
): { readonly items: readonly Item[]; readonly headers: Readonly<Record<string, string>> } {
  const whole = (name: string, usual: number): number => {
    const value = Number(query.get(name) ?? usual);
    return Number.isInteger(value) && value > 0 ? value : usual;
  };
  const size = Math.min(whole('per_page', 30), 100);
  const page = whole('page', 1);
  const last = Math.max(1, Math.ceil(Math.min(items.length, most) / size));
  const link = (to: number, rel: string): string => {
    const next = new URLSearchParams(query);
    next.set('page', String(to));
    return `<${base}${path}?${next.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    items: items.slice((page - 1) * size, page * size),
    headers: links.length === 0 ? {} : { link: links.join(', ') },
  };
}
