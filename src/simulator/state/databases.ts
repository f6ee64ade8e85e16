/** A database instance at the simulated RDS. `cluster` is undefined for one that stands alone. */
export interface DatabaseInstance {
  readonly name: string;
  readonly cluster: string | undefined;
  readonly class: string;
  readonly engine: string;
  readonly version: string;
  readonly multiAz: boolean;
  /** Failover priority within its cluster; 0 comes first. */
  tier: number;
  zone: string;
  /** Where the standby of a Multi-AZ instance is. */
  standby: string | undefined;
  /** `available`, `rebooting`, … as RDS names them. */
  status: string;
}

export interface DatabaseCluster {
  readonly name: string;
  readonly engine: string;
  readonly version: string;
  readonly members: string[];
  writer: string;
  /** Who is about to write, from a failover's request to its end. */
  next: string | undefined;
  status: string;
}

export interface DatabaseEvent {
  /** ms UTC. */
  readonly at: number;
  readonly source: string;
  readonly type: 'db-instance' | 'db-cluster';
  readonly categories: readonly string[];
  readonly message: string;
}

/** What goes wrong with the next requests of an action (all when undefined), as AWS's error. */
export interface DatabaseFault {
  readonly action?: string;
  readonly code: string;
  readonly message: string;
  readonly status: number;
  /** How many requests it hits; undefined means all from now on. */
  times?: number;
}

/** Everything the simulated RDS of one region knows. Time moves only through `advanceDatabases`. */
export interface Databases {
  readonly region: string;
  readonly account: string;
  readonly clusters: Map<string, DatabaseCluster>;
  readonly instances: Map<string, DatabaseInstance>;
  readonly events: DatabaseEvent[];
  readonly faults: DatabaseFault[];
  readonly due: { readonly at: number; readonly act: () => void }[];
  /** ms UTC. */
  now: number;
  /** How much faster than AWS's its transitions run. */
  speed: number;
  readonly createdAt: number;
}

const dayMs = 86_400_000;
/** RDS keeps events for two weeks. */
const eventsKeptMs = 14 * dayMs;

/**
 * The customer's databases: an Aurora cluster with a writer and two readers, a Multi-AZ instance, and one that is
 * neither. `now` is ms UTC.
 */
export function createDatabases(now: number, speed = 1): Databases {
  const region = 'eu-central-1';
  const zone = (letter: string): string => `${region}${letter}`;
  const cluster = 'example-production';
  const aurora = { engine: 'aurora-postgresql', version: '15.4' };
  const postgres = { engine: 'postgres', version: '15.4', cluster: undefined, tier: 1, status: 'available' };
  const members = ['a', 'b', 'c'].map((letter, index): DatabaseInstance => ({
    name: `${cluster}-${index + 1}`,
    cluster,
    class: 'db.r6g.large',
    ...aurora,
    multiAz: false,
    tier: index,
    zone: zone(letter),
    standby: undefined,
    status: 'available',
  }));
  const instances: readonly DatabaseInstance[] = [
    ...members,
    { name: 'example-primary', class: 'db.m6g.large', multiAz: true, zone: zone('a'), standby: zone('b'), ...postgres },
    { name: 'example-reports', class: 'db.t4g.medium', multiAz: false, zone: zone('c'), standby: undefined, ...postgres },
  ]; // prettier-ignore
  return {
    region,
    account: '123456789012',
    clusters: new Map([
      [
        cluster,
        { name: cluster, ...aurora, members: members.map(({ name }) => name), writer: `${cluster}-1`, next: undefined, status: 'available' },
      ],
    ]), // prettier-ignore
    instances: new Map(instances.map((instance) => [instance.name, instance])),
    events: [
      {
        at: now - 40 * 60_000,
        source: 'example-primary',
        type: 'db-instance',
        categories: ['backup'],
        message: 'Finished DB Instance backup',
      },
    ],
    faults: [],
    due: [],
    now,
    speed,
    createdAt: now - 200 * dayMs,
  };
}

/** Moves time to `now` (ms UTC), one transition after the other. Time never goes back. */
export function advanceDatabases(databases: Databases, now: number): void {
  const { due } = databases;
  for (;;) {
    const next = due.reduce<(typeof due)[number] | undefined>(
      (first, one) => (one.at <= now && (first === undefined || one.at < first.at) ? one : first),
      undefined,
    );
    if (next === undefined) break;
    due.splice(due.indexOf(next), 1);
    databases.now = Math.max(databases.now, next.at);
    next.act();
  }
  databases.now = Math.max(databases.now, now);
  const kept = databases.events.filter(({ at }) => at >= databases.now - eventsKeptMs);
  if (kept.length < databases.events.length) databases.events.splice(0, Infinity, ...kept);
}

/** Does it after so many seconds of AWS's time. */
const later = (databases: Databases, seconds: number, act: () => void): void => {
  databases.due.push({ at: databases.now + Math.round((seconds * 1000) / databases.speed), act });
};

const tell = (
  databases: Databases,
  type: DatabaseEvent['type'],
  source: string,
  category: string,
  message: string,
): void => {
  databases.events.push({ at: databases.now, source, type, categories: [category], message });
};

/**
 * Lets another instance of the cluster write, at the pace and with the events of
 * https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html : the status is
 * `available` at first, then `failing-over`; the writer moves some seconds before it is `available` again.
 */
export function beginFailover(
  databases: Databases,
  cluster: DatabaseCluster,
  target: DatabaseInstance,
): void {
  const old = databases.instances.get(cluster.writer);
  cluster.next = target.name;
  later(databases, 1, () => {
    cluster.status = 'failing-over';
    const where = old?.zone === target.zone ? 'same' : 'cross';
    tell(databases, 'db-cluster', cluster.name, 'failover', `Started ${where} AZ failover to DB instance: ${target.name}`); // prettier-ignore
  });
  later(databases, 8, () => {
    if (old === undefined) return;
    old.status = 'rebooting';
    tell(databases, 'db-instance', old.name, 'availability', 'DB instance shutdown');
  });
  later(databases, 14, () => {
    cluster.writer = target.name;
    tell(databases, 'db-instance', target.name, 'availability', 'DB instance restarted');
  });
  later(databases, 18, () => {
    tell(
      databases,
      'db-cluster',
      cluster.name,
      'failover',
      `Completed failover to DB instance: ${target.name}`,
    );
  });
  later(databases, 24, () => {
    cluster.status = 'available';
    cluster.next = undefined;
    if (old === undefined) return;
    old.status = 'available';
    tell(databases, 'db-instance', old.name, 'availability', 'DB instance restarted');
  });
}

/** Restarts an instance, or with `forced` lets its standby take over, as USER_RebootInstance describes it. */
export function beginReboot(databases: Databases, instance: DatabaseInstance, forced: boolean): void {
  const say = (category: string, message: string): void =>
    tell(databases, 'db-instance', instance.name, category, message);
  instance.status = 'rebooting';
  if (forced) later(databases, 2, () => say('failover', 'Multi-AZ instance failover started.'));
  else later(databases, 2, () => say('availability', 'DB instance shutdown'));
  later(databases, 20, () => {
    say('availability', 'DB instance restarted');
    if (!forced || instance.standby === undefined) return;
    [instance.zone, instance.standby] = [instance.standby, instance.zone];
  });
  if (forced) later(databases, 26, () => say('failover', 'Multi-AZ instance failover completed'));
  later(databases, 30, () => {
    instance.status = 'available';
  });
}
