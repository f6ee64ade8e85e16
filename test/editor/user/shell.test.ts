import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import {
  answer,
  confirm,
  confirmationText,
  outputText,
  pick,
  runbookFrame,
  runCommand,
  stepCard,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const lines = 100_000;
const hostGuide = `# Host

## Runbooks

### Host Checks

\`\`\`bash
# 1. Say both and fail
echo to-out; echo to-err >&2; exit 3

# 2. Print a lot
bash print.sh

# 3. Never end
echo shell $$; sleep 600 & echo child $!; wait
\`\`\`

### Host Waits

\`\`\`bash
# 1. Look at the host
echo looked

# 2. Keep waiting
echo waiter $$; sleep 600
\`\`\`
`;

/** All but the last thousand in bursts, so that the acts of the test fall between them; the rest when \`go\` is there. */
const printScript = `
for block in $(seq 0 98); do seq $((block * 1000 + 1)) $((block * 1000 + 1000)); sleep 0.02; done
until [ -e go ]; do sleep 0.05; done
seq ${lines - 999} ${lines}
`;

/** Steps of the person's own shell: real processes with exit codes, both outputs, many lines and no wish to end. */
describe('steps that run in the shell', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'runbooks/host.md': hostGuide, 'runbooks/print.sh': printScript },
    });
    page = sample.page;
    await declareIncident(page, 'Host is slow');
    await treeItem(page, /^Host Checks, 3 steps/).click();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-shell');
  });
  after(() => sample?.dispose());

  const step = (number: number) => stepCard(page, number);
  const output = (number: number) => step(number).getByLabel(`Output of step ${number}`, { exact: true });
  const button = (number: number, name: string) =>
    step(number).getByRole('button', { name: `${name} step ${number}`, exact: true });
  const ended = () => sample.journal().filter(({ type }) => type === 'RunEnded');
  const started = () => sample.journal().filter(({ type }) => type === 'RunStarted');

  /** The process of step 2 of Host Waits, once so many runs have ended before it. */
  const waiterOf = async (before: number): Promise<string> => {
    await sample.journalHas('RunEnded', before);
    await sample.journalHas('RunStarted', before + 1);
    let id = '';
    await waitUntil('a waiter that runs', async () => {
      id = /waiter (\d+)/.exec(await output(2).innerText())?.[1] ?? '';
      return id !== '' && isAlive(id);
    });
    return id;
  };

  it('asks before a shell step, and nothing happens on Cancel', async () => {
    await button(1, 'Run').click();
    const said = await confirmationText(page);
    for (const words of ['simulated-production', 'echo to-out', 'Runs in your shell']) {
      assert.ok(said.includes(words), `"${words}" in: ${said}`);
    }
    await confirm(page, 'Cancel');
    assert.deepEqual(started(), []);
  });

  it('shows both outputs and the exit code on the card, in the channel and in the journal', async () => {
    await button(1, 'Run').click();
    await confirm(page, 'Run, It Only Reads');
    await step(1).getByRole('status').getByText('exit code 3').waitFor();
    assert.deepEqual((await output(1).innerText()).trim().split('\n').sort(), ['to-err', 'to-out']);
    const [end] = ended();
    assert.equal((end?.data['outcome'] as { kind: string }).kind, 'failed');
    assert.equal((end?.data['outcome'] as { exitCode: number }).exitCode, 3);
    await runCommand(page, 'Incident: Show Output');
    const channel = await outputText(page);
    assert.match(channel, /== \S+Z step 1 "Say both and fail" .*\$ echo to-out; echo to-err >&2; exit 3\n/);
    assert.match(channel, /^to-out$/m);
    assert.match(channel, /^to-err$/m);
    assert.match(channel, /^== exit code 3 after /m);
  });

  it('does not ask again about a command of which the person said that it only reads', async () => {
    await button(1, 'Run again').click();
    await sample.journalHas('RunEnded', 2);
    assert.deepEqual(
      started().map(({ data }) => [data['onlyReads'] === true, data['confirmed']]),
      [
        [true, true],
        [false, false],
      ],
    );
  });

  it('keeps the editor usable while a step prints 100,000 lines, and keeps every line', async () => {
    const addNote = async (text: string, atLeast: number): Promise<number> => {
      await watchLongTasks(page);
      await runCommand(page, 'Incident: Add Note');
      await answer(page, text, /^Note on/);
      await sample.journalHas('NoteAdded', atLeast);
      return longestTask(page);
    };
    const idle = await addNote('Written before', 1);
    await button(2, 'Run').click();
    await confirm(page, 'Run');
    await button(2, 'Stop').waitFor();
    const busy = await addNote('Written while it prints', 2);
    assert.equal(ended().length, 2);
    writeFileSync(path.join(sample.folder, 'runbooks', 'go'), '');
    await sample.journalHas('RunEnded', 3);

    await output(2).getByText(String(lines)).waitFor();
    const shown = (await output(2).innerText()).trimEnd().split('\n');
    assert.equal(shown.at(-1), String(lines));
    assert.equal(shown.length, 200);
    await step(2).getByText('99,800 earlier lines: open the full output').waitFor();

    const text = sample.lastOutput();
    assert.equal(text, Array.from({ length: lines }, (_, index) => `${index + 1}\n`).join(''));
    const kept = ended().at(-1)?.data['output'] as { lines: number; bytes: number; sha256: string };
    assert.equal(kept.lines, lines);
    assert.equal(kept.bytes, Buffer.byteLength(text));
    assert.equal(kept.sha256, createHash('sha256').update(text).digest('hex'));
    console.log(`      longest task of the window: ${busy} ms while it printed, ${idle} ms without`);
  });

  it('opens the whole output from the card', async () => {
    await step(2).getByText('99,800 earlier lines: open the full output').click();
    await page
      .locator('.tab.active')
      .getByText(/\.log$/)
      .waitFor();
    await runCommand(page, 'View: Close Editor');
  });

  it('stops a step with everything it started', async () => {
    await button(3, 'Run').click();
    await confirm(page, 'Run');
    await output(3)
      .getByText(/child \d+/)
      .waitFor();
    const processes = [...(await output(3).innerText()).matchAll(/\d+/g)].map(([id]) => id);
    assert.equal(processes.length, 2);
    for (const id of processes) assert.ok(isAlive(id), `${id} runs`);
    await button(3, 'Stop').click();
    await step(3).getByRole('status').getByText('stopped').waitFor();
    for (const id of processes) assert.ok(!isAlive(id), `${id} has ended`);
    assert.deepEqual(ended().at(-1)?.data['outcome'], { kind: 'stopped' });
  });

  it('runs all steps, and stops them, by the commands of the palette', async () => {
    await runCommand(page, 'Incident: Run All');
    await pick(page, 'Host Waits');
    for (const text of ['echo looked', 'echo waiter']) {
      await page.locator('.monaco-dialog-box').getByText(text).first().waitFor();
      await confirm(page, 'Run');
    }
    const waiter = await waiterOf(5);
    await runCommand(page, 'Incident: Stop Running Steps');
    await sample.journalHas('RunAllEnded');
    assert.equal(sample.events('RunAllEnded')[0]?.['ended'], 'stopped');
    assert.deepEqual(ended().at(-1)?.data['outcome'], { kind: 'stopped' });
    assert.ok(!isAlive(waiter), `${waiter} has ended`);
  });

  it('stops the run that goes on, by the command of the palette', async () => {
    await button(2, 'Run again').click();
    await confirm(page, 'Run');
    const waiter = await waiterOf(6);
    await runCommand(page, 'Incident: Stop Run');
    await sample.journalHas('RunEnded', 7);
    assert.deepEqual(ended().at(-1)?.data['outcome'], { kind: 'stopped' });
    assert.ok(!isAlive(waiter), `${waiter} has ended`);
  });

  it('tries them all and changes nothing, by the command of the palette', async () => {
    const before = started().length;
    await runCommand(page, 'Incident: Dry Run All');
    await pick(page, 'Host Waits');
    await runbookFrame(page)
      .getByRole('region', { name: 'All steps' })
      .getByText('Dry run through all 2 steps: nothing was changed.')
      .waitFor();
    assert.equal(started().length, before);
  });

  it('leaves a journal whose chain and outputs verify', async () => {
    const [verification] = await sample.verify();
    assert.deepEqual(verification?.problems, []);
    assert.equal(verification?.outputs, 7);
  });
});

/** False for a zombie too: a container without an init leaves them behind. */
function isAlive(id: string): boolean {
  const state = spawnSync('ps', ['-o', 'stat=', '-p', id], { encoding: 'utf8' }).stdout.trim();
  return state !== '' && !state.startsWith('Z');
}

declare global {
  interface Window {
    longestTask?: number;
    taskObserver?: PerformanceObserver;
  }
}

const watchLongTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    window.longestTask = 0;
    window.taskObserver ??= new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        window.longestTask = Math.max(window.longestTask ?? 0, Math.round(duration));
      }
    });
    window.taskObserver.observe({ entryTypes: ['longtask'] });
  });

const longestTask = (page: Page): Promise<number> => page.evaluate(() => window.longestTask ?? 0);
