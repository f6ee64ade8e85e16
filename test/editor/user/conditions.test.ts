import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { confirm, runbookFrame, stepCard, treeItem } from '../../support/editorPage.ts';
import { screenshot, screenshotBoth } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Queue

## Runbooks

### Queue Stuck

\`\`\`sh {"name":"look","ir.assert":"contains \\"ready\\"; count(\\"lost\\") == 0","ir.capture":"worker=after(\\"worker: \\")"}
# Look at the queue
cat state
\`\`\`

\`\`\`sh {"ir.when":"exit(look) != 0"}
# Make a new state
echo made
\`\`\`

\`\`\`sh {"ir.when":"$worker == \\"w-7\\""}
# Restart the worker
echo restart <worker>
\`\`\`

\`\`\`sh
# If the provider has an outage
echo failover
\`\`\`
`;

/** Conditions and assertions from the button to the card, with an output that is good, bad, and not there at all. */
describe('conditions and assertions', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/queue.md': guide } });
    page = sample.page;
    await declareIncident(page, 'Queue is stuck');
    await treeItem(page, /^Queue Stuck, 4 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-conditions');
  });
  after(() => sample?.dispose());

  const state = () => path.join(sample.folder, 'runbooks', 'state');
  const step = (number: number) => stepCard(page, number);
  const look = async (name: 'Run step 1' | 'Run again step 1', times: number): Promise<void> => {
    await step(1).getByRole('button', { name, exact: true }).click();
    await confirm(page, 'Run');
    await sample.journalHas('RunEnded', times);
  };
  const results = () =>
    sample
      .events('RunEnded')
      .map((data) => (data['assertions'] as { result: string }[]).map(({ result }) => result));

  it('cannot tell before anything ran, and leaves it to the person', async () => {
    // By the incident's guide: that of the queue has no severities.
    await runbookFrame(page).locator('.severity[data-rank="1"]').getByText('SEV2').waitFor();
    await step(2).getByText('Cannot tell, you decide: no run has looked yet').waitFor();
    await step(3).getByText('Cannot tell, you decide: worker has no value yet').waitFor();
  });

  it('passes what holds, captures a value, and says which steps apply', async () => {
    writeFileSync(state(), 'ready\nworker: w-7\n');
    await look('Run step 1', 1);
    await step(1).getByText('passed: a line has “ready”').waitFor();
    await step(1).getByText('passed: 0 lines have “lost”').waitFor();
    await step(2)
      .getByText(/^Does not apply: exit code 0 \(step 1, /)
      .waitFor();
    await step(3).getByText('Applies: worker is w-7').waitFor();
    await step(3).getByText('echo restart w-7').waitFor();
    await step(4)
      .getByText(/^Cannot tell, you decide/)
      .waitFor();
    // The eye is led to the step that applies; the other may be run all the same.
    for (const [number, appearance] of [
      [2, 'secondary'],
      [3, 'primary'],
      [4, 'primary'],
    ] as const)
      await step(number).locator(`[aria-label="Run step ${number}"][appearance="${appearance}"]`).waitFor();
    await screenshotBoth(page, 'conditions', 1000, () => step(4).scrollIntoViewIfNeeded());
  });

  it('counts a step whose assertion does not hold as failed, though it ran', async () => {
    writeFileSync(state(), 'lost\nworker: w-8\n');
    await look('Run again step 1', 2);
    await step(1).getByText('failed: no line has “ready”').waitFor();
    await step(1).getByText('failed: 1 line has “lost”').waitFor();
    await step(3).getByText('Does not apply: worker is w-8').waitFor();
  });

  it('checks nothing where nothing came, and is never green for it', async () => {
    rmSync(state());
    await look('Run again step 1', 3);
    await step(1)
      .getByText(/^not checked: the run failed with exit code 1/)
      .first()
      .waitFor();
    await step(2)
      .getByText(/^Applies: exit code 1 \(step 1, /)
      .waitFor();
    assert.deepEqual(results(), [
      ['passed', 'passed'],
      ['failed', 'failed'],
      ['not-checked', 'not-checked'],
    ]);
  });
});
