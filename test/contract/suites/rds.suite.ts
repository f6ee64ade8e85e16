import assert from 'node:assert/strict';
import type { RdsAction } from '../../../src/core/plan/aws/rdsAction.ts';
import type { RdsPlan } from '../../../src/core/plan/plan.ts';
import type { Inspection } from '../../../src/core/ports.ts';
import { namesSeen } from '../../../src/core/plan/namesSeen.ts';
import type { RdsExecutor } from '../../../src/executors/rds/rdsExecutor.ts';
import { createRdsExecutor } from '../../../src/executors/rds/rdsExecutor.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import type { RanRds } from '../rdsLab.ts';
import { rdsPlan, runRds } from '../rdsLab.ts';

/** An RDS with an Aurora cluster of three, a Multi-AZ instance, and one that is neither. */
export interface RdsSite {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly cluster: string;
  /** The writer first. */
  readonly members: readonly string[];
  readonly multiAzInstance: string;
  readonly singleAzInstance: string;
  dispose(): Promise<void>;
}

export interface RdsProduction {
  readonly title: string;
  /** Why no state in between can be seen there: the writer moves at once and a reboot changes nothing. */
  readonly instant?: string;
  start(): Promise<RdsSite>;
}

/** What the RDS executor does, wherever its endpoint is. Leaves the first member writing. */
export function describeRds(production: RdsProduction): void {
  describe(`rds on ${production.title}`, function () {
    this.timeout(60_000);
    let site: RdsSite;
    let executor: RdsExecutor;
    before(async () => {
      site = await production.start();
      executor = createRdsExecutor({
        env: {},
        endpoint: site.endpoint,
        credentials: site.credentials,
        pace: { pollMs: 20, settleMs: 500 },
      });
      await putBack();
    });
    after(async () => {
      executor.dispose();
      await site.dispose();
    });
    afterEach(putBack);

    async function putBack(): Promise<void> {
      await untilAvailable();
      if ((await writer()) !== site.members[0])
        await run({
          operation: 'failover-db-cluster',
          cluster: site.cluster,
          targetInstance: site.members[0],
        });
      await untilAvailable();
    }

    const planOf = (action: RdsAction, parts: Partial<RdsPlan> = {}): RdsPlan =>
      rdsPlan(action, { target: { awsProfile: 'prod', awsRegion: site.region }, ...parts });
    const run = (action: RdsAction): Promise<RanRds> => runRds(executor, planOf(action));
    async function inspect(action: RdsAction): Promise<Inspection> {
      const looked = await executor.inspect(planOf(action), untilDone());
      if (!looked.ok) throw new Error(looked.failure.message);
      return looked.value;
    }
    async function clusterJson(): Promise<{
      Status: string;
      DBClusterMembers: { DBInstanceIdentifier: string; IsClusterWriter: boolean }[];
    }> {
      const { output } = await run({
        operation: 'describe-db-clusters',
        cluster: site.cluster,
        output: 'json',
      });
      return (JSON.parse(output.stdout) as { DBClusters: Awaited<ReturnType<typeof clusterJson>>[] })
        .DBClusters[0]!;
    }
    const writer = async (): Promise<string | undefined> =>
      (await clusterJson()).DBClusterMembers.find((member) => member.IsClusterWriter)?.DBInstanceIdentifier;
    async function untilAvailable(): Promise<void> {
      const busy = async (): Promise<boolean> => {
        const { output } = await run({
          operation: 'describe-db-instances',
          instance: undefined,
          output: 'json',
        });
        return (
          (await clusterJson()).Status !== 'available' ||
          /"DBInstanceStatus": "(?!available)/.test(output.stdout)
        );
      };
      while (await busy());
    }
    const failover = (targetInstance?: string): RdsAction => ({
      operation: 'failover-db-cluster',
      cluster: site.cluster,
      targetInstance,
    });
    const reboot = (instance: string, forceFailover: boolean): RdsAction => ({
      operation: 'reboot-db-instance',
      instance,
      forceFailover,
    });

    it('shows every instance in one line, with its role, status and zone', async () => {
      const { outcome, output } = await run({
        operation: 'describe-db-instances',
        instance: undefined,
        output: 'table',
      });
      assert.equal(outcome.kind, 'succeeded');
      const [head, ...rows] = output.stdout.trimEnd().split('\n');
      assert.match(head ?? '', /^INSTANCE +ROLE +STATUS +CLASS +AZ +MULTI-AZ +ENGINE +ENDPOINT$/);
      const row = (name: string): string => rows.find((line) => line.startsWith(`${name} `)) ?? '';
      const [first = '', second = ''] = site.members;
      assert.match(
        row(first),
        new RegExp(` writer of ${site.cluster} +available +db\\.\\S+ +${site.region}a +no `),
      );
      assert.match(row(second), new RegExp(` reader of ${site.cluster} +available .*${site.region}b`));
      assert.match(row(site.multiAzInstance), / instance +available .* yes .*postgres 15\.4 +\S+:5432$/);
      assert.match(row(site.singleAzInstance), / instance +available .* no /);
      assert.equal(rows.length, 5);
    });

    it('shows a cluster with its members, the writer first', async () => {
      const { output } = await run({
        operation: 'describe-db-clusters',
        cluster: site.cluster,
        output: 'table',
      });
      const lines = output.stdout.trimEnd().split('\n');
      assert.match(lines[1] ?? '', new RegExp(`^${site.cluster} +available +yes +aurora-postgresql 15\\.4 `));
      assert.deepEqual(
        lines.slice(4).map((line) => line.split(/ {2,}/).slice(0, 3)),
        site.members.map((name, index) => [name, index === 0 ? 'writer' : 'reader', 'available']),
      );
      const plan = planOf({ operation: 'describe-db-clusters', cluster: undefined, output: 'table' });
      assert.deepEqual(namesSeen(plan, output.stdout), {
        'db-cluster': [site.cluster],
        'db-instance': site.members,
      });
    });

    it('prints the AWS CLI’s JSON when asked for it', async () => {
      const { output } = await run({
        operation: 'describe-db-instances',
        instance: site.multiAzInstance,
        output: 'json',
      });
      const { DBInstances } = JSON.parse(output.stdout) as { DBInstances: Record<string, unknown>[] };
      assert.equal(DBInstances.length, 1);
      const [instance = {}] = DBInstances;
      assert.equal(instance['DBInstanceIdentifier'], site.multiAzInstance);
      assert.equal(instance['MultiAZ'], true);
      assert.match(String(instance['InstanceCreateTime']), /^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);
      assert.match(output.stdout, /^\{\n {4}"DBInstances": \[\n {8}\{\n {12}"DBInstanceIdentifier"/);
    });

    it('shows events oldest first, in UTC', async () => {
      const { output } = await run({
        operation: 'describe-events',
        sourceIdentifier: site.multiAzInstance,
        sourceType: 'db-instance',
        durationMinutes: 1440,
        output: 'table',
      });
      const [head, ...rows] = output.stdout.trimEnd().split('\n');
      assert.match(head ?? '', /^TIME \(UTC\) +SOURCE +TYPE +MESSAGE$/);
      const times = rows.map((row) => row.slice(0, 19));
      assert.ok(times.length > 0 && times.every((time) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(time)));
      assert.deepEqual(times, [...times].sort());
    });

    it('looks in the plan’s region and no other', async () => {
      const action: RdsAction = { operation: 'describe-db-clusters', cluster: undefined, output: 'table' };
      const elsewhere = planOf(action, { target: { awsProfile: 'prod', awsRegion: 'us-west-2' } });
      const { output, outcome } = await runRds(executor, elsewhere);
      assert.equal(output.stdout, 'No clusters.\n');
      assert.match(outcome.kind === 'succeeded' ? (outcome.detail ?? '') : '', /0 clusters in us-west-2/);
    });

    it('says what a name is when it is not what the command wants', async () => {
      const table = [
        [
          { operation: 'describe-db-clusters', cluster: site.multiAzInstance, output: 'table' },
          /DBClusterNotFoundFault.*If example-primary is an instance/,
        ],
        [
          { operation: 'describe-db-instances', instance: site.cluster, output: 'table' },
          /DBInstanceNotFound.*If example-production is a cluster/,
        ],
      ] as const;
      for (const [action, sentence] of table) {
        const { outcome, said, output } = await run(action);
        assert.equal(outcome.kind === 'failed' && outcome.status, 404);
        assert.match(said, sentence);
        assert.match(output.stderr, sentence);
      }
    });

    it('fails over: looks, moves the writer, and leaves an undo that moves it back', async () => {
      const [first = '', second = ''] = site.members;
      const looked = await inspect(failover());
      assert.deepEqual(
        looked.changes.map(({ object, field, before, after }) => [object, field, before, after]),
        [[`cluster/${site.cluster}`, 'writer', `${first} (${site.region}a)`, `${second} (${site.region}b)`]],
      );
      const agreed = looked.plan;
      if (agreed?.kind !== 'rds') throw new Error('the look gave no plan');
      assert.deepEqual(agreed.action, { ...failover(second), expectedWriter: first });
      assert.match(
        agreed.preview,
        new RegExp(`--target-db-instance-identifier ${second} --profile prod --region ${site.region}$`),
      );

      const { outcome, said, changes } = await runRds(executor, agreed);
      assert.equal(outcome.kind, 'succeeded', said);
      assert.match(said, new RegExp(`^${second} \\(${site.region}b\\) writes now`));
      assert.equal(await writer(), second);
      assert.deepEqual(changes.map((change) => change.changes), [
        [`cluster/${site.cluster} writer ${first} → ${second}`],
      ]); // prettier-ignore

      await untilAvailable();
      const act = changes[0]?.undo?.act;
      if (act?.kind !== 'rds') throw new Error('there is no undo');
      assert.deepEqual(act.action, { ...failover(first), expectedWriter: second });
      const undone = await run(act.action);
      assert.equal(undone.outcome.kind, 'succeeded', undone.said);
      assert.equal(await writer(), first);

      await untilAvailable();
      const again = await inspect(act.action);
      assert.match(
        again.refusal ?? '',
        new RegExp(`writer of ${site.cluster} is ${first} by now, not ${second}`),
      );
      assert.match((await run(act.action)).said, /by now.*Nothing was changed\./);
    });

    it('fails over to the instance that is named', async () => {
      const third = site.members[2] ?? '';
      const { outcome, said } = await run(failover(third));
      assert.equal(outcome.kind, 'succeeded', said);
      assert.equal(await writer(), third);
    });

    it(
      production.instant === undefined
        ? 'shows the states in between, and is done only when the writer has moved'
        : `shows a writer that moves at once, because ${production.instant}`,
      async () => {
        const second = site.members[1] ?? '';
        const { output } = await run(failover(second));
        const states = output.stdout.split('\n').filter((line) => line.includes(' is '));
        assert.match(states.at(-1) ?? '', new RegExp(`writer ${second}$`));
        if (production.instant !== undefined) return assert.equal(states.length, 1);
        assert.match(output.stdout, /failing-over, writer example-production-1\n/);
        assert.match(
          output.stdout,
          new RegExp(`RDS says: Started cross AZ failover to DB instance: ${second}\n`),
        );
      },
    );

    it('refuses what cannot be failed over, and says what can', async () => {
      const [first = '', second = ''] = site.members;
      const table: readonly (readonly [RdsAction, RegExp])[] = [
        [
          { ...failover(), cluster: site.multiAzInstance } as RdsAction,
          /is an instance, not a cluster\. It is Multi-AZ, so its way is aws rds reboot-db-instance --db-instance-identifier example-primary --force-failover\./,
        ],
        [
          { ...failover(), cluster: site.singleAzInstance } as RdsAction,
          /and not Multi-AZ: there is nothing to fail/,
        ],
        [
          { ...failover(), cluster: second } as RdsAction,
          new RegExp(`is an instance of the cluster ${site.cluster}`),
        ],
        [{ ...failover(), cluster: 'nobody' } as RdsAction, /There is no cluster nobody/],
        [failover(first), /is the writer of example-production already/],
        [failover(site.multiAzInstance), /is not a member of example-production\. Its readers are/],
        [reboot(second, true), /belongs to the cluster example-production.*aws rds failover-db-cluster/],
        [reboot(site.singleAzInstance, true), /is not Multi-AZ: it has no standby/],
        [reboot(site.cluster, false), /is a cluster, not an instance: use aws rds failover-db-cluster/],
        [reboot('nobody', false), /There is no instance nobody/],
      ];
      for (const [action, sentence] of table) {
        assert.match((await inspect(action)).refusal ?? '', sentence);
        const { outcome, said, changes } = await run(action);
        assert.equal(outcome.kind, 'failed');
        assert.match(said, sentence);
        assert.match(said, /Nothing was changed\.$/);
        assert.deepEqual(changes, []);
      }
      assert.equal(await writer(), first);
    });

    it(
      production.instant === undefined
        ? 'reboots a Multi-AZ instance into its standby’s zone'
        : `does not call a reboot done that nothing tells of, because ${production.instant}`,
      async () => {
        const action = reboot(site.multiAzInstance, true);
        const looked = await inspect(action);
        assert.equal(looked.refusal, undefined);
        assert.equal(looked.changes[0]?.object, `instance/${site.multiAzInstance}`);
        const { outcome, said, changes, output } = await run(action);
        assert.deepEqual(changes, [
          { changes: [`instance/${site.multiAzInstance} rebooted with failover to its standby`] },
        ]);
        if (production.instant !== undefined) {
          assert.equal(outcome.kind, 'failed');
          return assert.match(said, /AWS has accepted the reboot .* no event tells of a restart/);
        }
        assert.equal(outcome.kind, 'succeeded', said);
        assert.match(
          said,
          /is available again after .* It moved from (\S+)([ab]) to \1(?!\2)[ab], with its standby in \1\2\./,
        );
        assert.match(output.stdout, / is rebooting in .*\n/);
        assert.match(output.stdout, /RDS says: Multi-AZ instance failover completed\n/);
      },
    );
  });
}
