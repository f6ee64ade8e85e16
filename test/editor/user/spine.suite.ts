import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  accept,
  answer,
  confirm,
  confirmationText,
  openSidebar,
  outputText,
  pick,
  readEditorText,
  runbookFrame,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { resolveByKeyboard } from '../../support/resolving.ts';
import { pressInMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** What the spine needs of the production it runs on. */
export interface SpineProduction {
  readonly name: string;
  open(): Promise<SampleEditor>;
  /** The pinned target's context; its namespace is `production`. */
  readonly context: string;
  /** What the previous logs of payment-service say. */
  readonly previousLog: RegExp;
  /** Settles when scaling out has helped. */
  healed(sample: SampleEditor): Promise<void>;
  /** Looks whether the output of `get pods` is that of a healthy payment-service. */
  isHealthy(output: string): boolean;
  /** True where another release, beside the healed one, crashes on. */
  readonly crashGoesOn?: boolean;
  /** Pictures are made on the simulated production alone. */
  readonly pictures: boolean;
}

/** The whole way, as a responder goes it: keyboard in the palette, mouse in the tree and on the page. */
export function describeSpine(production: SpineProduction): void {
  describe(`from a guide to a post-mortem, on ${production.name}`, function () {
    this.timeout(240_000);
    let sample: SampleEditor;
    let page: Page;
    const picture = async (name: string): Promise<void> => {
      if (production.pictures) await screenshot(page, name);
    };

    before(async () => {
      sample = await production.open();
      page = sample.page;
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await screenshot(page, 'failed');
    });
    after(() => sample?.dispose());

    const verdict = (step: number, words: RegExp) =>
      runbookFrame(page)
        .getByRole('article')
        .nth(step - 1)
        .getByText(words);

    it('shows an empty state with a way out before anything is declared', async () => {
      await openSidebar(page, 'Incident');
      await page.getByRole('button', { name: 'Declare Incident' }).first().waitFor();
      await treeItem(page, /Service Unavailable \(503\)/).waitFor();
      await picture('empty-light');
    });

    it('declares a SEV2 with four prompts and the keyboard alone', async () => {
      await runCommand(page, 'Incident: Declare');
      await answer(page, 'Payments failing');
      await page.getByPlaceholder(/Unsure\? Take the higher/).waitFor();
      await page
        .getByText(/respond within 30 minutes/)
        .first()
        .waitFor();
      await picture('declare-light');
      await pick(page, 'SEV2');
      await pick(page, 'payment-service');
      await pick(page, new RegExp(`^${production.context} / production$`));
      await treeItem(page, /SEV2 Payments failing/).waitFor();
      await treeItem(page, /^Triage|Detection/).waitFor();
      await page.locator('.statusbar').getByText(/SEV2/).first().waitFor();
    });

    it('acknowledges with Continue, which starts the next thing of the guide', async () => {
      await runCommand(page, 'Incident: Continue');
      await sample.journalHas('IncidentAcknowledged');
    });

    it('opens the runbook from the tree and sees the crash loop in get pods', async () => {
      await treeItem(page, /Service Unavailable \(503\)/)
        .last()
        .click();
      const frame = runbookFrame(page);
      const first = frame.getByRole('article').nth(0);
      await first.getByText('kubectl get pods').first().waitFor();
      await first.getByRole('button', { name: 'Run step 1' }).click();
      await first.getByText('CrashLoopBackOff').first().waitFor();
      // What was seen decides which of the guide's conditions hold.
      await verdict(
        2,
        /^Applies: \d+ of \d+ pods (?:is|are) in CrashLoopBackOff \(step 1, \d\d:\d\d UTC\)$/,
      ).waitFor();
      await verdict(3, /^Does not apply: none of \d+ pods is in Pending/).waitFor();
      await verdict(4, /^Does not apply: \d+ of \d+ pods (?:is|are) not/).waitFor();
      await picture('runbook-light');
    });

    it('offers the pods seen for the missing value, and reads the previous logs with it', async () => {
      const frame = runbookFrame(page);
      const second = frame.getByRole('article').nth(1);
      await frame
        .getByRole('button', { name: /payment-service-[a-z0-9]+-[a-z0-9]+/ })
        .first()
        .click();
      await second
        .getByText(/logs payment-service-.* --previous/)
        .first()
        .waitFor();
      await second.getByRole('button', { name: 'Run step 2' }).click();
      await second.getByText(production.previousLog).first().waitFor();
      const text = await outputTextOf(page);
      assert.ok(new RegExp(`\\$ kubectl get pods .*--context ${production.context}`).test(text), text);
      assert.match(text, /CrashLoopBackOff/);
      assert.match(text, /\$ kubectl logs payment-service-\S+ .*--previous/);
      assert.match(text, production.previousLog);
      await picture('output-light');
    });

    it('scales out by Option B after a confirmation that names everything', async () => {
      await runCommand(page, 'Incident: Go to Phase');
      await pick(page, /Mitigation/);
      await treeItem(page, /Scale out/).click();
      const frame = runbookFrame(page);
      const card = frame.getByRole('article').nth(0);
      await frame
        .getByRole('button', { name: /^Use payment-service as app/ })
        .first()
        .click();
      await card
        .getByText(/scale deployment payment-service/)
        .first()
        .waitFor();
      await card.getByRole('button', { name: 'Run step 1' }).click();
      const said = await confirmationText(page);
      for (const word of [production.context, 'production', 'deployment/payment-service', '3 → 10']) {
        assert.ok(said.includes(word), `"${word}" in: ${said}`);
      }
      await picture('confirm-light');
      await confirm(page, 'Run');
      await card
        .getByText(/scaled/)
        .first()
        .waitFor();
    });

    it('sees the pods healthy again', async () => {
      await production.healed(sample);
      await treeItem(page, /Service Unavailable \(503\)/)
        .last()
        .click();
      const first = runbookFrame(page).getByRole('article').nth(0);
      // A pod in its back-off starts again only when that has passed, so the step is run until all ten are up.
      let runs = sample.journal().filter(({ type }) => type === 'RunEnded').length;
      await waitUntil('ten running pods and no crash loop', async () => {
        await first.getByRole('button', { name: 'Run again step 1' }).click();
        runs += 1;
        await sample.journalHas('RunEnded', runs);
        const output = sample.lastOutput();
        return production.isHealthy(output);
      });
      if (production.crashGoesOn === true) {
        await verdict(2, /^Applies: 1 of 11 pods is in CrashLoopBackOff/).waitFor();
        await verdict(4, /^Does not apply: 1 of 11 pods is not/).waitFor();
      } else {
        await verdict(2, /^Does not apply: none of 10 pods is in CrashLoopBackOff/).waitFor();
        await verdict(
          4,
          /^Cannot tell, you decide: all 10 pods are running and ready \(step 1, \S+ UTC\); no run has looked at its services yet$/,
        ).waitFor();
      }
      await picture('healthy-light');
    });

    it('ticks the checklist, resolves, and keeps what was not said as unknown', async () => {
      await runCommand(page, 'Incident: Mark Mitigated');
      await accept(page, 'Mark Mitigated');
      await sample.journalHas('MitigatedMarked');
      await runCommand(page, 'Incident: Go to Phase');
      await pick(page, /Resolution/);
      for (let ticked = 1; ticked <= 4; ticked += 1) {
        await runCommand(page, 'Incident: Continue');
        await answer(page, `checked ${ticked}`);
        await sample.journalHas('ChecklistItemTicked', ticked);
      }
      await picture('checklist-light');
      await resolveByKeyboard(page, {
        cause: 'Load outgrew the memory of three replicas',
        fix: 'Scaled payment-service to ten',
        owner: 'Decide later',
      });
      await sample.journalHas('IncidentResolved');
    });

    it('opens the post-mortem as Markdown with the commands in its timeline, and never overwrites edits', async () => {
      await runCommand(page, 'Incident: Draft Post-Mortem');
      await page
        .locator('.tab.active')
        .getByText(/payments-failing\.md/)
        .waitFor();
      const text = await readEditorText(page);
      assert.match(text, /# .*Payments failing/);
      assert.match(text, /kubectl get pods/);
      assert.match(text, /kubectl logs payment-service-\S+ .*--previous/);
      assert.match(text, /kubectl scale deployment payment-service/);
      assert.match(text, /Load outgrew the memory of three replicas/);
      assert.match(text, /unknown/i);
      await picture('post-mortem-light');
      await setTheme(page, 'Dark Modern');
      await picture('post-mortem-dark');

      const folder = path.join(sample.folder, 'postmortems');
      const [file] = readdirSync(folder);
      assert.ok(file);
      await page
        .locator('.editor-group-container.active .monaco-editor')
        .last()
        .locator('.view-lines')
        .click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('Edited by a person. ');
      await runCommand(page, 'File: Save');
      await sample.until('the edit on disk', () =>
        readFileSync(path.join(folder, file), 'utf8').startsWith('Edited by'),
      );
      await runCommand(page, 'Incident: Draft Post-Mortem');
      await pressInMessage(page, /is there already and was left as it is\.$/, 'Compare with a New Draft');
      await page
        .locator('.tab.active')
        .getByText(/new draft/)
        .waitFor();
      assert.ok(readFileSync(path.join(folder, file), 'utf8').startsWith('Edited by a person.'));
    });

    it('shows the same in the dark', async () => {
      await runCommand(page, 'Incident: Open Runbook');
      await pick(page, /Service Unavailable/);
      await runbookFrame(page).getByRole('article').nth(0).waitFor();
      await picture('runbook-dark');
    });
  });
}

async function outputTextOf(page: Page): Promise<string> {
  await runCommand(page, 'Incident: Show Output');
  return outputText(page);
}
