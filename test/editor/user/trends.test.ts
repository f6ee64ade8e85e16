import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { measures } from '../../../src/core/incident/measuredTimes.ts';
import { manyIncidents } from '../../support/manyIncidents.ts';
import {
  chooseFile,
  openSidebar,
  pick,
  pickLabels,
  runbookFrame,
  runCommand,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { readCsv } from '../../support/readCsv.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { journalFolderOf, seedMadeIncidents } from '../../support/seedIncident.ts';
import { plainFigures } from '../../unit/core/history/independentFigures.ts';

interface Row {
  readonly figure: string;
  readonly of: string;
  readonly group: string;
  readonly value: number | string;
  readonly incidents: number | string;
}

/** The rows of an export in the form of the calculation that knows nothing of them. */
function figuresOfRows(rows: readonly Row[]): unknown {
  const named = (name: string): readonly Row[] => rows.filter(({ figure }) => figure === name);
  const one = (name: string): number => Number(named(name)[0]?.value);
  const many = (name: string, keyOf: (row: Row) => string, column: 'value' | 'incidents' = 'value') =>
    Object.fromEntries(named(name).map((row) => [keyOf(row), Number(row[column])]));
  const times = (what: string, column: 'value' | 'incidents' = 'value') =>
    Object.fromEntries(
      measures.map((measure) => {
        const row = named(`time to ${measure} ${what}`).find(({ group }) => group === '');
        return [measure, Number(row?.[column])];
      }),
    );
  const step = ({ of }: Row): string => of.replace(/^Step /, '');
  return withoutZeros({
    incidents: one('incidents'),
    drills: one('drills left out'),
    perWeek: many('incidents per week', ({ of }) => of),
    perWeekAndSeverity: many('incidents per week and severity', ({ of, group }) => `${of} ${group}`),
    perWeekAndService: many('incidents per week and service', ({ of, group }) => `${of} ${group}`),
    median: times('median'),
    p90: times('90th percentile'),
    known: times('median', 'incidents'),
    updatesOnTime: one('updates on time'),
    updatesLate: one('updates late'),
    postMortemsOnTime: one('post-mortems on time'),
    postMortemsLate: one('post-mortems late'),
    actionsOpen: one('actions open'),
    actionsOverdue: one('actions overdue'),
    actionsDone: one('actions done'),
    failedRuns: many('step runs that failed', step),
    failedIn: many('step runs that failed', step, 'incidents'),
    skippedIn: many('step skipped', step),
    recurring: named('earlier incidents with something in common').length,
  });
}

/** Weeks and steps of which there is nothing: one of the two names them. */
const withoutZeros = (figures: object): unknown =>
  JSON.parse(JSON.stringify(figures, (_key, value: unknown) => (value === 0 ? undefined : value)));

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
    const row = frame().getByRole('row', { name: /^Resolve: onset, else declaration, to the resolution/ });
    const figure = row.getByRole('button').first();
    const known = Number(await figure.innerText());
    assert.ok(known > 300);
    // By keyboard alone, as each figure is a button of its own.
    await figure.focus();
    await page.keyboard.press('Enter');
    await page.locator('.quick-input-titlebar').getByText(`Resolve: known: ${known}`).waitFor();
    const [label = ''] = await pickLabels(page);
    await page.keyboard.press('Enter');
    await frame().getByRole('heading', { level: 1, name: label }).waitFor();
    await frame().getByText('To be read only. Nothing can be run or written here.').waitFor();
    await runCommand(page, 'View: Close Editor');
    await frame().getByRole('heading', { level: 1, name: 'Trends' }).waitFor();
  });

  it('exports them as CSV and JSON, each figure as another calculation has it', async () => {
    const exported = async (format: 'CSV' | 'JSON', from: () => Promise<void>): Promise<string> => {
      const file = path.join(sample.folder, `figures.${format.toLowerCase()}`);
      await from();
      await pick(page, format);
      await chooseFile(page, 'Export Figures', file, 'OK');
      await readMessage(page, `The figures are in figures.${format.toLowerCase()}.`);
      return readFileSync(file, 'utf8');
    };
    const json = JSON.parse(
      await exported('JSON', async () => {
        await frame().getByRole('button', { name: 'Export all figures' }).focus();
        await page.keyboard.press('Enter');
      }),
    ) as { range: string; to: string; figures: (Row & { ids: string[] })[] };
    assert.equal(json.range, 'all');
    const plain = plainFigures(made, -Infinity, Date.parse(json.to));
    assert.deepEqual(figuresOfRows(json.figures), withoutZeros(plain));
    assert.deepEqual(
      json.figures.filter(({ ids, incidents }) => ids.length !== incidents),
      [],
    );
    const [head = [], ...rows] = readCsv(
      await exported('CSV', async () => {
        await runCommand(page, 'Incident: Export Figures');
        await pick(page, 'All incidents');
      }),
    );
    const cells = rows.map((row) => Object.fromEntries(head.map((name, at) => [name, row[at] ?? ''])));
    assert.deepEqual(figuresOfRows(cells as unknown as Row[]), withoutZeros(plain));
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
    // By the editor's own command: it keeps what pages remember before it goes.
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await frame().getByRole('heading', { level: 1, name: 'Trends' }).waitFor();
    await waitUntil('the period', () => frame().getByRole('radio', { name: '365 days' }).isChecked());
  });
});
