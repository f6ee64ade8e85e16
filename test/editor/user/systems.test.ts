import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  accept,
  answer,
  confirm,
  confirmationText,
  pick,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openResolve } from '../../support/resolving.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Systems

## Runbooks

### Beyond The Cluster

\`\`\`bash
# 1. What was released
argocd app history search

# 2. Roll back
argocd app rollback search 4

# 3. The database
aws rds describe-db-clusters --db-cluster-identifier example-production

# 4. Fail over
aws rds failover-db-cluster --db-cluster-identifier example-production

# 5. Turn the feature off
curl -X POST https://feature-flags.example.internal/api/flags/payment-new-provider/disable
\`\`\`
`;

/** Argo CD, RDS and feature flags from their cards: looked at, confirmed, made, and taken back. */
describe('the systems beside the cluster', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;
  const aws = mkdtempSync(path.join(os.tmpdir(), 'incident-aws-'));

  before(async () => {
    writeFileSync(path.join(aws, 'config'), '[profile simulated]\nregion = eu-central-1\n');
    sample = await openSampleEditor({
      env: { AWS_CONFIG_FILE: path.join(aws, 'config') },
      files: { 'runbooks/systems.md': guide },
      workspaceSettings: ({ argoCd }) => ({ 'incident.argoCd.baseUrl': argoCd.url }),
    });
    page = sample.page;
    await declareIncident(page, 'Search is slow');
    await treeItem(page, /^Beyond The Cluster, 5 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-systems');
  });
  after(async () => {
    await sample?.dispose();
    rmSync(aws, { recursive: true, force: true });
  });

  const card = (step: number) => stepCard(page, step);
  const button = (step: number, name: RegExp | string) => card(step).getByRole('button', { name });
  const isOn = () => sample.simulator.flags.isOn('payment-new-provider', 'production');

  it('shows where each step goes in the header', async () => {
    const { argoCd } = sample.simulator;
    const header = runbookFrame(page)
      .getByRole('banner')
      .or(runbookFrame(page).locator('.page-head'))
      .first();
    await header.getByText(argoCd.url.replace('http://', '')).waitFor();
    await header.getByText('simulated / eu-central-1').waitFor();
  });

  it('says what is missing before anything is sent to Argo CD, and takes the token as a secret', async () => {
    await button(1, 'Run step 1').click();
    await card(1).getByText(/token/i).first().waitFor();
    await runCommand(page, 'Incident: Set Secret');
    await pick(page, /^Argo CD token for /);
    const token = Object.values(sample.simulator.argoCd.tokens)[0] ?? '';
    await answer(page, token, /Argo CD token/);
    await card(1)
      .locator('.traps')
      .getByText(/no token/)
      .waitFor({ state: 'hidden' });
    await button(1, 'Run again step 1').click();
    await card(1).getByText('Release 1.18.3').first().waitFor();
    await screenshot(page, 'argocd-history');
  });

  it('rolls an app with automated sync back in one confirmed sequence, and keeps the open end in view', async () => {
    await button(2, 'Run step 2').click();
    const said = await confirmationText(page);
    assert.match(said, /search/);
    assert.match(said, /sync-policy none/);
    await screenshot(page, 'argocd-rollback');
    await confirm(page, 'Run');
    const debt = treeItem(page, /auto-sync is off for search/);
    await debt.waitFor();
    await sample.until('the end of the rollback', () =>
      sample
        .journal()
        .some(
          ({ type, data }) =>
            type === 'RunEnded' &&
            JSON.stringify(data).includes('succeeded') &&
            sample
              .journal()
              .some(
                (other) =>
                  other.type === 'RunStarted' &&
                  other.data['run'] === data['run'] &&
                  String(other.data['command']).includes('rollback'),
              ),
        ),
    );
    await screenshot(page, 'argocd-debt');
  });

  it('warns of the open end at Resolve, and settles it by one click and a question', async () => {
    await openResolve(page);
    // A long list draws only the rows in view: typing brings the wanted one there.
    await page.locator('.quick-input-widget input[type="text"]').fill('auto-sync is off');
    await page
      .locator('.quick-input-list')
      .getByText(/temporary changes? still stands?: auto-sync is off for search/i)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    await treeItem(page, /auto-sync is off for search/).click();
    await confirmationText(page);
    await confirm(page, 'Run');
    await treeItem(page, /auto-sync is off for search/).waitFor({ state: 'detached' });
  });

  it('reads the database and fails it over to a named reader, until the writer has moved', async () => {
    await button(3, 'Run step 3').click();
    await card(3).getByText('example-production').nth(1).waitFor();
    await button(4, 'Run step 4').click();
    const said = await confirmationText(page);
    assert.match(said, /Fail over example-production/);
    assert.match(said, /simulated/);
    assert.match(said, /eu-central-1/);
    await screenshot(page, 'rds-failover');
    await confirm(page, 'Run');
    await sample.until('the failover in the journal', () =>
      sample
        .journal()
        .some(({ type, data }) => type === 'ChangeMade' && JSON.stringify(data).includes('failover')),
    );
    await button(4, 'Run again step 4').waitFor();
    await screenshot(page, 'rds-done');
  });

  it('says that an AWS session has expired, with the command that signs in again as a button', async () => {
    const config = path.join(aws, 'config');
    writeFileSync(
      config,
      `[profile signed-out]\nregion = eu-central-1\nsso_session = words\nsso_account_id = 123456789012\nsso_role_name = Reader\n` +
        `[sso-session words]\nsso_region = eu-central-1\nsso_start_url = https://words.example.com/start\n` +
        `[profile simulated]\nregion = eu-central-1\n`,
    );
    await runCommand(page, 'Incident: Pin Target');
    await pick(page, /AWS profile and region/);
    await pick(page, 'signed-out');
    await accept(page, /AWS region/);
    await sample.journalHas('TargetPinned');
    await button(3, 'Run again step 3').click();
    const login = button(3, 'aws sso login --profile signed-out');
    await login.waitFor();
    await screenshot(page, 'sso-expired');
    await login.click();
    await page.locator('.part.panel .terminal-wrapper, .part.panel .xterm').first().waitFor();
    await runCommand(page, 'Incident: Pin Target');
    await pick(page, /AWS profile and region/);
    await pick(page, 'simulated');
    await accept(page, /AWS region/);
    await sample.journalHas('TargetPinned', 2);
  });

  it('turns a flag off, reads it back, and turns it on again by Undo', async () => {
    await button(5, 'Set the secret FLAG_TOKEN').click();
    await answer(page, sample.simulator.flags.token, /FLAG_TOKEN/);
    assert.equal(isOn(), true);
    await button(5, 'Run step 5').click();
    assert.match(await confirmationText(page), /Turn off the flag payment-new-provider/);
    await screenshot(page, 'flag-off');
    await confirm(page, 'Run');
    await card(5)
      .getByText(/verified/i)
      .first()
      .waitFor();
    assert.equal(isOn(), false);
    await card(5)
      .getByRole('button', { name: /Turn|back on|Undo/i })
      .last()
      .click();
    await confirm(page, 'Run');
    await waitUntil('the flag on again', () => Promise.resolve(isOn() === true));
  });
});
