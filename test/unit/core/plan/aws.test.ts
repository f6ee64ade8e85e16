import assert from 'node:assert/strict';
import { namesSeen } from '../../../../src/core/plan/namesSeen.ts';
import type { RdsPlan } from '../../../../src/core/plan/plan.ts';
import type { Given } from './planOf.ts';
import { missingOf, planOf, shellPlan, trapsOf, why } from './planOf.ts';

const pin = { awsProfile: 'prod', awsRegion: 'eu-west-1' };

function rdsPlan(command: string, given: Given = { target: pin }): RdsPlan {
  const plan = planOf(command, given);
  if (plan.kind !== 'rds') throw new Error(`${command} became a ${plan.kind} plan: ${why(plan)}`);
  return plan;
}

const look = 'aws rds describe-db-instances';
const failover = 'aws rds failover-db-cluster --db-cluster-identifier shop';
const reboot = 'aws rds reboot-db-instance --db-instance-identifier db1';

describe('aws rds plans', () => {
  it('read the operations and their options', () => {
    const table: readonly (readonly [string, object])[] = [
      [look, { operation: 'describe-db-instances', instance: undefined, output: 'table' }],
      [
        `aws --no-cli-pager rds describe-db-instances --db-instance-identifier=db1 --output json`,
        { operation: 'describe-db-instances', instance: 'db1', output: 'json' },
      ],
      [
        'aws rds describe-db-clusters --db-cluster-identifier shop',
        { operation: 'describe-db-clusters', cluster: 'shop', output: 'table' },
      ],
      [
        'aws rds describe-events --source-type db-cluster --source-identifier shop --duration 30',
        {
          operation: 'describe-events',
          sourceIdentifier: 'shop',
          sourceType: 'db-cluster',
          durationMinutes: 30,
          output: 'table',
        },
      ],
      [
        `${failover} --target-db-instance-identifier shop-2 --output json`,
        { operation: 'failover-db-cluster', cluster: 'shop', targetInstance: 'shop-2' },
      ],
      [reboot, { operation: 'reboot-db-instance', instance: 'db1', forceFailover: false }],
      [
        `${reboot} --force-failover`,
        { operation: 'reboot-db-instance', instance: 'db1', forceFailover: true },
      ],
    ];
    for (const [command, action] of table) assert.deepEqual(rdsPlan(command).action, action, command);
  });

  it('say the same when their preview is read again, profile and region explicit', () => {
    for (const command of [
      look,
      'aws rds describe-events --duration 90 --source-type db-instance',
      failover,
      `${failover} --target-db-instance-identifier shop-2`,
      `${reboot} --force-failover`,
    ]) {
      const plan = rdsPlan(command);
      assert.match(plan.preview, / --profile prod --region eu-west-1/);
      const again = rdsPlan(plan.preview, { target: {} });
      assert.deepEqual([again.action, again.target], [plan.action, plan.target], command);
    }
  });

  it('leave what they do not cover to the shell, and say what it was', () => {
    const table: readonly (readonly [string, RegExp])[] = [
      [`${look} --query DBInstances`, /--query/],
      [`${look} --output text`, /output format text/],
      [`${look} --max-items 3`, /--max-items/],
      [`${look} --filters Name=engine,Values=mysql`, /--filters/],
      [`${look} --db-instance-identifier file://name.txt`, /comes from a file/],
      [`${look} --endpoint-url http://127.0.0.1`, /--endpoint-url/],
      ['aws rds describe-events --duration 0', /--duration 0/],
      ['aws rds describe-events --source-type db-snapshot', /db-snapshot/],
      ['aws rds wait db-instance-available --db-instance-identifier a', /aws rds wait/],
      ['aws rds failover-db-cluster', /--db-cluster-identifier is not given/],
      [`${reboot} --force-failover --no-force-failover`, /a failover and for none/],
      [`${reboot} --force-failover=true`, /--force-failover=true/],
      [`${failover} | grep Status`, /not filtered/],
      ['aws s3 ls', /aws s3 has no plan/],
    ];
    for (const [command, reason] of table) assert.match(why(shellPlan(command)), reason, command);
  });

  it('print JSON for a filter that was written for the AWS CLI', () => {
    const plan = rdsPlan(`${look} | grep DBInstanceStatus`);
    assert.equal('output' in plan.action && plan.action.output, 'json');
    assert.match(plan.preview, /--output json \| grep DBInstanceStatus$/);
  });

  it('know what cuts connections and what takes a database away', () => {
    assert.equal(rdsPlan(look).risk, 'read');
    assert.equal(rdsPlan(failover).risk, 'change');
    assert.equal(rdsPlan(`${reboot} --force-failover`).risk, 'change');
    assert.equal(rdsPlan(reboot).risk, 'destructive');
    assert.equal(rdsPlan(reboot, { target: pin, readOnlyPrefixes: ['aws'] }).risk, 'destructive');
    assert.equal(rdsPlan(failover, { target: pin, readOnlyPrefixes: ['aws rds'] }).risk, 'change');
    assert.equal(
      rdsPlan(look, { target: pin, step: { attributes: { 'ir.risk': 'change' } } }).risk,
      'change',
    );
  });

  it('never change anything in an account that nobody chose', () => {
    for (const target of [{}, { awsProfile: 'prod' }, { awsRegion: 'eu-west-1' }]) {
      assert.deepEqual(trapsOf(rdsPlan(failover, { target })), ['no-aws-target!', 'cluster-or-instance']);
      assert.deepEqual(trapsOf(rdsPlan(look, { target })), ['no-aws-target']);
    }
    const written = rdsPlan(`${failover} --profile prod --region eu-west-1`, { target: {} });
    assert.deepEqual(trapsOf(written), ['cluster-or-instance']);
    assert.deepEqual(written.target, pin);
  });

  it('let a written profile or region win, and stop a change that goes elsewhere', () => {
    const elsewhere = rdsPlan(`${failover} --region us-east-1`);
    assert.deepEqual(elsewhere.target, { awsProfile: 'prod', awsRegion: 'us-east-1' });
    assert.deepEqual(trapsOf(elsewhere), ['target-differs!', 'cluster-or-instance']);
    assert.deepEqual(trapsOf(rdsPlan(`${look} --profile other`)), ['target-differs']);
    assert.deepEqual(trapsOf(rdsPlan(`${look} --profile prod --region eu-west-1`)), []);
    assert.deepEqual(trapsOf(rdsPlan(`${look} --profile <profile>`)), []);
  });

  it('ask for databases where databases stand, and take only names', () => {
    assert.deepEqual(missingOf(rdsPlan('aws rds failover-db-cluster --db-cluster-identifier <name>')), [
      'name:db-cluster',
    ]);
    assert.deepEqual(missingOf(rdsPlan(`${failover} --target-db-instance-identifier=$NEW_WRITER`)), [
      'new-writer:db-instance',
    ]);
    assert.deepEqual(
      missingOf(rdsPlan('aws rds describe-events --source-type db-cluster --source-identifier <x>')),
      ['x:db-cluster'],
    );
    const filled = rdsPlan('aws rds failover-db-cluster --db-cluster-identifier <name>', {
      target: pin,
      values: { name: 'a b' },
    });
    assert.ok(trapsOf(filled).includes('invalid-value!'));
    const open = rdsPlan('aws rds describe-events --duration <minutes>');
    assert.match(open.preview, /--duration <minutes> /);
    const good = { target: pin, values: { minutes: '30' } };
    assert.match(rdsPlan('aws rds describe-events --duration <minutes>', good).preview, /--duration 30 /);
  });
});

