import type { PagerDutyIncident } from './incident.ts';
import { PagerDutyRefusal, invalidInput } from './pagerDutyRefusal.ts';
import type { PagerDutyStore } from './pagerDutyStore.ts';
import { readList, readTime } from './paging.ts';

const dayMs = 86_400_000;
const statuses = ['triggered', 'acknowledged', 'resolved'];

/**
 * The incidents that a query of `GET /incidents` asks for, in its order: of the last month unless told otherwise.
 * Throws a PagerDutyRefusal.
 */
export function findIncidents(store: PagerDutyStore, query: URLSearchParams): PagerDutyIncident[] {
  const wanted = readList(query, 'statuses');
  if (query.has('statuses') || wanted?.some((one) => !statuses.includes(one)) === true)
    throw invalidInput('Status must be a list of triggered, acknowledged, or resolved.');
  const services = readList(query, 'service_ids');
  const users = readList(query, 'user_ids');
  const urgencies = readList(query, 'urgencies');
  const key = query.get('incident_key');
  const inRange = rangeOf(store, query);
  return store.incidents
    .filter(
      (one) =>
        inRange(one.createdAt) &&
        (wanted?.includes(one.status) ?? true) &&
        (services?.includes(one.service) ?? true) &&
        (urgencies?.includes(one.urgency) ?? true) &&
        (users === undefined || one.assignees.some(({ user }) => users.includes(user))) &&
        (key === null || one.key === key || one.alerts.some((alert) => alert.key === key)),
    )
    .sort(orderOf(query.get('sort_by')));
}

function rangeOf(store: PagerDutyStore, query: URLSearchParams): (at: number) => boolean {
  if (query.get('date_range') === 'all') return () => true;
  const until = readTime(query, 'until') ?? store.now();
  const since = readTime(query, 'since') ?? until - 30 * dayMs;
  if (since > until || until - since > 184 * dayMs)
    throw new PagerDutyRefusal(400, 2005, 'Invalid Query Date Range');
  return (at) => at >= since && at <= until;
}

const fields = {
  incident_number: ({ number }: PagerDutyIncident) => number,
  created_at: ({ createdAt }: PagerDutyIncident) => createdAt,
  resolved_at: ({ resolvedAt }: PagerDutyIncident) => resolvedAt ?? Infinity,
  urgency: ({ urgency }: PagerDutyIncident) => (urgency === 'high' ? 1 : 0),
} as const;

type Order = (a: PagerDutyIncident, b: PagerDutyIncident) => number;

/** `FIELD:asc` or `FIELD:desc`, two at most. */
function orderOf(text: string | null): Order {
  const parts = (text ?? 'created_at:asc').split(',');
  const orders = parts.map((part): Order => {
    const [name = '', direction = 'asc'] = part.split(':');
    if (!Object.hasOwn(fields, name) || (direction !== 'asc' && direction !== 'desc') || parts.length > 2)
      throw invalidInput('sort_by must be up to two of incident_number, created_at, resolved_at, urgency');
    const field = fields[name as keyof typeof fields];
    const sign = direction === 'asc' ? 1 : -1;
    return (a, b) => {
      const [first, second] = [field(a), field(b)];
      return first === second ? 0 : first < second ? -sign : sign;
    };
  });
  return (a, b) => orders.map((order) => order(a, b)).find((found) => found !== 0) ?? a.number - b.number;
}
