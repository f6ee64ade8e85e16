import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Page } from 'playwright-core';
import { confirm, confirmationText, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { createRunbookPage, type RunbookPage } from '../../support/runbookPage.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { readLab, type LabDescription } from '../labDescription.ts';
import { openSession } from '../systems/postgresSession.ts';

const root = path.join(import.meta.dirname, '../../..');
/** The first customer's guide lies beside the clone and not in it: without it the product's own is taken. */
const customers = path.join(root, '../shared/guide.md');
const hasCustomers = existsSync(customers);
const names = hasCustomers
  ? { cluster: 'techcorp-production', primary: 'techcorp-primary', standby: 'techcorp-standby' }
  : { cluster: 'example-production', primary: 'example-primary', standby: undefined };

const deployment = (name: string, pod: object, labels: object = {}, replicas = 2) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name, namespace: 'production', labels: { app: name } },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name, ...labels } },
      spec: { containers: [{ name, image: `registry.example.com/${name}:1.0.0`, ...pod }] },
    },
  },
});
const service = (name: string, app: string) => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace: 'production' },
  spec: { selector: { app }, ports: [{ port: 8080, targetPort: 8080 }] },
});
const objects = [
  deployment('rb-crash', {}, { 'incident.lab/trouble': 'crash-loop' }),
  // More than any node has: the real scheduler says why.
  deployment('rb-pending', { resources: { requests: { memory: '900Ti' } } }),
  deployment('rb-healthy', {}),
  service('rb-healthy', 'rb-healthly'),
  deployment('rb-errors', {}, {}, 1),
];

