import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { setStatus } from '../../../src/simulator/systems/pagerduty/changeIncident.ts';
import { answer, openSidebar, pick, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { assertNowhere } from '../../support/filesWith.ts';
import { oneStory } from '../../support/oneStory.ts';
import {
  changeConnection,
  connectSystem,
  deliveryStates,
  outwardSettings,
} from '../../support/outwardEditor.ts';
import { answerResolve, resolveByKeyboard, waitForWays } from '../../support/resolving.ts';
import {
  declareIncident,
  openSampleEditor,
  pressInMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';

/** A ticket in Jira and a page in PagerDuty, from the declare to the resolution, and what is done over there. */
describe('a ticket in Jira and a page in PagerDuty', function () {
  this.timeout(180_000);
  oneStory();
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      workspaceSettings: ({ outside }) => ({
        ...outwardSettings(outside),
        'incident.signals.pollSeconds': 5,
      }),
    });
    page = sample.page;
    await openSidebar(page, 'Incident');
    await connectSystem(page, 'Jira', outside().jira.store.token);
    await connectSystem(page, 'PagerDuty', outside().pagerduty.store.token);
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-ticket-and-page');
  });
  after(() => sample?.dispose());

  const outside = () => sample.simulator.outside;
  /** Opened by us. */
  const pages = () => outside().pagerduty.store.incidents.filter(({ title }) => title !== 'Disk is full');
  const tickets = () => [...outside().jira.store.issues.values()];
  const newest = () => {
    const last = pages().at(-1);
    assert.ok(last);
    return last;
  };
  const user = (at: number) => {
    const found = outside().pagerduty.store.users[at];
    assert.ok(found);
    return found;
  };
  /** Done in PagerDuty by somebody there. */
  const inPagerDuty = (status: 'acknowledged' | 'resolved', one = newest()): void =>
    setStatus(outside().pagerduty.store, one, status, user(1));
  const number = (): string =>
    String(sample.journal().findLast(({ type }) => type === 'IncidentDeclared')?.data['number']);
  const out = (delivery: string) =>
    sample.until(`${delivery} to be out`, () =>
      Object.entries(deliveryStates(sample)).some(
        ([key, state]) => key.startsWith(delivery) && state === 'delivered',
      ),
    );
  /** The list of who is told, gone on with as it stands. */
  const tell = async (title: RegExp, places: number): Promise<void> => {
    await page.locator('.quick-input-titlebar').getByText(title).waitFor();
    await pick(page, places === 1 ? /^Tell one place$/ : new RegExp(`^Tell ${places} places$`));
  };
  const textOf = (one: { readonly body: unknown }): string => JSON.stringify(one.body);

  it('are made with the declare, and who is on call is asked to respond', async () => {
    await declareIncident(page, 'Payments failing');
    await tell(/who is told$/, 2);
    for (const delivery of [
      'jira/create-ticket',
      'pagerduty/create-incident',
      'pagerduty/request-responders/first',
    ])
      await out(delivery);
    assert.deepEqual(
      tickets().map(({ summary, labels }) => [summary, labels]),
      [[`SEV2 Payments failing (${number()})`, ['incident', 'severity-sev2']]],
    );
    const [opened, ...more] = pages();
    assert.equal(more.length, 0);
    assert.deepEqual(
      [opened?.title, opened?.status, opened?.urgency],
      [`SEV2 Payments failing (${number()})`, 'triggered', 'high'],
    );
    assert.equal(opened?.responderRequests.length, 1);
    assert.ok((opened.responderRequests[0]?.targets.length ?? 0) > 0);
  });

  it('shows the page in Signals as the incident’s own, and one of others as an alert', async () => {
    const { store } = outside().pagerduty;
    const other = store.trigger({ service: newest().service, title: 'Disk is full' });
    await runCommand(page, 'Incident: Refresh Signals');
    await runCommand(page, 'Incident: Focus on Signals View');
    await treeItem(page, /^Page, Disk is full/).waitFor();
    const own = treeItem(page, new RegExp(`^Page, SEV2 Payments failing .*in ${number()}`));
    await own.click();
    // A click leads to the incident: nothing is attached, or declared anew.
    await treeItem(page, 'SEV2 Payments failing').waitFor();
    assert.equal(await page.locator('.quick-input-widget:visible').count(), 0);
    assert.deepEqual(sample.events('SignalAttached'), []);
    setStatus(store, other, 'resolved', user(2));
    await runCommand(page, 'Incident: Refresh Signals');
    await treeItem(page, /^Page, Disk is full/).waitFor({ state: 'detached' });
  });

  it('acknowledges the incident when the page is acknowledged there, and sends nothing back', async () => {
    inPagerDuty('acknowledged');
    await sample.journalHas('IncidentAcknowledged');
    const [said] = sample.events('IncidentAcknowledged');
    assert.deepEqual([said?.['in'], said?.['who']], ['PagerDuty', user(1).name]);
    // PagerDuty tells whole seconds.
    const at = newest().acknowledgements[0]?.at ?? 0;
    assert.equal(Date.parse(String(said?.['at'])), at - (at % 1000));
    assert.deepEqual(
      Object.keys(deliveryStates(sample)).filter((key) => key.includes('acknowledge')),
      [],
    );
  });

  it('carries a new severity to both, in the name that the settings have by now, and offers no second page', async () => {
    await changeConnection(sample, 'incident.pagerduty.from', user(2).email);
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV1');
    await answer(page, 'all of them fail', /SEV2 → SEV1/);
    await tell(/tell of the new severity$/, 2);
    for (const delivery of ['jira/set-severity', 'jira/comment', 'pagerduty/note']) await out(delivery);
    assert.ok(tickets()[0]?.labels.includes('severity-sev1'));
    assert.match(tickets()[0]?.comments.map(textOf).join() ?? '', /all of them fail/);
    assert.match(
      newest().notes[0]?.content ?? '',
      /^Severity changed from SEV2 to .*SEV1.*: all of them fail$/,
    );
    assert.equal(newest().notes[0]?.user, user(2).id);
    assert.equal(pages().length, 1);
  });

  it('proposes to resolve when the page is resolved there, and does not by itself', async () => {
    inPagerDuty('resolved');
    await sample.journalHas('PageResolvedSeen');
    await treeItem(
      page,
      new RegExp(`^Resolved in PagerDuty, \\d\\d:\\d\\d by ${user(1).name}, #${newest().number}`),
    ).waitFor();
    for (const theme of ['Dark Modern', 'Light Modern']) {
      await setTheme(page, theme);
      await screenshot(page, theme === 'Dark Modern' ? 'page-resolved-dark' : 'page-resolved');
    }
    assert.deepEqual(sample.events('IncidentResolved'), []);
    await pressInMessage(
      page,
      new RegExp(`^${number()}: PagerDuty incident .* was resolved there by`),
      'Resolve…',
    );
    await waitForWays(page);
    await answerResolve(page, { owner: 'Decide later' });
    await sample.journalHas('IncidentResolved');
    await tell(/tell that it is resolved$/, 2);
    await out('jira/close');
    assert.equal(tickets()[0]?.status.category, 'done');
  });

  it('acknowledges and resolves there what is acknowledged and resolved here', async () => {
    await declareIncident(page, 'Search is slow');
    await tell(/who is told$/, 2);
    await out('pagerduty/create-incident');
    await out('jira/create-ticket');
    await runCommand(page, 'Incident: Acknowledge');
    await out('pagerduty/acknowledge');
    assert.equal(newest().status, 'acknowledged');
    // The incident's own page holds up no check: nothing else is active.
    await resolveByKeyboard(page, { owner: 'Decide later' });
    await tell(/tell that it is resolved$/, 2);
    await out('pagerduty/resolve');
    await out('jira/close');
    assert.equal(newest().status, 'resolved');
    assert.equal(tickets().at(-1)?.status.category, 'done');
    const looks = sample
      .journal()
      .filter(({ type }) => type === 'ResolutionChecked')
      .at(-1)?.data['checks'];
    const alerts = (looks as { kinds: string[]; state: string; sentence: string }[]).find(({ kinds }) =>
      kinds.includes('alerts'),
    );
    assert.equal(alerts?.state, 'good', alerts?.sentence);
  });

  it('pages people again after a reopen, by a new incident that later acts go to', async () => {
    const before = pages().length;
    await runCommand(page, 'Incident: Reopen');
    await answer(page, 'slow again', /^Reopen/);
    // The ticket, the note on the old page, and the new page.
    await tell(/tell that it is reopened$/, 3);
    await sample.until('a new page', () => pages().length === before + 1);
    await sample.until('the ticket to be open', () => tickets().at(-1)?.status.category !== 'done');
    assert.equal(newest().status, 'triggered');
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV1');
    await answer(page, '', /SEV2 → SEV1/);
    await tell(/tell of the new severity$/, 2);
    await sample.until('a note on the new page', () => newest().notes.length === 1);
    await resolveByKeyboard(page, { owner: 'Decide later' });
    await tell(/tell that it is resolved$/, 2);
    await sample.until('the new page to be resolved', () => newest().status === 'resolved');
  });

  it('offers the page once a raise calls for one', async () => {
    const before = pages().length;
    await declareIncident(page, 'Images are missing', undefined, undefined, 'SEV3');
    await tell(/who is told$/, 1);
    await out('jira/create-ticket');
    assert.equal(pages().length, before, 'nobody is paged for a SEV3 by itself');
    await runCommand(page, 'Incident: Set Severity');
    await pick(page, 'SEV2');
    await answer(page, 'in the shop too', /SEV3 → SEV2/);
    await tell(/tell of the new severity$/, 2);
    await out('pagerduty/create-incident');
    assert.equal(pages().length, before + 1);
    assert.equal(newest().urgency, 'high');
  });

  it('has left no token on disk: in settings, journal, output and logs', () => {
    const { jira, pagerduty } = outside();
    const encoded = Buffer.from(`${jira.store.email}:${jira.store.token}`).toString('base64');
    const tokens = { Jira: jira.store.token, 'Jira, encoded': encoded, PagerDuty: pagerduty.store.token };
    assertNowhere(sample, tokens, number());
  });
});
