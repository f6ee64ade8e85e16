import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { manyIncidents } from '../../support/manyIncidents.ts';
import {
  openSidebar,
  pickLabels,
  runbookFrame,
  runCommand,
  screenshot,
  setTheme,
  waitUntil,
} from '../../support/editorPage.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { journalFolderOf, seedMadeIncidents } from '../../support/seedIncident.ts';

describe('Trends', function () {
  this.timeout(240_000);
  const made = manyIncidents(400);
  const drills = made.filter(({ events }) => (events[0]?.data as { drill?: boolean }).drill === true).length;
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    seedMadeIncidents(journalFolderOf(sample.server), made);
    await setTheme(page, 'Dark Modern');
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-trends');
  });
  after(() => sample?.dispose());

  const frame = () => runbookFrame(page);
  const fact = (label: string) => frame().locator('.report-fact').filter({ hasText: label }).locator('dd');
  const choose = async (period: string): Promise<void> => {
    await frame().getByRole('radio', { name: period }).check();
  };
  const section = (heading: string) => frame().getByRole('region', { name: heading, exact: true });

  it('shows every figure of the period, counts no drill, and says what is not known', async () => {
    await runCommand(page, 'Incident: Show Trends');
    await frame().getByRole('heading', { level: 1, name: 'Trends' }).waitFor();
    assert.ok(await frame().getByRole('radio', { name: '90 days' }).isChecked());
    await choose('All');
    await waitUntil(
      'all incidents',
      async () => (await fact('Incidents').innerText()) === String(400 - drills),
    );
    assert.equal(await fact('Drills left out').innerText(), String(drills));
    for (const heading of [
      'Incidents per week by severity',
      'Incidents per week by service',
      'Times',
      'Promises kept',
      'Action items',
      'Steps that fail or are skipped',
      'Recurrence',
    ])
      await frame().getByRole('heading', { level: 2, name: heading }).waitFor();
    await section('Action items open, overdue and done').waitFor();
  });

  it('counts drills when asked, and not any more when not', async () => {
    await frame().getByRole('checkbox', { name: 'Count drills' }).check();
    await waitUntil('the drills', async () => (await fact('Incidents').innerText()) === '400');
    await frame().getByRole('checkbox', { name: 'Count drills' }).uncheck();
    await waitUntil('no drills', async () => (await fact('Incidents').innerText()) === String(400 - drills));
  });

  it('opens the incidents behind a figure, and one of them to be read', async () => {
    const row = frame().getByRole('row', { name: /^Resolve: onset, else declare, to the resolution/ });
    const figure = row.getByRole('button').first();
    const known = Number(await figure.innerText());
    assert.ok(known > 300);
    await figure.click();
    await page.locator('.quick-input-titlebar').getByText(`Resolve: known: ${known}`).waitFor();
    const [label = ''] = await pickLabels(page);
    await page.keyboard.press('Enter');
    await frame().getByRole('heading', { level: 1, name: label }).waitFor();
    await frame().getByText('To be read only. Nothing can be run or written here.').waitFor();
    await runCommand(page, 'View: Close Editor');
    await frame().getByRole('heading', { level: 1, name: 'Trends' }).waitFor();
  });

  it('has its period by keyboard alone, and keeps the focus there', async () => {
    await frame().getByRole('radio', { name: 'All' }).focus();
    await page.keyboard.press('ArrowLeft');
    await waitUntil('365 days', () => frame().getByRole('radio', { name: '365 days' }).isChecked());
    await waitUntil('its figures', async () => Number(await fact('Incidents').innerText()) < 100);
    assert.ok(
      await frame()
        .getByRole('radio', { name: '365 days' })
        .evaluate((radio) => radio === radio.ownerDocument.activeElement),
    );
  });

  it('is a picture and a table with the same numbers', async () => {
    const picture = frame().getByRole('img', {
      name: /^Incidents per week by severity, \d+ weeks\. The table below has the same numbers\.$/,
    });
    await picture.waitFor();
    const table = section('Incidents per week by severity, the newest week first');
    const drawn = await picture.locator('rect title').allTextContents();
    const sum = drawn.reduce((total, words) => total + Number(/: (\d+) /.exec(words)?.[1]), 0);
    const cells = await table.locator('tbody tr td:nth-child(2)').allInnerTexts();
    assert.equal(
      cells.reduce((total, cell) => total + Number(cell), 0),
      sum,
    );
    assert.equal(String(sum), await fact('Incidents').innerText());
    await screenshot(page, 'trends-dark');
    await setTheme(page, 'Light Modern');
    await picture.waitFor();
    await screenshot(page, 'trends-light');
    await frame()
      .getByRole('heading', { level: 2, name: 'Times' })
      .evaluate((heading) => heading.scrollIntoView());
    await screenshot(page, 'trends-times-light');
    await setTheme(page, 'Dark Modern');
    await frame()
      .getByRole('heading', { level: 2, name: 'Times' })
      .evaluate((heading) => heading.scrollIntoView());
    await screenshot(page, 'trends-times-dark');
  });

  it('comes back after a reload with its period', async () => {
    await page.reload();
    await frame().getByRole('heading', { level: 1, name: 'Trends' }).waitFor();
    await waitUntil('the period', () => frame().getByRole('radio', { name: '365 days' }).isChecked());
  });
});
