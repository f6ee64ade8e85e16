import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { alertFingerprint } from '../../../src/core/signals/alertFingerprint.ts';
import {
  accept,
  answer,
  confirm,
  confirmationText,
  openSidebar,
  pick,
  pickLabels,
  runCommand,
  treeItem,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** As `argocd login` leaves it. */
function signedIn(folder: string, baseUrl: string, token: string): Readonly<Record<string, unknown>> {
  const server = new URL(baseUrl).host;
  const config = {
    contexts: [{ name: server, server, user: server }],
    users: [{ name: server, 'auth-token': token }],
  };
  writeFileSync(path.join(folder, 'config'), JSON.stringify(config));
  return { 'incident.argoCd.baseUrl': baseUrl };
}

const minutesAgo = (minutes: number): number => Date.now() - minutes * 60_000;

/** Alerts come in: seen, declared from, attached, silenced, followed from a link. */
describe('signals', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  const argoCdConfig = mkdtempSync(path.join(os.tmpdir(), 'incident-argocd-'));

  before(async () => {
    sample = await openSampleEditor({
      settings: { 'incident.name': 'Ana' },
      env: { ARGOCD_CONFIG_DIR: argoCdConfig },
      workspaceSettings: ({ outside, argoCd }) => ({
        ...signedIn(argoCdConfig, argoCd.url, argoCd.tokens.responder),
        'incident.alertmanager.baseUrl': outside.alertmanager.url,
        'incident.alertmanager.tenant': 'team-a',
        // Nobody listens there.
        'incident.prometheus.baseUrl': 'http://127.0.0.1:9',
        'incident.signals.pollSeconds': 5,
      }),
    });
    page = sample.page;
    const { url, tokens } = sample.simulator.argoCd;
    const synced = await fetch(`${url}/api/v1/applications/payment-service/sync`, {
      method: 'POST',
      headers: { authorization: `Bearer ${tokens.responder}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'payment-service', strategy: { hook: {} } }),
    });
    assert.equal(synced.status, 200, await synced.text());
    alertmanager().put({
      labels: { alertname: 'SearchSlow', service: 'search', severity: 'warning', namespace: 'production' },
      annotations: { summary: 'Search is slow: the slowest hundredth takes 3.1 s' },
      startsAt: minutesAgo(47),
    });
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-signals');
  });
  after(async () => {
    await sample?.dispose();
    rmSync(argoCdConfig, { recursive: true, force: true });
  });

  const alertmanager = () => sample.simulator.outside.alertmanager.store;
  const count = (type: string): number => sample.journal().filter((event) => event.type === type).length;
  const last = (type: string) => sample.journal().findLast((event) => event.type === type)?.data ?? {};

  it('asks no source before the view is in sight', () => {
    assert.deepEqual(alertmanager().requests, []);
  });

  it('shows alerts by service, newest first, and what cannot be seen because a source is dead', async () => {
    await openSidebar(page, 'Incident');
    // A tree draws the rows in sight: this one is given the room of another.
    await page.getByRole('button', { name: 'Runbooks Section' }).click();
    await treeItem(
      page,
      /^Alert, PaymentErrorRateHigh, \d+ min, critical, Alertmanager, payment-service$/,
    ).waitFor();
    await treeItem(page, /^Alert, SearchSlow, 47 min, warning/).waitFor();
    await treeItem(page, /^Warning: Prometheus: no answer for .* cannot be reached/).waitFor();
    await treeItem(page, /^Sources, 2 of 3 answer/).waitFor();
    await treeItem(page, /^Deploy, payment-service → [0-9a-f]{7}, \d+ (?:s|min) ago, Argo CD/).waitFor();
    await screenshot(page, 'signals-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'signals-dark');
    await setTheme(page, 'Light Modern');
  });

  it('declares from an alert with one confirmation that shows every value and where commands go', async () => {
    await runCommand(page, 'Incident: Declare from Alert');
    await pick(page, 'PaymentErrorRateHigh');
    await page.getByPlaceholder(/Enter declares with these values/).waitFor();
    const rows = page.locator('.quick-input-list .monaco-list-row');
    const shown = (await rows.allInnerTexts()).join('\n');
    assert.match(shown, /Declare SEV1: Payments fail: 87% of requests to payment-service answer 5xx/);
    assert.match(shown, /payment-service/);
    assert.match(shown, /\d+ min ago/);
    assert.match(shown, /commands go to simulated-production \/ production/);
    assert.match(shown, /Service Unavailable \(503\)/);
    await screenshot(page, 'signals-declare');
    await pick(page, 'Severity');
    await pick(page, 'SEV2');
    await page.getByPlaceholder(/Enter declares with these values/).waitFor();
    assert.match((await pickLabels(page))[0] ?? '', /Declare SEV2: Payments fail/);
    assert.equal(count('IncidentDeclared'), 0, 'nothing before Enter');
    await page.keyboard.press('Enter');
    await treeItem(page, /^SEV2 Payments fail/).waitFor();
    const declared = last('IncidentDeclared');
    assert.deepEqual([declared['severity'], declared['service']], ['SEV2', 'payment-service']);
    assert.deepEqual(
      [
        (declared['target'] as { context: string }).context,
        (declared['target'] as { namespace: string }).namespace,
      ],
      ['simulated-production', 'production'],
    );
    const attached = last('SignalAttached')['signal'] as { id: string; title: string };
    assert.equal(attached.title, 'PaymentErrorRateHigh');
    const own = [...alertmanager().alerts.values()].find((one) => one.labels['alertname'] === attached.title);
    assert.equal(last('OnsetSet')['at'], new Date(own?.startsAt ?? 0).toISOString());
    await treeItem(page, /^Alert, PaymentErrorRateHigh, .*in \d{4}-\d{2}-\d{2}-0001/).waitFor();
  });

  it('attaches an alert of the open incident instead of declaring a second one', async () => {
    alertmanager().put({
      labels: { alertname: 'PaymentQueueGrows', service: 'payment-service', severity: 'high' },
      annotations: { summary: 'The payment queue grows' },
      startsAt: minutesAgo(3),
    });
    await runCommand(page, 'Incident: Refresh Signals');
    await treeItem(page, /^Alert, PaymentQueueGrows/).waitFor();
    await runCommand(page, 'Incident: Declare from Alert');
    await pick(page, 'PaymentQueueGrows');
    await sample.journalHas('SignalAttached', 2);
    await readMessage(
      page,
      /PaymentQueueGrows belongs to SEV2 .*0001.* attached there and nothing new was declared/,
    );
    assert.equal(count('IncidentDeclared'), 1);
  });

  it('records that an attached alert has ended, and that it is back', async () => {
    const labels = { alertname: 'PaymentQueueGrows', service: 'payment-service', severity: 'high' };
    const states = () => sample.events('SignalStateSeen').map((data) => data['state']);
    alertmanager().put({ labels, startsAt: minutesAgo(3), endsAt: Date.now() });
    await sample.until('the end of the alert in the journal', () => states().includes('resolved'));
    alertmanager().put({ labels, startsAt: Date.now() });
    await sample.until('its return in the journal', () => states().at(-1) === 'firing');
    assert.deepEqual(states(), ['resolved', 'firing'], 'each once');
  });

  it('silences an alert for exactly its labels, and ends the silence', async () => {
    await runCommand(page, 'Incident: Silence Alert');
    await pick(page, 'SearchSlow');
    await pick(page, '2 h');
    await answer(page, 'known, an index is rebuilt', 'Silence SearchSlow for 2 h');
    const said = await confirmationText(page);
    assert.match(said, /Silence SearchSlow for 2 h\?/);
    assert.match(said, /Until \d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC/);
    assert.match(
      said,
      /alertname="SearchSlow", namespace="production", service="search", severity="warning"/,
    );
    await screenshot(page, 'signals-silence');
    await confirm(page, 'Silence');
    await treeItem(page, /^Silenced, 1/).waitFor();
    const [silence] = [...alertmanager().silences.values()];
    assert.equal(silence?.comment, 'known, an index is rebuilt');
    assert.equal(silence.createdBy, 'Ana');
    assert.ok(Math.abs(silence.endsAt - silence.startsAt - 7_200_000) < 1000);

    await runCommand(page, 'Incident: End Silence');
    await pick(page, 'SearchSlow');
    assert.match(await confirmationText(page), /Ana made it until .* known, an index is rebuilt/);
    await confirm(page, 'End Silence');
    await treeItem(page, /^Silenced, 1/).waitFor({ state: 'detached' });
    const { requests } = alertmanager();
    assert.deepEqual(
      requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`),
      ['POST /api/v2/silences', `DELETE /api/v2/silence/${silence.id}`],
    );
    assert.deepEqual([...new Set(requests.map(({ headers }) => headers['x-scope-orgid']))], ['team-a']);
    await treeItem(page, /^Alert, SearchSlow, \d+ min, warning/).waitFor();
  });

  it('asks at a second declare for the service whether it is the same incident', async () => {
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'https://support.example.com/tickets/4711', /1\/4/);
    await pick(page, 'SEV2');
    await page.getByPlaceholder(/Which service is affected/).waitFor();
    await page.keyboard.type('payment-service');
    await pick(page, 'payment-service');
    await pick(page, /Same incident: SEV2 Payments fail/);
    await sample.journalHas('EvidenceAdded');
    assert.deepEqual(last('EvidenceAdded'), {
      kind: 'url',
      text: 'https://support.example.com/tickets/4711',
    });
    assert.equal(count('IncidentDeclared'), 1);
    await runCommand(page, 'Incident: Add Evidence');
    await answer(page, 'A customer paid three times.', /Evidence for/);
    await sample.journalHas('EvidenceAdded', 2);
  });

  /** As when the link was clicked outside: VS Code itself asks before the extension hears of it. */
  async function followLink(href: string): Promise<void> {
    await runCommand(page, 'Developer: Open URL');
    await answer(page, href);
    assert.match(await confirmationText(page), /Incident Response/);
    await confirm(page, 'Open');
  }
  const link = (rest: string) => `code-oss://incident-response.incident-response/${rest}`;

  it('declares nothing by a link alone, and shows what a hostile one carries as text', async () => {
    const title = encodeURIComponent('$(trash) [x](command:workbench.action.quit)\u202e\n$(flame)');
    await followLink(
      link(`declare?title=${title}&severity=critical&service=checkout&command=incident.resolve`),
    );
    await page.getByPlaceholder(/Enter declares with these values/).waitFor();
    const [first = ''] = await pickLabels(page);
    assert.match(first, /Declare SEV1: \$ \(trash\) \[x\]\(command:workbench\.action\.quit\)/);
    await screenshot(page, 'signals-link');
    await page.keyboard.press('Escape');
    await page.getByPlaceholder(/Enter declares with these values/).waitFor({ state: 'hidden' });
    assert.equal(count('IncidentDeclared'), 1);
    assert.equal(count('IncidentResolved'), 0);
  });

  it('finds the alert of a link by its fingerprint, and declares it when a person agrees', async () => {
    const labels = {
      alertname: 'SearchSlow',
      service: 'search',
      severity: 'warning',
      namespace: 'production',
    };
    await followLink(link(`declare?title=Something&fingerprint=${alertFingerprint(labels)}`));
    await accept(page, 'Declare Incident');
    await treeItem(page, /^SEV3 Search is slow/).waitFor();
    assert.equal((last('SignalAttached')['signal'] as { title: string }).title, 'SearchSlow');
  });

  it('opens an incident that a link names', async () => {
    const number = String(sample.journal().find(({ type }) => type === 'IncidentDeclared')?.data['number']);
    await followLink(link(`open?incident=${number}`));
    await page
      .getByRole('treeitem', { name: /^SEV2 Payments fail.*expanded|^SEV2 Payments fail/, expanded: true })
      .first()
      .waitFor();
  });
});
