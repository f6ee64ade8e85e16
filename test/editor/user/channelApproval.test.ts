import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, confirm, stepCard, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { declareWithChannel, deliveryStates, outwardSettings } from '../../support/outwardEditor.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

const guide = `# Approvals

## Runbooks

### Stop Payments

\`\`\`bash
# 1. Stop it
kubectl scale deployment payment-service -n production --replicas=0
\`\`\`

\`\`\`bash
# 2. Stop the catalog too
kubectl scale deployment catalog -n production --replicas=0
\`\`\`
`;

/** A colleague without an editor answers in the channel, with a reaction or a reply, and what they say reaches the card. */
describe('an approval in the channel', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    const files: Record<string, string> = { 'runbooks/approvals.md': guide };
    sample = await openSampleEditor({
      files,
      // Who asks and who reacts are told apart by the people file.
      prepare: ({ outside }) => {
        const [ana, ben] = ['ana', 'ben'].map((name) => memberOf(outside.slack.store.users, name));
        files['incident-people.yaml'] = `- name: Ana\n  slack: ${ana}\n- name: Ben\n  slack: ${ben}\n`;
        return Promise.resolve();
      },
      env: { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'Ana' },
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside),
        'incident.approvals.floor': { destructive: 'second person' },
        'incident.approvals.self': 'never',
      }),
    });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-channel-approval');
  });
  after(() => sample?.dispose());

  const slack = () => sample.simulator.outside.slack.store;
  const button = (name: string, step = 1) => stepCard(page, step).getByRole('button', { name });
  const replicas = async (): Promise<unknown> => {
    const url = `${sample.simulator.url}/apis/apps/v1/namespaces/production/deployments/payment-service`;
    return ((await (await fetch(url)).json()) as { spec: { replicas: number } }).spec.replicas;
  };
  const request = (index = 0) => String(sample.events('ApprovalRequested')[index]?.['request']);
  const react = (name: string): void => {
    const asking = [...slack().channels.values()]
      .flatMap(({ messages }) => messages)
      .find(({ text }) => text.includes('--replicas=0'));
    assert.ok(asking, 'the channel has no message that asks');
    slack().react(asking, memberOf(slack().users, name), 'white_check_mark');
  };

  it('asks in the incident’s channel with exactly what would run', async () => {
    await declareWithChannel(sample, 'Payments failing');
    await treeItem(page, /^Stop Payments, 2 steps/).click();
    await button('Ask to run… step 1').click();
    await confirm(page, 'Ask');
    await sample.journalHas('ApprovalRequested');
    await sample.until(
      'the request in the channel',
      () => deliveryStates(sample)[`slack/post/approval-${request()}`] === 'delivered',
    );
    assert.deepEqual(sample.events('RunStarted'), []);
  });

  it('is approved by a colleague’s reaction, and not by the one who asked', async () => {
    // Both are there at the first look: one's own must not be what opens it.
    react('ana');
    react('ben');
    await sample.journalHas('ApprovalGiven');
    assert.deepEqual(
      sample.events('ApprovalGiven').map((data) => [data['who'], data['how'], data['request']]),
      [['Ben', 'reaction', request()]],
    );
    await stepCard(page, 1)
      .getByText(/Approved by Ben at/)
      .waitFor();
    await screenshot(page, 'approval-by-reaction');
  });

  it('then runs after the usual confirmation', async () => {
    await button('Run step 1').click();
    await confirm(page, 'Run Destructive Command');
    await answer(page, 'payment-service', 'This cannot be undone from here');
    await sample.journalHas('RunEnded');
    assert.equal(await replicas(), 0);
    assert.equal(sample.events('RunStarted')[0]?.['approval'], request());
  });

  it('is refused by a colleague’s reply with its reason, and not by what the one who asked says of it', async () => {
    await button('Ask to run… step 2', 2).click();
    await confirm(page, 'Ask');
    await sample.until('a second request', () => sample.events('ApprovalRequested').length === 2);
    await sample.until(
      'it in the channel',
      () => deliveryStates(sample)[`slack/post/approval-${request(1)}`] === 'delivered',
    );
    const [channel] = [...slack().channels.values()].filter(({ name }) => name.startsWith('incident-'));
    const code = channel?.messages.flatMap(({ text }) => /`refuse (\w+)`/.exec(text)?.[1] ?? []).at(-1);
    assert.ok(channel && code, 'the message tells no code');
    slack().say(channel, memberOf(slack().users, 'ana'), `approve ${code}`);
    slack().say(channel, memberOf(slack().users, 'cleo'), 'approve the budget');
    slack().say(channel, memberOf(slack().users, 'ben'), `refuse ${code}: orders are still being paid`);
    await sample.journalHas('ApprovalRefused');
    const [{ who, how, reason } = {}] = sample.events('ApprovalRefused');
    assert.deepEqual([who, how, reason], ['Ben', 'reply', 'orders are still being paid']);
    assert.equal(sample.events('ApprovalGiven').length, 1);
    await stepCard(page, 2)
      .getByText(/orders are still being paid/)
      .waitFor();
    await screenshot(page, 'approval-refused-by-reply');
  });
});

function memberOf(users: ReadonlyMap<string, { readonly name: string }>, name: string): string {
  const found = [...users].find(([, user]) => user.name === name);
  assert.ok(found, `Slack has no member ${name}`);
  return found[0];
}
