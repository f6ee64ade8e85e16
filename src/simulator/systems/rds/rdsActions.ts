import type { DatabaseCluster, DatabaseInstance, Databases } from '../../state/databases.ts';
import { beginFailover, beginReboot } from '../../state/databases.ts';
import { clusterXml, eventXml, instanceXml } from './rdsXml.ts';
import type { XmlElements, XmlValue } from './xml.ts';

/** AWS's error: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html */
export class RdsRefusal extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

export type RdsParameters = ReadonlyMap<string, string>;
type Action = (databases: Databases, parameters: RdsParameters) => XmlElements;

/** Every action by its name; each answers with what its `…Result` element holds, or throws an RdsRefusal. */
export const rdsActions: Readonly<Record<string, Action>> = {
  DescribeDBInstances: (databases, parameters) => {
    const asked = parameters.get('DBInstanceIdentifier');
    if (asked !== undefined) instanceOf(databases, asked);
    const clusters = filterOf(parameters, 'db-cluster-id');
    const found = [...databases.instances.values()].filter(
      ({ name, cluster }) =>
        (asked === undefined || name === nameOf(asked)) &&
        (clusters === undefined || (cluster !== undefined && clusters.includes(cluster))),
    );
    return page('DBInstances', 'DBInstance', found, parameters, (one) => instanceXml(databases, one));
  },
  DescribeDBClusters: (databases, parameters) => {
    const asked = parameters.get('DBClusterIdentifier');
    if (asked !== undefined) clusterOf(databases, asked);
    const found = [...databases.clusters.values()].filter(
      ({ name }) => asked === undefined || name === nameOf(asked),
    );
    return page('DBClusters', 'DBCluster', found, parameters, (one) => clusterXml(databases, one));
  },
  DescribeEvents: (databases, parameters) => {
    const source = parameters.get('SourceIdentifier');
    const type = parameters.get('SourceType');
    if (source !== undefined && type === undefined)
      throw new RdsRefusal('InvalidParameterCombination', 'The parameter SourceType must be provided when SourceIdentifier is specified'); // prettier-ignore
    const minutes = Number(parameters.get('Duration') ?? 60);
    const from = Date.parse(parameters.get('StartTime') ?? '') || databases.now - minutes * 60_000;
    const to = Date.parse(parameters.get('EndTime') ?? '') || databases.now;
    const found = databases.events.filter(
      (event) =>
        event.at >= from &&
        event.at <= to &&
        (type === undefined || event.type === type) &&
        (source === undefined || event.source === source.toLowerCase()),
    );
    return page('Events', 'Event', found, parameters, (one) => eventXml(databases, one));
  },
  FailoverDBCluster: (databases, parameters) => {
    const cluster = clusterOf(databases, required(parameters, 'DBClusterIdentifier'));
    if (cluster.status !== 'available' || cluster.next !== undefined)
      throw new RdsRefusal(
        'InvalidDBClusterStateFault',
        `DBCluster ${cluster.name} is not in available state.`,
      );
    const target = targetOf(databases, cluster, parameters.get('TargetDBInstanceIdentifier'));
    const answer = { DBCluster: clusterXml(databases, cluster) };
    beginFailover(databases, cluster, target);
    return answer;
  },
  RebootDBInstance: (databases, parameters) => {
    const instance = instanceOf(databases, required(parameters, 'DBInstanceIdentifier'));
    const forced = parameters.get('ForceFailover') === 'true';
    if (instance.status !== 'available')
      throw new RdsRefusal('InvalidDBInstanceState', `Database instance is not in available state.`);
    if (forced && !instance.multiAz)
      throw new RdsRefusal('InvalidParameterCombination', 'Cannot force failover since the instance is not configured for MultiAZ'); // prettier-ignore
    beginReboot(databases, instance, forced);
    return { DBInstance: instanceXml(databases, instance) };
  },
};

/** The instance asked for, or the reader of the best failover tier. */
function targetOf(
  databases: Databases,
  cluster: DatabaseCluster,
  asked: string | undefined,
): DatabaseInstance {
  const readers = cluster.members
    .flatMap((name) => databases.instances.get(name) ?? [])
    .filter(({ name }) => name !== cluster.writer);
  if (asked !== undefined) {
    const target = instanceOf(databases, asked);
    if (!readers.includes(target))
      throw new RdsRefusal('InvalidParameterValue', `DBInstance ${asked} is not a replica of DBCluster ${cluster.name}.`); // prettier-ignore
    if (target.status !== 'available')
      throw new RdsRefusal('InvalidDBInstanceState', `DBInstance ${asked} is not in available state.`);
    return target;
  }
  const [best] = readers
    .filter(({ status }) => status === 'available')
    .sort((a, b) => a.tier - b.tier || a.name.localeCompare(b.name));
  if (best === undefined)
    throw new RdsRefusal('InvalidDBClusterStateFault', `DBCluster ${cluster.name} has no replica to fail over to.`); // prettier-ignore
  return best;
}

/** Names are not case-sensitive, and an ARN ends in one. */
const nameOf = (asked: string): string => (asked.split(':').at(-1) ?? asked).toLowerCase();

function instanceOf({ instances }: Databases, asked: string): DatabaseInstance {
  const found = instances.get(nameOf(asked));
  if (found === undefined) throw new RdsRefusal('DBInstanceNotFound', `DBInstance ${asked} not found.`, 404);
  return found;
}

function clusterOf({ clusters }: Databases, asked: string): DatabaseCluster {
  const found = clusters.get(nameOf(asked));
  if (found === undefined)
    throw new RdsRefusal('DBClusterNotFoundFault', `DBCluster ${asked} not found.`, 404);
  return found;
}

function required(parameters: RdsParameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === '')
    throw new RdsRefusal('MissingParameter', `The request must contain the parameter ${name}.`);
  return value;
}

/** The values of `Filters.Filter.N` with this name. */
function filterOf(parameters: RdsParameters, name: string): readonly string[] | undefined {
  for (const [key, value] of parameters) {
    const at = /^Filters\.Filter\.(\d+)\.Name$/.exec(key)?.[1];
    if (at === undefined || value !== name) continue;
    const prefix = `Filters.Filter.${at}.Values.`;
    return [...parameters].filter(([each]) => each.startsWith(prefix)).map(([, each]) => each.toLowerCase());
  }
  return undefined;
}

/** One page of at most MaxRecords (100) from the marker on. */
function page<T>(
  list: string,
  each: string,
  found: readonly T[],
  parameters: RdsParameters,
  render: (one: T) => XmlValue,
): XmlElements {
  const most = Number(parameters.get('MaxRecords') ?? 100);
  const start = Number(parameters.get('Marker') ?? 0);
  const end = start + most;
  return {
    Marker: end < found.length ? end : undefined,
    [list]: { each, of: found.slice(start, end).map(render) },
  };
}
