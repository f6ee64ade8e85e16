import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  focusTreeItem,
  openTreeItem,
  pick,
  pickLabels,
  runCommand,
  treeItem,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

/** What a look at the pods has shown decides what Continue offers, and stands in the tree; the mouse is never touched. */
describe('conditions in the tree and in Continue', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-verdicts');
  });
  after(() => sample?.dispose());

  const goOn = () => runCommand(page, 'Incident: Continue');
  const runs = () => sample.events('RunStarted').map((data) => String(data['command']));

  it('offer the step that applies once a run has looked, and say why and what was passed over', async () => {
    await declareIncident(page, 'Payments failing', undefined, 'payment-service');
    await goOn();
    await sample.journalHas('IncidentAcknowledged');
    await goOn();
    await pick(page, 'Done, they know');
    await sample.journalHas('PeopleEscalated');
    await runCommand(page, 'Incident: Run Step');
    await pick(page, 'Service Unavailable (503)');
    await pick(page, /^1\. /);
    await sample.journalHas('RunEnded');
    await treeItem(page, /^Next: If pods in CrashLoopBackOff, applies$/).waitFor();
    await goOn();
    await page
      .getByPlaceholder(/^Applies: \d+ of \d+ pods (?:is|are) in CrashLoopBackOff \(step 1, .*\)$/)
      .waitFor();
    await page
      .locator('.quick-input-list')
      .getByText(/^Passed over: step 3, it does not apply: none of \d+ pods is in Pending/)
      .waitFor();
    await screenshot(page, 'continue-condition');
  });

  it('lists the steps that do not apply where the person asks for another', async () => {
    await pick(page, 'Another step…');
    await page
      .locator('.quick-input-list')
      .getByText(/^Does not apply: none of \d+ pods is in Pending/)
      .waitFor();
    await page.keyboard.press('Escape');
    assert.equal(runs().length, 1, 'nothing runs by itself');
  });

  it('offer the pods that the condition found first, and go on with the guide when nothing else applies', async () => {
    await goOn();
    await pick(page, 'Run');
    await page.getByPlaceholder(/Pick or type a pod/).waitFor();
    const [first = ''] = await pickLabels(page);
    const [look] = sample.events('RunEnded');
    const { pods } = look?.['reading'] as { pods: { troubled: { name: string; status: string }[] } };
    const crashing = pods.troubled.filter(({ status }) => status === 'CrashLoopBackOff');
    assert.ok(
      crashing.some(({ name }) => name === first),
      `${first} is not among ${JSON.stringify(crashing)}`,
    );
    await pick(page, first);
    await sample.journalHas('RunEnded', 2);
    assert.match(runs()[1] ?? '', new RegExp(`^kubectl logs ${first} .*--previous`));
    await goOn();
    await sample.journalHas('PhaseEntered');
    await page
      .locator('.statusbar')
      .getByText(/Passed over: step 3, it does not apply/)
      .first()
      .waitFor();
    assert.equal(runs().length, 2);
  });

  it('stand in the tree in words, with the evidence', async () => {
    await openTreeItem(page, /^Runbooks, /);
    await openTreeItem(page, /^Service Unavailable \(503\), 2 of 4/);
    await focusTreeItem(page, /^3\. If pods pending, does not apply$/);
    await screenshot(page, 'tree-conditions');
  });
});
