import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { PlainFailure } from '../../../scripts/cache.mjs';
import { ensureMoto, missingPython } from '../builds/moto.ts';
import { freePort } from '../freePort.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';
import { fetchStatus } from '../httpProbe.ts';

export interface AwsDescription {
  /** Answers for every AWS service moto knows, RDS among them: set it as AWS_ENDPOINT_URL. */
  readonly endpoint: string;
  readonly region: string;
  /** moto's account, whatever the key. */
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** An Aurora cluster: its members, the writer first. */
  readonly cluster: string;
  readonly members: readonly string[];
  readonly multiAzInstance: string;
  readonly singleAzInstance: string;
}

const region = 'eu-central-1';
const credentials = { accessKeyId: 'lab-key', secretAccessKey: 'lab-word' };
const cluster = 'example-production';
const members = ['writer', 'reader-1', 'reader-2'].map((role) => `${cluster}-${role}`);
const multiAzInstance = 'example-primary';
const singleAzInstance = 'example-reports';

/** AWS by moto, with databases of each kind a failover may meet. */
export const aws: LabSystem<'aws'> = {
  name: 'aws',
  missing: missingPython,
  build: ensureMoto,
  start: async ({ folder }) => {
    const python = await ensureMoto();
    const port = await freePort();
    const endpoint = `http://127.0.0.1:${port}`;
    await startProcess({
      name: 'moto',
      command: python,
      args: ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)],
      folder,
      ready: async () => (await fetchStatus(`${endpoint}/moto-api/data.json`)) === 200,
      timeoutMs: 60_000,
    });
    await createDatabases(endpoint);
    return {
      endpoint,
      region,
      account: '123456789012',
      ...credentials,
      cluster,
      members,
      multiAzInstance,
      singleAzInstance,
    };
  },
};

async function createDatabases(endpoint: string): Promise<void> {
  const rds = new RDSClient({ endpoint, region, credentials: { ...credentials } });
  const master = { MasterUsername: 'app', MasterUserPassword: 'lab-word' };
  try {
    await rds.send(
      new CreateDBClusterCommand({
        DBClusterIdentifier: cluster,
        Engine: 'aurora-postgresql',
        EngineVersion: '15.4',
        DatabaseName: 'app',
        ...master,
      }),
    );
    for (const [index, member] of members.entries()) {
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: member,
          DBClusterIdentifier: cluster,
          DBInstanceClass: 'db.r6g.large',
          Engine: 'aurora-postgresql',
          AvailabilityZone: `${region}${'abc'.charAt(index)}`,
          PromotionTier: index,
        }),
      );
    }
    for (const [name, MultiAZ] of [
      [multiAzInstance, true],
      [singleAzInstance, false],
    ] as const) {
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier: name,
          DBInstanceClass: 'db.m6g.large',
          Engine: 'postgres',
          EngineVersion: '15.4',
          AllocatedStorage: 100,
          MultiAZ,
          ...master,
        }),
      );
    }
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: cluster }));
    const writer = DBClusters?.[0]?.DBClusterMembers?.find((member) => member.IsClusterWriter);
    if (writer?.DBInstanceIdentifier !== members[0]) {
      throw new PlainFailure(
        `moto says the writer of ${cluster} is ${writer?.DBInstanceIdentifier ?? 'nobody'}.`,
      );
    }
  } finally {
    rds.destroy();
  }
}
