import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../../scripts/cache.mjs';
import {
  openSidebar,
  pick,
  readEditorText,
  runbookFrame,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, screenshotBoth } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Shop

## Runbooks

### Shop Pods

\`\`\`bash
# 1. Look at the pods
kubectl get pods -n production

# 2. Look at the services
kubectl get svc -n production
\`\`\`
`;

/** From a run in the editor to a test in CI: what was recorded passes, and fails where the guide changed. */
describe('a recorded run of a runbook', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;
  const at = (file: string): string => path.join(sample.folder, 'runbooks', file);
  const recording = 'shop.shop-pods.replay.yaml';
  const test = (...args: string[]) =>
    spawnSync(process.execPath, [path.join(root, 'dist/incident-guide.cjs'), 'test', 'runbooks', ...args], {
      cwd: sample.folder,
      encoding: 'utf8',
    });

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/shop.md': guide } });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-replay');
  });
  after(() => sample?.dispose());

  it('begins with a runbook that nobody has run, which its row says', async () => {
    await openSidebar(page, 'Incident');
    await treeItem(page, /^Shop Pods, 2 steps, never run/).waitFor();
  });

  it('says on the row that it was run, once it was', async () => {
    await declareIncident(page, 'Shop is slow');
    await treeItem(page, /^Shop Pods, 2 steps/).click();
    const first = runbookFrame(page).getByRole('article').first();
    await first.getByRole('button', { name: 'Run step 1', exact: true }).click();
    await waitUntil('the run has ended', async () =>
      Promise.resolve(sample.journal().some(({ type }) => type === 'RunEnded')),
    );
    await treeItem(page, /^Shop Pods, 2 steps, run \d+ s ago/).waitFor();
  });

  it('shows the health of each step as a document', async () => {
    await runCommand(page, 'Incident: Show Runbook Health');
    await waitUntil('the table is open', async () => /Runbook health/.test(await readEditorText(page)));
    // The page beside it would take half of the width.
    await runCommand(page, 'View: Close Editors in Other Groups');
    await screenshotBoth(page, 'runbook-health', 640);
    await runCommand(page, 'View: Close Editor');
  });

  it('is shown before it is saved beside its guide', async () => {
    await runCommand(page, 'Incident: Record Replay');
    await pick(page, 'Shop Pods');
    await waitUntil('the recording is shown', async () => /A recorded run/.test(await readEditorText(page)));
    // An editor under test shows no toasts: messages are in the notification centre.
    await runCommand(page, 'Notifications: Show Notifications');
    const save = page.locator('.notifications-center').getByText('Save', { exact: true });
    await save.waitFor();
    assert.equal(existsSync(at(recording)), false);
    await save.click();
    const saved = () => (existsSync(at(recording)) ? readFileSync(at(recording), 'utf8') : '');
    await waitUntil('the recording is saved', () => Promise.resolve(saved() !== ''));
    const text = saved();
    assert.match(text, /runbook: Shop Pods/);
    assert.match(text, /output: \|\n {6}NAME .*READY/);
  });

  it('passes with the command-line tool as it was built', () => {
    const { status, stdout } = test();
    assert.equal(status, 0, stdout);
    assert.match(stdout, /1 recording: 1 passed, 0 failed\./);
  });

  it('fails at the line of the guide that changed', () => {
    writeFileSync(at('shop.md'), guide.replace('kubectl get svc', 'kubectl delete svc web'));
    const { status, stdout } = test();
    assert.equal(status, 1);
    assert.match(stdout, /runbooks\/shop\.md:11: Step “Look at the services” has another command\./);
    assert.match(stdout, /has another risk\.\n {4}- read\n {4}\+ destructive/);
  });

  it('is told on the row when a command is another than the one that worked', async () => {
    writeFileSync(at('shop.md'), guide.replace('kubectl get pods', 'kubectl get pods -o wide'));
    await treeItem(page, /^Shop Pods, 2 steps, commands changed since last success/).waitFor();
  });
});
