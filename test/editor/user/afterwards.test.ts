import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { verifyBundle } from '../../../src/journal/audit/verifyBundle.ts';
import {
  answer,
  openSidebar,
  pick,
  readEditorText,
  runCommand,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { connectSystem, outwardSettings, untilAllDelivered } from '../../support/outwardEditor.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

/** What is left once an incident is over: its action items, its deadline, its record. By keyboard alone. */
describe('after an incident', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ workspaceSettings: ({ outside }) => outwardSettings(outside) });
    page = sample.page;
    await seedIncident(
      sample.server,
      [90, declareSample()],
      [85, { type: 'Acknowledge' }],
      [10, { type: 'Resolve', data: { cause: 'A bad release', heads: {} } }],
    );
    await openSidebar(page, 'Incident');
    await runCommand(page, 'Incident: Switch Incident');
    await pick(page, 'SEV2 Payments failing');
    await connectSystem(page, 'GitHub', sample.simulator.outside.github.store.token);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-afterwards');
  });
  after(() => sample?.dispose());

  const quick = () => page.locator('.quick-input-widget:not([style*="display: none"])');
  const folder = () => path.join(sample.folder, 'postmortems');
  const inFolder = (ending: string): string =>
    path.join(folder(), readdirSync(folder()).find((name) => name.endsWith(ending)) ?? `none${ending}`);
  const text = (): string => readFileSync(inFolder('.md'), 'utf8');
  const lineOf = (words: string): string =>
    text()
      .split('\n')
      .find((line) => line.includes(words)) ?? '';
  const issues = () => {
    const { store } = sample.simulator.outside.github;
    return [...(store.repositories.get(store.repository.toLowerCase())?.issues.values() ?? [])].filter(
      ({ body }) => body?.includes('Action item of the post-mortem'),
    );
  };

  it('drafts the post-mortem, and notes its action items at a save', async () => {
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await sample.journalHas('PostMortemDrafted');
    const file = inFolder('.md');
    const lines = text().split('\n');
    const at = lines.findIndex((line) => /^## .*action/i.test(line));
    assert.notEqual(at, -1);
    lines.splice(at + 1, 0, '', '- [ ] Alert on 5xx - Ana Souza - 2026-12-01', '- [ ] Raise the pool');
    writeFileSync(file, lines.join('\n'));
    await waitUntil('the editor to show the file', async () =>
      (await readEditorText(page)).includes('Raise the pool'),
    );
  });

  it('makes an issue of an item after its text was seen, and puts its link into the file', async () => {
    await runCommand(page, 'Incident: Sync Action Items');
    const list = quick().locator('.quick-input-list');
    await list.getByText('Alert on 5xx').first().waitFor();
    await list.getByText('Owner: Ana Souza').first().waitFor();
    // Nobody owns the other one yet: it is offered, and not picked.
    assert.match(await list.innerText(), /Raise the pool[\s\S]*not sent/);
    assert.equal(issues().length, 0);
    await pick(page, 'Tell one place');
    await sample.until('the issue to be there', () => issues().length === 1);
    assert.equal(issues()[0]?.title, 'Alert on 5xx');
    await sample.until('its link to be in the file', () => /\(\[.*#\d+\]\(http/.test(lineOf('Alert on 5xx')));
    assert.match(lineOf('Alert on 5xx'), /^- \[ \] Alert on 5xx - Ana Souza - 2026-12-01 \(\[/);
    assert.equal(lineOf('Raise the pool'), '- [ ] Raise the pool');
  });

  it('ticks the box when the issue is closed by somebody', async () => {
    const [issue] = issues();
    assert.ok(issue);
    issue.state = 'closed';
    await runCommand(page, 'Incident: Sync Action Items');
    await pick(page, 'Tell nobody now');
    await sample.until('the box to be ticked', () => lineOf('Alert on 5xx').startsWith('- [x] Alert'));
    await readMessage(page, /“Alert on 5xx” is done: .*#\d+ was closed\./);
    const last = sample.journal().findLast(({ type }) => type === 'ActionItemsSeen');
    assert.equal((last?.data['items'] as { done: boolean }[])[0]?.done, true);
  });

  it('opens the issue again when the box is unticked, after a look', async () => {
    writeFileSync(inFolder('.md'), text().replace('- [x] Alert', '- [ ] Alert'));
    await waitUntil('the editor to show the file', async () =>
      (await readEditorText(page)).includes('- [ ] Alert'),
    );
    await runCommand(page, 'Incident: Sync Action Items');
    await quick()
      .locator('.quick-input-list')
      .getByText(/^Reopen /)
      .first()
      .waitFor();
    await pick(page, 'Tell one place');
    await sample.until('the issue to be open', () => issues()[0]?.state === 'open');
    await untilAllDelivered(sample);
  });

  it('writes the deadline as a calendar file beside it', async () => {
    await runCommand(page, 'Incident: Put Post-Mortem Deadline in Calendar');
    await pick(page, 'Write a calendar file');
    await sample.journalHas('CalendarEntryWritten');
    const file = readFileSync(inFolder('.ics'), 'utf8');
    assert.match(file, /UID:\w+-post-mortem@incident-response/);
    assert.match(file, /METHOD:PUBLISH/);
    await readMessage(page, /\.ics holds the deadline/);
  });

  it('takes the calendar entry back when it is open again', async () => {
    await runCommand(page, 'Incident: Reopen');
    await answer(page, 'It came back', /Reopen|reason/i);
    await sample.journalHas('IncidentReopened');
    await page.keyboard.press('Escape');
    await runCommand(page, 'Incident: Put Post-Mortem Deadline in Calendar');
    await pick(page, 'Write the file that takes the entry back');
    await sample.journalHas('CalendarEntryWritten', 2);
    const file = readFileSync(inFolder('.ics'), 'utf8');
    assert.match(file, /METHOD:CANCEL/);
    assert.match(file, /SEQUENCE:1/);
  });

  it('exports an audit bundle that verifies, also with the command-line tool', async () => {
    await runCommand(page, 'Incident: Export Audit Bundle');
    const into = path.join(sample.folder, 'bundle');
    await answer(page, into, /Export Audit Bundle/);
    await readMessage(page, /files of .* are in .*bundle/);
    await sample.until('the bundle to be whole', () => existsSync(path.join(into, 'manifest.json')));
    const verified = await verifyBundle(into);
    assert.deepEqual(verified.problems, []);
    const paths = verified.manifest?.files.map((file) => file.path) ?? [];
    assert.ok(
      paths.some((one) => /^documents\/.*\.md$/.test(one)),
      paths.join(),
    );
    const verify = () =>
      spawnSync(process.execPath, ['dist/incident-guide.cjs', 'verify', into], { encoding: 'utf8' });
    const fine = verify();
    assert.equal(fine.status, 0, fine.stdout);
    // One bit of one byte, in the middle of a line that is none of the first.
    const journal = paths.find((one) => /^journal\/.*\.jsonl$/.test(one)) ?? '';
    const bytes = readFileSync(path.join(into, journal));
    const second = bytes.indexOf('\n') + 20;
    bytes.writeUInt8(bytes.readUInt8(second) ^ 1, second);
    writeFileSync(path.join(into, journal), bytes);
    const changed = verify();
    assert.equal(changed.status, 1, changed.stdout);
    assert.ok(changed.stdout.includes(journal), changed.stdout);
    assert.match(
      changed.stdout,
      /Line 3 of .* does not follow from the line before it: one of the two was changed/,
    );
  });

  it('says so when the post-mortem is not where it was drafted, and exports the rest', async () => {
    const file = inFolder('.md');
    renameSync(file, path.join(sample.folder, 'moved.md'));
    await runCommand(page, 'Incident: Export Audit Bundle');
    const into = path.join(sample.folder, 'without');
    await answer(page, into, /Export Audit Bundle/);
    await readMessage(page, /The post-mortem is not at .*\.md any more, so it is not among them\./);
    const { problems, manifest } = await verifyBundle(into);
    assert.deepEqual(problems, []);
    assert.ok(!manifest?.files.some((one) => one.path.endsWith('.md')));
    renameSync(path.join(sample.folder, 'moved.md'), file);
  });

  it('warns of a journal that was changed before the export, which verifies no better for it', async () => {
    const [folder = ''] = sample.incidentFolders();
    const seeded = readdirSync(folder).find(
      (name) =>
        name.endsWith('.jsonl') && readFileSync(path.join(folder, name), 'utf8').includes('A bad release'),
    );
    const file = path.join(folder, seeded ?? '');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Payments failing', 'Payments fine'));
    await runCommand(page, 'Incident: Export Audit Bundle');
    const into = path.join(sample.folder, 'late');
    await answer(page, into, /Export Audit Bundle/);
    await readMessage(page, /was not as it was written when it was exported\. Line 2 of .* does not follow/);
    const { problems } = await verifyBundle(into);
    assert.match(problems[0]?.message ?? '', /It was so at the export already\./);
  });
});
