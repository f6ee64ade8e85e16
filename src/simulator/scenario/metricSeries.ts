import { hashOf } from '../state/names.ts';
import { parseMemory } from '../state/quantity.ts';
import type { World } from '../state/world.ts';
import { isIn } from '../state/world.ts';
import type { LabelSet } from '../systems/alertmanager/fingerprint.ts';
import type { Series } from '../systems/prometheus/prometheusStore.ts';
import { errorRatio, slowest } from './alertRules.ts';

const payment = 'production/payment-service';
const scrapeMs = 15_000;
const dayMs = 86_400_000;

/** Upper ends of the buckets, seconds, and what share of the requests is at most as slow. */
const bounds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const quick = [0.55, 0.88, 0.995, 0.999, 1, 1, 1, 1];
const usual = [0.4, 0.78, 0.975, 0.996, 0.999, 1, 1, 1];
const stuck = [0.05, 0.1, 0.18, 0.3, 0.45, 0.7, 0.985, 1];

interface Traffic {
  readonly service: string;
  /** Requests per second. */
  readonly perSecond: number;
  readonly slowness: readonly number[];
  /** What changes while payment-service is out; nothing where that does not reach it. */
  readonly out?: { readonly errors: number; readonly slowness: readonly number[] };
}

const traffic: readonly Traffic[] = [
  {
    service: 'payment-service',
    perSecond: 42,
    slowness: usual,
    out: { errors: errorRatio.out, slowness: stuck },
  },
  { service: 'checkout', perSecond: 30, slowness: usual, out: { errors: 0.31, slowness: stuck } },
  { service: 'catalog', perSecond: 61, slowness: quick },
  { service: 'search', perSecond: 24, slowness: quick },
];

/** How one quantity is on an ordinary day and while payment-service is out. */
interface Level {
  readonly calm: number;
  readonly out: number;
}

/**
 * The series that a Prometheus scrapes from the simulated production, as its world is now: requests and their times by
 * service, CPU and memory of its pods, its database. They follow the outage of payment-service and end at the present.
 * Values wander a little from scrape to scrape, the same in every run.
 */
