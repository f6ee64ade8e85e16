import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  appears,
  confirm,
  openSidebar,
  pick,
  runbookFrame,
  runCommand,
  treeItem,
  trustWorkspace,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const hostGuide = `# Host

## Runbooks

### Slow Work

\`\`\`bash
# 1. Wait for a sign
until [ -e go ]; do sleep 0.1; done; echo done waiting
\`\`\`
`;

/** Two people, or one person with two screens: each window writes its own file and sees the other's. */
describe('two windows on one workspace', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let first: Page;
  let second: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/host.md': hostGuide } });
    first = sample.page;
    await declareIncident(first, 'Payments failing');
    second = (await sample.openWindow()).page;
    await trustWorkspace(second);
    await openSidebar(second, 'Incident');
    // A tree draws the rows in sight, and the timeline is long here.
    for (const page of [first, second]) await page.getByRole('button', { name: 'Signals Section' }).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state !== 'failed') return;
    await screenshot(first, 'failed-first-window');
    if (second) await screenshot(second, 'failed-second-window');
  });
  after(() => sample?.dispose());

  const addNote = async (page: Page, text: string): Promise<void> => {
    await runCommand(page, 'Incident: Add Note');
    await answer(page, text, /^Note on/);
    await sample.until(`the note "${text}" in the journal`, () =>
      sample.journal().some(({ type, data }) => type === 'NoteAdded' && data['text'] === text),
    );
  };
  const openTimeline = async (page: Page): Promise<void> => {
    // A click on a row that is just being redrawn is lost.
    await waitUntil('the timeline to be open', async () => {
      await treeItem(page, /^Timeline, \d+ entries/).click();
      const isOpen = page.locator('[role="treeitem"][aria-expanded="true"][aria-label^="Timeline"]').first();
      return appears(isOpen, 3_000);
    });
  };

  it('opens the incident of the first window in the second', async () => {
    await treeItem(second, 'SEV2 Payments failing').waitFor();
    await openTimeline(second);
    await openTimeline(first);
  });

  it('shows a note of one window in the other without a reload, both ways', async () => {
    await addNote(first, 'Seen from the first window');
    await treeItem(second, /Seen from the first window/).waitFor();
    await addNote(second, 'Seen from the second window');
    await treeItem(first, /Seen from the second window/).waitFor();
  });

  it('shows a run of one window on the page of the other', async () => {
    for (const page of [first, second]) {
      await treeItem(page, /^PaymentServiceCrashLooping, \d steps/).click();
      await runbookFrame(page).getByRole('article').first().waitFor();
    }
    await runbookFrame(first).getByRole('button', { name: 'Run step 1' }).click();
    const there = runbookFrame(second).getByRole('article').first();
    await there
      .getByLabel('Output of step 1', { exact: true })
      .getByText('CrashLoopBackOff')
      .first()
      .waitFor();
    await runbookFrame(second).getByRole('button', { name: 'Run again step 1' }).click();
    await sample.journalHas('RunEnded', 2);
  });

  it('says that a step runs in the other window, and shows its output when it has ended', async () => {
    for (const page of [first, second]) {
      await treeItem(page, /^Slow Work, 1 step/).click();
      await runbookFrame(page).getByText('Wait for a sign').first().waitFor();
    }
    await runbookFrame(first).getByRole('button', { name: 'Run step 1' }).click();
    await confirm(first, 'Run');
    await runbookFrame(first).getByRole('button', { name: 'Stop step 1' }).waitFor();
    await runbookFrame(second).getByText('running in another window').waitFor();
    writeFileSync(path.join(sample.folder, 'runbooks', 'go'), '');
    for (const page of [first, second]) {
      await runbookFrame(page).getByText('exit code 0').waitFor();
      await runbookFrame(page).getByText('done waiting', { exact: true }).waitFor();
    }
  });

  it('loses nothing when both write at the same time', async () => {
    for (let round = 1; round <= 3; round += 1) {
      await Promise.all([addNote(first, `first ${round}`), addNote(second, `second ${round}`)]);
    }
    await sample.journalHas('NoteAdded', 8);
    for (const page of [first, second]) {
      for (const text of ['first 3', 'second 3']) await treeItem(page, new RegExp(text)).waitFor();
    }
    const [folder, ...others] = sample.incidentFolders();
    assert.ok(folder);
    assert.deepEqual(others, []);
    assert.equal(readdirSync(folder).filter((name) => name.endsWith('.jsonl')).length, 2);
    const [verification] = await sample.verify();
    assert.deepEqual(verification?.problems, []);
    assert.equal(verification?.events, sample.journal().length);
  });

  it('shows an incident declared in the second window in the first', async () => {
    await declareIncident(second, 'Checkout is slow');
    await treeItem(first, 'SEV2 Checkout is slow').waitFor();
    await runCommand(first, 'Incident: Switch Incident');
    await pick(first, /Checkout is slow/);
    await addNote(first, 'A note on the other incident');
    await treeItem(second, /\d{4}-\d{2}-\d{2}-0002/).waitFor();
    assert.equal(sample.incidentFolders().length, 2);
  });
});
