import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  appears,
  pick,
  pickLabels,
  readEditorText,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, screenshotBoth } from '../../support/pictures.ts';
import { createRunbookPage } from '../../support/runbookPage.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const draft = `# Shop incidents

## Runbooks

### Pods crash

\`\`\`bash { ir.tmeout=5m }
# 1. Look at the pods
kubectl get pods -n production

# 2. If one crashes
kubectl exec -it <pod> -n production -- ls
\`\`\`

See the [Rollback Guide](roll-back.md).

### Names

\`\`\`bash
kubectl get services -n
\`\`\`

\`\`\`bash
argocd app history
\`\`\`
`;
const alertUrl = 'https://wiki.example.com/runbooks/search-slow';

/** An author at work in the plain Markdown editor: each act goes through to the file on disk or the run in the journal. */
describe('the author of a guide', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'shop-guide.md': draft },
      workspaceSettings: ({ outside }) => ({ 'incident.alertmanager.baseUrl': outside.alertmanager.url }),
    });
    page = sample.page;
    for (const [alertname, runbook_url] of [
      ['SearchSlow', alertUrl],
      ['SearchDown', 'https://wiki.example.com/runbooks/search-down'],
    ] as const)
      sample.simulator.outside.alertmanager.store.put({
        labels: { alertname, service: 'search', severity: 'warning', namespace: 'production' },
        annotations: { summary: `${alertname}: look`, runbook_url },
      });
    // A tree draws only the rows in sight, and here the last runbooks of the last guide are looked at.
    await declareIncident(page, 'Checkout fails');
    for (const view of ['Incidents', 'Signals'])
      await page.getByRole('button', { name: `${view} Section` }).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-authoring');
  });
  after(() => sample?.dispose());

  const file = (name: string): string => path.join(sample.folder, name);
  const onDisk = (name: string): string => (existsSync(file(name)) ? readFileSync(file(name), 'utf8') : '');
  const activeTab = (name: string | RegExp) => page.locator('.tab.active').getByText(name).first();
  const editor = () => page.locator('.editor-group-container.active .monaco-editor').first();
  const open = async (name: string): Promise<void> => {
    await page.keyboard.press('Control+P');
    await answer(page, name);
    await activeTab(name).waitFor();
  };
  const goTo = async (line: number, column: number): Promise<void> => {
    await page.keyboard.press('Control+G');
    await answer(page, `:${line}:${column}`);
    await page.locator('.statusbar').getByText(`Ln ${line}, Col ${column}`).waitFor();
  };
  const lineOf = (text: string, words: string): number =>
    text.split('\n').findIndex((line) => line.includes(words)) + 1;
  const save = () => runCommand(page, 'File: Save');
  const count = (type: string): number => sample.journal().filter((event) => event.type === type).length;

  it('makes a guide of their own out of the product’s, and overwrites nothing', async () => {
    const before = onDisk('incident-guide.md');
    await runCommand(page, 'Incident: New Guide');
    await answer(page, 'Example Shop', /New Guide/);
    await activeTab('incident-guide-2.md').waitFor();
    assert.match(onDisk('incident-guide-2.md'), /^# Example Shop incident guide$/m);
    assert.equal(onDisk('incident-guide.md'), before);
  });

  it('makes a runbook as a file, whose steps are in the tree at once', async () => {
    await runCommand(page, 'Incident: New Runbook');
    await answer(page, 'Checkout Errors', /1\/2/);
    await pick(page, 'New file with steps');
    await activeTab('checkout-errors.md').waitFor();
    assert.match(onDisk('runbooks/checkout-errors.md'), /^# Checkout Errors$/m);
    await treeItem(page, /^Checkout Errors, 2 steps/).click();
    await runbookFrame(page).getByText('kubectl get pods').first().waitFor();
  });

  it('makes the file of an alert that has none, and links another to a runbook that is there', async () => {
    await runCommand(page, 'Incident: Import Alert Runbooks');
    await page.locator('.quick-input-titlebar').getByText('Import Alert Runbooks (1/2)').waitFor();
    assert.deepEqual((await pickLabels(page)).sort(), ['SearchDown', 'SearchSlow']);
    await pick(page, 'SearchSlow');
    await pick(page, 'Create a file');
    await activeTab('searchslow.md').waitFor();
    assert.match(onDisk('runbooks/searchslow.md'), new RegExp(`^---\nalerts: \\["${alertUrl}"\\]\n---\n`));
    await treeItem(page, /^SearchSlow, \d steps/).waitFor();

    await runCommand(page, 'Incident: Import Alert Runbooks');
    await page.locator('.quick-input-titlebar').getByText('Import Alert Runbooks (1/2)').waitFor();
    assert.deepEqual(await pickLabels(page), ['SearchDown'], 'the first one leads to its file by now');
    await pick(page, 'SearchDown');
    await pick(page, 'Pods crash');
    await activeTab('shop-guide.md').waitFor();
    await save();
    const link = '### Pods crash\n\nAlert: [SearchDown](<https://wiki.example.com/runbooks/search-down>)\n';
    await sample.until('the link on disk', () => onDisk('shop-guide.md').includes(link));
  });

  it('says that nothing is left to link once every alert leads to a runbook', async () => {
    // The file is read again a moment after it was saved: until then the alert is still offered.
    const told = page
      .locator('.notifications-center')
      .getByText('No open alert names a runbook that is not here already.');
    await waitUntil('the sentence instead of a choice', async () => {
      await runCommand(page, 'Incident: Import Alert Runbooks');
      await runCommand(page, 'Notifications: Show Notifications');
      return appears(told.first(), 2_000);
    });
    await runCommand(page, 'Notifications: Clear All Notifications');
    const files = ['PaymentServiceCrashLooping.md', 'checkout-errors.md', 'searchslow.md'];
    assert.deepEqual(readdirSync(file('runbooks')).sort(), files);
  });

  it('sees what is wrong underlined, and mends it with a quick fix', async () => {
    await open('shop-guide.md');
    const squiggle = () => editor().locator('.squiggly-warning');
    await squiggle().first().waitFor();
    const fix = page.locator('.action-widget').getByText('Remove -it');
    const offer = async (): Promise<void> => {
      await page.keyboard.press('Escape');
      await fix.waitFor({ state: 'hidden' });
      await editor()
        .locator('.view-lines')
        .click({ position: { x: 2, y: 2 } });
      await goTo(lineOf(onDisk('shop-guide.md'), 'exec -it'), 17);
      await page.keyboard.press('Control+.');
      await fix.waitFor();
    };
    await screenshotBoth(page, 'diagnostics', 700, offer);
    await offer();
    await fix.click();
    await waitUntil('the fix', async () => !(await editor().innerText()).includes('-it'));
    await save();
    await sample.until('the fix on disk', () =>
      onDisk('shop-guide.md').includes('kubectl exec <pod> -n production -- ls'),
    );
  });

  const lens = (title: string, number: number) =>
    editor()
      .locator('.codelens-decoration a')
      .filter({ hasText: new RegExp(`^\\W*${title}$`) })
      .nth(number);

  it('previews a plan from the lens over a step, without running anything', async () => {
    await goTo(1, 1);
    await lens('Preview plan', 0).click();
    await activeTab(/^Plan - Look at the pods/).waitFor();
    const shown = await readEditorText(page);
    assert.match(shown, /^Look at the pods\n\nkubectl get pods -n production/);
    assert.match(shown, /\nRisk +read[^]*\nTimeout /);
    assert.equal(count('RunStarted'), 0);
    await runCommand(page, 'View: Close Editor');
  });

  it('runs a step from the lens, what was typed a moment ago included', async () => {
    await activeTab('shop-guide.md').waitFor();
    const line = lineOf(onDisk('shop-guide.md'), 'kubectl get pods');
    await goTo(line, 'kubectl get pods -n production'.length + 1);
    await page.keyboard.type(' -o wide');
    await lens('Run', 0).click();
    await sample.journalHas('RunEnded');
    const started = sample.journal().findLast(({ type }) => type === 'RunStarted')?.data;
    assert.match(JSON.stringify(started), /kubectl get pods -n production -o wide/);
    assert.match(sample.lastOutput(), /^NAME .*NODE/);
    assert.ok(onDisk('shop-guide.md').includes('kubectl get pods -n production -o wide'));
  });

  for (const [what, words, name] of [
    ['namespaces', 'kubectl get services -n', 'kube-system'],
    ['apps', 'argocd app history', 'notifications'],
  ] as const)
    it(`completes ${what} from the system the incident is pinned to`, async () => {
      await open('shop-guide.md');
      await goTo(lineOf(onDisk('shop-guide.md'), words), words.length + 1);
      await page.keyboard.type(' ');
      const row = page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: name }).first();
      await waitUntil(`${name} among the suggestions`, async () => {
        await page.keyboard.press('Control+Space');
        return appears(row, 2_000);
      });
      await row.click();
      await page.keyboard.press('Escape');
      await save();
      await sample.until(`${name} on disk`, () => onDisk('shop-guide.md').includes(`${words} ${name}\n`));
    });

  it('makes a runbook as a section of a guide, whose steps run from the tree', async () => {
    await runCommand(page, 'Incident: New Runbook');
    await answer(page, 'Search is down', /1\/2/);
    assert.ok((await pickLabels(page)).includes('Section of Example Shop incident guide'));
    await pick(page, 'Section of Shop incidents');
    await activeTab('shop-guide.md').waitFor();
    await save();
    await sample.until('the section on disk', () => onDisk('shop-guide.md').includes('### Search is down\n'));
    const [before = '', section = ''] = onDisk('shop-guide.md').split('### Search is down\n');
    assert.match(before, /^### Names$/m, 'it stands behind the last runbook');
    assert.match(section, /^# 1\. Look at the pods\nkubectl get pods -n <namespace> -l app=<service>$/m);
    const ended = count('RunEnded');
    await treeItem(page, /^Search is down, 2 steps, never run/).click();
    await createRunbookPage(sample).give('service', 'search');
    await stepCard(page, 1).getByRole('button', { name: 'Run step 1', exact: true }).click();
    await sample.journalHas('RunEnded', ended + 1);
    assert.match(sample.lastOutput(), /^search-\S+ +1\/1 +Running/m);
    await treeItem(page, /^Search is down, 2 steps, run \d+ s ago/).waitFor();
  });

  it('sees in the Runbooks view how a runbook has done', async () => {
    await treeItem(page, /^Pods crash, 2 steps.*run/).waitFor();
    await runCommand(page, 'Incident: Show Runbook Health');
    await activeTab('runbook-health.md').waitFor();
    assert.match(await readEditorText(page), /Pods crash/);
  });
});
