import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  pick,
  readEditorText,
  runCommand,
  screenshot,
  setTheme,
  waitUntil,
} from '../../support/editorPage.ts';
import {
  declareIncident,
  openSampleEditor,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

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
  const save = async (until: (text: string) => boolean, what: string): Promise<void> => {
    await runCommand(page, 'File: Save');
    await sample.until(what, () => until(onDisk()));
  };
  /** The cursor at the end of the first line that holds `text`. */
  const goTo = async (text: string): Promise<void> => {
    assert.ok((await readEditorText(page)).includes(text), `no line with ${text}`);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Control+F');
    const find = page.locator('.find-widget.visible .find-part').getByRole('textbox').first();
    await find.fill(text);
    await page.locator('.find-widget.visible .matchesCount').getByText(/^1 of/).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
  };
  const lens = (title: string) => page.locator('.codelens-decoration a').getByText(title).first();
  const quickFix = async (title: string): Promise<void> => {
    const row = page.locator('.action-widget .monaco-list-row').getByText(title).first();
    // The problems of the last edit come a moment later.
    await waitUntil(`the quick fix ${title}`, async () => {
      await page.keyboard.press('Control+.');
      const isThere = await row.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
      if (!isThere) await page.keyboard.press('Escape');
      return isThere;
    });
    await row.click();
  };

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
    await page.locator('.squiggly-error').first().waitFor();
    await screenshot(page, 'post-mortem-lint-light');
  });

  it('follows the journal by its lens, and keeps the line that was edited', async () => {
    await goTo('] Note: The queue is full');
    await page.keyboard.type(', said the dashboard');
    await save((text) => text.includes('said the dashboard'), 'the edit on disk');
    await note('The worker was restarted');
    await goTo('## Timeline');
    await lens('Refresh timeline').click();
    await readMessage(page, /The timeline follows the journal again/);
    await save((text) => text.includes('] Note: The worker was restarted'), 'the new row on disk');
    const rows = onDisk().split('<details>')[0]!;
    assert.match(rows, /\] Note: The queue is full \([^)]+\), said the dashboard\n/);
    assert.equal(rows.match(/The queue is full/g)?.length, 1);
  });

  it('is undone in one step', async () => {
    const before = onDisk();
    await note('Nothing new');
    await runCommand(page, 'Incident: Refresh Post-Mortem');
    await readMessage(page, /The post-mortem follows the journal again/);
    await waitUntil('the new row', async () => (await readEditorText(page)).includes('Nothing new'));
    await page.keyboard.press('Control+Z');
    await waitUntil('the text as it was', async () => !(await readEditorText(page)).includes('Nothing new'));
    await save((text) => text === before, 'the text as it was on disk');
  });

  it('does not go to review while the lint has errors', async () => {
    await runCommand(page, 'Incident: Set Post-Mortem Status');
    await pick(page, 'In review');
    await readMessage(page, /It is not “In review” yet\. Line \d+: /);
    assert.match(onDisk(), /- Status: Draft\n/);
    assert.equal(sample.journal().filter(({ type }) => type === 'PostMortemStatusSet').length, 0);
  });

  it('offers people and rows of the journal as they are typed', async () => {
    await goTo('[Action]');
    await page.keyboard.type('\n');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.press('Delete');
    await page.keyboard.type('- [ ] Watch the queue - @Chi');
    await page
      .locator('.suggest-widget.visible .monaco-list-row')
      .getByText('Chidi Okafor')
      .first()
      .waitFor();
    await screenshot(page, 'post-mortem-people');
    await page.keyboard.press('Enter');
    await waitUntil('the name', async () =>
      (await readEditorText(page)).includes('- [ ] Watch the queue - Chidi Okafor'),
    );
  });

  it('is mended by quick fixes', async () => {
    await goTo('Watch the queue');
    await quickFix('Due in a week, ');
    await waitUntil('a day', async () => /Chidi Okafor - \d{4}-\d\d-\d\d/.test(await readEditorText(page)));
    await goTo('## Root cause');
    await quickFix('Write the questions in its place');
    await waitUntil('the questions', async () =>
      (await readEditorText(page)).includes('[What failed, why did it fail, and why was it possible?]'),
    );
    await save((text) => text.includes('[What failed'), 'the fixes on disk');
  });

  it('goes to review and is reviewed once nothing is left', async () => {
    // A person writes what only a person knows.
    const written = onDisk()
      .replace(/\[What failed, [^\]]*\]/, 'A job without a limit filled the queue.')
      .replace(/(## Resolution[^\n]*\n\n)unknown/, '$1The job was stopped.')
      .replace(/\n- \[ \] \[Action\][^\n]*/g, '')
      .replace('- Users affected: unknown', '- Users affected: 12% (source: Grafana)')
      .replace(/(## Lessons[^\n]*\n)/, '$1\nThe alert came first.\n');
    writeFileSync(file, written);
    await waitUntil('the text in the editor', async () =>
      (await readEditorText(page)).includes('A job without a limit filled the queue.'),
    );
    await runCommand(page, 'Incident: Set Post-Mortem Status');
    await pick(page, 'Reviewed');
    await readMessage(page, /has to be in review before it is reviewed/);
    for (const [status, count] of [
      ['In review', 1],
      ['Reviewed', 2],
    ] as const) {
      await runCommand(page, 'Incident: Set Post-Mortem Status');
      await pick(page, status);
      await sample.journalHas('PostMortemStatusSet', count);
      assert.match(onDisk(), new RegExp(`- Status: ${status}\n`));
    }
    const { data } = sample.journal().findLast(({ type }) => type === 'PostMortemStatusSet')!;
    assert.equal(data['status'], 'reviewed');
    assert.match(String(data['file']), /^postmortems\/.*\.md$/);
    await screenshot(page, 'post-mortem-reviewed-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'post-mortem-reviewed-dark');
  });

  it('takes evidence at the cursor', async () => {
    await runCommand(page, 'Incident: Add Evidence');
    await answer(page, 'https://status.example/incidents/7', /^Evidence for/);
    await sample.journalHas('EvidenceAdded');
    await goTo('The alert came first.');
    await page.keyboard.type(' See ');
    await runCommand(page, 'Incident: Insert Evidence');
    await pick(page, 'https://status.example/incidents/7');
    await waitUntil('the link', async () =>
      (await readEditorText(page)).includes('came first. See <https://status.example/incidents/7>'),
    );
    await save((text) => text.includes('status.example'), 'the link on disk');
  });

  it('is exported as one page in which nothing runs', async () => {
    await goTo('The alert came first.');
    await page.keyboard.type(' <script>window.bad = 1</script><img src=x onerror="window.bad = 2">');
    await save((text) => text.includes('window.bad'), 'the script on disk');
    await runCommand(page, 'Incident: Export Post-Mortem as HTML');
    const html = file.replace(/\.md$/, '.html');
    await sample.until(
      'the page on disk',
      () => existsSync(html) && readFileSync(html, 'utf8').endsWith('</html>\n'),
    );
    const reader = await page
      .context()
      .browser()!
      .newPage({ viewport: { width: 900, height: 1200 } });
    try {
      const asked: string[] = [];
      reader.on('request', (request) => asked.push(request.url()));
      await reader.goto(`file://${html}`);
      await reader.getByRole('heading', { name: /Payments failing/ }).waitFor();
      assert.equal(await reader.evaluate(() => (window as unknown as { bad?: number }).bad), undefined);
      assert.deepEqual(asked, [`file://${html}`]);
      await reader.getByText('The whole journal').waitFor();
      await screenshot(reader, 'post-mortem-export-light');
      await reader.emulateMedia({ colorScheme: 'dark' });
      await screenshot(reader, 'post-mortem-export-dark');
      await reader.emulateMedia({ media: 'print', colorScheme: 'light' });
      const pdf = await reader.pdf();
      assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
    } finally {
      await reader.close();
    }
  });

  it('is copied as Slack, Confluence and Jira take it', async () => {
    for (const [name, expected] of [
      ['Slack', /^\*.*Payments failing\*\n/],
      ['Confluence', /\{expand:The whole journal: \d+ entries\}/],
      ['Jira', /^h1\. .*Payments failing\n/],
    ] as const) {
      await page.evaluate(() => navigator.clipboard.writeText(''));
      await runCommand(page, 'Incident: Copy Post-Mortem As');
      await pick(page, name);
      await waitUntil(`the ${name} text on the clipboard`, async () =>
        expected.test(await page.evaluate(() => navigator.clipboard.readText())),
      );
    }
  });
});
