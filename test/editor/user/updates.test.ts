import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Command } from '../../../src/core/incident/commands.ts';
import {
  accept,
  answer,
  findInTree,
  focusedRow,
  openSidebar,
  pick,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

const quick = (page: Page) => page.locator('.quick-input-widget:not([style*="display: none"])');

/** Keyboard alone; the guide's cadence ran out before the window was opened. */
describe('an update that is due', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    await seedIncident(sample.server, [20, declareSample()], [19, { type: 'Acknowledge' }]);
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await screenshot(page, `failed-${this.currentTest.title.slice(0, 20)}`);
  });
  after(() => sample?.dispose());

  const last = (type: string) => sample.journal().findLast((event) => event.type === type)?.data;
  const statusBar = (text: RegExp) => page.locator('.statusbar').getByText(text).first().waitFor();
  const clipboardHas = (text: RegExp) =>
    waitUntil(`${String(text)} in the clipboard`, async () =>
      text.test(await page.evaluate(() => navigator.clipboard.readText())),
    );
  const tabs = () => page.locator('.tabs-container .tab').count();

  it('is told with what can be done, and said by the status bar', async () => {
    await statusBar(/SEV2 00:2\d:\d\d · update \d:\d\d late/);
    await treeItem(page, /^Next: Post an update, overdue/).waitFor();
    await runCommand(page, 'Notifications: Show Notifications');
    const centre = page.locator('.notifications-center');
    await centre
      .getByText(/^Update 1 of .* is due\.$/)
      .first()
      .waitFor();
    for (const button of ['Send…', 'No Change', 'Snooze…'])
      await centre.getByRole('button', { name: button }).first().waitFor();
    // Off the sidebar's icon, whose title would lie over the tree. What the editor has to say about its own extensions is not in the picture.
    await page.mouse.move(700, 300);
    await page.keyboard.press('End');
    if (
      await centre
        .locator('.monaco-list-row.focused')
        .getByText(/^Activating extension/)
        .count()
    )
      await page.keyboard.press('Delete');
    await screenshot(page, 'update-due-light');
    await setTheme(page, 'Dark Modern');
    await runCommand(page, 'Notifications: Show Notifications');
    await centre
      .getByText(/^Update 1 of .* is due\.$/)
      .first()
      .waitFor();
    await screenshot(page, 'update-due-dark');
  });

  it('opens its draft from the message, by keyboard', async () => {
    await page.keyboard.press('Escape');
    await runCommand(page, 'Notifications: Show Notifications');
    await runCommand(page, 'Notifications: Accept Notification Primary Action');
    await quick(page)
      .locator('.quick-input-titlebar')
      .getByText(/^Update 1 of/)
      .waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'Notifications: Clear All Notifications');
    assert.equal(last('UpdatePosted'), undefined);
  });

  it('waits, with a reason', async () => {
    await runCommand(page, 'Incident: Snooze Update');
    await page.getByPlaceholder(/pick, or type minutes/i).waitFor();
    await pick(page, '7 min');
    await answer(page, 'The rollback runs', /2\/2/);
    await sample.journalHas('UpdateSnoozed');
    assert.equal(last('UpdateSnoozed')?.['reason'], 'The rollback runs');
    const waits = Date.parse(String(last('UpdateSnoozed')?.['until'])) - Date.now();
    assert.ok(waits > 0 && waits <= 7 * 60_000, `${waits} ms`);
    await statusBar(/update in 6:\d\d/);
  });

  it('says that there is nothing new, in words that are seen before', async () => {
    await runCommand(page, 'Incident: Post No Change');
    await quick(page)
      .locator('.quick-input-titlebar')
      .getByText(/^No change, update 1 of/)
      .waitFor();
    const shown = await quick(page).locator('input[type="text"]').inputValue();
    assert.match(
      shown,
      /^\*\*Update #1 \[..:.. UTC\]\*\* ⏎ - Nothing new since the declaration at .* ⏎ - Status: Triage/,
    );
    await page.keyboard.press('Enter');
    await sample.journalHas('UpdatePosted');
    assert.equal(last('UpdatePosted')?.['noChange'], true);
    assert.equal(String(last('UpdatePosted')?.['text']), shown.replaceAll(' ⏎ ', '\n'));
    await statusBar(/update in 1[45]:\d\d/);
    await readMessage(page, /^Update 1 is kept in the journal/);
  });

  it('is edited as a document, outlives a reload, and is sent from there', async () => {
    await runCommand(page, 'Incident: Post Update');
    await quick(page)
      .locator('.quick-input-titlebar')
      .getByText(/^Update 2 of/)
      .waitFor();
    const button = quick(page).getByRole('button', { name: 'Edit as a document' });
    await waitUntil('the button to be reached with Tab', async () => {
      await page.keyboard.press('Tab');
      return button.evaluate((element) => element === document.activeElement);
    });
    await page.keyboard.press('Enter');
    await page.locator('.codelens-decoration').getByText('Send this update').waitFor();
    await page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('\n- Written by hand');
    const backups = path.join(sample.server.userDataDir, 'data', 'User', 'Backups');
    const isBackedUp = (): boolean =>
      readdirSync(backups, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .some((file) => readFileSync(path.join(file.parentPath, file.name), 'utf8').includes('by hand'));
    // The folder comes with the first backup.
    await sample.until('the editor to back the draft up', () => existsSync(backups) && isBackedUp());
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    // The editor brings the draft back as it was left, and it is a draft still.
    await page.locator('.codelens-decoration').getByText('Send this update').waitFor();
    const before = await tabs();
    await runCommand(page, 'Incident: Send Draft');
    await sample.journalHas('UpdatePosted', 2);
    const text = String(last('UpdatePosted')?.['text']);
    assert.match(text, /\[..:.. UTC\]/);
    assert.match(text, /\n- Written by hand$/);
    await waitUntil('the draft to be closed', async () => (await tabs()) === before - 1);
    assert.equal(await page.locator('.monaco-dialog-box').count(), 0);
    await runCommand(page, 'Incident: Send Draft');
    await readMessage(page, /no draft of an update/);
    assert.equal(sample.journal().filter(({ type }) => type === 'UpdatePosted').length, 2);
  });

  it('has another text for those who decide, and another for customers', async () => {
    await runCommand(page, 'Incident: Post Executive Update');
    await accept(page, /^Executive update of/);
    await sample.journalHas('AudienceUpdatePosted');
    assert.equal(last('AudienceUpdatePosted')?.['audience'], 'executive');
    assert.match(String(last('AudienceUpdatePosted')?.['text']), /\n- Impact: unknown\n- Since: /);
    await clipboardHas(/^\*\*SEV2 Payments failing\*\*/);

    await runCommand(page, 'Incident: Post Public Update');
    await accept(page, /^Public update of/);
    await sample.journalHas('AudienceUpdatePosted', 2);
    assert.deepEqual(last('AudienceUpdatePosted'), {
      audience: 'public',
      text: 'We are investigating a problem with our service.',
    });
    await readMessage(page, /No status page is connected: publish it by hand/);
  });
});

