import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, openSidebar, pick, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { resolveByKeyboard } from '../../support/resolving.ts';
import { startFaultProxy, type FaultProxy } from '../../support/faultProxy.ts';
import { assertNowhere } from '../../support/filesWith.ts';
import { connectSystem, deliveryStates } from '../../support/outwardEditor.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';
import { readLab, type LabDescription } from '../labDescription.ts';

/** What stands before neither asks for a token; what is given is sent all the same. */
const openTokens = { Alertmanager: 'word-for-alertmanager', Prometheus: 'word-for-prometheus' };

/**
 * An alert of the real Prometheus becomes an incident that everyone knows of: channel with people and a pinned message,
 * issue, and a status page for the severities that have one; then the ticket system is cut off, and comes back.
 */
describe('from an alert in Prometheus to channel, ticket and status page', function () {
  this.timeout(300_000);
  oneStory();
  let lab: Pick<LabDescription, 'emulate' | 'prometheus' | 'kubernetes'>;
  let sample: SampleEditor;
  let page: Page;
  let tickets: FaultProxy;

  before(async () => {
    lab = await readLab('emulate', 'prometheus', 'kubernetes');
    tickets = await startFaultProxy(lab.emulate.githubUrl);
    const people = [
      {
        name: lab.emulate.slackMembers[0]?.name,
        roles: ['Tech Lead', 'Engineering Manager'],
        slack: lab.emulate.slackMembers[0]?.id,
      },
    ];
    sample = await openSampleEditor({
      kubeconfig: lab.kubernetes.kubeconfigs.admin,
      // JSON is YAML.
      files: { 'incident-people.yaml': JSON.stringify(people) },
      workspaceSettings: ({ outside }) => ({
        'incident.alertmanager.baseUrl': lab.prometheus.alertmanagerUrl,
        'incident.prometheus.baseUrl': lab.prometheus.url,
        'incident.signals.pollSeconds': 5,
        'incident.slack.baseUrl': lab.emulate.slackUrl,
        'incident.github.baseUrl': tickets.url,
        'incident.github.repository': lab.emulate.repository,
        'incident.statuspage.baseUrl': outside.statuspage.url,
        'incident.statuspage.pageId': outside.statuspage.store.pages[0]?.id,
      }),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
    await connectSystem(page, 'Slack', lab.emulate.token);
    await connectSystem(page, 'GitHub', lab.emulate.token);
    await connectSystem(page, 'Statuspage', sample.simulator.outside.statuspage.store.token);
    await connectSystem(page, 'Alertmanager', openTokens.Alertmanager);
    await connectSystem(page, 'Prometheus', openTokens.Prometheus);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-everyone-knows');
  });
  after(async () => {
    await sample?.dispose();
    await tickets?.dispose();
  });

  const slack = async <T>(method: string, params: Readonly<Record<string, string>>): Promise<T> => {
    const response = await fetch(`${lab.emulate.slackUrl}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${lab.emulate.slackUserToken}`, 'content-type': 'application/json' },
      body: JSON.stringify(params),
    });
    return (await response.json()) as T;
  };
  const number = (): string =>
    String(sample.journal().findLast(({ type }) => type === 'IncidentDeclared')?.data['number']);
  const issues = async (): Promise<readonly { title: string }[]> => {
    const response = await fetch(
      `${lab.emulate.githubUrl}/repos/${lab.emulate.repository}/issues?state=all&per_page=100`,
      { headers: { authorization: `Bearer ${lab.emulate.token}` } },
    );
    const all = (await response.json()) as { title: string }[];
    return all.filter(({ title }) => title.includes(number()));
  };
  const stateIs = (delivery: string, state: string) =>
    sample.until(`${delivery} to be ${state}`, () => deliveryStates(sample)[delivery] === state);
  const declareFrom = async (alert: string, severity: string): Promise<void> => {
    await treeItem(page, new RegExp(`^Alert, ${alert}`)).waitFor({ timeout: 60_000 });
    await runCommand(page, 'Incident: Declare from Alert');
    await pick(page, alert);
    const confirmation = page.getByPlaceholder(/Enter declares with these values/);
    await confirmation.waitFor();
    await pick(page, 'Severity');
    await pick(page, severity);
    await confirmation.waitFor();
    await page.keyboard.press('Enter');
    await page
      .locator('.quick-input-titlebar')
      .getByText(/who is told$/)
      .waitFor();
  };

  it('offers no status page for a SEV3', async () => {
    await declareFrom(lab.prometheus.answeredAlert.name, 'SEV3');
    assert.equal(
      await page
        .locator('.quick-input-list')
        .getByText(/^Status page/)
        .count(),
      0,
    );
    await pick(page, 'Tell nobody now');
    await resolveByKeyboard(page);
    await sample.journalHas('IncidentResolved');
    assert.deepEqual(deliveryStates(sample), {});
  });

  it('declares from a firing alert and tells channel, ticket and status page, each text seen before', async () => {
    await declareFrom(lab.prometheus.firingAlert, 'SEV2');
    await pick(page, /^Status page: “Problem with/);
    await answer(page, 'Failing payments', /status page, its name$/);
    await answer(page, 'We are investigating failing payments.', /status page$/);
    await pick(page, 'Do not write to subscribers');
    tickets.only = ({ method }) => method === 'POST';
    tickets.fault = { kind: 'answer', status: 503, body: '{"message":"Service unavailable"}' };
    await pick(page, 'Tell 3 places');
    for (const delivery of [
      'slack/create-channel',
      'slack/post/first',
      'slack/invite/first',
      'statuspage/create-incident',
    ])
      await stateIs(delivery, 'delivered');
  });

  it('has made the channel with its people and the pinned message', async () => {
    const { channels } = await slack<{ channels: { id: string; name: string }[] }>('conversations.list', {
      limit: '200',
    });
    const channel = channels.find(({ name }) => name === `incident-${number()}`)?.id ?? '';
    assert.notEqual(channel, '');
    const { members } = await slack<{ members: string[] }>('conversations.members', { channel });
    assert.ok(members.includes(lab.emulate.slackMembers[0]?.id ?? ''), String(members));
    const { items } = await slack<{ items: { message: { text: string } }[] }>('pins.list', { channel });
    assert.equal(items.length, 1);
    assert.match(items[0]?.message.text ?? '', new RegExp(number()));
  });

  it('has put one incident on the status page, and notified nobody', () => {
    const { store } = sample.simulator.outside.statuspage;
    const texts = store.requests.filter(({ method }) => method === 'POST');
    assert.equal(texts.length, 1);
    assert.deepEqual(store.notifications, []);
  });

  it('says in the row that the ticket is not sent and why, and on return Retry makes exactly one', async () => {
    await stateIs('github/create-ticket', 'failed');
    await runCommand(page, 'Incident: Show Deliveries');
    await page
      .locator('.quick-input-list')
      .getByText(/GitHub failed \(503\)/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
    assert.equal((await issues()).length, 0);
    tickets.fault = { kind: 'none' };
    await runCommand(page, 'Incident: Retry Failed Deliveries');
    for (const delivery of ['github/create-ticket', 'github/comment/channel', 'slack/post/ticket-github'])
      await stateIs(delivery, 'delivered');
    assert.equal((await issues()).length, 1);
    await screenshot(page, 'lab-everyone-knows');
  });

  it('has left no token on disk: in settings, journal, output and logs', () => {
    const { statuspage } = sample.simulator.outside;
    // Of Slack and GitHub: emulate takes any word, this one stands nowhere else.
    const tokens = { Slack: lab.emulate.token, Statuspage: statuspage.store.token, ...openTokens };
    assertNowhere(sample, tokens, number());
  });
});