export function createMetricSeries(present: () => World): () => readonly Series[] {
  return () => {
    const world = present();
    const outages = world.outages.get(payment) ?? [];
    const isOut = (at: number): boolean => isIn(outages, at);
    const since = world.now - 12 * dayMs;
    const outMs = (at: number): number =>
      outages.reduce((sum, { from, until }) => sum + Math.max(0, Math.min(until ?? at, at) - from), 0);
    const of = (name: string, labels: LabelSet, valueAt: (scrape: number) => number | undefined): Series => ({
      name,
      labels,
      valueAt: (at) => (at > world.now ? undefined : valueAt(Math.floor(at / scrapeMs) * scrapeMs)),
    });
    /** From 0 up to 1. */
    const wander = (seed: string, scrape: number): number => (hashOf(`${seed}/${scrape}`) % 1000) / 1000;
    const gauge = (name: string, labels: LabelSet, { calm, out }: Level, begin = since): Series =>
      of(name, labels, (scrape) =>
        scrape < begin
          ? undefined
          : (isOut(scrape) ? out : calm) * (0.97 + 0.06 * wander(JSON.stringify([name, labels]), scrape)),
      );
    /** Grows by so much per second; `seed` is shared by counters that wander together. */
    const counter = (
      name: string,
      labels: LabelSet,
      { calm, out }: Level,
      seed = JSON.stringify([name, labels]),
      begin = since,
    ): Series =>
      of(name, labels, (scrape) => {
        if (scrape < begin) return undefined;
        const bad = outMs(scrape) - outMs(begin);
        const grown = (calm * (scrape - begin - bad) + out * bad) / 1000;
        // Less than a scrape's own growth at any time, so that it never goes back: a counter that does began anew.
        return grown + (Math.min(calm, out) * scrapeMs * 0.4 * wander(seed, scrape)) / 1000;
      });

    const services = traffic.flatMap(({ service, perSecond, slowness, out }): readonly Series[] => {
      const labels = { namespace: 'production', service, job: service };
      const errors: Level = { calm: errorRatio.calm, out: out?.errors ?? errorRatio.calm };
      const level = (calm: number, bad: number): Level => ({ calm: perSecond * calm, out: perSecond * bad });
      const bucket = (le: string, calm: number, bad: number): Series =>
        counter('http_request_duration_seconds_bucket', { ...labels, le }, level(calm, bad), service);
      return [
        counter('http_requests_total', { ...labels, code: '200' }, level(1 - errors.calm, 1 - errors.out)),
        counter('http_requests_total', { ...labels, code: '503' }, level(errors.calm, errors.out)),
        ...bounds.map((bound, index) =>
          bucket(String(bound), slowness[index] ?? 1, (out?.slowness ?? slowness)[index] ?? 1),
        ),
        bucket('+Inf', 1, 1),
        of('up', { namespace: 'production', service }, () => 1),
      ];
    });
    const recorded = [
      of('service:http_errors:ratio_rate5m', { namespace: 'production', service: 'payment-service' }, (at) =>
        isOut(at) ? errorRatio.out : errorRatio.calm,
      ),
      of(
        'service:http_request_duration_seconds:p99_5m',
        { namespace: 'production', service: 'checkout' },
        (at) => (isOut(at) ? slowest.out : slowest.calm),
      ),
    ];
    const pods = world.store.list('pods', 'production').flatMap((pod): readonly Series[] => {
      const [container] = pod.spec.containers;
      const limit = parseMemory(container?.resources?.limits?.['memory']);
      const begin = Date.parse(pod.metadata.creationTimestamp ?? '');
      if (!container || limit === undefined || Number.isNaN(begin)) return [];
      const labels = { namespace: 'production', pod: pod.metadata.name, container: container.name };
      const isPayment = pod.metadata.labels?.['app'] === 'payment-service';
      return [
        counter('container_cpu_usage_seconds_total', labels, { calm: 0.03, out: isPayment ? 0.41 : 0.03 }, undefined, begin),
        gauge('container_memory_working_set_bytes', labels, { calm: limit * 0.45, out: limit * (isPayment ? 0.94 : 0.45) }, begin),
        of('kube_pod_container_resource_limits', { ...labels, resource: 'memory', unit: 'byte' }, (at) => (at < begin ? undefined : limit)),
      ];
    }); // prettier-ignore
    return [...services, ...recorded, ...pods, ...database({ gauge, counter, of })];
  };
}

interface Makers {
  gauge(name: string, labels: LabelSet, level: Level): Series;
  counter(name: string, labels: LabelSet, level: Level): Series;
  of(name: string, labels: LabelSet, valueAt: (scrape: number) => number | undefined): Series;
}

/** As postgres_exporter tells them: each payment pod that is killed leaves its connections half open. */
function database({ gauge, counter, of }: Makers): readonly Series[] {
  const instance = { instance: 'postgres-0:9187', job: 'postgres' };
  const shop = { ...instance, datname: 'shop' };
  return [
    of('pg_settings_max_connections', instance, () => 100),
    gauge('pg_stat_database_numbackends', shop, { calm: 37, out: 94 }),
    gauge('pg_stat_activity_max_tx_duration', { ...shop, state: 'active' }, { calm: 0.4, out: 41 }),
    counter('pg_stat_database_blks_hit', shop, { calm: 5200, out: 6100 }),
    counter('pg_stat_database_blks_read', shop, { calm: 38, out: 120 }),
    counter('pg_stat_database_deadlocks', shop, { calm: 0, out: 0 }),
    counter('pg_stat_database_xact_commit', shop, { calm: 96, out: 31 }),
    counter('pg_stat_database_xact_rollback', shop, { calm: 0.2, out: 14 }),
  ];
}
