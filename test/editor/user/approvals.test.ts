import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  confirm,
  confirmationText,
  openSidebar,
  pick,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Approvals

## Runbooks

### Stop Payments

\`\`\`bash {"ir.approve":"second person"}
# 1. Stop it
kubectl scale deployment payment-service -n production --replicas=0
\`\`\`

\`\`\`bash
# 2. Delete the pods of the catalog
kubectl delete pods -l app=catalog -n production
\`\`\`

\`\`\`bash {"cwd":"../tools","ir.approve":"second person"}
# 3. Switch over
sh ./switch.sh
\`\`\`
`;
const guideFile = 'runbooks/approvals.md';

/** Two people in two editors of their own share one journal folder: one asks, the other approves. */
describe('approvals by a second person', function () {
  this.timeout(240_000);
  let shared: string;
  let ana: SampleEditor;
  let ben: SampleEditor;

  const editorOf = (name: string): Promise<SampleEditor> =>
    openSampleEditor({
      files: {
        [guideFile]: guide,
        'tools/switch.sh': 'echo tools > ../switched\n',
        'other/switch.sh': 'echo other > ../switched\n',
      },
      // A name of an application's setting cannot be given to a remote window: git's is asked.
      env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: name },
      workspaceSettings: () => ({
        'incident.journal.folder': shared,
        'incident.approvals.floor': { destructive: 'second person' },
        'incident.approvals.self': 'change',
      }),
    });
  before(async () => {
    shared = mkdtempSync(path.join(os.tmpdir(), 'incident-shared-'));
    ana = await editorOf('Ana');
    ben = await editorOf('Ben');
    await declareIncident(ana.page, 'Payments failing');
    await openSidebar(ben.page, 'Incident');
    for (const { page } of [ana, ben]) {
      // A tree draws the rows in sight.
      await page.getByRole('button', { name: 'Signals Section' }).click();
      await treeItem(page, 'SEV2 Payments failing').waitFor();
      await treeItem(page, /^Stop Payments, 3 steps/).click();
      await stepCard(page, 1).waitFor();
    }
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    if (ana) await screenshot(ana.page, 'failed-approvals-ana');
    if (ben) await screenshot(ben.page, 'failed-approvals-ben');
  });
  after(async () => {
    await ana?.dispose();
    await ben?.dispose();
    rmSync(shared, { recursive: true, force: true });
  });

  const button = (page: Page, step: number, name: string) =>
    stepCard(page, step).getByRole('button', { name });
  const events = (type: string) =>
    readdirSync(shared, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.jsonl'))
      .flatMap((name) => readFileSync(path.join(shared, name), 'utf8').split('\n'))
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { type: string; by: string; data: Record<string, unknown> })
      .filter((event) => event.type === type);
  const has = (type: string, count: number): Promise<void> =>
    waitUntil(`${count} ${type}`, () => Promise.resolve(events(type).length >= count));
  const replicas = async (): Promise<unknown> => {
    const url = `${ana.simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`;
    return ((await (await fetch(url)).json()) as { spec: { replicas: number } }).spec.replicas;
  };

  const inCluster = (rest: string, init?: RequestInit): Promise<Response> =>
    fetch(`${ana.simulator.url}${rest}`, init);
  const catalogPods = async (): Promise<readonly string[]> => {
    const answered = await inCluster('/api/v1/namespaces/production/pods?labelSelector=app%3Dcatalog');
    const { items } = (await answered.json()) as { items: { metadata: { uid: string } }[] };
    return items.map(({ metadata }) => metadata.uid);
  };
  const scaleCatalog = async (replicas: number): Promise<void> => {
    const answered = await inCluster('/apis/apps/v1/namespaces/production/deployments/catalog/scale', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas } }),
    });
    assert.ok(answered.ok, await answered.text());
  };

  const approvedByBen = async (step: number, request: number, given: number): Promise<void> => {
    await has('ApprovalRequested', request);
    await button(ben.page, step, `Approve step ${step}`).click();
    await confirm(ben.page, 'Approve');
    await has('ApprovalGiven', given);
    await stepCard(ana.page, step)
      .getByText(/Approved by Ben at/)
      .waitFor();
  };

  it('asks instead of running, and says on the card what it waits for', async () => {
    await stepCard(ana.page, 1).getByText('Needs a second person.').waitFor();
    await button(ana.page, 1, 'Ask to run… step 1').click();
    const said = await confirmationText(ana.page);
    assert.match(said, /This step needs a second person/);
    assert.match(said, /--replicas=0/);
    assert.match(said, /spec\.replicas \d+ → 0/);
    await screenshot(ana.page, 'approval-asking');
    await confirm(ana.page, 'Ask');
    await has('ApprovalRequested', 1);
    await stepCard(ana.page, 1)
      .getByText(/Asked by Ana at \d\d:\d\d UTC, waits for a second person, open for \d+ min/)
      .waitFor();
    assert.equal(events('RunStarted').length, 0);
    assert.notEqual(await replicas(), 0);
  });

  it('cannot be approved by the one who asked', async () => {
    await treeItem(ana.page, /^Approvals, 1 waits for an answer/).waitFor();
    await runCommand(ana.page, 'Incident: Approve');
    assert.equal(await ana.page.locator('.monaco-dialog-box').count(), 0);
    assert.equal(events('ApprovalGiven').length, 0);
  });

  it('is approved in the other editor, which shows exactly what would run', async () => {
    await treeItem(ben.page, /^Approvals, 1 waits for an answer/).waitFor();
    await stepCard(ben.page, 1)
      .getByText(/Asked by Ana/)
      .waitFor();
    await screenshot(ben.page, 'approval-card');
    await button(ben.page, 1, 'Approve step 1').click();
    const said = await confirmationText(ben.page);
    assert.match(said, /Approve what Ana asks for\?/);
    assert.match(said, /--replicas=0/);
    assert.match(said, /simulated-production \/ production/);
    await confirm(ben.page, 'Approve');
    await has('ApprovalGiven', 1);
    const [given] = events('ApprovalGiven');
    assert.deepEqual([given?.by, given?.data['who'], given?.data['how']], ['Ben', 'Ben', 'editor']);
  });

  it('runs for the one who asked, after the usual confirmation, and once', async () => {
    await stepCard(ana.page, 1)
      .getByText(/Approved by Ben at/)
      .waitFor();
    await button(ana.page, 1, 'Run step 1').click();
    await confirm(ana.page, 'Run Destructive Command');
    await answer(ana.page, 'payment-service', 'This cannot be undone from here');
    await has('RunEnded', 1);
    await waitUntil('no replicas', async () => (await replicas()) === 0);
    const [run] = events('RunStarted');
    assert.equal(run?.data['approval'], events('ApprovalRequested')[0]?.data['request']);
    await button(ana.page, 1, 'Ask to run… step 1').waitFor();
  });

  it('is refused with a reason that the one who asked reads', async () => {
    await button(ana.page, 2, 'Ask to run… step 2').click();
    await confirm(ana.page, 'Ask');
    await has('ApprovalRequested', 2);
    await button(ben.page, 2, 'Refuse step 2').click();
    await answer(ben.page, 'The catalog is fine', /^Refuse/);
    await has('ApprovalRefused', 1);
    await stepCard(ana.page, 2)
      .getByText(/Refused by Ben at \d\d:\d\d UTC: The catalog is fine/)
      .waitFor();
    await screenshot(ana.page, 'approval-refused');
    assert.equal(events('RunStarted').length, 1);
  });

  it('is asked for and refused by the commands of the palette too', async () => {
    await runCommand(ana.page, 'Incident: Request Approval');
    await pick(ana.page, /^2\. Delete the pods of the catalog/);
    await confirm(ana.page, 'Ask');
    await has('ApprovalRequested', 3);
    await treeItem(ben.page, /^Approvals, 1 waits for an answer/).waitFor();
    await runCommand(ben.page, 'Incident: Refuse Approval');
    await pick(ben.page, /^Delete the pods of the catalog/);
    await answer(ben.page, 'Not twice', /^Refuse/);
    await has('ApprovalRefused', 2);
    assert.equal(events('ApprovalRefused')[1]?.data['reason'], 'Not twice');
    await stepCard(ana.page, 2)
      .getByText(/Refused by Ben at \d\d:\d\d UTC: Not twice/)
      .waitFor();
  });

  it('has to be approved again once the look finds another pod, though the command is the same', async () => {
    const approved = (request: number, given: number) => approvedByBen(2, request, given);
    await button(ana.page, 2, 'Ask to run… step 2').click();
    await confirm(ana.page, 'Ask');
    await approved(4, 2);
    const before = await catalogPods();
    await scaleCatalog(before.length + 1);
    await waitUntil('one more pod', async () => (await catalogPods()).length > before.length);
    await button(ana.page, 2, 'Run step 2').click();
    const said = await confirmationText(ana.page);
    assert.match(
      said,
      /The look finds something else than what was approved, so it has to be approved again/,
    );
    assert.equal(said.match(/Change: pod\/catalog-/g)?.length, before.length + 1);
    await confirm(ana.page, 'Ask');
    await approved(5, 3);
    assert.equal(events('RunStarted').length, 1);
    await button(ana.page, 2, 'Run step 2').click();
    await confirm(ana.page, 'Run Destructive Command');
    await answer(ana.page, 'app=catalog', 'This cannot be undone from here');
    await has('RunEnded', 2);
    const [, asked] = events('ApprovalRequested').slice(-2);
    assert.equal(events('RunStarted')[1]?.data['approval'], asked?.data['request']);
    const left = await catalogPods();
    assert.deepEqual(
      before.filter((pod) => left.includes(pod)),
      [],
    );
  });

  it('has to be approved again once the guide has another folder for the same command', async () => {
    const write = (text: string): void => writeFileSync(path.join(ana.folder, guideFile), text);
    await button(ana.page, 3, 'Ask to run… step 3').click();
    assert.match(await confirmationText(ana.page), /^Runs: in the folder \.\.\/tools, by bash$/m);
    await confirm(ana.page, 'Ask');
    await approvedByBen(3, 6, 4);
    write(guide.replace('../tools', '../other'));
    await button(ana.page, 3, 'Ask to run… step 3').click();
    assert.match(
      await confirmationText(ana.page),
      /It would run in another folder or by another interpreter than was approved/,
    );
    await confirm(ana.page, 'Cancel');
    assert.equal(events('RunStarted').length, 2);
    write(guide);
    await button(ana.page, 3, 'Run step 3').click();
    await confirm(ana.page, 'Run');
    await has('RunEnded', 3);
    assert.equal(readFileSync(path.join(ana.folder, 'switched'), 'utf8'), 'tools\n');
    const [asked] = events('ApprovalRequested').slice(-1);
    const { approval, folder, interpreter } = events('RunStarted')[2]?.data ?? {};
    assert.deepEqual([approval, folder, interpreter], [asked?.data['request'], '../tools', 'bash']);
  });
});
