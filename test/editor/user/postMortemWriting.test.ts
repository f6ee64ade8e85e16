import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  appears,
  openSidebar,
  pick,
  readEditorText,
  runCommand,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

const template = 'our-template.md';

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
      workspaceSettings: () => ({ 'incident.postMortems.template': template }),
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
    await seedIncident(
      sample.server,
      [9000, declareSample('Search failing', '2025-11-03-0007')],
      [8900, { type: 'Resolve', data: { cause: 'A full index', heads: {} } }],
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
      return appears(row, 2_000);
    });
    await row.click();
    await runCommand(page, 'File: Save');
  };

  it('is drafted by the guide’s template while the organisation’s cannot be read, and says so', async () => {
    await readMessage(
      page,
      /The template our-template\.md of the setting .* cannot be read .*The guide's template is used instead\./,
    );
    assert.match(onDisk(), /^# Post-mortem: Payments failing$/m);
  });

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

  const copiedAs = async (form: string): Promise<string> => {
    await page.evaluate(() => navigator.clipboard.writeText('before'));
    await runCommand(page, 'Incident: Copy Post-Mortem As');
    await pick(page, form);
    const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
    await waitUntil('the text on the clipboard', async () => (await clipboard()) !== 'before');
    return clipboard();
  };

  it('is on the clipboard as Slack has it', async () => {
    const text = await copiedAs('Slack');
    assert.match(text, /^\*Post-mortem: Payments failing\*/);
    assert.match(text, /^\*Summary\*$/m);
    assert.doesNotMatch(text, /^#|<!--/m);
  });

  it('is on the clipboard as Confluence and as Jira have it, of which only one folds', async () => {
    const fold = '<details>\n<summary>More of it</summary>\n\nInside.\n\n</details>\n';
    const folded = onDisk().replace(/^## Summary\n/m, (found) => `${found}\n${fold}`);
    await waitUntil('the fold in the editor', async () => {
      writeFileSync(file, folded);
      return (await readEditorText(page)).includes('More of it');
    });
    const [confluence, jira] = [await copiedAs('Confluence'), await copiedAs('Jira')];
    for (const text of [confluence, jira]) {
      assert.match(text, /^h1\. Post-mortem: Payments failing$/m);
      assert.match(text, /^h2\. Summary$/m);
      assert.match(text, /^\* \\\[\d\d:\d\d\\\] Note: The queue is full/m);
      assert.doesNotMatch(text, /^#|<!--|^- /m);
    }
    assert.match(confluence, /\{expand:(?:title=)?More of it/);
    assert.match(jira, /More of it/);
    assert.doesNotMatch(jira, /\{expand/);
  });

  /** Into the workspace's settings, as a person or a colleague's commit does. */
  const set = (name: string, value: unknown): void => {
    const settings = path.join(sample.folder, '.vscode/settings.json');
    const before = JSON.parse(readFileSync(settings, 'utf8')) as Record<string, unknown>;
    writeFileSync(settings, JSON.stringify({ ...before, [name]: value }));
  };

  it('is not underlined while the setting is off, and is again once it is on', async () => {
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await page.keyboard.press('Control+Home');
    const underlined = page.locator('.editor-group-container.active .squiggly-error');
    await underlined.first().waitFor();
    set('incident.postMortems.lint', false);
    await underlined.first().waitFor({ state: 'detached' });
    set('incident.postMortems.lint', true);
    await underlined.first().waitFor();
  });

  it('is drafted into the organisation’s own template', async () => {
    writeFileSync(
      path.join(sample.folder, template),
      '# Ours: <title>\n\n## What happened (summary)\n\n## Promise to customers\n[What we promise]\n',
    );
    await runCommand(page, 'Incident: Switch Incident');
    await pick(page, 'SEV2 Search failing');
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await sample.journalHas('PostMortemDrafted', 2);
    const folder = path.join(sample.folder, 'postmortems');
    const [name = ''] = readdirSync(folder).filter((one) => one.endsWith('search-failing.md'));
    const text = readFileSync(path.join(folder, name), 'utf8');
    assert.match(text, /^# Ours: Search failing$/m);
    assert.match(text, /^## What happened \(summary\)\n\nSearch failing\./m);
    assert.match(text, /^## Promise to customers\n\n\[What we promise\]$/m);
  });
});
