import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  answer,
  openSidebar,
  pick,
  readEditorText,
  runCommand,
  screenshot,
  treeItem,
} from '../../support/editorPage.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

/** The words of the product's own guide, which the sample workspace has. */
const words = {
  metrics: 'Error rate and latency are where they were before',
  logs: 'The logs are free of new errors',
  alerts: 'No alert is firing',
  byHand: 'Somebody used the product and it worked',
};

describe('checking the resolution, on the simulated production', function () {
  this.timeout(240_000);
  this.bail(true);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      settings: { 'incident.name': 'Ana' },
      workspaceSettings: ({ outside }) => ({
        'incident.alertmanager.baseUrl': outside.alertmanager.url,
        'incident.signals.pollSeconds': 5,
      }),
    });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-resolution');
  });
  after(() => sample?.dispose());

  const events = (type: string) => sample.journal().filter((event) => event.type === type);
  const lastSeen = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      events('ResolutionChecked').flatMap(({ data }) =>
        (data['checks'] as { text: string; state: string }[]).map(({ text, state }) => [text, state]),
      ),
    );
  const starting = (label: string, more: string): RegExp => new RegExp(`^${label}${more}`);
  const check = async (): Promise<void> => {
    const looks = events('ResolutionChecked').length;
    await runCommand(page, 'Incident: Check Resolution');
    await sample.journalHas('ResolutionChecked', looks + 1);
    await page
      .locator('.quick-input-titlebar')
      .getByText(/^Checks of /)
      .waitFor();
  };

  it('looks at the guide’s checklist while it still burns, and calls nothing green that it does not know', async () => {
    await openSidebar(page, 'Incident');
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments failing', /1\/4/);
    await pick(page, 'SEV2');
    await pick(page, 'payment-service');
    await pick(page, /^simulated-production \/ production$/);
    await treeItem(page, /^SEV2 Payments failing/).waitFor();
    await runCommand(page, 'Incident: Go to Phase');
    await pick(page, /Resolution/);
    await check();
    await page
      .locator('.quick-input-list')
      .getByText(/CrashLoopBackOff/)
      .first()
      .waitFor();
    assert.deepEqual(lastSeen(), {
      [words.metrics]: 'not-checked',
      [words.logs]: 'bad',
      [words.alerts]: 'bad',
      'Pods are ready': 'bad',
    });
    await page.keyboard.press('Escape');
    await treeItem(page, starting(words.metrics, ', not checked')).waitFor();
    await treeItem(page, starting(words.byHand, ', by hand, not done')).waitFor();
    await treeItem(page, starting(words.alerts, ', bad, .*active alert')).waitFor();
  });

  it('shows the evidence of a check by the keyboard', async () => {
    await check();
    await pick(page, words.alerts);
    await pick(page, 'Show the evidence');
    await page.locator('.tab.active').getByText('check.txt').waitFor();
    assert.match(await readEditorText(page), /State: bad[\s\S]*firing since/);
  });
});
