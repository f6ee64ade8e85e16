import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { answer, openSidebar, pick, runbookFrame, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { declareIncident, openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const newRunbook = `
## More Runbooks

### Queue Too Long

\`\`\`bash
# 1. Look at the queue
kubectl get pods -n production
\`\`\`
`;
/** The guide as someone leaves it in the middle of an edit: half a table, and a fence that never ends. */
const brokenGuide = `# Broken

| Severity | Description | Response Time |
| SEV1 | everything
|||
| SEV2

## Runbooks

### Still Readable

\`\`\`bash
# 1. Look at the pods
kubectl get pods -n production
`;

/** The guide is a file like any other: it is opened, edited, broken and deleted while the editor looks at it. */
describe('a guide that changes under the editor', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;
  let file: string;

  before(async () => {
    sample = await openSampleEditor();
    page = sample.page;
    file = path.join(sample.folder, 'incident-guide.md');
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-guide');
  });
  after(() => sample?.dispose());

  const activeTab = (name: string | RegExp) => page.locator('.tab.active').getByText(name);

  it('opens a runbook by the CodeLens over its heading', async () => {
    await treeItem(page, /^High Latency, 4 steps/).click();
    const frame = runbookFrame(page);
    await frame.getByText('Open incident-guide.md at line').click();
    await activeTab('incident-guide.md').waitFor();
    await page
      .locator('.codelens-decoration a')
      .filter({ hasText: 'Open runbook (3 steps)' })
      .first()
      .click();
    await activeTab('High Error Rate').waitFor();
    await runbookFrame(page).getByRole('article').nth(2).waitFor();
  });

  it('opens Declare with the values of the line the guide itself has for it', async () => {
    await declareIncident(page, 'Payments failing');
    await treeItem(page, /^\/incident create/).click();
    const input = page.locator('.quick-input-widget:visible');
    await input.locator('.quick-input-titlebar').getByText(/1\/4/).waitFor();
    const asWritten = /\/incident create "([^"]+)" --severity (\w+)/.exec(readFileSync(file, 'utf8'));
    assert.ok(asWritten?.[1] && asWritten[2]);
    assert.equal(await input.locator('input[type="text"]').inputValue(), asWritten[1]);
    await page.keyboard.press('Enter');
    await page.getByPlaceholder(/Unsure\? Take the higher/).waitFor();
    await input.locator('.monaco-list-row.focused').getByText(asWritten[2], { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    assert.equal(sample.journal().filter(({ type }) => type === 'IncidentDeclared').length, 1);
  });

  it('shows a runbook that was added to the file on disk', async () => {
    appendFileSync(file, newRunbook);
    await treeItem(page, /^Queue Too Long, 1 step/).click();
    await runbookFrame(page).getByText('Look at the queue').waitFor();
  });

  it('keeps an open page readable when its runbook leaves the file', async () => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(newRunbook, ''));
    await treeItem(page, /^Queue Too Long, 1 step/).waitFor({ state: 'detached' });
    await runbookFrame(page).getByText('Look at the queue').waitFor();
  });

  it('reads what can be read of a broken guide, and goes on', async () => {
    writeFileSync(file, brokenGuide);
    await treeItem(page, /^Still Readable, 1 step/).click();
    await runbookFrame(page).getByText('Look at the pods').first().waitFor();
    await runCommand(page, 'Incident: Add Note');
    await answer(page, 'The guide is broken, the incident is not', /^Note on/);
    await sample.journalHas('NoteAdded');
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV1');
    await answer(page, '', /SEV2 → SEV1/);
    await sample.journalHas('SeverityChanged');
    assert.doesNotMatch(await sample.server.extensionHostLog(), /\[error\].*incident/i);
  });

  it('falls back to the default guide when the workspace has none', async () => {
    rmSync(file);
    rmSync(path.join(sample.folder, 'runbooks'), { recursive: true });
    await treeItem(page, /^Service Unavailable \(503\), 4 steps/).waitFor();
    await treeItem(page, /^Still Readable/).waitFor({ state: 'detached' });
    await treeItem(page, /^The guide of this incident was not found/).waitFor();
    await runCommand(page, 'Incident: Resolve');
    await page
      .getByPlaceholder(/incident-guide\.md is not in this workspace: .* are of .*default-guide\.md/)
      .waitFor();
    await page.keyboard.press('Escape');
    await runCommand(page, 'Incident: Open Guide');
    await activeTab('default-guide.md').waitFor();
    await page
      .locator('.editor-group-container.active .view-line')
      .getByText('Incident guide')
      .first()
      .waitFor();
    await treeItem(page, /^Service Unavailable \(503\), 4 steps/).click();
    await runbookFrame(page).getByText('kubectl get pods').first().waitFor();
  });
});
