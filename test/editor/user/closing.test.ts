import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { confirm, runbookFrame, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Host

## Runbooks

### Long Work

\`\`\`bash
# 1. Work silently
echo $$ > worker.pid; sleep 600 & wait
\`\`\`
`;

/** False for zombies too, which a container without an init leaves behind. */
const isRunning = (pid: string): boolean => {
  const status = path.join('/proc', pid, 'status');
  return existsSync(status) && !/^State:\s+Z/m.test(readFileSync(status, 'utf8'));
};

describe('closing a window while a step runs', function () {
  this.timeout(120_000);
  let sample: SampleEditor;

  before(async () => (sample = await openSampleEditor({ files: { 'runbooks/host.md': guide } })));
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(sample.page, 'failed-closing');
  });
  after(() => sample?.dispose());

  it('stops the step and everything it started, and records that end', async () => {
    const { page } = sample;
    await declareIncident(page, 'Host is slow');
    await treeItem(page, /^Long Work, 1 step/).click();
    await runbookFrame(page).getByRole('button', { name: 'Run step 1' }).click();
    await confirm(page, 'Run');
    const pidFile = path.join(sample.folder, 'runbooks', 'worker.pid');
    await sample.until('the step to run', () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '');
    const pid = readFileSync(pidFile, 'utf8').trim();
    assert.equal(isRunning(pid), true);

    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await sample.journalHas('RunEnded');
    const end = sample.journal().find(({ type }) => type === 'RunEnded');
    assert.deepEqual(end?.data['outcome'], { kind: 'stopped' });
    assert.equal(end.data['interrupted'], undefined);
    await sample.until('the step’s process to be gone', () => !isRunning(pid));
  });
});