/** What was made at the declare, so that updates have somewhere to go; nothing answers there. */
const made = (): readonly (readonly [number, Command])[] => {
  const place = { baseUrl: 'http://127.0.0.1:1' };
  const channel = { system: 'slack', act: 'create-channel', name: 'incident', topic: '' } as const;
  const entry = {
    system: 'statuspage',
    act: 'create-incident',
    name: 'Problem',
    status: 'investigating',
    text: 'We look.',
    notify: false,
  } as const;
  const deliveries = [
    { delivery: 'slack/create-channel', task: channel, place, after: [] },
    { delivery: 'statuspage/create-incident', task: entry, place: { ...place, page: 'p1' }, after: [] },
  ];
  return [
    [19, { type: 'RequestDeliveries', data: { deliveries } }],
    ...deliveries.flatMap(({ delivery }): [number, Command][] => [
      [19, { type: 'StartDelivery', data: { delivery } }],
      [19, { type: 'RecordDelivered', data: { delivery, receipt: { id: 'made' } } }],
    ]),
  ];
};

describe('an update of an incident that has a channel and a status page', function () {
  this.timeout(120_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    const resolution = { phase: 'resolution', name: 'Resolution' };
    await seedIncident(sample.server, [20, declareSample()], ...made(), [
      18,
      { type: 'EnterPhase', data: resolution },
    ]);
    await openSidebar(page, 'Incident');
    await treeItem(page, 'SEV2 Payments failing').waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-outward-update');
  });
  after(() => sample?.dispose());

  const asked = () =>
    sample.journal().flatMap(({ type, data }) => (type === 'DeliveryRequested' ? [data] : []));

  it('goes to the channel', async () => {
    await runCommand(page, 'Incident: Post Update');
    await accept(page, /^Update 1 of/);
    await sample.journalHas('DeliveryRequested', 3);
    const update = asked().at(-1);
    assert.match(String(update?.['delivery']), /^slack\/post\/[0-9A-Z]{26}$/);
    assert.deepEqual(update?.['after'], ['slack/create-channel']);
    await readMessage(page, /^Update 1 is on its way to Slack/);
  });

  it('goes to the status page by the guide’s own line, and writes to nobody unless told to', async () => {
    await findInTree(page, 'Incidents', '/statuspage');
    await page.keyboard.press('Enter');
    await focusedRow(page)
      .getByText(/statuspage/)
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await quick(page)
      .locator('.quick-input-titlebar')
      .getByText(/^Public update of/)
      .waitFor();
    const shown = await quick(page).locator('input[type="text"]').inputValue();
    assert.equal(shown, 'The service works again. We are finding out why it failed.');
    await page.keyboard.press('Enter');
    await quick(page).locator('.monaco-list-row.focused').getByText('monitoring').waitFor();
    await accept(page, 'Update of the status page');
    await page.getByPlaceholder('Write to subscribers?').waitFor();
    await quick(page).locator('.monaco-list-row.focused').getByText('No', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await sample.journalHas('DeliveryRequested', 4);
    await sample.journalHas('GuideItemDone');
    const update = asked().at(-1);
    assert.match(String(update?.['delivery']), /^statuspage\/update-incident\/[0-9A-Z]{26}$/);
    assert.deepEqual(update?.['task'], {
      system: 'statuspage',
      act: 'update-incident',
      status: 'monitoring',
      text: shown,
      notify: false,
    });
    assert.deepEqual(update?.['place'], { baseUrl: 'http://127.0.0.1:1', page: 'p1' });
  });

  it('stays unsent when a question is left with Esc', async () => {
    await runCommand(page, 'Incident: Post Public Update');
    await accept(page, /^Public update of/);
    await pick(page, 'identified');
    await page.getByPlaceholder('Write to subscribers?').waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'Nothing went out', /^Note on/);
    await sample.journalHas('NoteAdded');
    assert.equal(asked().length, 4);
    assert.equal(sample.journal().filter(({ type }) => type === 'AudienceUpdatePosted').length, 1);
  });
});
