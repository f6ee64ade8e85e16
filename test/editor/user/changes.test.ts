import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { load } from 'js-yaml';
import type { Locator, Page } from 'playwright-core';
import {
  answer,
  confirm,
  confirmationText,
  pick,
  pickLabels,
  runbookFrame,
  runCommand,
  stepCard,
  succeeds,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, screenshotBoth } from '../../support/pictures.ts';
import { checkResolution } from '../../support/resolving.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guideFor = (reloads: string) => `# Changes

## Runbooks

### Payments Changes

\`\`\`bash
# 1. Scale out
kubectl scale deployment payment-service -n production --replicas=10

# 2. Send the traffic elsewhere
kubectl patch ingress storefront -n production --patch '...'

# 3. Reload the settings
curl -X POST -H "Authorization: Bearer $RELOAD_TOKEN" ${reloads}/reload

# 4. Look at the pods
kubectl get pods -n production
\`\`\`
`;
const secret = 'words-that-only-the-test-knows';

/** Changes are guarded, can be taken back from where they were made, and never run on a cluster in doubt. */
describe('changes and their undo', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;
  let reloads: Server;
  const received: IncomingHttpHeaders[] = [];

  before(async () => {
    reloads = createServer((request, response) => {
      received.push(request.headers);
      response.end(`reloaded for ${request.headers.authorization ?? 'nobody'}\n`);
    }).listen(0, '127.0.0.1');
    await waitUntil('the reload server', () => Promise.resolve(reloads.listening));
    const address = `http://127.0.0.1:${(reloads.address() as AddressInfo).port}`;
    sample = await openSampleEditor({ files: { 'runbooks/changes.md': guideFor(address) } });
    page = sample.page;
    await declareIncident(page, 'Payments failing');
    await treeItem(page, /^Payments Changes, 4 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-changes');
  });
  after(async () => {
    await sample?.dispose();
    reloads.close();
  });

  const card = (step: number) => stepCard(page, step);
  const button = (step: number, name: RegExp | string) => card(step).getByRole('button', { name });
  const replicas = async (): Promise<unknown> => {
    const url = `${sample.simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`;
    return ((await (await fetch(url)).json()) as { spec: { replicas: number } }).spec.replicas;
  };
  const scaleByOthers = async (wanted: number): Promise<void> => {
    const url = `${sample.simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service/scale`;
    await fetch(url, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ spec: { replicas: wanted } }),
    });
  };
  const backends = async (): Promise<string> => {
    const url = `${sample.simulator.url}/apis/networking.k8s.io/v1/namespaces/production/ingresses/storefront`;
    const { spec } = (await (await fetch(url)).json()) as { spec: { rules: object } };
    return JSON.stringify(spec.rules);
  };

  /** A click closes a row that was open, and a key may come while the tree is drawn: the arrow opens it in any case. */
  const open = async (name: RegExp, below: Locator): Promise<void> => {
    await treeItem(page, name).click();
    await waitUntil(`${name} to be open`, async () => {
      if (await below.isVisible()) return true;
      await page.keyboard.press('ArrowRight');
      return false;
    });
  };

  it('offers the undo on the card as soon as the change was accepted', async () => {
    await button(1, 'Run step 1').click();
    await confirm(page, 'Run');
    await sample.journalHas('ChangeMade');
    await card(1).getByText('deployment/payment-service spec.replicas 3 → 10').first().waitFor();
    await button(1, /back from 10 to 3|Undo/)
      .first()
      .waitFor();
    await sample.journalHas('RunEnded');
    await screenshot(page, 'change-undo');
    assert.equal(await replicas(), 10);
  });

  it('takes it back after a question that names object and figures', async () => {
    await button(1, /back from 10 to 3/).click();
    const said = await confirmationText(page);
    for (const word of ['simulated-production', 'production', 'payment-service', '10', '3'])
      assert.ok(said.includes(word), `"${word}" in: ${said}`);
    await confirm(page, 'Run');
    await card(1)
      .getByText(/taken back by/)
      .waitFor();
    assert.equal(await replicas(), 3);
  });

  it('refuses the undo, and changes nothing, when somebody else has scaled since', async () => {
    await button(1, 'Run again step 1').click();
    await confirm(page, 'Run');
    await sample.journalHas('ChangeMade', 3);
    await sample.journalHas('RunEnded', 3);
    await scaleByOthers(12);
    await runCommand(page, 'Incident: Undo Change');
    await pick(page, /back from 10 to 3/);
    await runCommand(page, 'Notifications: Show Notifications');
    await page.locator('.notifications-center').getByText(/12/).first().waitFor();
    await runCommand(page, 'Notifications: Clear All Notifications');
    assert.equal(await replicas(), 12);
  });

  it('opens a form for the patch that the guide leaves out, and shows what changes as a diff', async () => {
    const before = await backends();
    await button(2, /Choose backend|Run step 2/).click();
    const [first] = await pickLabels(page);
    assert.ok(first);
    await pick(page, first);
    await pick(page, 'checkout');
    await pick(page, /^\d+$/);
    const said = await confirmationText(page);
    assert.match(said, /ingress\/storefront/);
    assert.match(said, /payment-service → checkout/);
    await confirm(page, 'Show Diff');
    await page
      .locator('.editor-group-container')
      .getByText(/^\+.*name:.*checkout/)
      .first()
      .waitFor();
    await screenshot(page, 'ingress-form');
    await runCommand(page, 'Notifications: Show Notifications');
    await page.locator('.notifications-center').getByRole('button', { name: 'Run', exact: true }).click();
    await sample.until('the patch in the journal', () =>
      sample
        .journal()
        .some(({ type, data }) => type === 'ChangeMade' && JSON.stringify(data).includes('ingress')),
    );
    assert.notEqual(await backends(), before);
    await button(2, /^(?!.*(Run|Skip|Copy|Choose)).*ingress/)
      .first()
      .click();
    await confirm(page, 'Run');
    await waitUntil('the old backend', async () => (await backends()) === before);
  });

  it('sends a secret by its name, and keeps its value out of journal, output and page', async () => {
    await card(3).getByText('$RELOAD_TOKEN is not set on this machine.').waitFor();
    await button(3, 'Set the secret RELOAD_TOKEN').click();
    await answer(page, secret, /RELOAD_TOKEN/);
    await card(3).getByText('$RELOAD_TOKEN is not set on this machine.').waitFor({ state: 'hidden' });
    await button(3, 'Run step 3').click();
    await confirm(page, 'Run');
    await card(3).getByText('reloaded for Bearer ***').first().waitFor();
    assert.equal(received.at(-1)?.authorization, `Bearer ${secret}`);
    const journal = path.join(sample.server.userDataDir, 'data', 'User', 'globalStorage');
    const files = readdirSync(journal, { recursive: true, encoding: 'utf8' }).map((name) =>
      path.join(journal, name),
    );
    const texts = files.filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'utf8'));
    assert.ok(texts.some((text) => text.includes('$RELOAD_TOKEN')));
    assert.ok(!texts.some((text) => text.includes(secret)));
    assert.ok(!(await runbookFrame(page).locator('body').innerText()).includes(secret));
  });

  it('is taken back from its row in the timeline too', async () => {
    const ended = () => sample.journal().filter(({ type }) => type === 'RunEnded').length;
    const before = ended();
    await button(1, 'Run again step 1').click();
    await confirm(page, 'Run');
    await sample.until('the end of the scale', () => ended() > before);
    // Its row is on top of the timeline, and pushes the others down.
    await open(/^Timeline, /, treeItem(page, /^Ended Scale out: 10 of 10 ready/));
    const row = treeItem(page, /^Changed deployment\/payment-service spec.replicas 12 → 10/);
    // Its buttons go when the tree is drawn anew under the pointer.
    await waitUntil('the click on Undo Change', async () => {
      await row.hover();
      return succeeds(row.getByRole('button', { name: 'Undo Change' }).click({ timeout: 2_000 }));
    });
    await confirm(page, 'Run');
    await waitUntil('twelve replicas again', async () => (await replicas()) === 12);
    await sample.until('the end of the undo', () => ended() > before + 1);
  });

  it('stands in the list of changes, with what was undone and what can be', async () => {
    await treeItem(page, /^Timeline, /).click();
    await page.keyboard.press('ArrowLeft');
    const rows = page.getByRole('treeitem', { name: /^payment-service replicas \d+ → \d+, / });
    await open(/^Changes, /, rows.nth(2));
    await treeItem(page, /^payment-service replicas 12 → 10, undone by /).waitFor();
    await treeItem(page, /^payment-service replicas 3 → 10, can be undone, made by /).waitFor();
    await treeItem(page, /^storefront \S*service\S* payment-service → checkout, undone by /).waitFor();
    await runCommand(page, 'View: Hide Panel');
    const views = ['Signals', 'Runbooks'];
    for (const view of views) await page.getByRole('button', { name: `${view} Section` }).click();
    await screenshotBoth(page, 'changes', 760, () => rows.nth(2).waitFor());
    for (const view of views) await page.getByRole('button', { name: `${view} Section` }).click();
  });

  it('is put back from the list of checks too', async () => {
    const ends = 'What was changed for the time being is put back';
    // As the change left it: an undo is refused where somebody has scaled since.
    await scaleByOthers(10);
    await checkResolution(sample);
    await pick(page, ends);
    await pick(page, /spec\.replicas 3 → 10/);
    await pick(page, 'Put it back');
    assert.match(await confirmationText(page), /payment-service/);
    await confirm(page, 'Run');
    await waitUntil('three replicas again', async () => (await replicas()) === 3);
    await page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ hasText: ends })
      .getByText(/^good, /)
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('says before the click what the pinned user may not do', async () => {
    const file = sample.simulator.kubeconfigFile;
    const whole = readFileSync(file, 'utf8');
    const reader = {
      name: 'reader',
      context: { cluster: 'simulated-production', user: 'reader', namespace: 'production' },
    };
    const config = load(whole) as { contexts: object[]; users: object[] };
    config.contexts.push(reader);
    config.users.push({ name: 'reader', user: { as: 'reader' } });
    writeFileSync(file, `${whole.split('\n')[0] ?? ''}\n${JSON.stringify(config)}`);
    await runCommand(page, 'Incident: Pin Target');
    await pick(page, /^reader \/ production$/);
    await sample.journalHas('TargetPinned');
    await card(1)
      .getByText(/may not/)
      .first()
      .waitFor();
    await screenshot(page, 'foreseen');
    writeFileSync(file, whole);
    await runCommand(page, 'Incident: Pin Target');
    await pick(page, /^simulated-production \/ production$/);
    await sample.journalHas('TargetPinned', 2);
    await card(1)
      .getByText(/may not/)
      .first()
      .waitFor({ state: 'hidden' });
  });

  it('blocks changes under a red banner when the current context is switched, and still reads', async () => {
    const file = sample.simulator.kubeconfigFile;
    const whole = readFileSync(file, 'utf8');
    writeFileSync(file, whole.replace(/current-context: .*/, 'current-context: another-cluster'));
    const banner = runbookFrame(page).locator('.banner.error:not([hidden])');
    await banner
      .getByText(/The current context was switched from simulated-production to another-cluster/)
      .waitFor();
    await waitUntil('a disabled Run', () => button(1, /Run again step 1/).isDisabled());
    await screenshot(page, 'switched-context');
    await button(4, 'Run step 4').click();
    await card(4)
      .getByText(/payment-service-/)
      .first()
      .waitFor();
    writeFileSync(file, whole);
    await banner.waitFor({ state: 'hidden' });
    await waitUntil('Run again', () => button(1, /Run again step 1/).isEnabled());
  });

  it('keeps a change for good, with the reason, by the command of the palette', async () => {
    const ended = sample.events('RunEnded').length;
    await button(1, 'Run again step 1').click();
    await confirm(page, 'Run');
    await sample.journalHas('RunEnded', ended + 1);
    await runCommand(page, 'Incident: Keep Change');
    // What was put back by then is not asked about.
    await pick(page, /spec\.replicas 3 → 10/);
    await answer(page, 'the load stays until Monday', /^Keep: /);
    await sample.journalHas('ChangeKept');
    const [kept] = sample.events('ChangeKept');
    assert.equal(kept?.['reason'], 'the load stays until Monday');
    assert.equal(await replicas(), 10);
  });
});
