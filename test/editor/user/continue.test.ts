import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { accept, answer, confirm, openSidebar, pick, runCommand } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { answerResolve, waitForWays } from '../../support/resolving.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

/** The guide from its first to its last line with one command and the keyboard; the mouse is never touched. */
describe('walking the guide with Continue alone', function () {
  this.timeout(300_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed');
  });
  after(() => sample?.dispose());

  const types = () => sample.journal().map(({ type }) => type);
  const count = (type: string) => types().filter((one) => one === type).length;
  /** Runs Continue and waits until the journal has one more event of the type. */
  const goOn = async (
    type: string,
    answers: () => Promise<void> = () => Promise.resolve(),
  ): Promise<void> => {
    const before = count(type);
    await runCommand(page, 'Incident: Continue');
    await answers();
    await sample.journalHas(type, before + 1);
  };

  it('leaves nothing half-made when a prompt of Declare is left with Esc', async () => {
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Checkout is slow');
    await pick(page, 'SEV1');
    await page.keyboard.press('Escape');
    await runCommand(page, 'Incident: Switch Incident');
    assert.deepEqual(sample.journal(), []);
  });

  it('declares, acknowledges and escalates', async () => {
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments failing');
    await pick(page, 'SEV2');
    await pick(page, 'payment-service');
    await accept(page, /Declare Incident \(4\/4\)/);
    await sample.journalHas('IncidentDeclared');
    await goOn('IncidentAcknowledged');
    await goOn('PeopleEscalated', () => pick(page, 'Done, they know'));
    const [declared] = sample.journal();
    assert.equal(declared?.data['severity'], 'SEV2');
    assert.equal(declared?.data['service'], 'payment-service');
    assert.match(String(declared?.data['number']), /^\d{4}-\d{2}-\d{2}-\d{4}$/);
  });

  it('runs the steps of diagnosis, asking for what is missing', async () => {
    await goOn('PhaseEntered');
    await goOn('RunEnded');
    await goOn('StepDone', async () => {
      await pick(page, 'Done by hand…');
      await answer(page, 'error rate at 40%', /^Look at the metrics/);
    });
    await goOn('RunEnded', () => pick(page, 'payment-service'));
    // Without an Argo CD server the history is read from the cluster's Application resource.
    await goOn('RunEnded', () => pick(page, 'payment-service'));
    assert.match(sample.lastOutput(), /main \([0-9a-f]{7}\)/);
  });

  it('answers the key questions and posts an update drafted from the journal', async () => {
    for (let question = 1; question <= 5; question += 1) {
      await goOn('NoteAdded', () => answer(page, `answer ${question}`));
    }
    await goOn('UpdatePosted', () => accept(page, /^Update 1/));
    const update = sample.journal().find(({ type }) => type === 'UpdatePosted');
    assert.match(String(update?.data['text']), /\n/);
    assert.doesNotMatch(String(update?.data['text']), /⏎/);
  });

  it('mitigates with an option of the guide', async () => {
    await goOn('PhaseEntered');
    await goOn('RunEnded', async () => {
      await pick(page, /^Option B/);
      await pick(page, 'Run');
      await confirm(page, 'Run');
    });
    const run = sample.journal().findLast(({ type }) => type === 'RunStarted');
    assert.deepEqual(run?.data['changes'], ['deployment/payment-service spec.replicas 3 → 10']);
    assert.equal(run?.data['confirmed'], true);
    await goOn('MitigatedMarked', async () => {
      await pick(page, /^Yes/);
      await accept(page, 'Mark Mitigated');
    });
  });

  it('checks, resolves and drafts the post-mortem', async () => {
    await goOn('PhaseEntered');
    for (let item = 1; item <= 4; item += 1) {
      await goOn('ChecklistItemTicked', () => answer(page, `checked ${item}`));
    }
    await goOn('GuideItemDone', () => pick(page, /^Copy the text/));
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /Resolved|Duration/);
    await goOn('GuideItemDone', () => pick(page, 'Mark it done'));
    await goOn('IncidentResolved', async () => {
      await waitForWays(page);
      await answerResolve(page, {
        cause: 'Load outgrew the memory of three replicas',
        owner: 'Decide later',
      });
    });
    await goOn('PhaseEntered');
    await goOn('PostMortemDrafted');
  });
});
