import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  confirm,
  confirmationText,
  runbookFrame,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, type SampleEditor, type SampleOptions } from '../../support/sampleEditor.ts';
import { attributesGuide } from './attributesGuide.ts';

/** A cluster with the simulator's `production` and `staging`, and a way to look into it past the product. */
export interface AttributesProduction {
  readonly name: string;
  open(options: SampleOptions): Promise<SampleEditor>;
  /** The row of the declare that pins it. */
  readonly target: RegExp;
  /** What the API server answers at a path. */
  ask(sample: SampleEditor, path: string): Promise<unknown>;
}

/** Every attribute of a fence, from the button on the page to what it does to the system. */
export function describeAttributes(production: AttributesProduction): void {
  describe(`the attributes of a fence, on ${production.name}`, function () {
    this.timeout(240_000);
    let sample: SampleEditor;
    let page: Page;

    before(async () => {
      sample = await production.open({
        files: { 'runbooks/attributes.md': attributesGuide },
        workspaceSettings: () => ({ 'incident.approvals.self': 'change' }),
      });
      mkdirSync(path.join(sample.folder, 'tools'));
      page = sample.page;
      await declareIncident(page, 'Catalog is slow', production.target);
      await treeItem(page, /^One By One, 15 steps/).click();
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-attributes');
    });
    after(() => sample?.dispose());

    const step = (number: number) =>
      runbookFrame(page)
        .getByRole('article')
        .nth(number - 1);
    const press = (number: number, name = 'Run') =>
      step(number)
        .getByRole('button', { name: `${name} step ${number}`, exact: true })
        .click();
    const status = (number: number, words: string | RegExp) =>
      step(number).getByRole('status').getByText(words).first().waitFor();
    const count = (type: string) => sample.journal().filter((event) => event.type === type).length;
    const ended = async (act: () => Promise<void>): Promise<void> => {
      const before = count('RunEnded');
      await act();
      await sample.journalHas('RunEnded', before + 1);
    };
    const replicas = async (name = 'catalog', namespace = 'production'): Promise<number> => {
      const asked = `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;
      return ((await production.ask(sample, asked)) as { spec: { replicas: number } }).spec.replicas;
    };
    const podNames = async (app = 'catalog', namespace = 'production'): Promise<readonly string[]> => {
      const asked = `/api/v1/namespaces/${namespace}/pods?labelSelector=app%3D${app}`;
      const { items } = (await production.ask(sample, asked)) as {
        items: { metadata: { name: string; deletionTimestamp?: string } }[];
      };
      return items.flatMap(({ metadata }) =>
        metadata.deletionTimestamp === undefined ? [metadata.name] : [],
      );
    };
    const file = (name: string, folder = 'runbooks') => path.join(sample.folder, folder, name);
    const written = async (name: string, folder?: string): Promise<string> => {
      const read = () =>
        existsSync(file(name, folder)) ? readFileSync(file(name, folder), 'utf8').trim() : '';
      await sample.until(`the file ${name}`, () => read() !== '');
      return read();
    };

    it('ir.risk: a change raised to destructive happens only once its name was typed', async () => {
      const before = await replicas();
      await press(1);
      await confirm(page, 'Run Destructive Command');
      assert.equal(await replicas(), before);
      await ended(() => answer(page, 'catalog', 'This cannot be undone from here'));
      assert.equal(await replicas(), 3);
    });

    it('ir.undo: the guide’s own way back is offered, and taken', async () => {
      await press(2);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await replicas(), 5);
      await step(2)
        .getByRole('button', { name: /As the guide says: kubectl scale deployment catalog/ })
        .click();
      assert.match(await confirmationText(page), /5 → 4/);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await replicas(), 4);
      await step(2)
        .getByText(/taken back by/)
        .waitFor();
    });

    it('ir.timeout: what takes longer is ended with everything it started', async () => {
      await press(3);
      await ended(() => confirm(page, 'Run'));
      await status(3, /timed out after 2 s/);
      assert.equal(isAlive(await written('timed')), false);
    });

    it('ir.approve: nothing changes before somebody has agreed, alone with a reason where that is allowed', async () => {
      await press(4, 'Ask to run…');
      await confirm(page, 'Ask');
      await sample.journalHas('ApprovalRequested');
      assert.equal(await replicas(), 4);
      await press(4, 'Approve alone…');
      await confirm(page, 'Approve Alone…');
      await answer(page, 'Nobody else is awake', 'Approve Without a Second Person');
      await ended(() => confirm(page, 'Run'));
      assert.equal(await replicas(), 6);
      const given = sample.journal().find(({ type }) => type === 'ApprovalGiven');
      assert.deepEqual([given?.data['how'], given?.data['reason']], ['self', 'Nobody else is awake']);
    });

    it('ir.capture: the value that was seen is the one that the next step acts on', async () => {
      await ended(() => press(5));
      await sample.journalHas('ValueSet');
      const first = String(sample.journal().find(({ type }) => type === 'ValueSet')?.data['value']);
      assert.ok((await podNames()).includes(first), first);
      await step(6).getByText(`kubectl delete pod ${first}`).first().waitFor();
      await press(6);
      await confirm(page, 'Run Destructive Command');
      await ended(() => answer(page, first, 'This cannot be undone from here'));
      await waitUntil(`${first} to be gone`, async () => !(await podNames()).includes(first));
    });

    it('ir.target: a read goes there, and a change does not', async () => {
      await step(7)
        .getByText(/The guide sends this step to the namespace staging, .* It only reads\./)
        .waitFor();
      await ended(() => press(7));
      const names = (await podNames('payment-service', 'staging')).map((name) => `pod/${name}`);
      assert.deepEqual(sample.lastOutput().trim().split('\n').sort(), [...names].sort());
      await step(8)
        .getByText(/It will not run until you pin the other target/)
        .first()
        .waitFor();
      const before = count('RunStarted');
      assert.equal(await step(8).getByRole('button', { name: 'Run step 8', exact: true }).isEnabled(), false);
      assert.equal(count('RunStarted'), before);
      assert.equal(await replicas('payment-service', 'staging'), 1);
    });

    it('cwd: the shell starts in that folder', async () => {
      await press(9);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await written('here', 'tools'), path.join(sample.folder, 'tools'));
    });

    it('interactive: a terminal opens, and what a person types there arrives', async () => {
      await press(10);
      await ended(async () => {
        await confirm(page, 'Run');
        assert.equal(await written('waiting'), 'up');
        await page.locator('.part.panel .xterm-screen').first().click();
        await page.keyboard.type('typed by hand');
        await page.keyboard.press('Enter');
      });
      assert.equal(await written('typed'), 'typed by hand');
    });

    it('background: it goes on beside others, and Stop ends it', async () => {
      await press(11);
      await confirm(page, 'Run');
      const id = await written('kept');
      await ended(() => press(5, 'Run again'));
      assert.equal(isAlive(id), true);
      await ended(() => press(11, 'Stop'));
      await waitUntil('the process to be gone', () => Promise.resolve(!isAlive(id)));
    });

    it('promptEnv: no takes the text as it is written', async () => {
      await press(12);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await written('region'), 'as written');
    });

    it('interpreter: the program gets the text', async () => {
      await press(13);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await written('by'), 'node');
    });

    it('promptEnv: auto asks for what a step exports, once, and runs with the answer', async () => {
      assert.equal(
        await step(14).getByRole('button', { name: 'Run step 14', exact: true }).isEnabled(),
        false,
      );
      const zone = runbookFrame(page).getByRole('textbox', { name: /zone/i });
      await zone.fill('eu-central');
      await zone.press('Enter');
      await step(14).getByText('export ZONE=eu-central').waitFor();
      await press(14);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await written('zone'), 'eu-central');
    });

    it('skipPrompts: nothing is asked for', async () => {
      assert.equal(await runbookFrame(page).getByRole('textbox', { name: /shard/i }).count(), 0);
      await press(15);
      await ended(() => confirm(page, 'Run'));
      assert.equal(await written('shard'), 'as it stands');
    });

    it('category and ir.keepGoing: its steps run together, past the failure that the guide allows', async () => {
      await treeItem(page, /^Carry On, 5 steps/).click();
      await step(1).getByText('Fail first').first().waitFor();
      const bar = runbookFrame(page).getByRole('region', { name: 'All steps' });
      await bar.getByRole('button', { name: 'Run all steps tagged nightly', exact: true }).click();
      for (const text of ['exit 3', '> carried', 'exit 4']) {
        await page.locator('.monaco-dialog-box').getByText(text).first().waitFor();
        await confirm(page, 'Run');
      }
      await bar.getByText(/^Stopped at step 4: .*exit code 4/).waitFor();
      assert.equal(await written('carried'), 'on');
      assert.deepEqual([existsSync(file('left')), existsSync(file('reached'))], [false, false]);
      await sample.journalHas('RunAllEnded');
      const [all] = sample.events('RunAllEnded');
      assert.deepEqual(
        (all?.['passedOver'] as { text: string }[]).map(({ text }) => text),
        ['Of no category'],
      );
    });

    it('tag, ir.when, excludeFromRunAll and ir.assert: of seven steps run together one changes something', async () => {
      await treeItem(page, /^Together, 7 steps/).click();
      await step(1).getByText('Look first').first().waitFor();
      const bar = runbookFrame(page).getByRole('region', { name: 'All steps' });
      await bar.getByRole('button', { name: 'Run all steps tagged batch', exact: true }).click();
      const said = await confirmationText(page);
      assert.match(said, /6 → 2/);
      await confirm(page, 'Run');
      await bar.getByText(/^Stopped at step 6: it ran, but pods\.total == 99 does not hold/).waitFor();
      await step(2)
        .getByText(/^Does not apply: \d+ of \d+ pods are total/)
        .waitFor();
      assert.equal(await replicas(), 2);
      await sample.journalHas('RunAllEnded', 2);
      const [, all] = sample.events('RunAllEnded');
      assert.deepEqual(
        (all?.['passedOver'] as { text: string }[]).map(({ text }) => text),
        ['Only with very many', 'Only ever alone', 'Of no tag'],
      );
    });
  });
}

/** False for a zombie too: a container without an init leaves them behind. */
function isAlive(id: string): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', id], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}
