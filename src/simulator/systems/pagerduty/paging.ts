import { PagerDutyRefusal, invalidInput } from './pagerDutyRefusal.ts';

const most = 100;
const farthest = 10_000;

/** Classic pagination: `{KEY: […], limit, offset, more, total}`, 25 a page. `total` is null unless asked for. */
export function pagedBody<T>(
  key: string,
  list: readonly T[],
  query: URLSearchParams,
  render: (one: T) => unknown,
): Record<string, unknown> {
  const read = (name: string, absent: number): number => {
    const text = query.get(name);
    if (text === null) return absent;
    if (!/^\d+$/.test(text)) throw invalidInput(`${name} must be a number`);
    return Number(text);
  };
  const limit = read('limit', 25);
  const offset = read('offset', 0);
  if (limit < 1 || limit > most) throw invalidInput(`Limit must be between 1 and ${most}`);
  if (limit + offset > farthest)
    throw invalidInput(`Offset + limit exceeds maximum allowed value of ${farthest}`);
  return {
    [key]: list.slice(offset, offset + limit).map(render),
    limit,
    offset,
    more: offset + limit < list.length,
    total: query.get('total') === 'true' ? list.length : null,
  };
}

/** A time of the query as ms since 1970; undefined when it is not there. Throws 2004. */
export function readTime(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = Date.parse(text);
  if (!Number.isNaN(at)) return at;
  throw new PagerDutyRefusal(400, 2004, "Invalid time values in 'since' and/or 'until' parameters");
}

/** `NAME[]`, given as often as there are values; undefined when it is not there. */
export function readList(query: URLSearchParams, name: string): readonly string[] | undefined {
  const values = query.getAll(`${name}[]`);
  return values.length === 0 ? undefined : values;
}
