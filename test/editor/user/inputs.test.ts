import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  answer,
  appears,
  confirm,
  confirmationText,
  pick,
  pickLabels,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, screenshotBoth, setTheme } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const secretMarker = 'marker-of-a-secret';
const runbook = `---
inputs:
  - name: replicas
    kind: number
    description: How many pods to run; the nodes hold 20.
    default: 6
    min: 1
    max: 20
  - name: colour
    options: [blue, green]
  - name: dsn
    kind: secret
    description: Where the database is
---

# Payments

## Runbooks

### Too Few Pods

\`\`\`sh
# Look at one pod
kubectl describe pod <pod>
\`\`\`

\`\`\`sh
# Run more of them
kubectl scale deployment payment-service --replicas=<replicas>
\`\`\`

\`\`\`sh
# Count the rows
echo "<colour>" | grep -c "$DSN"
\`\`\`

\`\`\`sh
# Look elsewhere
kubectl get pods -n <namespace>
\`\`\`

### Flags and Regions

<!-- incident: input name=region description="Where the traffic goes" options="eu-north, eu-west, eu-south, us-east, us-west, ap-east, ap-south" -->
<!-- incident: input name=since kind=duration required=false description="Only lines this young" -->

\`\`\`sh
# Look at the log
kubectl logs deployment/search --since=<since>
\`\`\`

\`\`\`sh
# Switch the feature off
curl -X POST https://feature-flags.example.internal/api/flags/<flag>/disable
\`\`\`

\`\`\`sh
# Say where it goes
echo "traffic to <region>"
\`\`\`
`;

