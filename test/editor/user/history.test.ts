import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  chooseFile,
  openSidebar,
  pick,
  pickLabels,
  readEditorText,
  runbookFrame,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { manyIncidents } from '../../support/manyIncidents.ts';
import { openSampleEditor, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import {
  declareSample,
  journalFolderOf,
  seedIncident,
  seedMadeIncidents,
} from '../../support/seedIncident.ts';

const output = 'NAME    READY\npay-1   0/1   CrashLoopBackOff\n';
const outputRef = {
  file: 'output/run-1.log',
  sha256: createHash('sha256').update(output).digest('hex'),
  bytes: output.length,
  lines: 2,
};
const run = {
  run: 'run-1',
  step: 'look',
  sequence: 'errors',
  text: 'Look at the pods',
  kind: 'kubernetes',
  command: 'kubectl get pods',
  original: 'kubectl get pods',
  target: {},
  risk: 'read',
  confirmed: false,
} as const;

describe('History', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;
  let id: string;
  const made = manyIncidents(40).slice(0, 36);

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    const folder = journalFolderOf(sample.server);
    seedMadeIncidents(folder, made);
    id = await seedIncident(
      sample.server,
      [90, declareSample('Certificate of the gateway expired')],
      [85, { type: 'StartRun', data: run }],
      [
        84,
        {
          type: 'EndRun',
          data: { run: 'run-1', outcome: { kind: 'succeeded' }, durationMs: 900, output: outputRef },
        },
      ],
      [
        80,
        {
          type: 'AddEvidence',
          data: { kind: 'output', text: 'ERROR certificate has expired', note: 'What the gateway said' },
        },
      ],
      [75, { type: 'AddNote', data: { text: 'Nobody watches the renewal' } }],
      [
        60,
        { type: 'Resolve', data: { heads: {}, cause: 'An expired certificate', resolution: 'Renewed it' } },
      ],
    );
    mkdirSync(path.join(folder, id, 'output'));
    writeFileSync(path.join(folder, id, 'output', 'run-1.log'), output);
    await setTheme(page, 'Dark Modern');
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-history');
  });
  after(() => sample?.dispose());

  const folder = (): string => path.join(journalFolderOf(sample.server), id);
  const frame = () => runbookFrame(page);
  const searchFor = async (query: string): Promise<void> => {
    await runCommand(page, 'Incident: Search History');
    await page
      .locator('.quick-input-titlebar')
      .getByText(/Search History: \d+ of \d+/)
      .waitFor();
    await page.locator('.quick-input-widget input[type="text"]').fill(query);
  };
  /** Everything below the incident's folder, as bytes. */
  const bytes = (): string =>
    readdirSync(folder(), { recursive: true, encoding: 'utf8', withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.name} ${readFileSync(path.join(entry.parentPath, entry.name), 'utf8')}`)
      .sort()
      .join('\n');

  it('finds an incident by words and filters while one types, the best first', async () => {
    await searchFor('certificate');
    await waitUntil('the best one first', async () =>
      /Certificate of the gateway expired/.test((await pickLabels(page))[0] ?? ''),
    );
    await screenshot(page, 'history-search');
    const input = page.locator('.quick-input-widget input[type="text"]');
    await input.fill('who:ana sev:2 cause:expired certificate service:payment');
    await page.locator('.quick-input-titlebar').getByText('Search History: 1 of 37').waitFor();
    await input.fill('certificate after:2026-13');
    await page
      .locator('.quick-input-titlebar')
      .getByText(/after:2026-13 is no date\. Write 2026/)
      .waitFor();
    await input.fill('certificate service:reports nowhere-at-all');
    await waitUntil('the sentence', async () =>
      /^No incident fits\./.test((await pickLabels(page))[0] ?? ''),
    );
    await page.keyboard.press('Escape');
  });

  it('opens it to be read only, with its timeline, evidence and outputs, and writes nothing', async () => {
    const before = bytes();
    await searchFor('gateway certificate');
    await pick(page, /Certificate of the gateway expired/);
    await frame()
      .getByRole('heading', { level: 1, name: 'SEV2 Certificate of the gateway expired' })
      .waitFor();
    await frame().getByText('To be read only. Nothing can be run or written here.').waitFor();
    await frame().getByText('Nobody watches the renewal').waitFor();
    assert.equal(
      await frame()
        .getByRole('button', { name: /^(Run|Skip|Dry run|Undo)/ })
        .count(),
      0,
    );
    assert.equal(await frame().locator('textarea, input:not([type="radio"], [type="checkbox"])').count(), 0);
    await screenshot(page, 'past-incident-dark');
    await frame().getByRole('button', { name: 'Open lines of output: What the gateway said' }).click();
    await waitUntil('the evidence', async () =>
      (await readEditorText(page)).includes('ERROR certificate has expired'),
    );
    await runCommand(page, 'View: Close Editor');
    await frame().getByRole('button', { name: 'Open the output of Look at the pods' }).click();
    await page.getByRole('tab', { name: /run-1\.log/ }).waitFor();
    await waitUntil('the output', async () => (await readEditorText(page)).includes('CrashLoopBackOff'));
    await page.keyboard.type('x');
    await page
      .locator('.monaco-editor-overlaymessage')
      .getByText(/read-only/i)
      .waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'View: Close Editor');
    assert.equal(bytes(), before);
    await setTheme(page, 'Light Modern');
    await frame().getByRole('heading', { level: 1 }).waitFor();
    await screenshot(page, 'past-incident-light');
    await setTheme(page, 'Dark Modern');
  });

  it('opens the same page from the tree', async () => {
    await runCommand(page, 'View: Close All Editors');
    await page.getByRole('button', { name: 'History Section' }).click();
    await treeItem(page, /^SEV2 Certificate of the gateway expired, 2026-/).click();
    await frame().getByText('To be read only. Nothing can be run or written here.').waitFor();
  });

  it('says what of a journal cannot be read, and shows what can', async () => {
    const [file = ''] = readdirSync(folder()).filter((name) => name.endsWith('.jsonl'));
    const whole = readFileSync(path.join(folder(), file));
    truncateSync(path.join(folder(), file), whole.length - 30);
    await frame()
      .getByText(/was cut off while it was written\. All lines before it are whole\./)
      .waitFor();
    await frame().getByText('Nobody watches the renewal').waitFor();
    // The line of a newer version: shown for what it is.
    writeFileSync(path.join(folder(), file), whole);
    const last = JSON.parse(whole.toString('utf8').trim().split('\n').at(-1) ?? '') as {
      n: number;
      id: string;
    };
    const nextId = `${last.id.slice(0, -1)}${last.id.endsWith('A') ? 'B' : 'A'}`;
    const newer = { ...last, id: nextId, n: last.n + 1, version: 7, type: 'MoonPhaseSeen', data: {} };
    appendFileSync(path.join(folder(), file), `${JSON.stringify(newer)}\n`);
    await frame().getByText('Recorded by a newer version: MoonPhaseSeen').waitFor();
    writeFileSync(path.join(folder(), file), whole);
  });

  it('takes in post-mortems written by hand, says what is unknown, and invents nothing', async () => {
    const byHand = path.join(sample.folder, 'old-incidents');
    mkdirSync(byHand);
    /** As the view's first row has them: overdue, open. */
    const actionCounts = async (): Promise<number[]> => {
      const row = treeItem(page, /^Action items, /);
      const label = (await row.getAttribute('aria-label')) ?? '';
      return [/(\d+) overdue/, /(\d+) open/].map((count) => Number(count.exec(label)?.[1] ?? 0));
    };
    const [overdue = 0, open = 0] = await actionCounts();
    const written =
      '# Post-Mortem: Search was empty\n\n**Date:** 3 February 2024\n**Severity:** Sev-1\n\n## Root Cause\nA lost index.\n\n## Action Items\n- [ ] Watch the index - Ana Souza - March 1\n- [x] Restart it\n';
    writeFileSync(path.join(byHand, 'search.md'), written);
    writeFileSync(path.join(byHand, 'README.md'), '# Our old incidents\n');
    await runCommand(page, 'Incident: Import Post-Mortems');
    await chooseFile(page, 'Import Post-Mortems', byHand, 'Read');
    await pick(page, 'Import 1 post-mortem');
    await readMessage(page, '1 imported, 0 updated, 0 already there.');
    const copies = path.join(journalFolderOf(sample.server), 'imported');
    const [copy = ''] = readdirSync(copies);
    assert.equal(readFileSync(path.join(copies, copy), 'utf8'), written);
    await waitUntil('what was read of each', async () => {
      const shown = await readEditorText(page);
      return (
        /\| search\.md \| Search was empty \| 2024-02-03 \| SEV1 \| unknown \| unknown \| A lost index\. \| 1 open, 1 done \|/.test(
          shown,
        ) && /\| README\.md \| Nothing of a post-mortem was found in it\. \|/.test(shown)
      );
    });
    // The person's own file was left as it was, and the copy needs it no more.
    assert.equal(readFileSync(path.join(byHand, 'search.md'), 'utf8'), written);
    rmSync(byHand, { recursive: true });
    await searchFor('is:imported');
    await pick(page, /SEV1 Search was empty/);
    await page.getByRole('tab', { name: /old-incidents-search/ }).waitFor();
    await waitUntil('the copy', async () => (await readEditorText(page)) === written);
    assert.ok(existsSync(path.join(copies, copy)));
    // Its open action is one more in the view, and in the list, which opens the copy where it stands.
    await waitUntil(
      'the action to be counted',
      async () => String(await actionCounts()) === String([overdue + 1, open + 1]),
    );
    await runCommand(page, 'Incident: Show Action Items');
    await page.locator('.quick-input-widget input[type="text"]').fill('Watch the index');
    const item = page.locator('.quick-input-list .monaco-list-row');
    await item.getByText(/^Ana Souza {2}due 2024-03-01, \d+ days overdue$/).waitFor();
    await item.getByText('2024-02-03 SEV1 Search was empty, imported').waitFor();
    await page.keyboard.press('Enter');
    const inCopy = written.split('\n').indexOf('- [ ] Watch the index - Ana Souza - March 1') + 1;
    await page.locator('.statusbar').getByText(`Ln ${inCopy}, Col 1`).waitFor();
  });

  it('makes a past incident the one that is worked on, from its row’s menu', async () => {
    await runCommand(page, 'View: Close All Editors');
    const newest = made.at(-1);
    assert.ok(newest);
    const { number, title } = newest.events[0]?.data as { number: string; title: string };
    const journal = path.join(journalFolderOf(sample.server), newest.id);
    const reopened = (): boolean =>
      readdirSync(journal).some((name) =>
        readFileSync(path.join(journal, name), 'utf8').includes('IncidentReopened'),
      );
    assert.ok(!reopened());
    await treeItem(page, new RegExp(`^${number.slice(0, 7)}, `)).click();
    await treeItem(page, new RegExp(`${title}, ${number}`)).click({ button: 'right' });
    const menu = page.locator('.monaco-menu');
    await menu.getByText('Open Past Incident').waitFor();
    // The menu takes no click in its first moment: by keyboard.
    await waitUntil('the entry to have the focus', async () => {
      await page.keyboard.press('ArrowDown');
      return /Switch Incident/.test(await menu.locator('.action-item.focused').innerText());
    });
    await page.keyboard.press('Enter');
    await menu.waitFor({ state: 'hidden' });
    await runCommand(page, 'Incident: Reopen');
    await answer(page, 'It came back', `Reopen ${number}`);
    await waitUntil('it to be open again', async () => reopened());
    await page.locator('.statusbar').getByText(/SEV1/).first().waitFor();
  });
});
