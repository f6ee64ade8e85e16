import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { Command } from '../../../src/core/incident/commands.ts';
import {
  accept,
  findInTree,
  openSidebar,
  pick,
  pickLabels,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import {
  openSampleEditor,
  pressInMessage,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';
import { declareSample, seedIncident } from '../../support/seedIncident.ts';

const people = `- name: Ana Lima
  roles: [Tech Lead, Incident Lead]
  phone: +351210000001
  email: ana@example.org
  slack: U012AB3CD
- name: Bo Doe
  roles: [Engineering Manager]
  phone: +351 210 000 002
- name: Cy Fox
  roles: [CTO]
  phone: +351 210 000 003
  pagerduty: PXPGF42
`;
const escalated = (roles: readonly string[]) =>
  ({ type: 'EscalatePeople', data: { level: 1, severity: 'SEV2', roles } }) as const;
const called = escalated(['Tech Lead', 'Engineering Manager']);

/** A channel that a window began to make 49 minutes ago, in a Slack that is not there. */
const delivery = 'slack/create-channel';
const channelStarted: readonly (readonly [minutesAgo: number, command: Command])[] = [
  [
    49,
    {
      type: 'RequestDeliveries',
      data: {
        deliveries: [
          {
            delivery,
            task: { system: 'slack', act: 'create-channel', name: 'incident', topic: '' },
            place: { baseUrl: 'http://127.0.0.1:1' },
            after: [],
          },
        ],
      },
    },
  ],
  [49, { type: 'StartDelivery', data: { delivery } }],
];

/** Keyboard alone; the clocks ran out before the window was opened. */
describe('an escalation that nobody answers', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'incident-people.yaml': people } });
    page = sample.page;
    await seedIncident(sample.server, [50, declareSample()], [49, { type: 'Acknowledge' }], [45, called]);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await screenshot(page, `failed-${this.currentTest.title.slice(0, 20)}`);
  });
  after(() => sample?.dispose());

  const statusBar = () => page.locator('.statusbar').getByText(/SEV2 00:5/);
  const escalationRow = async (state: RegExp): Promise<void> => {
    await findInTree(page, 'Incidents', 'Escalate to');
    await treeItem(page, new RegExp(`^Escalate to .*${state.source}`)).waitFor();
    await page.keyboard.press('Escape');
  };
  const last = (type: string) => sample.journal().findLast((event) => event.type === type)?.data;

  it('is told once, with who comes next, and turns the status bar', async () => {
    await openSidebar(page, 'Incident');
    await statusBar()
      .filter({ hasText: /escalation \d+:\d\d late/ })
      .waitFor();
    await readMessage(
      page,
      /^\S+-0001: Nobody has answered since .* \(Tech Lead, Engineering Manager\)\. Next: CTO \(level 2\)/,
    );
    await escalationRow(/, no answer, late by/);
  });

  it('goes on to the next level, with names and numbers in view', async () => {
    await runCommand(page, 'Incident: Escalate');
    const rows = await pickLabels(page);
    assert.deepEqual(
      rows.filter((row) => /^(Level|Some)/.test(row)),
      ['Level 1: Tech Lead + Engineering Manager', 'Level 2: CTO', 'Somebody else…'],
    );
    // The level that was not called yet is what Enter takes.
    await accept(page, /^Escalate /);
    await page.getByText('CTO: Cy Fox +351 210 000 003').first().waitFor();
    await pick(page, 'Copy names and numbers');
    await pick(page, 'Done, they know');
    await sample.journalHas('PeopleEscalated', 2);
    assert.deepEqual(last('PeopleEscalated'), { level: 2, severity: 'SEV2', roles: ['CTO'] });
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'CTO: Cy Fox +351 210 000 003');
    await statusBar().filter({ hasNotText: 'escalation' }).waitFor();
  });

  it('ends with who answered', async () => {
    await runCommand(page, 'Incident: Acknowledge Escalation');
    await pick(page, 'Level 2: CTO');
    await pick(page, 'Cy Fox');
    await sample.journalHas('EscalationAcknowledged');
    assert.deepEqual(last('EscalationAcknowledged'), { level: 2, who: 'Cy Fox' });
    await escalationRow(/, level 2, called .*, Cy Fox answered/);
  });

  it('calls somebody the guide does not list, too', async () => {
    await runCommand(page, 'Incident: Escalate');
    await pick(page, 'Somebody else…');
    await page.getByPlaceholder('Pick a role, or type one').waitFor();
    await pick(page, 'Legal');
    await pick(page, 'Done, they know');
    await sample.journalHas('PeopleEscalated', 3);
    assert.deepEqual(last('PeopleEscalated'), { level: 2, severity: 'SEV2', roles: ['Legal'] });
  });
});

