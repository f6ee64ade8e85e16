import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Databases } from '../../../../../src/simulator/state/databases.ts';
import { advanceDatabases, createDatabases } from '../../../../../src/simulator/state/databases.ts';
import { createRdsServer } from '../../../../../src/simulator/systems/rds/rdsServer.ts';

const noon = Date.UTC(2026, 10, 23, 12);
const signedIn = (region: string): string =>
  `AWS4-HMAC-SHA256 Credential=lab-key/20261123/${region}/rds/aws4_request, SignedHeaders=host, Signature=none`;

describe('the simulated rds', () => {
  let databases: Databases;
  let server: Server;
  let now: number;
  beforeEach(async () => {
    now = noon;
    databases = createDatabases(now);
    server = createRdsServer({
      present: () => {
        advanceDatabases(databases, now);
        return databases;
      },
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  });

  async function ask(
    parameters: Record<string, string>,
    authorization: string | undefined = signedIn('eu-central-1'),
  ): Promise<{ status: number; xml: string }> {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, {
      method: 'POST',
      headers: authorization === '' ? {} : { authorization },
      body: new URLSearchParams({ Version: '2014-10-31', ...parameters }),
    });
    return { status: answer.status, xml: await answer.text() };
  }
  const cluster = { DBClusterIdentifier: 'example-production' };
  const failOver = { Action: 'FailoverDBCluster', ...cluster };
  const values = (xml: string, element: string): readonly string[] =>
    [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map((hit) => hit[1] ?? '');
  const state = async (seconds: number): Promise<string> => {
    now = noon + seconds * 1000;
    const { xml } = await ask({ Action: 'DescribeDBClusters', ...cluster });
    const writer = /<DBInstanceIdentifier>([^<]*)<\/DBInstanceIdentifier><IsClusterWriter>true/.exec(xml);
    return `${values(xml, 'Status')[0] ?? ''} ${writer?.[1] ?? ''}`;
  };

  it('fails over at AWS’s pace: available, failing-over, a new writer, available', async () => {
    const { status, xml } = await ask(failOver);
    assert.equal(status, 200);
    assert.match(xml, /^<FailoverDBClusterResponse xmlns="http:\/\/rds\.amazonaws\.com\/doc\/2014-10-31\/"><FailoverDBClusterResult><DBCluster>/); // prettier-ignore
    assert.deepEqual(
      [await state(0.5), await state(5), await state(15), await state(30)],
      [
        'available example-production-1',
        'failing-over example-production-1',
        'failing-over example-production-2',
        'available example-production-2',
      ],
    );
    const events = await ask({
      Action: 'DescribeEvents',
      SourceType: 'db-cluster',
      SourceIdentifier: 'example-production',
    });
    assert.deepEqual(values(events.xml, 'Message'), [
      'Started cross AZ failover to DB instance: example-production-2',
      'Completed failover to DB instance: example-production-2',
    ]);
    assert.deepEqual(values(events.xml, 'Date'), ['2026-11-23T12:00:01.000Z', '2026-11-23T12:00:18.000Z']);
  });

  it('reboots a Multi-AZ instance into the zone of its standby', async () => {
    const reboot = {
      Action: 'RebootDBInstance',
      DBInstanceIdentifier: 'example-primary',
      ForceFailover: 'true',
    };
    assert.deepEqual(values((await ask(reboot)).xml, 'DBInstanceStatus'), ['rebooting']);
    assert.match((await ask(reboot)).xml, /<Code>InvalidDBInstanceState<\/Code>/);
    now += 31_000;
    const { xml } = await ask({ Action: 'DescribeDBInstances', DBInstanceIdentifier: 'example-primary' });
    assert.deepEqual(values(xml, 'DBInstanceStatus'), ['available']);
    assert.deepEqual(values(xml, 'AvailabilityZone'), ['eu-central-1b']);
    assert.deepEqual(values(xml, 'SecondaryAvailabilityZone'), ['eu-central-1a']);
  });

  it('refuses in AWS’s words', async () => {
    const table: readonly (readonly [Record<string, string>, number, string])[] = [
      [{ Action: 'DescribeDBClusters', DBClusterIdentifier: 'x' }, 404, 'DBClusterNotFoundFault'],
      [{ Action: 'DescribeDBInstances', DBInstanceIdentifier: 'x' }, 404, 'DBInstanceNotFound'],
      [{ Action: 'FailoverDBCluster' }, 400, 'MissingParameter'],
      [{ Action: 'DescribeEvents', SourceIdentifier: 'x' }, 400, 'InvalidParameterCombination'],
      [
        { Action: 'RebootDBInstance', DBInstanceIdentifier: 'example-reports', ForceFailover: 'true' },
        400,
        'InvalidParameterCombination',
      ],
      [{ ...failOver, TargetDBInstanceIdentifier: 'example-primary' }, 400, 'InvalidParameterValue'],
      [{ Action: 'DeleteDBCluster' }, 400, 'InvalidAction'],
    ];
    for (const [parameters, status, code] of table) {
      const answer = await ask(parameters);
      assert.equal(answer.status, status, code);
      assert.match(answer.xml, new RegExp(`^<ErrorResponse xmlns="[^"]+"><Error><Type>Sender</Type><Code>${code}</Code><Message>[^<]+</Message></Error><RequestId>`)); // prettier-ignore
    }
    await ask(failOver);
    assert.match((await ask(failOver)).xml, /<Code>InvalidDBClusterStateFault<\/Code>/);
    assert.equal((await ask(failOver, '')).status, 403);
    assert.doesNotMatch((await ask({ Action: 'DescribeDBClusters' }, signedIn('us-west-2'))).xml, /techcorp/);
  });
});
