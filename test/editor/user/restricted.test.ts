import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  openSidebar,
  pick,
  pickLabels,
  runbookFrame,
  runCommand,
  treeItem,
  trustWorkspace,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** A folder someone sent: it can be read and written about, and it makes nothing happen until it is trusted. */
describe('a workspace nobody has trusted yet', function () {
  this.timeout(120_000);
  const temp = mkdtempSync(path.join(os.tmpdir(), 'incident-restricted-'));
  const pluginRan = path.join(temp, 'plugin-ran');
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    const personal = path.join(temp, 'kubeconfig');
    sample = await openSampleEditor({
      trust: false,
      env: { KUBECONFIG: personal },
      workspaceSettings: ({ outside }) => ({
        'incident.slack.baseUrl': outside.slack.url,
        'incident.github.baseUrl': outside.github.url,
        'incident.github.repository': 'example-shop/payments',
        'incident.grafana.baseUrl': outside.grafana.url,
        'incident.webhooks': [{ name: 'theirs', url: outside.webhook.url }],
      }),
    });
    // The person's own kubeconfig leads to the simulator too, by a plugin that leaves a trace when it is started.
    writeFileSync(personal, personalKubeconfig(sample.simulator.url, pluginRan));
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-restricted');
  });
  after(async () => {
    await sample?.dispose();
    rmSync(temp, { recursive: true, force: true });
  });

  const types = () => sample.journal().map(({ type }) => type);
  const firstStep = () => runbookFrame(page).getByRole('article').nth(0);

  it('shows the guide in the tree and on the page', async () => {
    await treeItem(page, /^PaymentServiceCrashLooping, \d steps/).click();
    const frame = runbookFrame(page);
    await frame.getByText('This workspace is in Restricted Mode.').waitFor();
    await firstStep().getByText('kubectl get pods').first().waitFor();
    assert.equal(await frame.getByRole('article').count(), 5);
  });

  it('declares an incident without the cluster the workspace names, and asks no cluster anything', async () => {
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments failing', /1\/4/);
    await pick(page, 'SEV2');
    await pick(page, /Not known yet/);
    await page.getByPlaceholder(/Where do the commands go/).waitFor();
    const offered = (await pickLabels(page)).join('\n');
    assert.match(offered, /personal \/ default/);
    assert.doesNotMatch(offered, /simulated-production/);
    await pick(page, /^personal \/ default$/);
    await treeItem(page, 'SEV2 Payments failing').waitFor();
    assert.deepEqual(types(), ['IncidentDeclared', 'PhaseEntered']);
  });

  it('keeps notes', async () => {
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'Read only for now', /^Note on/);
    await sample.journalHas('NoteAdded');
  });

  it('disables Run on the page and says why', async () => {
    const run = firstStep().getByRole('button', { name: 'Run step 1' });
    await run.waitFor();
    assert.equal(await run.isDisabled(), true);
    await runbookFrame(page)
      .locator('vscode-button[title*="Restricted Mode: steps can be read, not run"]')
      .first()
      .waitFor();
    await screenshot(page, 'restricted-mode');
  });

  it('refuses a run from the palette with the reason', async () => {
    await runCommand(page, 'Incident: Run Step');
    await pick(page, /^PaymentServiceCrashLooping$/);
    await pick(page, /^1\. /);
    await readMessage(page, /in Restricted Mode, so nothing runs\. Trust it/);
  });

  it('previews a plan from the lens in the guide, and runs nothing from the one beside it', async () => {
    await runbookFrame(page)
      .getByText(/^Open .*\.md at line/)
      .first()
      .click();
    const lens = (title: string) =>
      page
        .locator('.codelens-decoration a')
        .filter({ hasText: new RegExp(`^\\W*${title}$`) })
        .first();
    await lens('Preview plan').click();
    await page
      .locator('.tab.active')
      .getByText(/^Plan - /)
      .waitFor();
    await page.locator('.editor-group-container.active .view-line').getByText('kubectl get pods').waitFor();
    await runCommand(page, 'View: Close Editor');
    await lens('Run').click();
    await readMessage(page, /in Restricted Mode, so nothing runs\. Trust it/);
    await runCommand(page, 'View: Close Editor');
    await runbookFrame(page).getByRole('article').first().waitFor();
  });

  it('connects no system, and says why', async () => {
    await runCommand(page, 'Incident: Connect…');
    await readMessage(page, /in Restricted Mode, so nothing is connected and nothing leaves it\. Trust it/);
  });

  it('has sent no request, started no plugin and recorded no run', () => {
    assert.deepEqual(sample.simulator.requests, []);
    for (const [name, { store }] of Object.entries(sample.simulator.outside))
      assert.deepEqual((store as { requests: readonly unknown[] }).requests, [], name);
    assert.equal(existsSync(pluginRan), false);
    assert.deepEqual(types(), ['IncidentDeclared', 'PhaseEntered', 'NoteAdded']);
  });

  it('runs the same step once the workspace is trusted and its cluster is pinned', async () => {
    await trustWorkspace(page);
    const frame = runbookFrame(page);
    await frame.getByRole('button', { name: 'Change the pinned target' }).click();
    await pick(page, /^simulated-production \/ production$/);
    await sample.journalHas('TargetPinned');
    await frame.getByText('This workspace is in Restricted Mode.').waitFor({ state: 'hidden' });
    await firstStep().getByRole('button', { name: 'Run step 1' }).click();
    await sample.journalHas('RunEnded');
    await firstStep().getByText('payment-service').first().waitFor();
    assert.ok(sample.simulator.requests.length > 0);
  });
});

const personalKubeconfig = (server: string, trace: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'personal',
    clusters: [{ name: 'personal', cluster: { server } }],
    contexts: [{ name: 'personal', context: { cluster: 'personal', user: 'personal' } }],
    users: [
      {
        name: 'personal',
        user: {
          exec: {
            apiVersion: 'client.authentication.k8s.io/v1',
            command: process.execPath,
            args: ['-e', `require('fs').writeFileSync(${JSON.stringify(trace)}, '')`],
            interactiveMode: 'Never',
          },
        },
      },
    ],
  });