describe('aws in the shell', () => {
  const traps = (script: string, target = pin): readonly string[] =>
    trapsOf(planOf(script, { target })).filter((code) => code !== 'runs-in-shell');

  it('goes where it is pinned, or says that it does not', () => {
    assert.deepEqual(traps('aws s3 ls'), []);
    assert.deepEqual(traps('make x && aws s3 ls --profile other'), ['target-differs!']);
    assert.deepEqual(traps('aws --region=us-east-1 s3 ls'), ['target-differs!']);
    assert.deepEqual(traps('AWS_PROFILE=other aws s3 ls'), ['target-differs!']);
    assert.deepEqual(traps('export AWS_REGION=us-east-1; aws s3 ls'), ['target-differs!']);
    assert.deepEqual(traps('AWS_ACCESS_KEY_ID=word aws s3 ls'), ['target-differs!']);
    assert.deepEqual(traps('AWS_PROFILE=other ./deploy.sh'), ['target-differs!']);
    assert.deepEqual(traps('aws s3 ls --profile prod --region eu-west-1'), []);
  });

  it('warns where nothing is pinned', () => {
    const plan = planOf('aws s3 ls --region eu-west-1', { target: {} });
    const trap = plan.traps.find(({ code }) => code === 'no-aws-target');
    assert.match(trap?.message ?? '', /no profile\. It runs with this machine’s own/);
    assert.equal(trap?.blocks, false);
  });
});

describe('names of databases', () => {
  it('are seen in tables and in JSON', () => {
    const plan = rdsPlan(look);
    const table =
      'CLUSTER   STATUS\nshop      available\n\nMEMBER    ROLE\nshop-1    writer\nshop-2    reader\n';
    assert.deepEqual(namesSeen(plan, table), { 'db-cluster': ['shop'], 'db-instance': ['shop-1', 'shop-2'] });
    const json =
      '{\n  "DBInstances": [\n    {\n      "DBInstanceIdentifier": "db1",\n      "Engine": "mysql"';
    assert.deepEqual(namesSeen(plan, json), { 'db-instance': ['db1'] });
    assert.deepEqual(
      namesSeen(rdsPlan('aws rds describe-events'), 'TIME (UTC)   SOURCE\n10:00   shop\n'),
      {},
    );
  });
});
