import type { MetricRead, MetricsRead } from '../judge/reading.ts';
import type { Told } from '../judge/evaluate.ts';
import type { MetricQuery, MetricSet } from './metricQuery.ts';
import { formatValue } from './units.ts';

/** Limits of the settings, by `postgresql.connections`. */
export type Thresholds = Readonly<Record<string, unknown>>;

const per = (expression: string): string => `sum by (instance) (rate(${expression}[5m]))`;
const most = (name: string): string => `max by (instance) (${name})`;

/** As postgres_exporter names its metrics: https://github.com/prometheus-community/postgres_exporter */
const postgresql: readonly MetricQuery[] = [
  { id: 'connections', title: 'Connections of those allowed', unit: 'ratio', query: `sum by (instance) (pg_stat_database_numbackends) / ${most('pg_settings_max_connections')}`, limit: { is: 'over', value: 0.9 } },
  { id: 'longest-transaction', title: 'Longest transaction', unit: 'seconds', query: most('pg_stat_activity_max_tx_duration'), limit: { is: 'over', value: 60 } },
  { id: 'cache-hits', title: 'Reads served from memory', unit: 'ratio', query: `${per('pg_stat_database_blks_hit')} / (${per('pg_stat_database_blks_hit')} + ${per('pg_stat_database_blks_read')})`, limit: { is: 'under', value: 0.9 } },
  { id: 'deadlocks', title: 'Deadlocks', unit: 'per-second', query: per('pg_stat_database_deadlocks'), limit: { is: 'over', value: 0.05 } },
  { id: 'replication-lag', title: 'Replication lag', unit: 'seconds', query: `${most('pg_replication_lag_seconds')} or ${most('pg_replication_lag')}`, limit: { is: 'over', value: 30 }, optional: true },
  { id: 'transactions', title: 'Transactions', unit: 'per-second', query: `${per('pg_stat_database_xact_commit')} + ${per('pg_stat_database_xact_rollback')}`, optional: true },
]; // prettier-ignore

/** As redis_exporter names its metrics: https://github.com/oliver006/redis_exporter */
const redis: readonly MetricQuery[] = [
  { id: 'command-time', title: 'Time of a command, on average', unit: 'seconds', query: `${per('redis_commands_duration_seconds_total')} / ${per('redis_commands_total')}`, limit: { is: 'over', value: 0.005 } },
  { id: 'memory', title: 'Memory of that allowed', unit: 'ratio', query: `${most('redis_memory_used_bytes')} / (${most('redis_memory_max_bytes')} > 0)`, limit: { is: 'over', value: 0.95 }, optional: true },
  { id: 'hits', title: 'Keys found', unit: 'ratio', query: `${per('redis_keyspace_hits_total')} / (${per('redis_keyspace_hits_total')} + ${per('redis_keyspace_misses_total')})`, limit: { is: 'under', value: 0.8 } },
  { id: 'evictions', title: 'Keys thrown out for room', unit: 'per-second', query: per('redis_evicted_keys_total'), limit: { is: 'over', value: 1 } },
  { id: 'clients', title: 'Clients of those allowed', unit: 'ratio', query: `${most('redis_connected_clients')} / ${most('redis_config_maxclients')}`, limit: { is: 'over', value: 0.9 }, optional: true },
  { id: 'blocked', title: 'Clients that wait', unit: 'count', query: most('redis_blocked_clients'), optional: true },
]; // prettier-ignore

/** Sets whose queries are known beforehand; those of a service are found when they are asked for. */
export type ExporterSet = Exclude<MetricSet, 'service'>;

const sets: Readonly<Record<ExporterSet, readonly MetricQuery[]>> = { postgresql, redis };

export const setNames: Readonly<Record<MetricSet, string>> = {
  postgresql: 'PostgreSQL metrics',
  redis: 'Redis metrics',
  service: 'Service metrics',
};

/** The names of all limits that a setting may change. */
export const thresholdNames: readonly string[] = Object.entries(sets).flatMap(([set, queries]) =>
  queries.filter(({ limit }) => limit !== undefined).map(({ id }) => `${set}.${id}`),
);

/** A set's queries, with the limits of the settings where those are numbers. */
export const queriesOfSet = (set: ExporterSet, thresholds: Thresholds = {}): readonly MetricQuery[] =>
  sets[set].map((query) => {
    const key = `${set}.${query.id}`;
    const own = Object.hasOwn(thresholds, key) ? thresholds[key] : undefined;
    return query.limit && typeof own === 'number' && Number.isFinite(own)
      ? { ...query, limit: { ...query.limit, value: own } }
      : query;
  });

/**
 * Which set a step's words ask for: "See PostgreSQL metrics", "See service metrics". Undefined for all other words;
 * dashboards of a service are somewhere else.
 */
export function setNamedBy(texts: readonly string[]): MetricSet | undefined {
  const named = (words: string): boolean =>
    texts.some((text) => new RegExp(`\\b(?:${words})\\s+(?:metrics|dashboards?|graphs)\\b`, 'i').test(text));
  if (named('postgres|postgresql')) return 'postgresql';
  if (named('redis')) return 'redis';
  return texts.some((text) => /\bservice(?:['’]s)?\s+metrics\b/i.test(text)) ? 'service' : undefined;
}

/**
 * Whether what a set showed tells of trouble: true where any value is beyond its limit, false where every one was
 * shown and none is. The limits are those that the run was planned with.
 */
export function judgeSet(set: MetricSet, { metrics }: { readonly metrics?: MetricsRead }): Told {
  const name = setNames[set];
  if (metrics?.set !== set) return { truth: undefined, because: `no run has shown ${name}` };
  const bad = metrics.queries.filter((read) => isBeyond(read) === true);
  if (bad.length > 0)
    return { truth: true, because: bad.map((read) => `${said(read)}, ${limitWords(read)}`).join('; ') };
  const unseen = metrics.queries.filter(
    (read) => read.limit && !read.optional && isBeyond(read) === undefined,
  );
  if (unseen.length > 0) {
    const [first] = unseen;
    const what = unseen.map(({ title }) => lower(title)).join(', ');
    return {
      truth: undefined,
      because: `${first?.failed === undefined ? 'there are no data of' : 'nothing is known of'} ${what}`,
    };
  }
  const seen = metrics.queries.filter((read) => isBeyond(read) === false);
  return { truth: false, because: `${seen.map((read) => said(read)).join(', ')}: each within its limit` };
}

function isBeyond({ limit, highest, lowest }: MetricRead): boolean | undefined {
  if (!limit) return undefined;
  const value = limit.is === 'over' ? highest : lowest;
  return value === undefined ? undefined : limit.is === 'over' ? value > limit.value : value < limit.value;
}

const lower = (title: string): string => `${title.slice(0, 1).toLowerCase()}${title.slice(1)}`;

const said = (read: MetricRead): string => {
  const value = read.limit?.is === 'under' ? read.lowest : read.highest;
  return `${lower(read.title)} ${value === undefined ? 'unknown' : formatValue(value, read.unit)}`;
};

const limitWords = ({ limit, unit }: MetricRead): string =>
  limit ? `${limit.is} the limit of ${formatValue(limit.value, unit)}` : '';
