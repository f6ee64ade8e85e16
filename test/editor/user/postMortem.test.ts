import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { answer, pick, readEditorText, runCommand, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import {
  declareIncident,
  openSampleEditor,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';
import { showProblem } from '../../support/problems.ts';

const people = `people:
  - name: Chidi Okafor
    roles: [Tech Lead]
`;

describe('a post-mortem in the editor', function () {
  this.timeout(300_000);
  let sample: SampleEditor;
  let page: Page;
  let file: string;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'incident-people.yaml': people },
      settings: { 'editor.minimap.enabled': false, 'editor.wordWrap': 'on' },
    });
    page = sample.page;
    await declareIncident(page, 'Payments failing');
    await note('The queue is full');
    // A phase in which nothing happened stands in the whole journal alone.
    const phases = sample.journal().filter(({ type }) => type === 'PhaseEntered').length;
    for (const count of [1, 2]) {
      await runCommand(page, 'Incident: Next Phase');
      await sample.journalHas('PhaseEntered', phases + count);
    }
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-post-mortem');
  });
  after(() => sample?.dispose());

  const note = async (text: string): Promise<void> => {
    const before = sample.journal().filter(({ type }) => type === 'NoteAdded').length;
    await runCommand(page, 'Incident: Add Note');
    await answer(page, text, /^Note on/);
    await sample.journalHas('NoteAdded', before + 1);
  };
  const onDisk = () => readFileSync(file, 'utf8');
  const lens = (title: string) => page.locator('.codelens-decoration a').getByText(title).first();
  it('is drafted with what happened, and says what has to be written', async () => {
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await sample.journalHas('PostMortemDrafted');
    const folder = path.join(sample.folder, 'postmortems');
    file = path.join(folder, readdirSync(folder)[0] ?? '');
    assert.match(onDisk(), /- Status: Draft\n/);
    assert.match(onDisk(), /\] Note: The queue is full/);
    assert.match(onDisk(), /- Time to detect: unknown \(the onset is unknown\)/);
    assert.match(onDisk(), /<!-- incident post-mortem [0-9A-Z]{26} /);
    await lens('Refresh everything').waitFor();
    // The first is below what a small window shows.
    await showProblem(page, /\S/);
    await page.locator('.squiggly-error').first().waitFor();
    await screenshot(page, 'post-mortem-lint-light');
    await page.keyboard.press('Escape');
  });

  it('follows the journal by its lens, and keeps the line that was edited', async () => {
    writeFileSync(file, onDisk().replace(/(\] Note: The queue is full \([^)]+\))/, '$1, said the dashboard'));
    await waitUntil('the edit in the editor', async () =>
      (await readEditorText(page)).includes('said the dashboard'),
    );
    await note('The worker was restarted');
    await page.keyboard.press('Control+Home');
    await lens('Refresh everything').click();
    await readMessage(page, /The post-mortem follows the journal again/);
    await runCommand(page, 'File: Save');
    await sample.until('the new row on disk', () => onDisk().includes('] Note: The worker was restarted'));
    const rows = onDisk().split('<details>')[0] ?? '';
    assert.match(rows, /\] Note: The queue is full \([^)]+\), said the dashboard\n/);
    assert.equal(rows.match(/The queue is full/g)?.length, 1);
  });

  it('does not go to review while the lint has errors', async () => {
    await runCommand(page, 'Incident: Set Post-Mortem Status');
    await pick(page, 'In review');
    await readMessage(page, /It is not “In review” yet\. Line \d+: /);
    assert.match(onDisk(), /- Status: Draft\n/);
    assert.equal(sample.journal().filter(({ type }) => type === 'PostMortemStatusSet').length, 0);
  });
});
