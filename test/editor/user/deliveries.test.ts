import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { answer, confirm, openSidebar, pick, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { resolveByKeyboard } from '../../support/resolving.ts';
import {
  connectSystem,
  deliveryStates,
  incidentChannels,
  outwardSettings,
  untilAllDelivered,
  untilDelivery,
} from '../../support/outwardEditor.ts';
import {
  declareIncident,
  openSampleEditor,
  pressInMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

/** From the declare to the places that are told of it, and what a person sees and does when one of them refuses. */
describe('telling the outside', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;
  let tickets: FaultProxy;
  let slack: FaultProxy;

  before(async () => {
    const addresses: { GitHub?: string; Slack?: string } = {};
    sample = await openSampleEditor({
      prepare: async (simulator) => {
        tickets = await startFaultProxy(simulator.outside.github.url);
        slack = await startFaultProxy(simulator.outside.slack.url);
        addresses.GitHub = tickets.url;
        addresses.Slack = slack.url;
      },
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside, addresses),
        'incident.resolution.soak': { '*': '1s', highest: '1s' },
      }),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-deliveries');
  });
  after(async () => {
    await sample?.dispose();
    await tickets?.dispose();
    await slack?.dispose();
  });

  const outside = () => sample.simulator.outside;
  const channels = () => incidentChannels(sample);
  const issues = () => [
    ...(outside().github.store.repositories.values().next().value?.issues.values() ?? []),
  ];
  const stateIs = (delivery: string, state: string) => untilDelivery(sample, delivery, state);
  const title = () => page.locator('.quick-input-widget .quick-input-titlebar');

  it('asks nobody and sends nothing while nothing is connected', async () => {
    await declareIncident(page, 'Not connected');
    assert.deepEqual(deliveryStates(sample), {});
    await runCommand(page, 'Incident: Show Deliveries');
    await resolveByKeyboard(page, { owner: 'Decide later' });
    await sample.journalHas('IncidentResolved');
  });

  it('shows each text before it leaves, and sends it with one Enter', async () => {
    await connectSystem(page, 'Slack', outside().slack.store.token);
    await connectSystem(page, 'GitHub', outside().github.store.token);
    tickets.only = ({ method }) => method === 'POST';
    tickets.fault = { kind: 'answer', status: 401, body: '{"message":"Bad credentials"}' };
    await declareIncident(page, 'Payments failing');
    await title()
      .getByText(/who is told$/)
      .waitFor();
    const list = page.locator('.quick-input-list');
    await list.getByText(/^Slack channel #incident-\d{4}-\d\d-\d\d-\d{4}$/).waitFor();
    await list
      .getByText(/Service: not known yet/)
      .first()
      .waitFor();
    assert.deepEqual(deliveryStates(sample), {}, 'something left before it was seen');
    await screenshot(page, 'announce');
    await pick(page, /^Tell 2 places$/);
    await stateIs('slack/create-channel', 'delivered');
    await stateIs('slack/post/first', 'delivered');
    assert.equal(channels().length, 1);
  });

  it('says in the row which place refused and why, and goes on with the others', async () => {
    await stateIs('github/create-ticket', 'failed');
    await treeItem(page, /^Deliveries, 2 sent, 1 failed, 2 not sent/).waitFor();
    await treeItem(page, /^GitHub issue, not sent \(401\): GitHub refused the token/).waitFor();
    await treeItem(page, /^Comment on the GitHub issue, not sent: waits for GitHub issue/).waitFor();
    for (const theme of ['Dark Modern', 'Light Modern']) {
      await setTheme(page, theme);
      await screenshot(page, theme === 'Dark Modern' ? 'deliveries-dark' : 'deliveries');
    }
  });

  it('has everything that can be done about it behind one pick, by keyboard', async () => {
    await runCommand(page, 'Incident: Show Deliveries');
    await title()
      .getByText(/^Deliveries of .*1 failed/)
      .waitFor();
    await screenshot(page, 'deliveries-panel');
    await pick(page, 'GitHub issue');
    for (const label of ['Retry now', 'Reconnect…', 'Copy its text', 'Mark as done by hand…', 'Call it off'])
      await page.locator('.quick-input-list').getByText(label, { exact: true }).waitFor();
    tickets.fault = { kind: 'none' };
    await pick(page, 'Retry now');
    await stateIs('github/create-ticket', 'delivered');
    await stateIs('github/comment/channel', 'delivered');
    await stateIs('slack/post/ticket-github', 'delivered');
    assert.equal(issues().length, 1);
    await treeItem(page, /^Deliveries, 5 sent/).waitFor();
  });

  it('keeps what is posted while a place cannot be reached, and sends it in order on return, once', async () => {
    slack.fault = { kind: 'answer', status: 503, body: 'upstream is away' };
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV1');
    await answer(page, 'all of them fail', /SEV2 → SEV1/);
    await pick(page, /^Tell 2 places$/);
    await sample.until('a failed post', () =>
      sample.journal().some(({ type, data }) => type === 'DeliveryFailed' && data['retry'] === 'automatic'),
    );
    await treeItem(page, /^Deliveries, 7 sent, 2 not sent/).waitFor();
    await runCommand(page, 'Incident: Show Deliveries');
    await page
      .locator('.quick-input-list')
      .getByText(/^not sent, next try \d\d:\d\d: Slack failed \(503\)/)
      .waitFor();
    slack.fault = { kind: 'none' };
    // The open list follows: what it offered a moment ago has been sent.
    await title()
      .getByText(/^Deliveries of \S+: 9 sent$/)
      .waitFor();
    await page.keyboard.press('Escape');
    await untilAllDelivered(sample);
    const texts = channels()[0]?.messages.map(({ text }) => text) ?? [];
    assert.equal(texts.filter((text) => text.includes('Severity changed from SEV2')).length, 1);
    assert.match(channels()[0]?.topic.value ?? '', /^SEV1/);
  });

  it('can be marked as done by hand, and called off with what builds on it', async () => {
    tickets.only = ({ method }) => method === 'POST';
    tickets.fault = { kind: 'answer', status: 403, body: '{"message":"Resource not accessible"}' };
    await resolveByKeyboard(page, { owner: 'Decide later' });
    await pick(page, /^Tell 2 places$/);
    await sample.until('the refused end of the ticket', () =>
      Object.entries(deliveryStates(sample)).some(
        ([key, state]) => key.startsWith('github/close/') && state === 'failed',
      ),
    );
    await treeItem(page, /^End of the GitHub issue, not sent \(403\)/).click();
    await pick(page, 'Mark as done by hand…');
    await answer(page, 'closed on the website', /done by hand$/);
    await sample.journalHas('DeliveryMarkedDone');
    await runCommand(page, 'Incident: Show Deliveries');
    // A long list draws only the rows in view: typing brings the wanted one there.
    await page.locator('.quick-input-widget input[type="text"]').fill('done by hand');
    await page
      .locator('.quick-input-list')
      .getByText(/done by hand, /)
      .waitFor();
    await page.keyboard.press('Escape');
    tickets.fault = { kind: 'none' };
  });

  it('archives the channel only when it is asked to, and confirmed', async () => {
    await runCommand(page, 'Incident: Archive Channel');
    await confirm(page, 'Archive');
    await sample.until('the archived channel', () => channels()[0]?.isArchived === true);
  });

  it('tells the others of a resolve that came by itself, with the heads of the journal in the ticket alone', async () => {
    await declareIncident(page, 'Payments fail again');
    await pick(page, /^Tell 2 places$/);
    await stateIs('github/create-ticket', 'delivered');
    await resolveByKeyboard(page, {
      way: /then resolve by itself/,
      cause: 'A full queue',
      owner: 'Decide later',
    });
    await pressInMessage(
      page,
      /is resolved: the soak window has passed without a relapse\.$/,
      'Tell the Others…',
    );
    await page
      .locator('.quick-input-list')
      .getByText(/A full queue/)
      .first()
      .waitFor();
    const issue = issues().at(-1);
    assert.equal(issue?.state, 'open', 'told before its text was seen');
    await pick(page, /^Tell 2 places$/);
    await sample.until('the closed ticket', () => issues().at(-1)?.state === 'closed');
    const resolved = sample.events('IncidentResolved').find(({ cause }) => cause === 'A full queue');
    const heads = resolved?.['heads'] as Readonly<Record<string, string>>;
    const comments = issues().at(-1)?.comments ?? [];
    const told = comments.map(({ body }) => body).join('\n');
    assert.match(told, /A full queue/);
    assert.notEqual(Object.keys(heads).length, 0);
    for (const [writer, head] of Object.entries(heads))
      assert.ok(told.includes(`- ${writer} ${head}`), `${writer} ${head} in: ${told}`);
    await sample.until('the message in the channel', () =>
      (channels().at(-1)?.messages ?? []).some(({ text }) => text.includes('A full queue')),
    );
    const [head = ''] = Object.values(heads);
    assert.ok(!JSON.stringify(channels().at(-1)?.messages).includes(head));
  });
});
