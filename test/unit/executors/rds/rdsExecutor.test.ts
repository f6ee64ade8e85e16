import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RdsAction } from '../../../../src/core/plan/aws/rdsAction.ts';
import type { Target } from '../../../../src/core/plan/plan.ts';
import type { Inspection } from '../../../../src/core/ports.ts';
import type { RdsDeps, RdsExecutor } from '../../../../src/executors/rds/rdsExecutor.ts';
import { createRdsExecutor, fetchAwsProfiles } from '../../../../src/executors/rds/rdsExecutor.ts';
import type { DatabaseInstance } from '../../../../src/simulator/state/databases.ts';
import type { SimulatedRds } from '../../../contract/rdsLab.ts';
import { fakeKeys, rdsPlan, runRds, startSimulatedRds } from '../../../contract/rdsLab.ts';
import { untilDone } from '../collectOutput.ts';

const look: RdsAction = { operation: 'describe-db-instances', instance: undefined, output: 'table' };
const failover: Extract<RdsAction, { operation: 'failover-db-cluster' }> = {
  operation: 'failover-db-cluster',
  cluster: 'example-production',
  targetInstance: undefined,
};

describe('rds executor', () => {
  let rds: SimulatedRds;
  let folder: string;
  const executors: RdsExecutor[] = [];
  beforeEach(async () => {
    rds = await startSimulatedRds();
    folder = mkdtempSync(join(tmpdir(), 'rds-executor-'));
  });
  afterEach(async () => {
    for (const executor of executors.splice(0)) executor.dispose();
    await rds.dispose();
    rmSync(folder, { recursive: true, force: true });
  });
  const create = (deps: Partial<RdsDeps> = {}): RdsExecutor => {
    const pace = { pollMs: 20, settleMs: 300 };
    const executor = createRdsExecutor({ env: {}, endpoint: rds.url, pace, ...deps });
    executors.push(executor);
    return executor;
  };
  const withKeys = (): RdsExecutor => create({ credentials: fakeKeys });

  describe('finding credentials', () => {
    const files = (config: string, credentials = ''): Record<string, string> => {
      mkdirSync(join(folder, '.aws', 'sso', 'cache'), { recursive: true });
      writeFileSync(join(folder, '.aws', 'config'), config);
      writeFileSync(join(folder, '.aws', 'credentials'), credentials);
      return { HOME: folder };
    };
    const keysOf = (name: string): string =>
      `[${name}]\naws_access_key_id = lab-key\naws_secret_access_key = lab-word\n`;
    const sso =
      '[profile prod]\nsso_session = corp # ours\nsso_account_id = 123456789012\nsso_role_name = ops\n' +
      'region = eu-central-1\n[profile deploy]\nrole_arn = arn:aws:iam::123456789012:role/x\nsource_profile=prod\n' +
      '[sso-session corp]\nsso_start_url = https://corp.example/start\nsso_region = eu-central-1\n';
    const token = (expiresAt: string, more: object = {}): void => {
      const name = createHash('sha1').update('corp').digest('hex');
      const file = join(folder, '.aws', 'sso', 'cache', `${name}.json`);
      writeFileSync(file, JSON.stringify({ accessToken: 'a word', expiresAt, ...more }));
    };
    const planFor = (target: Target) => rdsPlan(look, { target });
    const foresee = (executor: RdsExecutor, target: Target): Promise<readonly string[]> =>
      executor.foresee(planFor(target), untilDone());

    it('says before the click that an SSO session has expired, without asking anybody', async () => {
      const executor = create({ env: files(sso) });
      assert.deepEqual(await foresee(executor, { awsProfile: 'prod' }), [
        'There is no SSO session for the AWS profile prod. Log in first: aws sso login --profile prod',
      ]);
      token('2020-01-01T00:00:00Z');
      assert.deepEqual(await foresee(executor, { awsProfile: 'prod' }), [
        'The SSO session of the AWS profile prod has expired. Log in first: aws sso login --profile prod',
      ]);
      assert.match(
        (await foresee(executor, { awsProfile: 'deploy', awsRegion: 'eu-central-1' })).join(),
        /login --profile prod$/,
      );
      token('2020-01-01T00:00:00Z', {
        refreshToken: 'a word',
        registrationExpiresAt: '2999-01-01T00:00:00Z',
      });
      assert.deepEqual(await foresee(executor, { awsProfile: 'prod' }), []);
      token('2999-01-01T00:00:00UTC');
      assert.deepEqual(await foresee(executor, { awsProfile: 'prod' }), []);
      assert.deepEqual(rds.actions, []);
    });

    it('gives the command that logs in again when the session has expired', async () => {
      const executor = create({ env: files(sso) });
      for (const expiresAt of [undefined, '2020-01-01T00:00:00Z']) {
        if (expiresAt !== undefined) token(expiresAt);
        const { outcome, said } = await runRds(executor, planFor({ awsProfile: 'prod' }));
        assert.equal(outcome.kind === 'failed' && outcome.remedy, 'aws sso login --profile prod');
        assert.match(
          said,
          /SSO session of AWS profile prod has expired or was never started\. Nothing was sent/,
        );
      }
      assert.deepEqual(rds.actions, []);
    });

    it('offers the login only where one helps', async () => {
      const executor = create({ env: files(`${sso}[profile keys]\n`, keysOf('prod') + keysOf('keys')) });
      const target = (awsProfile: string): Target => ({ awsProfile, awsRegion: 'eu-central-1' });
      const expired = (code: string): void =>
        void rds.databases.faults.push({
          code,
          message: 'The security token is expired',
          status: 403,
          times: 1,
        });
      for (const code of ['ExpiredToken', 'ExpiredTokenException', 'UnrecognizedClientException']) {
        expired(code);
        const { outcome } = await runRds(executor, planFor(target('prod')));
        assert.equal(outcome.kind === 'failed' && outcome.remedy, 'aws sso login --profile prod', code);
      }
      expired('ExpiredToken');
      const { outcome, said } = await runRds(executor, planFor(target('keys')));
      assert.equal(outcome.kind === 'failed' && outcome.remedy, undefined);
      assert.match(said, /no longer takes the credentials of AWS profile keys .* Renew them/);
      assert.equal((await runRds(executor, planFor(target('keys')))).outcome.kind, 'succeeded');
    });

    it('never uses other credentials than the pinned profile’s', async () => {
      const env = { ...files('', keysOf('default')), AWS_ACCESS_KEY_ID: 'own', AWS_SECRET_ACCESS_KEY: 'own' };
      const executor = create({ env });
      const target = { awsProfile: 'gone', awsRegion: 'eu-central-1' };
      assert.match(
        (await foresee(executor, target)).join(),
        /profile gone is not in this machine’s AWS config/,
      );
      assert.match(
        (await runRds(executor, planFor(target))).said,
        /no usable credentials for AWS profile gone/,
      );
      assert.deepEqual(rds.actions, []);
    });

    it('takes the region from the pin, the environment or the profile, and asks nobody without one', async () => {
      const env = files(
        '[default]\nregion = eu-central-1\n[profile keys]\n',
        keysOf('default') + keysOf('keys'),
      );
      const executor = create({ env });
      assert.match((await runRds(executor, planFor({ awsProfile: 'default' }))).said, /in eu-central-1/);
      const { said } = await runRds(executor, planFor({ awsProfile: 'keys' }));
      assert.match(said, /^No AWS region is pinned/);
      assert.match((await foresee(executor, { awsProfile: 'keys' })).join(), /^No AWS region/);
      const elsewhere = create({ env: { ...env, AWS_REGION: 'us-west-2' } });
      assert.match(
        (await runRds(elsewhere, planFor({ awsProfile: 'keys' }))).said,
        /0 instances in us-west-2/,
      );
      const viaEnvironment = createRdsExecutor({ env: { ...env, AWS_ENDPOINT_URL_RDS: rds.url } });
      executors.push(viaEnvironment);
      assert.match((await runRds(viaEnvironment, planFor({ awsProfile: 'default' }))).said, /5 instances/);
    });

    it('lists the profiles there are', async () => {
      const profiles = await fetchAwsProfiles(files(sso, keysOf('default')));
      assert.deepEqual(
        profiles.map(({ name, region, sso: session }) => [name, region, session?.profile]),
        [
          ['prod', 'eu-central-1', 'prod'],
          ['deploy', undefined, 'prod'],
          ['default', undefined, undefined],
        ],
      );
      assert.deepEqual(await fetchAwsProfiles({ HOME: join(folder, 'nowhere') }), []);
    });
  });

  describe('looking before a failover', () => {
    const member = (n: number): DatabaseInstance => rds.databases.instances.get(`example-production-${n}`)!;
    const cluster = () => rds.databases.clusters.get('example-production')!;
    async function inspect(action: RdsAction = failover): Promise<Inspection> {
      const looked = await withKeys().inspect(rdsPlan(action), untilDone());
      if (!looked.ok) throw new Error(looked.failure.message);
      return looked.value;
    }

    it('leaves the choice to AWS between equals, and says so', async () => {
      member(3).tier = 1;
      const looked = await inspect();
      assert.match(
        looked.changes[0]?.after ?? '',
        /^a reader that AWS chooses \(example-production-2 .* or example-production-3/,
      );
      assert.match(looked.warnings.join(), /Several readers have the best failover tier/);
      const agreed = looked.plan;
      if (agreed?.kind !== 'rds') throw new Error('the look gave no plan');
      assert.deepEqual(agreed.action, { ...failover, expectedWriter: 'example-production-1' });
      const { changes, outcome } = await runRds(withKeys(), agreed);
      assert.equal(outcome.kind, 'succeeded');
      assert.deepEqual(changes[0]?.undo?.act, {
        kind: 'rds',
        action: { ...failover, targetInstance: 'example-production-1' },
      });
    });

    it('takes the reader that is left, and warns of what it lacks', async () => {
      member(2).status = 'rebooting';
      member(3).zone = member(1).zone;
      const looked = await inspect();
      assert.equal(looked.changes[0]?.after, 'example-production-3 (eu-central-1a)');
      assert.match(looked.warnings.join(), /in the same zone as the writer/);
      assert.match(
        (await inspect({ ...failover, targetInstance: 'example-production-2' })).refusal ?? '',
        /is rebooting, so it cannot take over/,
      );
    });

    it('refuses where nobody can take over', async () => {
      for (const n of [2, 3]) member(n).status = 'rebooting';
      assert.match(
        (await inspect()).refusal ?? '',
        /No reader .* is available: example-production-2 is rebooting/,
      );
      cluster().members.splice(1);
      assert.match(
        (await inspect()).refusal ?? '',
        /has no reader to fail over to: example-production-1 is its only/,
      );
      cluster().status = 'upgrading';
      assert.match(
        (await inspect()).refusal ?? '',
        /is upgrading, and AWS fails over only what is available/,
      );
      cluster().writer = 'elsewhere';
      assert.match((await inspect()).refusal ?? '', /has no writer here/);
    });

    it('refuses when another than the expected one writes', async () => {
      const guarded = { ...failover, expectedWriter: 'example-production-3' };
      assert.match(
        (await inspect(guarded)).refusal ?? '',
        /is example-production-1 by now, not example-production-3/,
      );
      const { outcome } = await runRds(withKeys(), rdsPlan(guarded));
      assert.equal(outcome.kind, 'failed');
      assert.equal(rds.actions.includes('FailoverDBCluster'), false);
    });
  });

  it('restarts an instance in place, and warns that a standby could have stepped in', async () => {
    const action: RdsAction = {
      operation: 'reboot-db-instance',
      instance: 'example-primary',
      forceFailover: false,
    };
    const looked = await withKeys().inspect(rdsPlan(action), untilDone());
    assert.ok(looked.ok);
    assert.match(
      looked.value.warnings.join(),
      /answers nobody until it is back.*with --force-failover its standby/,
    );
    const { outcome, said, changes } = await runRds(withKeys(), rdsPlan(action));
    assert.equal(outcome.kind, 'succeeded', said);
    assert.match(said, /^example-primary is available again after \d+ s\.$/);
    assert.deepEqual(changes, [{ changes: ['instance/example-primary rebooted'] }]);
  });

  it('reads every page', async () => {
    const one = rds.databases.instances.get('example-reports')!;
    for (let n = 0; n < 205; n += 1) rds.databases.instances.set(`copy-${n}`, { ...one, name: `copy-${n}` });
    const { said } = await runRds(withKeys(), rdsPlan(look));
    assert.match(said, /^210 instances/);
    assert.equal(rds.actions.filter((action) => action === 'DescribeDBInstances').length, 3);
  });

  it('passes its table through the filters behind it', async () => {
    const grep = {
      name: 'grep',
      ignoreCase: false,
      invert: false,
      extended: false,
      fixed: false,
      count: false,
    } as const;
    const found = await runRds(withKeys(), rdsPlan(look, { filters: [{ ...grep, pattern: 'reader' }] }));
    assert.equal(found.output.stdout.trim().split('\n').length, 2);
    const none = await runRds(withKeys(), rdsPlan(look, { filters: [{ ...grep, pattern: 'oracle' }] }));
    assert.equal(none.outcome.kind, 'no-match');
  });
});
