import type { DatabaseCluster, DatabaseEvent, DatabaseInstance, Databases } from '../../state/databases.ts';
import type { XmlElements } from './xml.ts';

const suffix = 'c0ffee000000';
const iso = (at: number): string => new Date(at).toISOString();
const arn = ({ region, account }: Databases, type: string, name: string): string =>
  `arn:aws:rds:${region}:${account}:${type}:${name}`;

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html */
export function instanceXml(databases: Databases, instance: DatabaseInstance): XmlElements {
  const { region } = databases;
  return {
    DBInstanceIdentifier: instance.name,
    DBInstanceClass: instance.class,
    Engine: instance.engine,
    DBInstanceStatus: instance.status,
    MasterUsername: 'app',
    Endpoint: {
      Address: `${instance.name}.${suffix}.${region}.rds.amazonaws.com`,
      Port: 5432,
      HostedZoneId: 'Z1RLNUO7B9Q6NB',
    },
    AllocatedStorage: instance.cluster === undefined ? 100 : 1,
    InstanceCreateTime: iso(databases.createdAt),
    BackupRetentionPeriod: 7,
    AvailabilityZone: instance.zone,
    MultiAZ: instance.multiAz,
    EngineVersion: instance.version,
    AutoMinorVersionUpgrade: true,
    SecondaryAvailabilityZone: instance.standby,
    PubliclyAccessible: false,
    StorageType: instance.cluster === undefined ? 'gp3' : 'aurora',
    DBClusterIdentifier: instance.cluster,
    StorageEncrypted: true,
    DbiResourceId: `db-${instance.name.toUpperCase().replaceAll('-', '')}`,
    PromotionTier: instance.cluster === undefined ? undefined : instance.tier,
    DBInstanceArn: arn(databases, 'db', instance.name),
    DeletionProtection: true,
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html */
export function clusterXml(databases: Databases, cluster: DatabaseCluster): XmlElements {
  const { region, instances } = databases;
  const members = cluster.members.flatMap((name) => instances.get(name) ?? []);
  return {
    AllocatedStorage: 1,
    AvailabilityZones: { each: 'AvailabilityZone', of: ['a', 'b', 'c'].map((letter) => region + letter) },
    BackupRetentionPeriod: 7,
    DatabaseName: 'app',
    DBClusterIdentifier: cluster.name,
    Status: cluster.status,
    Endpoint: `${cluster.name}.cluster-${suffix}.${region}.rds.amazonaws.com`,
    ReaderEndpoint: `${cluster.name}.cluster-ro-${suffix}.${region}.rds.amazonaws.com`,
    MultiAZ: new Set(members.map(({ zone }) => zone)).size > 1,
    Engine: cluster.engine,
    EngineVersion: cluster.version,
    Port: 5432,
    MasterUsername: 'app',
    DBClusterMembers: {
      each: 'DBClusterMember',
      of: members.map(({ name, tier }) => ({
        DBInstanceIdentifier: name,
        IsClusterWriter: name === cluster.writer,
        DBClusterParameterGroupStatus: 'in-sync',
        PromotionTier: tier,
      })),
    },
    StorageEncrypted: true,
    DBClusterArn: arn(databases, 'cluster', cluster.name),
    ClusterCreateTime: iso(databases.createdAt),
    EngineMode: 'provisioned',
    DeletionProtection: true,
  };
}

/** https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_Event.html */
export const eventXml = (databases: Databases, event: DatabaseEvent): XmlElements => ({
  SourceIdentifier: event.source,
  SourceType: event.type,
  Message: event.message,
  EventCategories: { each: 'EventCategory', of: event.categories },
  Date: iso(event.at),
  SourceArn: arn(databases, event.type === 'db-cluster' ? 'cluster' : 'db', event.source),
});