/** What a guide says of its placeholders, from the form and from the palette to the command that runs. */
describe('the inputs of a runbook', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'runbooks/pods.md': runbook } });
    page = sample.page;
    await declareIncident(page, 'Too few pods');
    await treeItem(page, /^Too Few Pods, 4 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-inputs');
  });
  after(() => sample?.dispose());

  const frame = () => runbookFrame(page);
  const step = (number: number) => stepCard(page, number);
  const form = () => frame().getByRole('region', { name: 'Values for this incident' });
  const field = (name: string) => form().getByRole('textbox', { name, exact: true });
  const valuesSet = () => sample.events('ValueSet').map((data) => [data['name'], data['value']]);
  const focused = () =>
    frame()
      .locator(':focus')
      .first()
      .evaluate((element) => element.textContent?.trim() ?? '');

  it('are suggested by the cluster, with how each pod is, and set from the keyboard alone', async () => {
    await field('pod').focus();
    const chip = form().getByRole('button', { name: /^Use payment-service-\S+ as pod: 0\/1/ });
    await chip.first().waitFor();
    await screenshot(page, 'form-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'form-dark');
    await setTheme(page, 'Light Modern');
    await field('pod').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await sample.until('the pod to be set', () => valuesSet().some(([name]) => name === 'pod'));
    await step(1)
      .getByText(/describe pod payment-service-/)
      .first()
      .waitFor();
  });

  it('refuse a value out of range at its field, and offer the default without setting it', async () => {
    await form().getByText('Give a number from 1 to 20.').waitFor();
    assert.equal(await field('replicas').inputValue(), '6');
    assert.ok(!valuesSet().some(([name]) => name === 'replicas'));
    await field('replicas').fill('99');
    await page.keyboard.press('Enter');
    await form().getByText('out of range: give a number from 1 to 20. Nothing was set.').waitFor();
    assert.ok(!valuesSet().some(([name]) => name === 'replicas'));
    await field('replicas').fill('5');
    await page.keyboard.press('Enter');
    await sample.until('five to be set', () => valuesSet().some(([, value]) => value === '5'));
    await waitUntil('the next empty field', async () => /blue/.test(await focused()));
  });

  it('run with what was set', async () => {
    await step(2).getByRole('button', { name: 'Run step 2' }).click();
    assert.match(await confirmationText(page), /3 → 5/);
    await confirm(page, 'Run');
    await step(2)
      .getByText(/scaled/)
      .first()
      .waitFor();
  });

  it('are changed with one click, and cleared with another', async () => {
    await form().getByRole('button', { name: 'Use blue as colour' }).click();
    await sample.until('blue', () => valuesSet().some(([, value]) => value === 'blue'));
    await form().getByRole('button', { name: 'Use green as colour' }).click();
    await sample.until('green', () => valuesSet().some(([, value]) => value === 'green'));
    await form().getByRole('button', { name: 'Use green as colour', pressed: true }).waitFor();
    await form().getByRole('button', { name: 'Use blue as colour', pressed: false }).waitFor();
    await form().getByRole('button', { name: 'Clear colour' }).click();
    await sample.journalHas('ValueCleared');
    await form().getByText('Pick one.').waitFor();
  });

  it('say in red that a namespace is not the pinned one', async () => {
    await field('namespace').fill('staging');
    await page.keyboard.press('Enter');
    await form()
      .getByText(/pinned to the namespace production, and this is staging/)
      .waitFor();
    await form().getByRole('button', { name: 'Clear namespace' }).click();
    await step(4)
      .getByText(/-n production/)
      .first()
      .waitFor();
  });

  it('keep a secret in the editor alone', async () => {
    const secret = form().getByRole('group', { name: 'Secret DSN' });
    await secret.getByText('Not set on this machine').waitFor();
    await secret.getByRole('button', { name: 'Set the secret DSN' }).click();
    await answer(page, secretMarker);
    await secret.getByText('Set on this machine', { exact: true }).waitFor();
    assert.ok(!JSON.stringify(sample.journal()).includes(secretMarker));
    const shown = await frame().locator('body').innerHTML();
    assert.ok(!shown.includes(secretMarker));
  });

  it('are asked for by the palette too, with what the systems have', async () => {
    await form().getByRole('button', { name: 'Clear pod' }).click();
    await sample.journalHas('ValueCleared', 3);
    await runCommand(page, 'Incident: Run Step');
    await pick(page, /Too Few Pods/);
    await pick(page, /Look at one pod/);
    await waitUntil('the pods of the cluster', async () =>
      (await pickLabels(page)).some((label) => label.startsWith('payment-service-')),
    );
    await pick(page, /^payment-service-/);
    await step(1)
      .getByText(/^Name:\s+payment-service-/m)
      .first()
      .waitFor();
  });

  it('may stay empty where the guide says so: the option is left out, and comes with a value', async () => {
    await treeItem(page, /^Flags and Regions, 3 steps/).click();
    await form()
      .getByText(/May stay empty: the command then goes without that option/)
      .waitFor();
    const commands = () => sample.events('RunStarted').map((data) => String(data['command']));
    const ended = sample.events('RunEnded').length;
    await step(1).getByRole('button', { name: 'Run step 1', exact: true }).click();
    await sample.journalHas('RunEnded', ended + 1);
    assert.doesNotMatch(commands().at(-1) ?? '', /since/);
    const whole = sample.lastOutput();
    await field('since').fill('2m');
    await page.keyboard.press('Enter');
    await step(1)
      .getByText(/logs .*--since=2m/)
      .first()
      .waitFor();
    await step(1).getByRole('button', { name: 'Run again step 1', exact: true }).click();
    await sample.journalHas('RunEnded', ended + 2);
    assert.match(commands().at(-1) ?? '', /--since=2m/);
    const lines = (text: string): number => text.split('\n').length;
    assert.ok(lines(sample.lastOutput()) < lines(whole), 'two minutes are less than the whole log');
    await form().getByRole('button', { name: 'Clear since' }).click();
    await form()
      .getByText(/May stay empty/)
      .waitFor();
  });

  const flagChip = () =>
    form().getByRole('button', { name: 'Use payment-new-provider as flag: on in production', exact: true });

  it('offer the flags of the service in the settings, once its secret is set', async () => {
    await field('flag').focus();
    await form()
      .getByText(/^Could not ask: the secret FLAG_TOKEN is not set/)
      .waitFor();
    await runCommand(page, 'Incident: Set Secret');
    await page.locator('.quick-input-titlebar').getByText('Set Secret').waitFor();
    assert.ok((await pickLabels(page)).includes('FLAG_TOKEN'), 'no guide names it, the settings do');
    await pick(page, 'FLAG_TOKEN');
    await answer(page, sample.simulator.flags.token, /FLAG_TOKEN/);
    // The page is told that a secret was set; the systems are asked when a field is come to.
    await waitUntil('the flags of the service', async () => {
      await field('since').focus();
      await field('flag').focus();
      return appears(flagChip(), 2_000);
    });
  });

  it('with many options are a list, and what the arrow keys pass is not set', async () => {
    const list = form().getByRole('combobox', { name: 'region' });
    await list.focus();
    for (let presses = 0; presses < 3; presses += 1) await page.keyboard.press('ArrowDown');
    await form().getByText('Not set yet: press Set.').waitFor();
    assert.ok(!valuesSet().some(([name]) => name === 'region'));
    await runCommand(page, 'View: Hide Panel');
    await screenshotBoth(page, 'inputs', 800);
    await form().getByRole('button', { name: 'Set region' }).click();
    await sample.until('the region', () => valuesSet().some(([, value]) => value === 'eu-south'));
    await step(3).getByRole('button', { name: 'Run step 3' }).click();
    await confirm(page, 'Run');
    await sample.until('the region in the output', () => /traffic to eu-south/.test(sample.lastOutput()));
  });

  it('fill the command with the flag that was picked, and it is the one that is turned off', async () => {
    await flagChip().click();
    await sample.until('the flag', () => valuesSet().some(([, value]) => value === 'payment-new-provider'));
    await step(2).getByRole('button', { name: 'Run step 2' }).click();
    assert.match(await confirmationText(page), /Turn off the flag payment-new-provider/);
    await confirm(page, 'Run');
    await sample.until(
      'the flag to be off',
      () => sample.simulator.flags.isOn('payment-new-provider', 'production') === false,
    );
  });
});
