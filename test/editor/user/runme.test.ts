import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  confirm,
  confirmationText,
  pick,
  readEditorText,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

/** As Runme saves it: keys as text in JSON, an id in each fence, its version in the head. */
const saved = `---
cwd: ../tools
runme:
  id: 01HF7B0KJWYTVQEAZ3GA7C3H8H
  version: v3
shell: bash
---

# Host

## Runbooks

### Warm Up

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB1","name":"ZONES","tag":"prepare"}
# Say where
export REGION="eu"

printf 'b\\na\\n'
\`\`\`

\`\`\`sh {"background":"true","id":"01HF7B0KJWYTVQEAZ3G67T0MB2"}
# Watch it
echo "$REGION" > watching; sleep 600
\`\`\`

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB3","excludeFromRunAll":"true"}
# Only ever alone
touch alone
\`\`\`

\`\`\`sh {"cwd":"out","id":"01HF7B0KJWYTVQEAZ3G67T0MB4"}
# Write down what came
{ echo "region $REGION"; echo "$__" | sort; echo "$ZONES"; } > result
\`\`\`

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB5"}
# Look at the board
\`\`\`

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB6","interpreter":"node","mimeType":"application/json"}
# Count
console.log(JSON.stringify({ zones: [1, 2] }))
\`\`\`

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB7"}
# Fail
exit 4
\`\`\`

\`\`\`sh {"id":"01HF7B0KJWYTVQEAZ3G67T0MB8"}
# Never reached
touch never
\`\`\`
`;

/** A file of Runme opened as a runbook: its keys act, its steps run together, and the page says where that stopped. */
describe('a runbook saved by Runme', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/warm.md': saved } });
    mkdirSync(path.join(sample.folder, 'tools', 'out'), { recursive: true });
    page = sample.page;
    await declareIncident(page, 'Host is cold');
    await treeItem(page, /^Warm Up, 8 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-runme');
  });
  after(() => sample?.dispose());

  const frame = () => runbookFrame(page);
  const step = (number: number) => stepCard(page, number);
  const bar = () => frame().getByRole('region', { name: 'All steps' });
  const inBar = (name: string) => bar().getByRole('button', { name, exact: true });
  const file = (name: string) => path.join(sample.folder, 'tools', name);
  const runsOf = (text: string) =>
    sample.journal().filter(({ type, data }) => type === 'RunStarted' && data['text'] === text);
  const fails = () => sample.journal().filter(({ type }) => type === 'RunAllEnded');

  it('stops Run all before a step whose export wants a value, and names it', async () => {
    await step(1).getByText('#prepare').waitFor();
    await step(2).getByText('in the background').waitFor();
    await step(3).getByText('not in Run all').waitFor();
    await inBar('Run all steps').click();
    await bar().getByText('it needs a value for <REGION>').waitFor();
    assert.deepEqual(runsOf('Say where'), []);
    const region = frame().getByRole('textbox', { name: /region/i });
    await region.fill('eu-central');
    await region.press('Enter');
    await sample.journalHas('ValueSet');
  });

  it('confirms each step with its target, keeps one in the background and waits at a step by hand', async () => {
    await step(1).getByText('export REGION=eu-central').waitFor();
    await inBar('Run all steps').click();
    const said = await confirmationText(page);
    assert.ok(said.includes('simulated-production') && said.includes('export REGION=eu-central'), said);
    await confirm(page, 'Run');
    await sample.journalHas('RunEnded');
    for (const text of ['> watching', '> result']) {
      await page.locator('.monaco-dialog-box').getByText(text).first().waitFor();
      await confirm(page, 'Run');
    }
    await bar().getByText('Step 5 is done by hand: mark it, then Run all goes on from there.').waitFor();
    await bar().getByText('Still running in the background: Watch it').waitFor();
    assert.equal(readFileSync(file('watching'), 'utf8'), 'eu-central\n');
    assert.equal(readFileSync(file('out/result'), 'utf8'), 'region eu-central\na\nb\nb\na\n');
    assert.equal(existsSync(file('alone')), false);
    await screenshot(page, 'run-all');
  });

  it('goes on behind the marked step, shows JSON as JSON and stops at the first failure', async () => {
    await step(5).getByRole('button', { name: 'Done with step 5', exact: true }).click();
    await inBar('Go on with the next step').click();
    for (const text of ['JSON.stringify', 'exit 4']) {
      await page.locator('.monaco-dialog-box').getByText(text).first().waitFor();
      await confirm(page, 'Run');
    }
    await bar()
      .getByText(/^Stopped at step 7: .*exit code 4/)
      .waitFor();
    assert.match(
      await step(6).getByLabel('Output of step 6', { exact: true }).innerText(),
      /\{\n {2}"zones": \[\n {4}1,/,
    );
    assert.equal(existsSync(file('never')), false);
    assert.deepEqual(runsOf('Say where').length, 1);
    const [, waited, stopped] = fails();
    assert.deepEqual([waited?.data['ended'], stopped?.data['ended']], ['waiting', 'stopped']);
  });

  it('stops the step in the background with its tree', async () => {
    await step(2).getByRole('button', { name: 'Stop step 2', exact: true }).click();
    await step(2).getByRole('status').getByText('stopped').waitFor();
    await bar().getByText('Still running').waitFor({ state: 'hidden' });
  });

  it('runs the steps of a tag alone, and keeps the earlier run on the card', async () => {
    await inBar('Run all steps tagged prepare').click();
    await confirm(page, 'Run');
    await bar().getByText('All done: 1 step ran, 7 passed over.').waitFor();
    await step(1).getByText('1 earlier run').click();
    await step(1)
      .getByRole('link', { name: /^Open the output of/ })
      .click();
    assert.equal(await readEditorText(page), 'b\na\n');
  });

  it('runs to a step from the palette and stops when a person says no', async () => {
    await runCommand(page, 'Incident: Run to Here');
    await pick(page, 'Warm Up');
    await pick(page, /^4\. Write down/);
    // The step in the background was stopped, which settles nothing: it is the first that is open.
    await page.locator('.monaco-dialog-box').getByText('> watching').first().waitFor();
    await confirm(page, 'Cancel');
    await bar()
      .getByText(/^Stopped at step 2\. Not run: you said no/)
      .waitFor();
  });

  it('tries them all without changing anything and says which have no dry run', async () => {
    await inBar('Dry run of all steps').click();
    await bar().getByText('Dry run through all 8 steps: nothing was changed.').waitFor();
    // The page that was clicked may take the focus back from what opened beside it.
    await page
      .locator('.tab')
      .getByText(/^dry run of Warm Up/)
      .click();
    const text = await readEditorText(page);
    assert.match(text, /8\. Never reached\n +This step has no dry run: it was not run\./);
    assert.match(text, /3\. Only ever alone\n +Not run: the guide keeps it out of Run all\./);
    assert.equal(existsSync(file('never')), false);
  });
});
