import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { confirm, pick, readEditorText, runCommand, stepCard, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { declareWithChannel, deliveryStates, outwardSettings } from '../../support/outwardEditor.ts';
import { openSampleEditor, pressInMessage, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Settings

## Runbooks

### Look at Settings

\`\`\`bash
# 1. Read the settings
cat settings
\`\`\`

\`\`\`bash {"ir.approve":"second person"}
# 2. Reload them
echo reloaded
\`\`\`
`;
const settings = `env:
- name: DB_PASSWORD
  value: only-words
- name: ZONE
  value: eu
accessToken: more-words
replicas: 3   the token expired
`;
const shown = settings.replace('only-words', '•'.repeat(10)).replace('more-words', '•'.repeat(10));

/** Lines of an output go into the incident's channel, and nothing that looks like a credential goes with them. */
describe('sharing an output with the channel', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'runbooks/settings.md': guide, 'runbooks/settings': settings },
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside),
        'incident.approvals.minutes': 1,
      }),
    });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-share-output');
  });
  after(() => sample?.dispose());

  const slack = () => sample.simulator.outside.slack.store;
  const messages = () => [...slack().channels.values()].flatMap((channel) => channel.messages);
  const posted = () => messages().filter(({ text }) => text.includes('Output of'));
  const button = (step: number, name: string) => stepCard(page, step).getByRole('button', { name });

  it('shows what would leave beside what was printed, with what is hidden marked', async () => {
    await declareWithChannel(sample, 'Payments failing');
    await treeItem(page, /^Look at Settings, 2 steps/).click();
    // Open for a minute from now on; the last test looks at what became of it.
    await button(2, 'Ask to run… step 2').click();
    await confirm(page, 'Ask');
    await sample.journalHas('ApprovalRequested');
    await button(1, 'Run step 1').click();
    await confirm(page, 'Run');
    await sample.journalHas('RunEnded');
    assert.equal(sample.lastOutput(), settings);
    await runCommand(page, 'Incident: Share Output in the Channel');
    await pick(page, /^Read the settings/);
    await pick(page, /^All 7 lines/);
    await page.getByRole('tab', { name: /to the channel\.md/ }).waitFor();
    const right = await readEditorText(page);
    assert.ok(right.includes(shown.trimEnd()), right);
    assert.doesNotMatch(right, /only-words|more-words/);
    assert.deepEqual(posted(), []);
    await screenshot(page, 'share-output');
  });

  it('posts exactly that, once it is sent', async () => {
    await pressInMessage(
      page,
      /Post what stands on the right in the channel of .*2 places are hidden/,
      'Send',
    );
    await sample.until('the message in the channel', () => posted().length > 0);
    const [message] = posted();
    assert.ok(message?.text.includes(shown.trimEnd()), message?.text);
    assert.doesNotMatch(JSON.stringify(messages()), /only-words|more-words/);
    await sample.until('the delivery', () =>
      Object.entries(deliveryStates(sample)).some(
        ([key, state]) => /^slack\/post\/(?!approval)/.test(key) && state === 'delivered',
      ),
    );
    assert.equal(posted().length, 1);
  });

  it('lets a request run out after the minutes of the settings', async () => {
    const [asked] = sample.journal().filter(({ type }) => type === 'ApprovalRequested');
    const openMs = Date.parse(String(asked?.data['expiresAt'])) - Date.parse(asked?.time ?? '');
    assert.ok(Math.abs(openMs - 60_000) < 5_000, String(openMs));
    // The text that was sent lies over the page.
    await treeItem(page, /^Look at Settings, 2 steps/).click();
    await stepCard(page, 2)
      .getByText(/expired at \d\d:\d\d UTC without an answer/)
      .waitFor({ timeout: 120_000 });
    await button(2, 'Ask to run… step 2').click();
    await confirm(page, 'Ask');
    await sample.journalHas('ApprovalRequested', 2);
    assert.deepEqual(sample.events('ApprovalGiven'), []);
  });
});
