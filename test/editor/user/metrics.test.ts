import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { verifyBundle } from '../../../src/journal/audit/verifyBundle.ts';
import {
  answer,
  openSidebar,
  outputText,
  pick,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, screenshotBoth, setTheme } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { oneStory } from '../../support/oneStory.ts';
import { seenOf } from '../../support/resolving.ts';
import {
  declareIncident,
  openSampleEditor,
  readMessage,
  scaleOut,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

const guide = `# Payments

## Runbooks

### Payments Fail

\`\`\`promql
# Error rate of the service
sum(rate(http_requests_total{service="$service",code=~"5.."}[5m]))
  / sum(rate(http_requests_total{service="$service"}[5m]))
\`\`\`

\`\`\`promql
# Requests by their answer
sum by (code) (rate(http_requests_total{service="$service"}[5m]))
\`\`\`
`;
const minute = 60_000;
/** In the product's own guide, which the sample workspace has. */
const item = 'Error rate and latency are where they were before';

/** From a query in a guide to what is drawn, and from the figures to what a resolution says of them. */
describe('metrics', function () {
  this.timeout(420_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;
  let prometheus: FaultProxy;

  before(async () => {
    sample = await openSampleEditor({
      prepare: async ({ outside }) => {
        prometheus = await startFaultProxy(outside.prometheus.url);
      },
      files: { 'runbooks/payments.md': guide },
      workspaceSettings: () => ({ 'incident.prometheus.baseUrl': prometheus.url }),
    });
    page = sample.page;
    await declareIncident(page, 'Payments fail', undefined, 'payment-service');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-metrics');
  });
  after(async () => {
    await sample?.dispose();
    await prometheus?.dispose();
  });

  const step = (number: number): Locator => stepCard(page, number);
  const button = (number: number, name: string): Locator =>
    step(number).getByRole('button', { name, exact: true });
  const run = async (number: number): Promise<void> => {
    const before = sample.events('RunEnded').length;
    await step(number)
      .getByRole('button', { name: new RegExp(`^Run (?:again )?step ${number}$`) })
      .click();
    await sample.journalHas('RunEnded', before + 1);
  };
  /** Does what asks for figures, and comes back while Prometheus keeps its answer to itself. */
  const silently = async (ask: () => Promise<void>): Promise<void> => {
    prometheus.only = ({ path }) => path.startsWith('/api/v1/query_range');
    prometheus.fault = { kind: 'silence' };
    await ask();
    await sample.until('a query that waits for its answer', () => prometheus.unanswered > 0);
  };
  /** How many of a plot's pixels have the colour that the theme has for a variable. */
  const pixels = (number: number, colour: string): Promise<number> =>
    step(number)
      .locator('.plot-canvas canvas')
      .first()
      .evaluate((canvas, name) => {
        const drawn = canvas as HTMLCanvasElement;
        const probe = document.createElement('span');
        probe.style.color = `var(${name})`;
        document.body.append(probe);
        const [red = 0, green = 0, blue = 0] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(
          Number,
        );
        probe.remove();
        const { data } = drawn.getContext('2d')!.getImageData(0, 0, drawn.width, drawn.height);
        let count = 0;
        for (let at = 0; at < data.length; at += 4)
          if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
            count++;
        return count;
      }, colour);
  const drawn = (number: number, colour: string, atLeast: number): Promise<void> => {
    let found = 0;
    return waitUntil(`${atLeast} pixels of ${colour} in step ${number}`, async () => {
      found = await pixels(number, colour);
      return found >= atLeast;
    }).catch((thrown: unknown) => {
      throw new Error(`${String(thrown)} There are ${found}.`);
    });
  };
  const check = async (): ReturnType<typeof seenOf> => {
    const seen = await seenOf(sample, item);
    await page.keyboard.press('Escape');
    return seen;
  };

  it('are not compared before anybody knows which hour was normal', async () => {
    const unset = await check();
    assert.equal(unset?.state, 'not-checked');
    assert.match(unset.sentence, /the onset is not set.*Set Onset/);
    await runCommand(page, 'Incident: Set Onset');
    const onset = new Date(Date.now() - 12 * minute).toISOString().slice(0, 19);
    await answer(page, onset, 'Set Onset');
    await sample.journalHas('OnsetSet');
  });

  it('are drawn in the card of a query, with the onset, the unit and the value of now', async () => {
    await treeItem(page, /^Payments Fail, 2 steps/).click();
    await run(1);
    await step(1)
      .getByRole('img', {
        name: /^Error rate of the service\. From \d\d:\d\d to \d\d:\d\d UTC\. One series, between 0\.\d+ % and 8\d\.?\d* %\. Onset at \d\d:\d\d\.$/,
      })
      .waitFor();
    await drawn(1, '--vscode-charts-blue', 150);
    await drawn(1, '--vscode-errorForeground', 40);
    await step(1)
      .getByRole('listitem')
      .getByText(/^8\d(\.\d)? %$/)
      .waitFor();
    await step(1)
      .getByText(/^UTC, \d\d:\d\d to \d\d:\d\d$/)
      .waitFor();
    const [ended] = sample.events('RunEnded');
    assert.match(String((ended?.['points'] as { file: string }).file), /^output\/.*\.points\.json$/);
  });

  it('of several series have a legend, and a table by the keyboard alone', async () => {
    await run(2);
    const legend = step(2).getByRole('list', { name: 'Series of Requests by their answer' });
    await legend.getByText('code="503"').waitFor();
    await legend.getByText('code="200"').waitFor();
    await drawn(2, '--vscode-charts-purple', 25);
    const table = button(2, 'Figures of step 2 as a table');
    const toggle = (state: { readonly pressed: boolean }): Locator =>
      step(2).getByRole('button', { name: 'Figures of step 2 as a table', ...state });
    await toggle({ pressed: false }).waitFor();
    // From the button before it, as a person gets there.
    await button(2, 'Copy the command of step 2').focus();
    for (let tabs = 0; tabs < 6; tabs++) {
      await page.keyboard.press('Tab');
      if (await table.evaluate((one) => one.matches(':focus'))) break;
    }
    await page.keyboard.press('Enter');
    const figures = step(2).getByRole('region', { name: 'Figures of Requests by their answer' });
    await figures.getByRole('row', { name: /code="503" \d+(\.\d+)?\/s/ }).waitFor();
    assert.equal(await step(2).locator('.plot-canvas').isVisible(), false);
    await toggle({ pressed: true }).waitFor();
    assert.equal(await table.evaluate((one) => one.matches(':focus')), true);
    await page.keyboard.press('Enter');
    await figures.waitFor({ state: 'hidden' });
    await toggle({ pressed: false }).waitFor();
    await drawn(2, '--vscode-charts-purple', 25);
  });

  it('are no longer asked for once the page is closed that asked, and the run says so', async () => {
    await silently(() => button(1, 'Run again step 1').click());
    const ended = sample.events('RunEnded').length;
    await runCommand(page, 'View: Close Editor');
    await sample.journalHas('RunEnded', ended + 1);
    assert.deepEqual(sample.events('RunEnded').at(-1)?.['outcome'], {
      kind: 'stopped',
      message: 'Its page was closed while it ran.',
    });
    await sample.until('no request hangs on', () => prometheus.unanswered === 0);
    await treeItem(page, /^Payments Fail, 2 steps/).click();
    await step(1).getByText('Its page was closed while it ran.').waitFor();
  });

  it('that the palette asked for are waited for without any page', async () => {
    await silently(async () => {
      await runCommand(page, 'Incident: Run Step');
      await pick(page, /^Payments Fail/);
      await pick(page, /^1\. Error rate of the service/);
    });
    const ended = sample.events('RunEnded').length;
    await runCommand(page, 'View: Close All Editors');
    await page.locator('iframe.webview').waitFor({ state: 'detached' });
    assert.equal(prometheus.unanswered, 1);
    await runCommand(page, 'Incident: Stop Run');
    await sample.journalHas('RunEnded', ended + 1);
    assert.deepEqual(sample.events('RunEnded').at(-1)?.['outcome'], { kind: 'stopped' });
    await runCommand(page, 'View: Toggle Panel Visibility');
    prometheus.fault = { kind: 'none' };
    prometheus.only = undefined;
    await treeItem(page, /^Payments Fail, 2 steps/).click();
    await run(1);
  });

  it('take the colours of another theme', async () => {
    await step(1).scrollIntoViewIfNeeded();
    await screenshot(page, 'metrics-light');
    await setTheme(page, 'Dark Modern');
    await drawn(1, '--vscode-charts-blue', 150);
    await drawn(1, '--vscode-errorForeground', 40);
    await screenshot(page, 'metrics-dark');
    await setTheme(page, 'Light Modern');
    await drawn(1, '--vscode-charts-blue', 150);
  });

  it('of PostgreSQL judge whether the database is slow, and of a Redis that nobody has nothing', async () => {
    await runCommand(page, 'View: Close All Editors');
    await treeItem(page, /^High Latency, /).click();
    await runbookFrame(page).getByRole('heading', { name: 'High Latency' }).first().waitFor();
    const figures = step(3).getByRole('list', { name: 'PostgreSQL metrics', exact: true });
    await figures.getByText('Connections of those allowed').waitFor();
    await figures.getByText('trouble over 90 %').first().waitFor();
    const promQl = step(3).getByText(/^max by \(instance\) \(pg_stat_activity_max_tx_duration\)$/);
    assert.equal(await promQl.isVisible(), false);
    const fold = step(3).getByText('PromQL of 6 queries');
    await fold.focus();
    await page.keyboard.press('Enter');
    await promQl.waitFor();
    await screenshotBoth(page, 'metrics-set', 900, () => step(3).scrollIntoViewIfNeeded());
    await fold.focus();
    await page.keyboard.press('Enter');
    await promQl.waitFor({ state: 'hidden' });
    await run(3);
    await step(3)
      .getByText(/^Applies: connections of those allowed 9\d(\.\d)? %, over the limit of 90 %/)
      .waitFor();
    await step(3)
      .getByRole('img', { name: /^Connections of those allowed\. .* One series/ })
      .waitFor();
    await step(3).getByText('No data.').first().waitFor();
    await drawn(3, '--vscode-editorWarning-foreground', 20);
    await screenshot(page, 'metrics-postgresql-light');
    await run(4);
    await step(4)
      .getByText(/^Cannot tell, you decide: there are no data of/)
      .waitFor();
    await runCommand(page, 'Incident: Show Output');
    let header: string[] = [];
    // The channel is drawn a moment behind what is written into it.
    await waitUntil('both runs in the output', async () => {
      header = (await outputText(page))
        .split('\n')
        .filter((line) => line.startsWith('== ') && line.includes(' $ '));
      return / \$ # Redis metrics/.test(header.at(-1) ?? '');
    });
    assert.ok(
      header.every((line) => line.length < 400),
      header.join('\n'),
    );
    assert.match(header.at(-2) ?? '', /\$ # PostgreSQL metrics/);
    await runCommand(page, 'View: Toggle Panel Visibility');
  });

  it('of a service that burns keep a resolution from being green, and a dead server is not taken for an all-clear', async () => {
    const burning = await check();
    assert.equal(burning?.state, 'bad', burning?.sentence);
    assert.match(
      burning.sentence,
      /Error rate is 8\d(\.\d)? % .*in the hour before the onset it was up to 0\.1\d* %/,
    );
    prometheus.fault = { kind: 'cut', afterBytes: 0 };
    const dead = await check();
    assert.equal(dead?.state, 'not-checked');
    assert.match(dead.sentence, /^(?:Error rate could not be asked|metrics could not be asked): Prometheus /);
    prometheus.fault = { kind: 'none' };
  });

  it('go into a post-mortem as pictures beside it', async () => {
    await runCommand(page, 'Incident: Draft Post-Mortem');
    await sample.journalHas('PostMortemDrafted');
    const folder = path.join(sample.folder, 'postmortems');
    const [document = ''] = readdirSync(folder).filter((name) => name.endsWith('.md'));
    const text = readFileSync(path.join(folder, document), 'utf8');
    const [, link = ''] = /!\[Error rate of the service\. .*\]\((.*)\)/.exec(text) ?? [];
    assert.match(link, /-plots\/error-rate-of-the-service\.svg$/);
    assert.match(readFileSync(path.join(folder, link), 'utf8'), /^<svg [\s\S]*>onset<[\s\S]*<polyline /);
  });

  it('of a dead server are the last data at hand with their age, also after the window was loaded anew', async () => {
    await scaleOut(sample);
    await runCommand(page, 'View: Close All Editors');
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await openSidebar(page, 'Incident');
    await treeItem(page, /^Payments Fail, 2 steps/).click();
    // What was drawn before is there again.
    await drawn(1, '--vscode-charts-blue', 150);
    prometheus.fault = { kind: 'cut', afterBytes: 0 };
    await run(1);
    await step(1)
      .getByText(/Prometheus .*The last data at hand are \d+ (?:s|min) old\./)
      .first()
      .waitFor();
    await step(1)
      .getByText(
        /^No answer at \d\d:\d\d UTC, so these are the last data at hand, until \d\d:\d\d UTC: \d+ (?:s|min) old by then\.$/,
      )
      .waitFor();
    await drawn(1, '--vscode-charts-blue', 150);
    await step(1).scrollIntoViewIfNeeded();
    await screenshot(page, 'metrics-dead-server-light');
    prometheus.fault = { kind: 'none' };
  });

  it('go into the audit bundle with the post-mortem, whose links hold there too', async () => {
    await runCommand(page, 'Incident: Export Audit Bundle');
    const into = path.join(sample.folder, 'bundle');
    await answer(page, into, /Export Audit Bundle/);
    await readMessage(page, /files of .* are in .*bundle/);
    const { problems } = await verifyBundle(into);
    assert.deepEqual(problems, []);
    const documents = path.join(into, 'documents');
    const [document = ''] = readdirSync(documents).filter((name) => name.endsWith('.md'));
    const text = readFileSync(path.join(documents, document), 'utf8');
    const [, link = ''] = /!\[Error rate of the service\. .*\]\((.*)\)/.exec(text) ?? [];
    assert.match(readFileSync(path.join(documents, link), 'utf8'), /^<svg /);
  });
});