/** The runbooks of a guide as it is, on real systems: what they show decides which of their branches hold. */
describe(`the runbooks of ${hasCustomers ? 'the customer’s guide' : 'the default guide'} on the lab`, function () {
  this.timeout(240_000);
  let lab: Pick<LabDescription, 'kubernetes' | 'postgresql' | 'aws'>;
  let sample: SampleEditor;
  let page: Page;
  let book: RunbookPage;
  let rds: RDSClient;

  const kubectl = async (args: readonly string[], input?: string): Promise<string> => {
    const { kubernetes } = lab;
    const place = ['--kubeconfig', kubernetes.kubeconfigs.admin, '--context', kubernetes.contexts.production];
    const run = promisify(execFile)(kubernetes.kubectl, [...place, '-n', 'production', ...args]);
    run.child.stdin?.end(input ?? '');
    return (await run).stdout;
  };
  const manifest = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects });
  const pods = async (app: string, state: string): Promise<boolean> => {
    const rows = (await kubectl(['get', 'pods', '--no-headers', '-l', `app=${app}`])).trim().split('\n');
    return rows.every((row) => row.includes(state));
  };
  const writer = async (): Promise<string | undefined> => {
    const { DBClusters } = await rds.send(
      new DescribeDBClustersCommand({ DBClusterIdentifier: names.cluster }),
    );
    return DBClusters?.[0]?.DBClusterMembers?.find(({ IsClusterWriter }) => IsClusterWriter)
      ?.DBInstanceIdentifier;
  };

  before(async () => {
    lab = await readLab('kubernetes', 'postgresql', 'aws');
    const { endpoint, region, accessKeyId, secretAccessKey } = lab.aws;
    rds = new RDSClient({ endpoint, region, credentials: { accessKeyId, secretAccessKey } });
    if (names.standby !== undefined) await makeCluster(rds, names.cluster, [names.primary, names.standby]);
    await kubectl(['apply', '-f', '-'], manifest);
    await waitUntil('the pods of the test in their states', async () =>
      (
        await Promise.all([
          pods('rb-crash', 'CrashLoopBackOff'),
          pods('rb-pending', 'Pending'),
          pods('rb-healthy', '1/1'),
          pods('rb-errors', '1/1'),
        ])
      ).every(Boolean),
    );
    sample = await openSampleEditor({
      kubeconfig: lab.kubernetes.kubeconfigs.admin,
      files: hasCustomers ? { 'incident-guide.md': readFileSync(customers, 'utf8') } : {},
      workspaceSettings: () => ({ 'incident.aws.region': region }),
      env: { AWS_ENDPOINT_URL_RDS: endpoint },
    });
    page = sample.page;
    book = createRunbookPage(sample);
    await declareIncident(page, 'Payments failing', /^production \/ production$/);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-runbooks');
  });
  after(async () => {
    await sample?.dispose();
    await kubectl(['delete', '--ignore-not-found', '-f', '-'], manifest);
    if (names.standby !== undefined) {
      for (const member of [names.standby, names.primary])
        await rds.send(
          new DeleteDBInstanceCommand({ DBInstanceIdentifier: member, SkipFinalSnapshot: true }),
        );
      await rds.send(
        new DeleteDBClusterCommand({ DBClusterIdentifier: names.cluster, SkipFinalSnapshot: true }),
      );
    }
    rds.destroy();
  });

  const podOf = async (app: string): Promise<string> =>
    (await kubectl(['get', 'pods', '-l', `app=${app}`, '-o', 'jsonpath={.items[0].metadata.name}'])).trim();

  describe('Service Unavailable (503)', () => {
    before(() => book.open('Service Unavailable (503)'));

    it('cannot tell anything before a run has looked', async () => {
      for (const number of [2, 3, 4]) await book.says(number, /^Cannot tell, you decide: no run has looked/);
    });

    it('takes the branch of the crash loop, and no other', async () => {
      await book.give('service', 'rb-crash');
      await book.run(1);
      await book.says(2, /^Applies: 2 of 2 pods are in CrashLoopBackOff \(step 1, \d\d:\d\d UTC\)$/);
      await book.says(3, /^Does not apply: none of 2 pods is in Pending \(step 1, /);
      await book.says(4, /^Does not apply: 2 of 2 pods are not \(step 1, /);
      await book.give('pod', await podOf('rb-crash'));
      await book.run(2);
      await book.prints(2, /OutOfMemory/);
    });

    it('takes the branch of the pending pods, and no other', async () => {
      await book.give('service', 'rb-pending');
      await book.run(1);
      await book.says(2, /^Does not apply: none of 2 pods is in CrashLoopBackOff \(step 1, /);
      await book.says(3, /^Applies: 2 of 2 pods are in Pending \(step 1, /);
      await book.says(4, /^Does not apply: 2 of 2 pods are not \(step 1, /);
      await book.give('pod', await podOf('rb-pending'));
      await book.run(3);
      await book.prints(3, /FailedScheduling.*Insufficient memory/);
    });

    it('names the service that has nothing behind it where pods are healthy but 503', async () => {
      await book.give('service', 'rb-healthy');
      await book.run(1);
      await book.says(2, /^Does not apply: none of 2 pods is in CrashLoopBackOff \(step 1, /);
      await book.says(3, /^Does not apply: none of 2 pods is in Pending \(step 1, /);
      await book.says(
        4,
        /^Cannot tell, you decide: all 2 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
      );
      await book.run(4);
      await book.prints(4, /service\/rb-healthy/);
      await book.says(
        4,
        /^Applies: all 2 pods are running and ready \(step 1, \S+ UTC\); service rb-healthy has no ready endpoints \(step 4, \S+ UTC\)$/,
      );
    });

    it('accuses the service no longer once its selector is mended', async () => {
      await kubectl(['apply', '-f', '-'], JSON.stringify(service('rb-healthy', 'rb-healthy')));
      await waitUntil('endpoints of rb-healthy', async () =>
        (
          await kubectl([
            'get',
            'endpointslices',
            '-l',
            'kubernetes.io/service-name=rb-healthy',
            '-o',
            'jsonpath={.items[*].endpoints[*].conditions.ready}',
          ])
        ).includes('true true'),
      );
      await book.run(4);
      await book.says(
        4,
        /^Cannot tell, you decide: .*; every service shown has ready endpoints, and no run has shown whether it still answers 503 \(step 4, /,
      );
    });
  });

  it('High Error Rate counts the errors of real logs by endpoint', async () => {
    const pod = await podOf('rb-errors');
    const log = path.join(lab.kubernetes.podLogs, 'production', pod, 'rb-errors.log');
    await waitUntil('the log of rb-errors', () => Promise.resolve(existsSync(log)));
    const lines = [
      'level=error msg="upstream failed" request="POST /api/orders/4711/pay" status=503',
      'level=error msg="upstream failed" request="POST /api/orders/4712/pay" status=503',
      'level=error msg="upstream failed" request="GET /api/cart" status=502',
      'level=error msg="upstream failed" request="POST /api/orders/88/pay" status=503',
      'level=error msg="pool is empty"',
    ];
    const now = new Date().toISOString().replace('Z', '000000Z');
    appendFileSync(log, lines.map((text) => `${now} stdout F ${text}\n`).join(''));
    await book.open('High Error Rate');
    await book.give('service', 'rb-errors');
    await book.run(1);
    await book.prints(1, /pool is empty/);
    await book
      .step(1)
      .getByRole('list', { name: 'What it shows' })
      .getByText('5 lines tell of errors: POST /api/orders/:id/pay 3, GET /api/cart 1; 1 names no endpoint')
      .waitFor();
    // The guide's question of the next step is answered by that.
    await book.step(2).getByRole('button', { name: 'Done with step 2', exact: true }).click();
    await sample.journalHas('StepDone');
  });

  describe('Database Unavailable', () => {
    const held: (() => void)[] = [];
    after(() => held.forEach((close) => close()));

    it('leaves the failover to a person while the database takes connections', async () => {
      await book.open('Database Unavailable');
      await book.run(1);
      if (names.standby !== undefined) await book.prints(1, names.primary);
      await book.give('pod', 'postgres-0');
      await book.run(2, { agree: true });
      await book.prints(2, '(1 row)');
      await book.says(
        3,
        hasCustomers
          ? /^Cannot tell, you decide: \d+ connections, and how many are allowed was not shown \(step 2, /
          : /^Cannot tell, you decide: /,
      );
    });

    it('sees the connections at their limit, and fails over', async () => {
      // Others may end a session meanwhile: the limit is reached when a new one is refused.
      let refused: string | undefined;
      while (refused === undefined) {
        const session = await openSession(lab.postgresql);
        if ('close' in session) held.push(session.close);
        else refused = session.refused;
      }
      assert.match(refused, /too many clients already/);
      await book.run(2, { agree: true });
      await book.prints(2, /too many clients already/);
      await book.says(
        3,
        hasCustomers
          ? /^Applies: the database takes no more connections: sorry, too many clients already \(step 2, \d\d:\d\d UTC\)$/
          : /^Cannot tell, you decide: /,
      );
      const before = await writer();
      await book.step(3).getByRole('button', { name: 'Run step 3' }).click();
      const said = await confirmationText(page);
      assert.ok(said.includes(names.cluster), said);
      await confirm(page, 'Run');
      await waitUntil('another writer', async () => (await writer()) !== before);
      await sample.until('the failover in the journal', () =>
        sample
          .journal()
          .some(({ type, data }) => type === 'ChangeMade' && JSON.stringify(data).includes(names.cluster)),
      );
    });
  });

  it('High Latency leaves its conditions to a person', async () => {
    await book.open('High Latency');
    for (const number of [3, 4]) await book.says(number, /^Cannot tell, you decide: /);
    for (const number of [1, 2]) assert.equal(await book.step(number).locator('.verdict:visible').count(), 0);
  });
});

/** An Aurora cluster with these members, the writer first. */
async function makeCluster(rds: RDSClient, cluster: string, members: readonly string[]): Promise<void> {
  await rds.send(
    new CreateDBClusterCommand({
      DBClusterIdentifier: cluster,
      Engine: 'aurora-postgresql',
      MasterUsername: 'app',
      MasterUserPassword: 'lab-word',
    }),
  );
  for (const member of members)
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: member,
        DBClusterIdentifier: cluster,
        DBInstanceClass: 'db.r6g.large',
        Engine: 'aurora-postgresql',
      }),
    );
}