describe('the contacts', function () {
  this.timeout(180_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({ files: { 'incident-people.yaml': people } });
    page = sample.page;
    await openSidebar(page, 'Incident');
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await screenshot(page, `failed-${this.currentTest.title.slice(0, 20)}`);
  });
  after(() => sample?.dispose());

  const file = () => path.join(sample.folder, 'incident-people.yaml');

  it('are there without an incident: those of the guide, and of the people file', async () => {
    await runCommand(page, 'Incident: Focus on Contacts View');
    await treeItem(page, /^Bo Doe, \+351 210 000 002, Engineering Manager/).waitFor();
    await treeItem(page, /^Ana Lima, \+351210000001, Tech Lead, Incident Lead/).waitFor();
    await treeItem(page, /^On-call DBA, not filled in in the guide/).waitFor();
  });

  it('are opened, copied and dialled by keyboard', async () => {
    await runCommand(page, 'Incident: Open People File');
    await page.locator('.tab.active').getByText('incident-people.yaml').waitFor();
    await runCommand(page, 'Incident: Focus on Contacts View');
    await waitUntil('the contacts to have the keyboard', () =>
      page.getByRole('tree', { name: 'Contacts' }).evaluate((tree) => tree.contains(document.activeElement)),
    );
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await waitUntil('the copied contact', async () => {
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      return copied === 'Engineering Manager: Bo Doe, +351 210 000 002';
    });
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await treeItem(page, 'Call +351210000001').waitFor();
    await treeItem(page, 'Write to ana@example.org').waitFor();
    await treeItem(page, 'Copy Slack id U012AB3CD').waitFor();
    await screenshot(page, 'contacts-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'contacts-dark');
  });

  it('keep their people while the file is broken, and say where it is', async () => {
    writeFileSync(file(), people.replace('roles: [Tech Lead, Incident Lead]', 'roles: [Tech Lead'));
    await treeItem(page, /^incident-people\.yaml, 1 problem/).waitFor();
    await treeItem(page, /^Ana Lima, /).waitFor();
    writeFileSync(file(), people.replace('U012AB3CD', 'ana').replace('Bo Doe', 'Di Poe'));
    await treeItem(page, /^Di Poe, /).waitFor();
    await treeItem(page, /^incident-people\.yaml, 1 problem/).waitFor();
    assert.match(readFileSync(file(), 'utf8'), /slack: ana/);
  });
});

