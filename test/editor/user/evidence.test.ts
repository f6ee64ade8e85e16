import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  answerFile,
  pick,
  readEditorText,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import {
  declareIncident,
  openSampleEditor,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

const guide = `# Looking

## Runbooks

### Look at Pods

\`\`\`bash
# 1. Look at the pods
kubectl get pods -n production
\`\`\`
`;
// The smallest picture there is: one pixel.
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('evidence of an incident', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'runbooks/evidence.md': guide },
      workspaceSettings: () => ({ 'incident.evidence.maxMegabytes': 1 }),
    });
    page = sample.page;
    writeFileSync(path.join(sample.folder, 'graph.png'), picture);
    await declareIncident(page, 'Payments failing');
    await page.getByRole('button', { name: 'Signals Section' }).click();
    await treeItem(page, /^Look at Pods, 1 step/).click();
    await card(1).waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-evidence');
  });
  after(() => sample?.dispose());

  const card = (step: number) => stepCard(page, step);
  const button = (step: number, name: string) => card(step).getByRole('button', { name });
  const evidence = () => sample.journal().filter(({ type }) => type === 'EvidenceAdded');

  it('keeps lines of an output from its card, with a note', async () => {
    await button(1, 'Run step 1').click();
    await sample.journalHas('RunEnded');
    await button(1, 'Attach the output of step 1').click();
    await pick(page, /^All \d+ lines/);
    await answer(page, 'Two pods crash', 'Attach to Evidence');
    await sample.journalHas('EvidenceAdded');
    const [kept] = evidence();
    assert.equal(kept?.data['kind'], 'output');
    assert.equal(kept.data['note'], 'Two pods crash');
    assert.match(String(kept.data['text']), /CrashLoopBackOff/);
    await treeItem(page, /^Evidence, 1/).click();
    await treeItem(page, /^Two pods crash/).click();
    await waitUntil('the evidence to be open', async () =>
      (await readEditorText(page)).includes('CrashLoopBackOff'),
    );
  });

  it('sends nothing where there is no channel, and says so', async () => {
    await runCommand(page, 'Incident: Share Output in the Channel');
    await readMessage(page, /has no channel to post in\. Nothing was sent/);
    assert.equal(sample.journal().filter(({ type }) => type === 'DeliveryRequested').length, 0);
  });

  it('keeps a picture beside the journal with its hash', async () => {
    const file = path.join(sample.folder, 'graph.png');
    await runCommand(page, 'Incident: Add Evidence File');
    await answerFile(page, file, /Evidence for/);
    await answer(page, 'The graph at noon', 'Attach to Evidence');
    await sample.journalHas('EvidenceAdded', 2);
    const kept = evidence().at(-1)?.data;
    assert.equal(kept?.['kind'], 'picture');
    const ref = kept['file'] as { file: string; sha256: string };
    const copy = readFileSync(path.join(sample.incidentFolders()[0] ?? '', ref.file));
    assert.deepEqual(copy, picture);
    assert.equal(ref.sha256, createHash('sha256').update(picture).digest('hex'));
    await treeItem(page, /^The graph at noon/).click();
    await page.getByRole('tab', { name: /graph\.png/ }).waitFor();
    // A picture is shown in a webview of its own, in which no runbook is to be looked for.
    await runCommand(page, 'View: Close Editor');
  });

  it('keeps no file that is larger than the settings say, and nothing of it', async () => {
    const file = path.join(sample.folder, 'core.dump');
    writeFileSync(file, Buffer.alloc(1_048_577));
    await runCommand(page, 'Incident: Add Evidence File');
    await answerFile(page, file, /Evidence for/);
    await answer(page, 'The dump', 'Attach to Evidence');
    await readMessage(page, 'core.dump is larger than 1 MB, so it was not kept.');
    assert.equal(evidence().length, 2);
    const kept = readdirSync(path.join(sample.incidentFolders()[0] ?? '', 'evidence'));
    assert.deepEqual(
      kept.filter((name) => name.includes('core')),
      [],
    );
    assert.equal(kept.length, 1);
  });

  it('keeps the lines with a word by the command of the palette', async () => {
    await runCommand(page, 'Incident: Attach Output to Evidence');
    await pick(page, /^Look at the pods/);
    await page
      .locator('.quick-input-widget .quick-input-titlebar')
      .getByText('Lines of the Output')
      .waitFor();
    await page.locator('.quick-input-widget input[type="text"]').fill('CrashLoopBackOff');
    await pick(page, /^\d+ with “CrashLoopBackOff”/);
    await answer(page, 'Only these', 'Attach to Evidence');
    await sample.journalHas('EvidenceAdded', 3);
    const kept = evidence().at(-1)?.data;
    assert.deepEqual([kept?.['kind'], kept?.['note']], ['output', 'Only these']);
    const lines = String(kept?.['text']).split('\n');
    assert.ok(lines.length > 0 && lines.every((line) => line.includes('CrashLoopBackOff')), lines.join('\n'));
  });
});
