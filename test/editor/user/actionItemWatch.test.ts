import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { withBase } from '../../../src/core/postmortem/generatedBase.ts';
import { chooseFile, runCommand, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { connectSystem, outwardSettings, waitForConnection } from '../../support/outwardEditor.ts';
import { showProblem } from '../../support/problems.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

const day = 24 * 60;
const file = 'postmortems/2026-payments.md';

/**
 * Actions are done weeks after their incident: it is none of those a window reads by itself, and nobody runs Sync. This
 * host keeps secrets in the window alone, so who comes back has to connect again.
 */
describe('the actions of an incident of weeks ago', function () {
  this.timeout(420_000);
  let sample: SampleEditor;
  let page: Page;
  let issue: { state: 'open' | 'closed' };
  let github: FaultProxy;

  before(async () => {
    sample = await openSampleEditor({
      prepare: async ({ outside }) => {
        github = await startFaultProxy(outside.github.url);
      },
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside, { GitHub: github.url }),
        // What is underlined is what could not be read.
        'incident.postMortems.lint': false,
      }),
    });
    page = sample.page;
    const id = await seedIncident(
      sample.server,
      [30 * day, declareSample('Payments failed in spring')],
      [29 * day, { type: 'Resolve', data: { cause: 'A bad release', heads: {} } }],
      [28 * day, { type: 'RecordPostMortem', data: { file, sha256: 'a'.repeat(64) } }],
    );
    const { url, store } = sample.simulator.outside.github;
    const made = await fetch(`${url}/repos/${store.repository}/issues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${store.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title: 'Alert on 5xx' }),
    });
    assert.equal(made.status, 201);
    const { number, html_url: address } = (await made.json()) as { number: number; html_url: string };
    const kept = store.repositories.get(store.repository.toLowerCase())?.issues.get(number);
    assert.ok(kept);
    issue = kept;
    const item = `- [ ] Alert on 5xx - Ana Souza - 2026-12-01 ([${store.repository}#${number}](${address}))`;
    mkdirSync(path.join(sample.folder, 'postmortems'), { recursive: true });
    writeFileSync(
      path.join(sample.folder, file),
      withBase(`# Post-mortem: Payments failed in spring\n\n## Action items\n\n${item}\n`, id),
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-action-item-watch');
  });
  after(async () => {
    await sample?.dispose();
    await github?.dispose();
  });

  const connect = () => connectSystem(page, 'GitHub', sample.simulator.outside.github.store.token);
  const box = (): string =>
    /- \[(.)\] Alert on 5xx/.exec(readFileSync(path.join(sample.folder, file), 'utf8'))?.[1] ?? 'none';
  const lastSeen = (): unknown => sample.events('ActionItemsSeen').at(-1)?.['items'];

  it('are noted at a save, though nothing else of the incident was asked for', async () => {
    await runCommand(page, 'File: Open File...');
    await chooseFile(page, 'Open File', path.join(sample.folder, file), 'OK');
    await page.locator('.tab.active').getByText(path.basename(file)).waitFor();
    await page.locator('.codelens-decoration a').getByText('Refresh everything').first().waitFor();
    assert.equal(sample.events('ActionItemsSeen').length, 0);
    await runCommand(page, 'Insert Line Below');
    await runCommand(page, 'File: Save');
    await sample.journalHas('ActionItemsSeen');
    assert.equal((lastSeen() as { done: boolean }[])[0]?.done, false);
  });

  it('are ticked within a minute when their issue is closed, without a switch of tabs', async () => {
    await connect();
    issue.state = 'closed';
    await waitUntil('the box to be ticked', () => Promise.resolve(box() === 'x'), 2);
    await readMessage(page, /“Alert on 5xx” is done: .*#\d+ was closed\./);
    assert.equal((lastSeen() as { done: boolean }[])[0]?.done, true);
  });

  const underlined = (severity: 'warning' | 'info') =>
    page.locator(`.editor-group-container.active .squiggly-${severity}`).first();

  it('are underlined when their issue is refused, which Connect… tells too, and no message does', async () => {
    github.fault = { kind: 'answer', status: 401, body: '{"message":"Bad credentials"}' };
    await underlined('warning').waitFor({ timeout: 90_000 });
    await showProblem(page, /#\d+ could not be read at \d\d:\d\d UTC, so this box does not follow it\./);
    await showProblem(page, /GitHub refused the token \(401\): Bad credentials\. Reconnect/);
    await screenshot(page, 'action-item-refused');
    await page.keyboard.press('Escape');
    await waitForConnection(page, /^failing since \d\d:\d\d UTC$/);
    await runCommand(page, 'Notifications: Show Notifications');
    const messages = page.locator('.notifications-center');
    await messages.waitFor();
    assert.equal(await messages.getByText(/could not be read|refused the token/).count(), 0);
    assert.equal(box(), 'x');
    github.fault = { kind: 'none' };
    await underlined('warning').waitFor({ state: 'detached', timeout: 90_000 });
    await waitForConnection(page, /^connected as /);
  });

  it('follow what happened while nobody was there, after the window was loaded anew', async () => {
    issue.state = 'open';
    await page.reload();
    await underlined('info').waitFor({ timeout: 90_000 });
    await showProblem(page, /#\d+ is at no system that is connected, so this box does not follow it\./);
    await page.keyboard.press('Escape');
    await connect();
    await page.locator('.tab.active').getByText(path.basename(file)).waitFor();
    await waitUntil('the box to be open again', () => Promise.resolve(box() === ' '), 2);
    await readMessage(page, /“Alert on 5xx” is open again: .*#\d+ was reopened\./);
  });
});
