import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  openSidebar,
  pick,
  readEditorText,
  runCommand,
  screenshot,
  waitUntil,
} from '../../support/editorPage.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

/** What helps to write a post-mortem, and ways out of the editor: each from the button to the file or the clipboard. */
describe('writing a post-mortem', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;
  let file: string;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'incident-people.yaml': JSON.stringify([{ name: 'Chidi Okafor', roles: ['Tech Lead'] }]) },
      settings: { 'editor.minimap.enabled': false, 'editor.wordWrap': 'on' },
    });
    page = sample.page;
    await seedIncident(
      sample.server,
      [90, declareSample()],
      [85, { type: 'Acknowledge' }],
      [80, { type: 'AddNote', data: { text: 'The queue is full' } }],
      [
        70,
        { type: 'AddEvidence', data: { kind: 'text', text: 'ERROR pool exhausted', note: 'From the log' } },
      ],
      [10, { type: 'Resolve', data: { cause: 'A bad release', heads: {} } }],
    );
    await openSidebar(page, 'Incident');
    await runCommand(page, 'Incident: Switch Incident');
    await pick(page, 'SEV2 Payments failing');
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await sample.journalHas('PostMortemDrafted');
    const folder = path.join(sample.folder, 'postmortems');
    file = path.join(folder, readdirSync(folder)[0] ?? '');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-post-mortem-writing');
  });
  after(() => sample?.dispose());

  const onDisk = () => readFileSync(file, 'utf8');
  const editor = () => page.locator('.editor-group-container.active .monaco-editor').first();
  /** Puts a line below the first one that matches, as another program would, and the cursor at its end. */
  const writeBelow = async (place: RegExp, line: string): Promise<void> => {
    const text = onDisk().replace(place, (found) => `${found}\n${line}`);
    await waitUntil(`“${line}” in the editor`, async () => {
      writeFileSync(file, text);
      await runCommand(page, 'File: Revert File');
      return (await readEditorText(page)).split('\n').some((one) => one.trimEnd() === line);
    });
    await page.keyboard.press('Control+Home');
    const words = line
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replaceAll(' ', '\\s');
    await editor()
      .locator('.view-line')
      .filter({ hasText: new RegExp(`^\\s*${words}$`) })
      .first()
      .click();
    await page.keyboard.press('End');
  };
  const complete = async (offered: RegExp): Promise<void> => {
    const row = page.locator('.suggest-widget.visible .monaco-list-row').filter({ hasText: offered }).first();
    await waitUntil(`${offered} among the suggestions`, async () => {
      await runCommand(page, 'Trigger Suggest');
      return row.waitFor({ timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    });
    await row.click();
    await runCommand(page, 'File: Save');
  };

  it('offers the people of the people file behind @', async () => {
    await writeBelow(/^## Summary$/m, 'Written by @Ch');
    await complete(/Chidi Okafor/);
    await sample.until('the person in the file', () => onDisk().includes('\nWritten by Chidi Okafor\n'));
  });

  it('offers the incidents of the journal behind #', async () => {
    const number = String(sample.events('IncidentDeclared')[0]?.['number']);
    await writeBelow(/^## Summary$/m, 'Seen before: #20');
    await complete(new RegExp(number));
    await sample.until('the incident in the file', () =>
      onDisk().includes(`\nSeen before: ${number} (Payments failing)\n`),
    );
  });

  it('offers the rows of the journal behind [ in the timeline', async () => {
    await writeBelow(/^All times are UTC\.$/m, '- [');
    await complete(/Note: The queue is full/);
    await sample.until('the row in the file', () =>
      /^All times are UTC\.\n- \[\d\d:\d\d\] Note: The queue is full/m.test(onDisk()),
    );
  });

  it('inserts evidence at the cursor, as the journal has it', async () => {
    await writeBelow(/^## Summary$/m, 'The pool was exhausted:');
    await runCommand(page, 'Incident: Insert Evidence');
    await pick(page, 'From the log');
    await runCommand(page, 'File: Save');
    await sample.until('the evidence in the file', () =>
      /^The pool was exhausted:.*From the log.*pool exhausted/m.test(onDisk()),
    );
  });

  it('is written as one HTML file beside the document', async () => {
    await runCommand(page, 'Incident: Export Post-Mortem as HTML');
    await readMessage(page, /^Written to .*\.html, ready to be sent or printed as PDF\./);
    const html = file.replace(/\.md$/, '.html');
    assert.ok(existsSync(html));
    const text = readFileSync(html, 'utf8');
    assert.match(text, /<h1[^>]*>Post-mortem: Payments failing<\/h1>/);
    assert.match(text, /Note: The queue is full/);
    assert.doesNotMatch(text, /<script|incident post-mortem [0-9A-Z]{26}/);
  });

  it('is on the clipboard as Slack has it', async () => {
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await runCommand(page, 'Incident: Copy Post-Mortem As');
    await pick(page, 'Slack');
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await waitUntil('the text on the clipboard', async () => (await clipboard()) !== 'before');
    const text = await clipboard();
    assert.match(text, /^\*Post-mortem: Payments failing\*/);
    assert.match(text, /^\*Summary\*$/m);
    assert.doesNotMatch(text, /^#|<!--/m);
  });
});
