import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { answer, openSidebar, pick, runCommand } from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { filesWith } from '../../support/filesWith.ts';
import { connectSystem, outwardSettings } from '../../support/outwardEditor.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** The outside systems, connected and disconnected by a person with a keyboard. */
describe('connecting outside systems', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside),
        'incident.github.repository': undefined,
        'incident.webhooks': undefined,
        'incident.grafana.baseUrl': outside.grafana.url,
        'incident.alertmanager.baseUrl': outside.alertmanager.url,
        'incident.prometheus.baseUrl': outside.prometheus.url,
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
  const workspaceSettings = (): string => path.join(sample.folder, '.vscode/settings.json');
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

  it('asks for what the system needs, and writes it for the person where the workspace has no such setting', async () => {
    const { store } = sample.simulator.outside.github;
    const inMarch = `${new Date().getUTCFullYear() + 1}-03-31 10:00:00 UTC`;
    const token = store.tokens.get(store.token);
    assert.equal(token?.kind, 'fine-grained');
    store.tokens.set(store.token, { ...token, expires: inMarch });
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'GitHub');
    await answer(page, 'https://github.com/x/y', 'Connect GitHub (1/2)');
    await widget().getByText('Write the repository as owner/name.').waitFor();
    await answer(page, store.repository, 'Connect GitHub (1/2)');
    await answer(page, store.token, 'Connect GitHub (2/2)');
    await readMessage(page, /^GitHub: connected as @responder, until \d{4}-03-31 10:00 UTC/);
    const written = readFileSync(path.join(sample.server.userDataDir, 'data/Machine/settings.json'), 'utf8');
    assert.match(written, new RegExp(`"incident.github.repository": "${store.repository}"`));
    assert.doesNotMatch(readFileSync(workspaceSettings(), 'utf8'), /github\.repository/);
  });

  it('keeps the address of a webhook as a secret, and sends it nothing', async () => {
    const { url, store } = sample.simulator.outside.webhook;
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Another webhook…');
    await answer(page, 'service desk', 'Connect a Webhook (1/3)');
    await answer(page, `${url}/hooks/word-in-the-path`, 'Connect a Webhook (2/3)');
    await answer(page, 'word-for-the-webhook', 'Connect a Webhook (3/3)');
    await readMessage(page, /^Webhook service desk is connected\. Nothing was sent to it/);
    await listHas('Webhook service desk', /^connected$/);
    assert.deepEqual(store.requests, []);
  });

  it('keeps no token in settings, journals or any file that is not the secret storage', async () => {
    const { slack, github, grafana, ...others } = sample.simulator.outside;
    const { jira, statuspage, pagerduty } = others;
    await connectSystem(page, 'Jira', jira.store.token);
    await connectSystem(page, 'Statuspage', statuspage.store.token);
    await connectSystem(page, 'PagerDuty', pagerduty.store.token);
    // Both are open to everybody here; what is typed is sent to them all the same.
    await connectSystem(page, 'Alertmanager', 'word-for-alertmanager');
    await connectSystem(page, 'Prometheus', 'word-for-prometheus');
    const tokens = [slack, github, grafana, jira, statuspage, pagerduty].map(({ store }) => store.token);
    tokens.push('word-for-alertmanager', 'word-for-prometheus');
    for (const word of [...tokens, 'no-such-word', 'word-in-the-path', 'word-for-the-webhook'])
      for (const folder of [sample.folder, sample.server.userDataDir])
        assert.deepEqual(filesWith(folder, word), []);
    // What is no secret is found by the same search.
    assert.notDeepEqual(filesWith(sample.server.userDataDir, github.store.repository), []);
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

  for (const theme of ['Dark Modern', 'Light Modern'])
    it(`shows the states in ${theme}`, async () => {
      await setTheme(page, theme);
      await runCommand(page, 'Incident: Connect…');
      await row('Slack')
        .getByText(/^connected as/)
        .waitFor();
      await screenshot(page, theme === 'Dark Modern' ? 'connect-dark' : 'connect-light');
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
    assert.match(readFileSync(workspaceSettings(), 'utf8'), /127\.0\.0\.1:9"/);
  });

  it('forgets a token at Disconnect', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Slack');
    await pick(page, 'Disconnect');
    await readMessage(page, /^Slack is disconnected\./);
    await listHas('Slack', /^not connected$/);
  });

  it('forgets a webhook with its address', async () => {
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Webhook service desk');
    await pick(page, 'Disconnect');
    await readMessage(page, /^Webhook service desk is disconnected/);
    await runCommand(page, 'Incident: Connect…');
    await row('Another webhook').waitFor();
    assert.equal(await row('Webhook service desk').count(), 0);
    await page.keyboard.press('Escape');
  });
});
