import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedAddress } from '../../support/askedAddress.ts';
import {
  answer,
  openSidebar,
  pick,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** The dashboards that the guide names in a comment, opened where the incident is. */
describe('dashboards of the guide', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    await openSidebar(page, 'Incident');
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments are slow', /1\/4/);
    await pick(page, 'SEV3');
    await pick(page, 'payment-service');
    await pick(page, /^simulated-production \/ production$/);
    await treeItem(page, 'SEV3 Payments are slow').waitFor();
    await treeItem(page, /^High Latency, \d steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-dashboards');
  });
  after(() => sample?.dispose());

  const card = (number: number) => stepCard(page, number);
  const toggle = (name: RegExp): Promise<void> => treeItem(page, name).locator('.monaco-tl-twistie').click();
  it('open in the search of the Grafana the guide names, while none is connected', async () => {
    await card(1).getByRole('button', { name: 'Open the dashboard Service Health, step 1' }).click();
    await screenshot(page, 'dashboard-question');
    assert.equal(
      await askedAddress(page),
      'https://grafana.example.internal/dashboards?query=Service%20Health',
    );
  });

  it('open from their row under the step as well', async () => {
    await toggle(/^High Latency, \d steps/);
    await toggle(/^2\. Look at what it depends on/);
    await treeItem(page, /^Dependencies, dashboard/).click();
    assert.equal(await askedAddress(page), 'https://grafana.example.internal/dashboards?query=Dependencies');
  });

  it('are found by their title once Grafana is connected, at the time of the incident, with its service', async () => {
    const { url, store } = sample.simulator.outside.grafana;
    await runCommand(page, 'Incident: Connect…');
    await pick(page, 'Grafana');
    await answer(page, url, 'Connect Grafana (1/2)');
    await answer(page, store.token, 'Connect Grafana (2/2)');
    await readMessage(page, /^Grafana: connected as/);
    const opening = page.context().waitForEvent('page');
    await card(1).getByRole('button', { name: 'Open the dashboard Service Health, step 1' }).click();
    const dashboard = await opening;
    const address = new URL(dashboard.url());
    await dashboard.close();
    // The server editor leads a browser to a port of its own machine through a path of its own.
    assert.equal(address.pathname, `/proxy/${new URL(url).port}/d/service-health/service-health`);
    const declaredAt = sample.journal().find(({ type }) => type === 'IncidentDeclared')?.time ?? '';
    assert.deepEqual(Object.fromEntries(address.searchParams), {
      from: String(Date.parse(declaredAt) - 30 * 60_000),
      to: 'now',
      'var-service': 'payment-service',
      'var-namespace': 'production',
    });
  });

  it('are asked for where several fit', async () => {
    const { dashboards } = sample.simulator.outside.grafana.store;
    dashboards.push({ id: 91, uid: 'twin', title: 'Service Health', tags: [], variables: [] });
    const opening = page.context().waitForEvent('page');
    await card(1).getByRole('button', { name: 'Open the dashboard Service Health, step 1' }).click();
    await page.getByPlaceholder('Several fit "Service Health". Which one?').waitFor();
    await pick(page, 'Service Health');
    const dashboard = await opening;
    assert.match(dashboard.url(), /\/d\/(twin|service-health)\/service-health\?from=/);
    await dashboard.close();
  });

  it('lead to Grafana’s search where it has none, and say so', async () => {
    const { dashboards } = sample.simulator.outside.grafana.store;
    const at = dashboards.findIndex(({ title }) => title === 'Dependencies');
    dashboards.splice(at, 1);
    const opening = page.context().waitForEvent('page');
    await card(2).getByRole('button', { name: 'Open the dashboard Dependencies, step 2' }).click();
    const search = await opening;
    assert.match(search.url(), /\/dashboards\?query=Dependencies$/);
    await search.close();
    await readMessage(
      page,
      /Grafana has no dashboard of that title or tag.*search for "Dependencies" was opened/,
    );
  });

  it('are beside the addresses that a step names', async () => {
    await toggle(/^Diagnosis/);
    await treeItem(page, /^Gather what is known/).click();
    await runbookFrame(page)
      .getByRole('button', { name: /^Open grafana\.example\.internal, step/ })
      .click();
    assert.equal(await askedAddress(page), 'https://grafana.example.internal');
  });

  it('are beside the links of the guide, which open a file where the guide stands', async () => {
    // Only rows in view are drawn: what is above makes room.
    await toggle(/^Diagnosis/);
    await toggle(/^Triage/);
    await toggle(/^Related links/);
    await treeItem(page, /^Rolling back/).click();
    await page.getByRole('tab', { name: /rollback-guide\.md/ }).waitFor();
  });
});
