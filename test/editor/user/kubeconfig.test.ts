import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { freePort } from '../../support/editorHost.ts';
import { answer, openSidebar, pick, runbookFrame, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** The way to the cluster is missing, dead, silent, or not the one it was: said in a sentence, and nothing hangs. */
describe('a kubeconfig in trouble', function () {
  this.timeout(180_000);
  const temp = mkdtempSync(path.join(os.tmpdir(), 'incident-kubeconfig-'));
  const kubeconfig = path.join(temp, 'config');
  let sample: SampleEditor;
  let page: Page;
  let silent: Server;

  before(async () => {
    silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    sample = await openSampleEditor({ kubeconfig });
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-kubeconfig');
  });
  after(async () => {
    await sample?.dispose();
    silent.close();
    rmSync(temp, { recursive: true, force: true });
  });

  const firstStep = () => runbookFrame(page).getByRole('article').first();
  const run = () => firstStep().getByRole('button', { name: /^Run (again )?step 1$/ });
  const ended = () => sample.journal().filter(({ type }) => type === 'RunEnded');
  const pin = async (target: RegExp, atLeast: number): Promise<void> => {
    await runbookFrame(page)
      .getByRole('button', { name: /pin(ned)? target$/i })
      .first()
      .click();
    await pick(page, target);
    await sample.journalHas('TargetPinned', atLeast);
  };

  it('offers no cluster when the file is missing, and says so', async () => {
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments failing', /1\/4/);
    await pick(page, 'SEV2');
    await pick(page, /Not known yet/);
    await page.getByPlaceholder('The kubeconfig could not be read').waitFor();
    await page.getByText(kubeconfig).first().waitFor();
    await pick(page, /No cluster/);
    await treeItem(page, 'SEV2 Payments failing').waitFor();
  });

  it('keeps the incident working, and blocks what needs a cluster with a sentence', async () => {
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'No cluster from here', /^Note on/);
    await sample.journalHas('NoteAdded');
    await treeItem(page, /^PaymentServiceCrashLooping, \d steps/).click();
    await firstStep()
      .getByText(/^No cluster is pinned, and your machine’s current one is never used unasked\./)
      .waitFor();
    assert.equal(await run().isDisabled(), true);
  });

  it('fails a read on a dead cluster with a clear sentence', async () => {
    const dead = `http://127.0.0.1:${await freePort()}`;
    writeFileSync(kubeconfig, kubeconfigOf('dead', dead));
    await pin(/^dead \/ production$/, 1);
    await run().click();
    await firstStep()
      .getByText(`${dead} (context dead) refused the connection: nothing listens there.`)
      .first()
      .waitFor();
    await sample.journalHas('RunEnded', 1);
  });

  it('stops a read on a cluster that never answers', async () => {
    const { port } = silent.address() as { port: number };
    writeFileSync(kubeconfig, kubeconfigOf('silent', `http://127.0.0.1:${port}`));
    await pin(/^silent \/ production$/, 2);
    await run().click();
    await firstStep().getByRole('button', { name: 'Stop step 1' }).click();
    await firstStep().getByRole('status').getByText('stopped').waitFor();
    assert.deepEqual(ended().at(-1)?.data['outcome'], { kind: 'stopped' });
  });

  it('runs once the cluster is there and pinned', async () => {
    writeFileSync(kubeconfig, kubeconfigOf('real', sample.simulator.url));
    await pin(/^real \/ production$/, 3);
    await run().click();
    await firstStep().getByText('CrashLoopBackOff').first().waitFor();
  });

  it('refuses with a red banner when the context now names another server', async () => {
    const before = { requests: sample.simulator.requests.length, runs: ended().length };
    const other = sample.simulator.url.replace('127.0.0.1', 'localhost');
    writeFileSync(kubeconfig, kubeconfigOf('real', other));
    const frame = runbookFrame(page);
    await frame.locator('.banner.error').getByText(`The context real now names ${other}`).waitFor();
    assert.equal(await run().isDisabled(), true);
    await screenshot(page, 'wrong-target');
    assert.equal(sample.simulator.requests.length, before.requests);
    assert.equal(ended().length, before.runs);
  });

  it('refuses when the context is gone', async () => {
    const before = { requests: sample.simulator.requests.length, runs: ended().length };
    writeFileSync(kubeconfig, kubeconfigOf('another', sample.simulator.url));
    const gone = /^The pinned context real is no longer in the kubeconfig\./;
    await runbookFrame(page).locator('.banner.error').getByText(gone).waitFor();
    assert.equal(await run().isDisabled(), true);
    // What the page cannot start, the palette refuses by the same sentence.
    await runCommand(page, 'Incident: Run Step');
    await pick(page, 'PaymentServiceCrashLooping');
    await pick(page, /^1\. /);
    await readMessage(page, gone);
    assert.equal(sample.simulator.requests.length, before.requests);
    assert.equal(ended().length, before.runs);
  });

  it('runs again when the file is as it was', async () => {
    const runs = ended().length;
    writeFileSync(kubeconfig, kubeconfigOf('real', sample.simulator.url));
    await run().click();
    await sample.journalHas('RunEnded', runs + 1);
    await runbookFrame(page).locator('.banner.error').getByText('real').waitFor({ state: 'hidden' });
    assert.ok(readFileSync(kubeconfig, 'utf8').includes('real'), 'the kubeconfig is only read');
  });
});

const kubeconfigOf = (name: string, server: string): string =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server } }],
    contexts: [{ name, context: { cluster: name, user: name, namespace: 'production' } }],
    users: [{ name, user: {} }],
  });
