import type { DBCluster, DBClusterMember, DBInstance, Event as RdsEvent } from '@aws-sdk/client-rds';

/** Aligned columns three spaces apart, the last one not padded; an absent cell is a dash. */
function renderRows(rows: readonly (readonly (string | undefined)[])[]): string {
  const text = rows.map((row) =>
    row.map((cell) => (cell === undefined || cell === '' ? '-' : oneLine(cell))),
  );
  const widths = (text[0] ?? []).map((_, column) =>
    Math.max(...text.map((row) => [...(row[column] ?? '')].length)),
  );
  return text
    .map((row) =>
      row
        .map((cell, column) =>
          column === row.length - 1 ? cell : cell + ' '.repeat((widths[column] ?? 0) - [...cell].length + 3),
        )
        .join(''),
    )
    .map((line) => `${line}\n`)
    .join('');
}

/** Words from AWS must not move the cursor or begin a line of their own. */
const oneLine = (text: string): string => text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '');

const engineOf = ({ Engine, EngineVersion }: DBInstance | DBCluster): string =>
  [Engine, EngineVersion].filter(Boolean).join(' ');

/** Which member of which cluster an instance is; by the clusters that could be read. */
export function roleOf(instance: DBInstance, clusters: readonly DBCluster[]): string {
  const name = instance.DBInstanceIdentifier;
  if (instance.DBClusterIdentifier !== undefined) {
    const member = clusters
      .flatMap(({ DBClusterMembers }) => DBClusterMembers ?? [])
      .find(({ DBInstanceIdentifier }) => DBInstanceIdentifier === name);
    const role = member === undefined ? 'member' : member.IsClusterWriter ? 'writer' : 'reader';
    return `${role} of ${instance.DBClusterIdentifier}`;
  }
  const source = instance.ReadReplicaSourceDBInstanceIdentifier;
  if (source === undefined) return 'instance';
  const replication = instance.StatusInfos?.find(({ StatusType }) => StatusType === 'read replication');
  return `replica of ${source}${replication?.Status ? ` (${replication.Status})` : ''}`;
}

/** `yes (standby eu-west-1b)`. A member of a cluster has the cluster's readers instead. */
const multiAzOf = ({ MultiAZ, SecondaryAvailabilityZone }: DBInstance): string =>
  MultiAZ ? `yes${SecondaryAvailabilityZone ? ` (standby ${SecondaryAvailabilityZone})` : ''}` : 'no';

const endpointOf = ({ Endpoint }: DBInstance): string | undefined =>
  Endpoint?.Address === undefined ? undefined : `${Endpoint.Address}:${Endpoint.Port ?? '?'}`;

/** One line per instance. */
export const renderInstances = (instances: readonly DBInstance[], clusters: readonly DBCluster[]): string =>
  renderRows([
    ['INSTANCE', 'ROLE', 'STATUS', 'CLASS', 'AZ', 'MULTI-AZ', 'ENGINE', 'ENDPOINT'],
    ...instances.map((instance) => [
      instance.DBInstanceIdentifier,
      roleOf(instance, clusters),
      instance.DBInstanceStatus,
      instance.DBInstanceClass,
      instance.AvailabilityZone,
      multiAzOf(instance),
      engineOf(instance),
      endpointOf(instance),
    ]),
  ]);

/** Each cluster with its members, the writer first, then by failover priority. */
export const renderClusters = (clusters: readonly DBCluster[], instances: readonly DBInstance[]): string =>
  clusters
    .map((cluster) => {
      const head = renderRows([
        ['CLUSTER', 'STATUS', 'MULTI-AZ', 'ENGINE', 'WRITER ENDPOINT', 'READER ENDPOINT'],
        [
          cluster.DBClusterIdentifier,
          cluster.Status,
          cluster.MultiAZ === undefined ? undefined : cluster.MultiAZ ? 'yes' : 'no',
          engineOf(cluster),
          cluster.Endpoint === undefined ? undefined : `${cluster.Endpoint}:${cluster.Port ?? '?'}`,
          cluster.ReaderEndpoint,
        ],
      ]);
      const members = [...(cluster.DBClusterMembers ?? [])].sort(byPriority);
      if (members.length === 0) return `${head}\nNo instances.\n`;
      const rows = members.map((member) => {
        const instance = instances.find((one) => one.DBInstanceIdentifier === member.DBInstanceIdentifier);
        return [
          member.DBInstanceIdentifier,
          member.IsClusterWriter ? 'writer' : 'reader',
          instance?.DBInstanceStatus,
          instance?.DBInstanceClass,
          instance?.AvailabilityZone,
          member.PromotionTier?.toString(),
        ];
      });
      return `${head}\n${renderRows([['MEMBER', 'ROLE', 'STATUS', 'CLASS', 'AZ', 'FAILOVER TIER'], ...rows])}`;
    })
    .join('\n');

const byPriority = (a: DBClusterMember, b: DBClusterMember): number =>
  Number(b.IsClusterWriter ?? false) - Number(a.IsClusterWriter ?? false) ||
  (a.PromotionTier ?? 0) - (b.PromotionTier ?? 0) ||
  (a.DBInstanceIdentifier ?? '').localeCompare(b.DBInstanceIdentifier ?? '');

/** One line per event, newest last, times in UTC. */
export const renderEvents = (events: readonly RdsEvent[]): string =>
  renderRows([
    ['TIME (UTC)', 'SOURCE', 'TYPE', 'MESSAGE'],
    ...[...events]
      .sort((a, b) => (a.Date?.getTime() ?? 0) - (b.Date?.getTime() ?? 0))
      .map((event) => [
        event.Date?.toISOString().slice(0, 19).replace('T', ' '),
        event.SourceIdentifier,
        event.SourceType,
        event.Message,
      ]),
  ]);