describe('an escalation by the clock', function () {
  this.timeout(120_000);
  let sample: SampleEditor;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'incident-people.yaml': people.replace('pagerduty: PXPGF42', 'slack: U0CTO1234') },
      workspaceSettings: () => ({ 'incident.escalation.automatic': true }),
    });
    await seedIncident(
      sample.server,
      [50, declareSample()],
      ...channelStarted,
      [49, { type: 'RecordDelivered', data: { delivery, receipt: { id: 'C1', name: '#incident' } } }],
      [48, { type: 'Acknowledge' }],
      [45, called],
    );
    // The window works on the newer one.
    await seedIncident(
      sample.server,
      [10, declareSample('Search is slow', `${new Date().toISOString().slice(0, 10)}-0002`)],
      [9, { type: 'Acknowledge' }],
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(sample.page, 'failed-clock');
  });
  after(() => sample?.dispose());

  it('runs for an incident too that this window does not work on, whose button leads there', async () => {
    const { page } = sample;
    await openSidebar(page, 'Incident');
    const clock = (minutes: RegExp) => page.locator('.statusbar').getByText(minutes);
    await clock(/SEV2 00:1\d/).waitFor();
    await sample.journalHas('PeopleEscalated', 2);
    await pressInMessage(page, /^Update 1 of \S+-0001 is due\.$/, 'Snooze…');
    await page.locator('.quick-input-titlebar').getByText('Snooze update 1 (1/2)').waitFor();
    await clock(/SEV2 00:5\d/).waitFor();
    await page.keyboard.press('Escape');
  });

  it('calls the next level by itself, once, and invites those it knows', async () => {
    await sample.journalHas('DeliveryRequested', 3);
    const [, second] = sample.journal().filter(({ type }) => type === 'PeopleEscalated');
    assert.deepEqual(second?.data, { level: 2, severity: 'SEV2', roles: ['CTO'], automatic: true });
    const asked = sample.journal().flatMap(({ type, data }) => (type === 'DeliveryRequested' ? [data] : []));
    assert.deepEqual(
      asked.map(({ delivery }) => delivery),
      ['slack/create-channel', 'slack/invite/clock-SEV2-2', 'slack/post/clock-SEV2-2'],
    );
    assert.deepEqual(asked[1]?.['task'], {
      system: 'slack',
      act: 'invite',
      people: [{ name: 'Cy Fox', slack: 'U0CTO1234' }],
    });
    await readMessage(sample.page, /Nobody answered in time: CTO \(level 2\) called through Slack/);
  });

  it('calls people again when a person says so, who sees what is sent', async () => {
    const { page } = sample;
    await runCommand(page, 'Incident: Escalate');
    await pick(page, 'Level 1: Tech Lead + Engineering Manager');
    await page
      .getByText(/Escalated.* \(level 1\) to Tech Lead, Engineering Manager: Ana Lima, Bo Doe/)
      .first()
      .waitFor();
    await pick(page, 'Call them now');
    await sample.journalHas('PeopleEscalated', 3);
    await sample.journalHas('DeliveryRequested', 5);
    const asked = sample.journal().flatMap(({ type, data }) => (type === 'DeliveryRequested' ? [data] : []));
    assert.match(String(asked[3]?.['delivery']), /^slack\/invite\/[0-9A-Z]{26}$/);
    assert.deepEqual(asked[3]?.['task'], {
      system: 'slack',
      act: 'invite',
      people: [{ name: 'Ana Lima', slack: 'U012AB3CD', email: 'ana@example.org' }],
    });
    await readMessage(
      page,
      /^Tech Lead, Engineering Manager: called through Slack\. Only named in the channel’s message, not notified: Bo Doe \+351 210 000 002\. Phone them\.$/,
    );
  });

  it('says that a message notifies nobody, with the number to phone', async () => {
    const { page } = sample;
    await runCommand(page, 'Incident: Escalate');
    await pick(page, 'Somebody else…');
    await pick(page, 'Engineering Manager');
    await page
      .getByPlaceholder('Phone them: no connected system knows them, so nothing notifies them')
      .waitFor();
    assert.deepEqual(await pickLabels(page), [
      'Done, they know',
      'Copy names and numbers',
      'Name them in the channel',
    ]);
    await pick(page, 'Name them in the channel');
    await sample.journalHas('PeopleEscalated', 4);
    await readMessage(
      page,
      /^Engineering Manager: named in the channel’s message, but not notified, no connected system knows them\. Phone them: Engineering Manager: Bo Doe \+351 210 000 002\.$/,
    );
    const last = sample.journal().findLast(({ type }) => type === 'DeliveryRequested')?.data;
    assert.deepEqual(last?.['task'], {
      system: 'slack',
      act: 'post',
      text: '**Escalated** (level 1) to Engineering Manager: Bo Doe\nNot notified by this: Bo Doe. Phone them.',
    });
  });
});

describe('an escalation whose channel could not be made', function () {
  this.timeout(120_000);
  let sample: SampleEditor;

  before(async () => {
    sample = await openSampleEditor({
      files: { 'incident-people.yaml': people.replace('pagerduty: PXPGF42', 'slack: U0CTO1234') },
      workspaceSettings: () => ({ 'incident.escalation.automatic': true }),
    });
    const refused = {
      code: 'unauthorized',
      message: 'Slack refused the token (401).',
      retry: 'person',
    } as const;
    await seedIncident(
      sample.server,
      [50, declareSample()],
      ...channelStarted,
      [49, { type: 'RecordDeliveryFailure', data: { delivery, attempt: 1, ...refused } }],
      [48, { type: 'Acknowledge' }],
      [45, called],
    );
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(sample.page, 'failed-no-channel');
  });
  after(() => sample?.dispose());
  const requested = () => sample.journal().filter(({ type }) => type === 'DeliveryRequested').length;

  it('is told to a person with the number to phone, and not said to be called', async () => {
    await openSidebar(sample.page, 'Incident');
    await readMessage(
      sample.page,
      /level 2 was not called: the Slack channel is not there\. Phone them: CTO: Cy Fox \+351 210 000 003\./,
    );
    assert.equal(sample.journal().filter(({ type }) => type === 'PeopleEscalated').length, 1);
    assert.equal(requested(), 1);
  });

  it('says by hand too that it waits for the channel, with the number', async () => {
    const { page } = sample;
    await runCommand(page, 'Incident: Escalate');
    await accept(page, /^Escalate /);
    await page
      .getByPlaceholder('Phone them: the Slack channel is not there, so nothing reaches them')
      .waitFor();
    assert.deepEqual(await pickLabels(page), [
      'Done, they know',
      'Copy names and numbers',
      'Call them once the Slack channel is there',
    ]);
    await pick(page, 'Call them once the Slack channel is there');
    await sample.journalHas('PeopleEscalated', 2);
    await readMessage(
      page,
      /^CTO: not reached yet, the call waits for the Slack channel\. Phone them: CTO: Cy Fox \+351 210 000 003\.$/,
    );
    assert.equal(requested(), 3);
  });
});
