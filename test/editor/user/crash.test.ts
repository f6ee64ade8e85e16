import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, confirm, openSidebar, runCommand, stepCard, treeItem } from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const hostGuide = `# Host

## Runbooks

### Endless Work

\`\`\`bash
# 1. Say hello
echo hello

# 2. Print for ever
while true; do echo tick; sleep 0.2; done

# 3. Look at the graph
# Grafana > Host
\`\`\`
`;

/** What a window leaves behind when it is reloaded, and when its extension host dies in the middle of a run. */
describe('after a reload and after a crash', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/host.md': hostGuide } });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-crash');
  });
  after(() => sample?.dispose());

  const step = (number: number) => stepCard(page, number);
  const note = () => step(3).getByRole('textbox', { name: /What did you see/ });
  const verified = async () => {
    const all = await sample.verify();
    assert.deepEqual(
      all.flatMap(({ problems }) => problems),
      [],
    );
    return all.reduce((sum, { events }) => sum + events, 0);
  };

  it('has an incident, a note and an ended run', async () => {
    await declareIncident(page, 'Host is slow');
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'Before the crash', /^Note on/);
    await sample.journalHas('NoteAdded');
    await treeItem(page, /^Endless Work, 3 steps/).click();
    await step(1).getByRole('button', { name: 'Run step 1' }).click();
    await confirm(page, 'Run, It Only Reads');
    await step(1).getByText('exit code 0').waitFor();
  });

  it('keeps half-typed text while the page is hidden behind another tab', async () => {
    await note().fill('CPU at 9');
    await runCommand(page, 'Incident: Open Guide');
    await page.locator('.tab.active').getByText('incident-guide.md').waitFor();
    await page.locator('.tab').getByText('Endless Work').click();
    await step(1).getByText('exit code 0').waitFor();
    assert.equal(await note().inputValue(), 'CPU at 9');
  });

  it('keeps it through a reload of the window and a change of theme', async () => {
    await note().fill('CPU at 90%');
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await step(1).getByText('exit code 0').waitFor();
    assert.equal(await note().inputValue(), 'CPU at 90%');
    await step(1).getByLabel('Output of step 1', { exact: true }).getByText('hello').waitFor();
    await setTheme(page, 'Dark Modern');
    assert.equal(await note().inputValue(), 'CPU at 90%');
    await setTheme(page, 'Light Modern');
  });

  it('has every event, the open incident and the interrupted run after the extension host was killed', async () => {
    await step(2).getByRole('button', { name: 'Run step 2' }).click();
    await confirm(page, 'Run');
    await step(2).getByLabel('Output of step 2', { exact: true }).getByText('tick').waitFor();
    await sample.journalHas('RunStarted', 2);
    const before = sample.journal().map(({ type }) => type);

    await sample.server.killExtensionHost();
    assert.deepEqual(
      sample.journal().map(({ type }) => type),
      before,
    );
    await page.reload();
    await openSidebar(page, 'Incident');
    await treeItem(page, 'SEV2 Host is slow').waitFor();
    await sample.journalHas('RunEnded', 2);
    await step(2)
      .getByText(/^Interrupted: the window that ran it is gone/)
      .waitFor();
    await step(2).getByRole('status').getByText('interrupted', { exact: true }).waitFor();
    await step(2).scrollIntoViewIfNeeded();
    await screenshot(page, 'interrupted-run');
    assert.equal(sample.journal().length, before.length + 1);
    assert.equal(await verified(), before.length + 1);
  });

  it('shows what the interrupted run had printed', async () => {
    await step(2).getByLabel('Output of step 2', { exact: true }).getByText('tick').waitFor();
  });

  it('goes on: notes, runs and a whole chain of a second writer', async () => {
    assert.equal(await note().inputValue(), 'CPU at 90%');
    await step(3).getByRole('button', { name: 'Done with step 3' }).click();
    await sample.journalHas('StepDone');
    // What a person said about a command outlives the window: it is not asked about again.
    await step(1).getByRole('button', { name: 'Run again step 1' }).click();
    await sample.journalHas('RunEnded', 3);
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'After the crash', /^Note on/);
    await sample.journalHas('NoteAdded', 2);
    assert.equal(await verified(), sample.journal().length);
    assert.equal(sample.incidentFolders().length, 1);
  });
});
