import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { openSidebar, runbookFrame, treeItem, waitUntil } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const nameOf = (n: number): string => `Alert${String(n).padStart(4, '0')}`;
const runbook = (n: number, more = ''): string =>
  `# ${nameOf(n)}\n\n## Meaning\n\nIt fired.\n\n## Impact\n\nNone.\n\n## Diagnosis\n\n` +
  `- Look at the pods: \`kubectl get pods -n production\`\n- Ask around\n${more}\n## Mitigation\n\n- Wait\n`;
const files = Object.fromEntries(
  Array.from({ length: 1_000 }, (_, n) => [`alerts/${nameOf(n)}.md`, runbook(n)]),
);

/** More runbooks than anyone scrolls through, each a file of its own. */
describe('a workspace with a thousand guides', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;
  const open = async (): Promise<void> => {
    await openSidebar(page, 'Incident');
    await treeItem(page, /^Service Unavailable \(503\)/)
      .first()
      .waitFor();
  };

  before(async () => {
    sample = await openSampleEditor({ files });
    page = sample.page;
    await open();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-many-guides');
  });
  after(() => sample?.dispose());

  const follow = async (name: string): Promise<void> => {
    const view = page.getByRole('treeitem', { name: /^Service Unavailable \(503\)/ }).first();
    await view.click();
    await page.keyboard.type(name);
    await treeItem(page, new RegExp(`^${name}`))
      .first()
      .click();
  };

  it('opens one of them from the Runbooks view, with its inline command as a step', async () => {
    await follow('Alert0000');
    await runbookFrame(page).getByText('Look at the pods').first().waitFor();
    await runbookFrame(page).getByText('kubectl get pods -n production').first().waitFor();
  });

  it('shows what changed in one of them', async () => {
    writeFileSync(path.join(sample.folder, 'alerts', 'Alert0000.md'), runbook(0, '- Count the pods\n'));
    await runbookFrame(page).getByText('Count the pods').first().waitFor();
  });

  it('drops one that was deleted', async () => {
    rmSync(path.join(sample.folder, 'alerts', 'Alert0001.md'));
    await waitUntil('Alert0001 is gone', async () => (await treeItem(page, /^Alert0001/).count()) === 0);
  });
});
