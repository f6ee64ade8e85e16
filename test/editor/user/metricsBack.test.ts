import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, runCommand } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { seenOf } from '../../support/resolving.ts';
import {
  declareIncident,
  openSampleEditor,
  scaleOut,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

const minute = 60_000;
/** The median of five minutes of a rate over five minutes: so long after the fix nothing of the outage is in it. */
const behindMs = 20 * minute;
/** In the product's own guide, which the sample workspace has. */
const item = 'Error rate and latency are where they were before';

/** The simulated production lives in the past until it is mended: then it has been well for as long as a person would wait. */
describe('metrics that are good again', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      behindMs,
      workspaceSettings: ({ outside }) => ({ 'incident.prometheus.baseUrl': outside.prometheus.url }),
    });
    page = sample.page;
    await declareIncident(page, 'Payments fail', undefined, 'payment-service');
    await runCommand(page, 'Incident: Set Onset');
    const onset = new Date(Date.now() - behindMs - 12 * minute).toISOString().slice(0, 19);
    await answer(page, onset, 'Set Onset');
    await sample.journalHas('OnsetSet');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-metrics-back');
  });
  after(() => sample?.dispose());

  it('are not said to be good while there are no data of now', async () => {
    const seen = await seenOf(sample, item);
    await page.keyboard.press('Escape');
    assert.equal(seen?.state, 'not-checked', seen?.sentence);
    assert.match(seen.sentence, /^Error rate: no metric that is known was found for payment-service/);
  });

  it('are good once the last minutes are as the hour before the onset was, and the list says so', async () => {
    await scaleOut(sample);
    sample.simulator.advance(behindMs);
    const seen = await seenOf(sample, item);
    assert.equal(seen?.state, 'good', seen?.sentence);
    assert.match(
      seen.sentence,
      /^Error rate is 0\.1\d* % \(median of the last 5 min\); in the hour before the onset it was up to 0\.1\d* %; Latency \(p95\) is 2\d\d ms/,
    );
    const row = page.locator('.quick-input-list .monaco-list-row').filter({ hasText: item });
    await row.getByText(/^good, .+ ago$/).waitFor();
    await row.getByText(/^Error rate is 0\.1\d* % \(median of the last 5 min\)/).waitFor();
    await page.keyboard.press('Escape');
  });
});
