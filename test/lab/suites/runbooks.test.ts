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
import {
  confirm,
  confirmationText,
  runbookFrame,
  screenshot,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
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

  const frame = () => runbookFrame(page);
  const step = (number: number) =>
    frame()
      .getByRole('article')
      .nth(number - 1);
  const verdict = (number: number, words: RegExp) => step(number).getByText(words).waitFor();
  const output = (number: number, text: string | RegExp) =>
    step(number).getByLabel(`Output of step ${number}`, { exact: true }).getByText(text).first().waitFor();
  const open = async (title: string): Promise<void> => {
    await treeItem(page, title).click();
    await frame().getByRole('heading', { name: title }).first().waitFor();
  };
  const ended = () => sample.journal().filter(({ type }) => type === 'RunEnded').length;
  const run = async (number: number, agree = false): Promise<void> => {
    const before = ended();
    await step(number)
      .getByRole('button', { name: new RegExp(`^Run (?:again )?step ${number}$`) })
      .click();
    if (agree) await confirm(page, 'Run');
    await sample.journalHas('RunEnded', before + 1);
  };
  /** Types a value into the form of the page. */
  const give = async (name: string, value: string): Promise<void> => {
    const field = frame()
      .getByRole('region', { name: 'Values for this incident' })
      .getByRole('textbox', { name, exact: true });
    await field.fill(value);
    await field.press('Enter');
    await sample.until(`${name} to be ${value}`, () => {
      const set = sample.journal().filter(({ type, data }) => type === 'ValueSet' && data['name'] === name);
      return set.at(-1)?.data['value'] === value;
    });
  };
  const podOf = async (app: string): Promise<string> =>
    (await kubectl(['get', 'pods', '-l', `app=${app}`, '-o', 'jsonpath={.items[0].metadata.name}'])).trim();

  describe('Service Unavailable (503)', () => {
    before(() => open('Service Unavailable (503)'));

    it('cannot tell anything before a run has looked', async () => {
      for (const number of [2, 3, 4]) await verdict(number, /^Cannot tell, you decide: no run has looked/);
    });

    it('takes the branch of the crash loop, and no other', async () => {
      await give('service', 'rb-crash');
      await run(1);
      await verdict(2, /^Applies: 2 of 2 pods are in CrashLoopBackOff \(step 1, \d\d:\d\d UTC\)$/);
      await verdict(3, /^Does not apply: none of 2 pods is in Pending \(step 1, /);
      await verdict(4, /^Does not apply: 2 of 2 pods are not \(step 1, /);
      await give('pod', await podOf('rb-crash'));
      await run(2);
      await output(2, /OutOfMemory/);
    });

    it('takes the branch of the pending pods, and no other', async () => {
      await give('service', 'rb-pending');
      await run(1);
      await verdict(2, /^Does not apply: none of 2 pods is in CrashLoopBackOff \(step 1, /);
      await verdict(3, /^Applies: 2 of 2 pods are in Pending \(step 1, /);
      await verdict(4, /^Does not apply: 2 of 2 pods are not \(step 1, /);
      await give('pod', await podOf('rb-pending'));
      await run(3);
      await output(3, /FailedScheduling.*Insufficient memory/);
    });

    it('names the service that has nothing behind it where pods are healthy but 503', async () => {
      await give('service', 'rb-healthy');
      await run(1);
      await verdict(2, /^Does not apply: none of 2 pods is in CrashLoopBackOff \(step 1, /);
      await verdict(3, /^Does not apply: none of 2 pods is in Pending \(step 1, /);
      await verdict(
        4,
        /^Cannot tell, you decide: all 2 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
      );
      await run(4);
      await output(4, /service\/rb-healthy/);
      await verdict(
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
      await run(4);
      await verdict(
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
    await open('High Error Rate');
    await give('service', 'rb-errors');
    await run(1);
    await output(1, /pool is empty/);
    await step(1)
      .getByRole('list', { name: 'What it shows' })
      .getByText('5 lines tell of errors: POST /api/orders/:id/pay 3, GET /api/cart 1; 1 names no endpoint')
      .waitFor();
    // The guide's question of the next step is answered by that.
    await step(2).getByRole('button', { name: 'Done with step 2', exact: true }).click();
    await sample.journalHas('StepDone');
  });

  describe('Database Unavailable', () => {
    const held: (() => void)[] = [];
    after(() => held.forEach((close) => close()));

    it('leaves the failover to a person while the database takes connections', async () => {
      await open('Database Unavailable');
      await run(1);
      if (names.standby !== undefined) await output(1, names.primary);
      await give('pod', 'postgres-0');
      await run(2, true);
      await output(2, '(1 row)');
      await verdict(
        3,
        hasCustomers
          ? /^Cannot tell, you decide: \d+ connections, and how many are allowed was not shown; whether it is necessary is for you to decide \(step 2, /
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
      await run(2, true);
      await output(2, /too many clients already/);
      await verdict(
        3,
        hasCustomers
          ? /^Applies: the database takes no more connections: sorry, too many clients already \(step 2, \d\d:\d\d UTC\)$/
          : /^Cannot tell, you decide: /,
      );
      const before = await writer();
      await step(3).getByRole('button', { name: 'Run step 3' }).click();
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
    await open('High Latency');
    for (const number of [3, 4]) await verdict(number, /^Cannot tell, you decide: /);
    for (const number of [1, 2]) assert.equal(await step(number).locator('.verdict:visible').count(), 0);
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
