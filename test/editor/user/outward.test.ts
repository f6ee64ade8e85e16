import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  accept,
  answer,
  confirm,
  confirmationText,
  openSidebar,
  pick,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { oneStory } from '../../support/oneStory.ts';
import {
  answerConnect,
  changeConnection,
  connectSystem,
  deliveryStates,
  incidentChannels,
  outwardSettings,
  untilAllDelivered,
  untilDelivery,
} from '../../support/outwardEditor.ts';
import { resolveByKeyboard } from '../../support/resolving.ts';
import {
  declareIncident,
  openSampleEditor,
  pressInMessage,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

/** What a person leaves out, changes and calls off, and what customers read: from the button to the other side's API. */
describe('choosing what leaves', function () {
  this.timeout(240_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;
  let tickets: FaultProxy;
  let slack: FaultProxy;

  before(async () => {
    const addresses: { GitHub?: string; Slack?: string } = {};
    sample = await openSampleEditor({
      prepare: async ({ outside }) => {
        tickets = await startFaultProxy(outside.github.url);
        slack = await startFaultProxy(outside.slack.url);
        addresses.GitHub = tickets.url;
        addresses.Slack = slack.url;
      },
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside, addresses),
        'incident.jira.baseUrl': outside.jira.url,
        'incident.jira.project': outside.jira.store.project,
        'incident.jira.issueType': 'Incident',
        'incident.jira.email': outside.jira.store.email,
      }),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
    await connectSystem(page, 'Slack', outside().slack.store.token);
    await connectSystem(page, 'GitHub', outside().github.store.token);
    await connectSystem(page, 'Jira', outside().jira.store.token);
    await connectSystem(page, 'Statuspage', outside().statuspage.store.token);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-outward');
  });
  after(async () => {
    await sample?.dispose();
    await tickets?.dispose();
    await slack?.dispose();
  });

  const outside = () => sample.simulator.outside;
  const channels = () => incidentChannels(sample);
  const messages = () => channels()[0]?.messages.map(({ text }) => text) ?? [];
  const stateIs = (delivery: string, state: string) => untilDelivery(sample, delivery, state);
  const list = () => page.locator('.quick-input-list');
  const titled = (text: RegExp) =>
    page.locator('.quick-input-widget .quick-input-titlebar').getByText(text).waitFor();
  const posts = () => tickets.requests.filter(({ method }) => method === 'POST').length;

  it('leaves a row out with what would name it elsewhere, and sends the text that was written', async () => {
    await declareIncident(page, 'Payments failing');
    await titled(/who is told$/);
    await pick(page, /^GitHub issue in /);
    await pick(page, 'Leave it out');
    // Not the first row, whose detail names the channel among others.
    await pick(page, /^Slack channel #incident-[\d-]+$/);
    await pick(page, 'Change the text…');
    // The list before it has the same title.
    await page.getByText(/^Read it, change it, press Enter/).waitFor();
    await answer(page, 'Payments fail. ⏎ Join the call.', /^Slack channel #/);
    await pick(page, 'Read the whole texts');
    await waitUntil('the whole texts', async () => {
      const shown = (await page.locator('.editor-instance .view-lines').first().innerText()).replaceAll(
        '\u00a0',
        ' ',
      );
      return ['Join the call.', '- Topic: SEV2 Payments failing'].every((line) =>
        shown.split('\n').includes(line),
      );
    });
    await screenshot(page, 'whole-texts');
    await pick(page, /^Tell 2 places$/);
    for (const delivery of ['slack/post/first', 'slack/post/ticket-jira', 'jira/comment/channel'])
      await stateIs(delivery, 'delivered');
    assert.deepEqual(
      Object.keys(deliveryStates(sample)).filter((key) => key.includes('github')),
      [],
    );
    assert.deepEqual(
      tickets.requests.filter(({ method }) => method === 'POST'),
      [],
    );
    const said = messages();
    assert.ok(
      said.some((text) => text.includes('Payments fail.\nJoin the call.')),
      said.join('\n---\n'),
    );
    assert.equal(said.filter((text) => /^Ticket: OPS-\d+ /.test(text)).length, 1, said.join('\n---\n'));
    assert.ok(!said.some((text) => text.includes('not there yet')), said.join('\n---\n'));
  });

  it('tries a refused token again for no setting, and for another token only', async () => {
    tickets.only = ({ method }) => method === 'POST';
    tickets.fault = { kind: 'answer', status: 401, body: '{"message":"Bad credentials"}' };
    await runCommand(page, 'Incident: Announce');
    await titled(/who is told$/);
    await list()
      .getByText(/^Slack channel #/)
      .waitFor({ state: 'detached' });
    await pick(page, /^Tell one place$/);
    await stateIs('github/create-ticket', 'failed');
    await readMessage(page, /GitHub issue of .*: not sent\. GitHub refused the token/);
    await changeConnection(sample, 'incident.statuspage.pageId', 'anotherpage1');
    await changeConnection(
      sample,
      'incident.statuspage.pageId',
      outside().statuspage.store.pages[0]?.id ?? '',
    );
    assert.equal(posts(), 1, 'a setting was taken for another token');
  });

  it('sends by Reconnect what the token may not do, with its own message in the channel', async () => {
    tickets.fault = {
      kind: 'answer',
      status: 403,
      body: '{"message":"Resource not accessible by personal access token"}',
    };
    await runCommand(page, 'Incident: Retry Failed Deliveries');
    await sample.until('the second refusal', () =>
      sample.journal().some(({ type, data }) => type === 'DeliveryFailed' && data['code'] === 'forbidden'),
    );
    await pressInMessage(page, /GitHub issue of .*: not sent\./, 'Reconnect…');
    tickets.fault = { kind: 'none' };
    await answerConnect(page, 'GitHub', outside().github.store.token);
    for (const delivery of ['github/create-ticket', 'slack/post/ticket-github', 'github/comment/channel'])
      await stateIs(delivery, 'delivered');
    const repository = outside().github.store.repository;
    assert.equal(messages().filter((text) => text.startsWith(`Ticket: ${repository}#`)).length, 1);
    assert.ok(!messages().some((text) => text.includes('not there yet')));
  });

  it('goes on with a Jira issue under another account, once that one is connected', async () => {
    const { store } = outside().jira;
    for (const { tokens } of store.accounts.values()) tokens.clear();
    const { accountId } = store.addAccount('successor@example.com', 'Successor', 'the-successors-word');
    for (const { permissions } of store.projects.values())
      permissions.set(accountId, new Set(['BROWSE_PROJECTS', 'ADD_COMMENTS']));
    await runCommand(page, 'Incident: Post Update');
    await accept(page, /^Update 1 of/);
    await sample.until('a refused comment', () =>
      Object.entries(deliveryStates(sample)).some(
        ([key, state]) => /^jira\/comment\/[0-9A-Z]{26}$/.test(key) && state === 'failed',
      ),
    );
    await pressInMessage(page, /Comment on the Jira issue of .*: not sent\./, 'Reconnect…');
    await answerConnect(page, 'Jira', 'the-successors-word', { 3: 'successor@example.com' });
    await untilAllDelivered(sample);
    const [issue] = [...store.issues.values()];
    assert.equal(issue?.comments.length, 2);
  });

  it('takes what is pinned right before Resolve, though Slack would not show it until then', async () => {
    const { store } = outside().slack;
    const [channel] = channels();
    const ana = store.addUser({ name: 'ana', realName: 'Ana Lima' });
    assert.ok(channel);
    slack.only = ({ path: asked }) => asked.includes('pins.list');
    slack.fault = { kind: 'answer', status: 503, body: 'upstream is away' };
    const struck = slack.requests.length;
    const rolledBack = store.say(channel, ana.id, 'Rolled back to 1.4');
    store.pin(channel, rolledBack.ts, ana.id);
    await sample.until('a look at the pins that fails', () =>
      slack.requests
        .slice(struck)
        .some(({ path: asked, reached }) => asked.includes('pins.list') && !reached),
    );
    await runCommand(page, 'Incident: Connect…');
    await list()
      .getByText(/^Slack failed \(503\)/)
      .waitFor();
    await page.keyboard.press('Escape');
    await resolveByKeyboard(page, { owner: 'Decide later' });
    await sample.journalHas('IncidentResolved');
    await titled(/tell that it is resolved$/);
    slack.fault = { kind: 'none' };
    await pick(page, 'Tell nobody now');
    await sample.journalHas('PinReceived');
    assert.equal(sample.events('PinReceived')[0]?.['text'], 'Rolled back to 1.4');
  });

  it('calls a channel off with all that builds on it, and nothing else', async () => {
    outside().slack.store.faults.push({ method: 'conversations.create', error: 'invalid_auth' });
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Search failing', /1\/4/);
    await pick(page, 'SEV3');
    await pick(page, /Not known yet/);
    await pick(page, /^simulated-production \/ production$/);
    await treeItem(page, 'SEV3 Search failing').waitFor();
    await titled(/who is told$/);
    assert.equal(
      await list()
        .getByText(/^Status page/)
        .count(),
      0,
    );
    await pick(page, /^Jira issue in /);
    await pick(page, 'Leave it out');
    await pick(page, /^Tell 2 places$/);
    await stateIs('slack/create-channel', 'failed');
    await stateIs('github/create-ticket', 'delivered');
    await readMessage(page, /Slack channel of .*: not sent\./);
    await runCommand(page, 'Incident: Show Deliveries');
    await pick(page, 'Slack channel');
    await pick(page, 'Call it off');
    assert.match(
      await confirmationText(page),
      /Call off Slack channel\?[^]*With it go: First message in Slack, Message in Slack, Comment on the GitHub issue\./,
    );
    await confirm(page, 'Call Off');
    const gone = [
      'slack/create-channel',
      'slack/post/first',
      'slack/post/ticket-github',
      'github/comment/channel',
    ];
    for (const delivery of gone) await stateIs(delivery, 'dropped');
    await treeItem(page, /^Deliveries, 1 sent, 4 called off/).waitFor();
    assert.equal(channels().length, 1, 'a channel was made all the same');
  });

  const onThePage = async () => {
    const { url, store } = outside().statuspage;
    const answered = await fetch(`${url}/v1/pages/${store.pages[0]?.id}/incidents`, {
      headers: { authorization: `OAuth ${store.token}` },
    });
    return (await answered.json()) as {
      name: string;
      status: string;
      incident_updates: { status: string; body: string; deliver_notifications: boolean }[];
    }[];
  };

  it('offers the status page once a SEV3 is a SEV2, and publishes the name and text that were seen', async () => {
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV2');
    await answer(page, 'customers see it', /SEV3 → SEV2/);
    await titled(/tell of the new severity$/);
    await pick(page, /^Status page: “Problem with our service”, investigating$/);
    await titled(/status page, its name$/);
    assert.equal(
      await page.locator('.quick-input-widget input[type="text"]').inputValue(),
      'Problem with our service',
    );
    await screenshot(page, 'status-page-name');
    await answer(page, 'Failing search', /status page, its name$/);
    await answer(page, 'Search gives no results.', /status page$/);
    await pick(page, 'Write to subscribers');
    await list()
      .getByText('Status page: “Failing search”, investigating, subscribers are written to', { exact: true })
      .waitFor();
    await screenshot(page, 'status-page-row');
    assert.deepEqual(await onThePage(), [], 'something was published before it was sent');
    await pick(page, /^Tell 2 places$/);
    await stateIs('statuspage/create-incident', 'delivered');
    const [shown, ...others] = await onThePage();
    assert.deepEqual(others, []);
    assert.deepEqual([shown?.name, shown?.status], ['Failing search', 'investigating']);
    assert.equal(shown?.incident_updates[0]?.body, 'Search gives no results.');
    assert.equal(outside().statuspage.store.notifications.length, 1);
  });

  it('publishes an update that customers find on the page, and writes to nobody unless told to', async () => {
    await runCommand(page, 'Incident: Post Public Update');
    await answer(page, 'We are putting the old version back.', /^Public update of/);
    await pick(page, 'identified');
    await page.getByPlaceholder('Write to subscribers?').waitFor();
    await pick(page, 'No');
    await sample.until('the update to be out', () =>
      Object.entries(deliveryStates(sample)).some(
        ([key, state]) => key.startsWith('statuspage/update-incident/') && state === 'delivered',
      ),
    );
    const [shown] = await onThePage();
    assert.equal(shown?.status, 'identified');
    const [latest] = shown?.incident_updates ?? [];
    assert.deepEqual(
      [latest?.status, latest?.body, latest?.deliver_notifications],
      ['identified', 'We are putting the old version back.', false],
    );
    assert.equal(outside().statuspage.store.notifications.length, 1);
  });
});
