import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { answer, openSidebar, pick, runCommand, screenshot, setTheme } from '../../support/editorPage.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** The outside systems, connected and disconnected by a person with a keyboard. */
describe('connecting outside systems', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      workspaceSettings: ({ outside }) => ({
        'incident.slack.baseUrl': outside.slack.url,
        'incident.grafana.baseUrl': outside.grafana.url,
      }),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await screenshot(page, `failed-${this.currentTest.title.slice(0, 20).replaceAll(' ', '-')}`);
  });
  after(() => sample?.dispose());

  const widget = () => page.locator('.quick-input-widget');
  const row = (name: string) => widget().getByRole('option', { name: new RegExp(`^${name}`) });
  const listHas = async (name: string, state: RegExp): Promise<void> => {
    await runCommand(page, 'Incident: Connect…');
    await row(name).getByText(state).waitFor();
    await page.keyboard.press('Escape');
  };

  it('lists every system with its state', async () => {
    await runCommand(page, 'Incident: Connect…');
    for (const name of ['Slack', 'GitHub', 'Jira', 'Statuspage', 'PagerDuty', 'Grafana'])
      await row(name).getByText('not connected', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
  });

  it('refuses a token that the service refuses, says so where it is typed, and keeps nothing of it', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Slack');
    await widget()
      .getByText(/channels:manage.*users:read\.email/)
      .waitFor();
    await widget()
      .getByRole('button', { name: /https:\/\/api\.slack\.com\/apps/ })
      .waitFor();
    await answer(page, 'no-such-word', 'Connect Slack (1/1)');
    await widget()
      .getByText(/Slack refused .*Nothing was stored/)
      .waitFor();
    await screenshot(page, 'connect-refused');
    await page.keyboard.press('Escape');
    await listHas('Slack', /^not connected$/);
  });

  it('takes a good token, and says as whom it connects', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Slack');
    await answer(page, sample.simulator.outside.slack.store.token, 'Connect Slack (1/1)');
    await readMessage(page, /^Slack: connected as \S+ in /);
    await listHas('Slack', /^connected as \S+ in /);
  });

  it('prefills what is set already, and asks for the rest', async () => {
    const { url, store } = sample.simulator.outside.grafana;
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Grafana');
    await widget().locator('.quick-input-titlebar').getByText('Connect Grafana (1/2)').waitFor();
    assert.equal(await widget().locator('input[type="text"]').inputValue(), url);
    await page.keyboard.press('Enter');
    await answer(page, store.token, 'Connect Grafana (2/2)');
    await readMessage(page, /^Grafana: connected as .* in Example Shop\.$/);
  });

  for (const theme of ['Dark Modern', 'Light Modern'])
    it(`shows the states in ${theme}`, async () => {
      await setTheme(page, theme);
      await runCommand(page, 'Incident: Connect…');
      await row('Slack')
        .getByText(/^connected as/)
        .waitFor();
      await screenshot(page, theme === 'Dark Modern' ? 'connect-dark' : 'connect');
      await page.keyboard.press('Escape');
    });

  it('keeps no token in settings, journals or any file that is not the secret storage', () => {
    const { slack, grafana } = sample.simulator.outside;
    for (const word of [slack.store.token, grafana.store.token, 'no-such-word'])
      for (const folder of [sample.folder, sample.server.userDataDir])
        assert.deepEqual(filesWith(folder, word), []);
  });

  it('says since when a connection fails, and why', async () => {
    const { store } = sample.simulator.outside.grafana;
    Object.assign(store, { token: 'another-word' });
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Grafana');
    await pick(page, 'Check again');
    await readMessage(page, /Grafana refused the token \(401\)/);
    await runCommand(page, 'Incident: Connect…');
    await row('Grafana')
      .getByText(/^failing since \d\d:\d\d UTC$/)
      .waitFor();
    await row('Grafana')
      .getByText(/Grafana refused the token/)
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('keeps a token unchecked only when the person says so, while the service cannot be reached', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Grafana');
    await pick(page, 'Connect anew');
    await answer(page, 'http://127.0.0.1:9', 'Connect Grafana (1/2)');
    await answer(page, 'kept-unchecked', 'Connect Grafana (2/2)');
    await pick(page, 'Keep anyway');
    await readMessage(page, /^Grafana: token kept, not checked yet\.$/);
    assert.match(readFileSync(path.join(sample.folder, '.vscode/settings.json'), 'utf8'), /127\.0\.0\.1:9"/);
  });

  it('forgets a token at Disconnect', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Slack');
    await pick(page, 'Disconnect');
    await readMessage(page, /^Slack is disconnected\./);
    await listHas('Slack', /^not connected$/);
  });
});

/** Files below the folder in which the word stands, as bytes. */
function filesWith(folder: string, word: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(word));
}
