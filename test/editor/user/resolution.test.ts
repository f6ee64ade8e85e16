import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  answer,
  confirm,
  confirmationText,
  openSidebar,
  pick,
  runbookFrame,
  runCommand,
  screenshot,
  setTheme,
  treeItem,
} from '../../support/editorPage.ts';
import { answerResolve, openResolve } from '../../support/resolving.ts';
import { openSampleEditor, type SampleEditor } from '../../support/sampleEditor.ts';

/** "Resolved" is checked, watched, taken back when it was not so, and only then said. */
describe('resolving with checks and a soak window', function () {
  this.timeout(300_000);
  this.bail(true);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      settings: { 'incident.name': 'Ana' },
      files: { 'incident-people.yaml': JSON.stringify([{ name: 'Ben', roles: ['Tech Lead'] }]) },
      workspaceSettings: ({ outside }) => ({
        'incident.alertmanager.baseUrl': outside.alertmanager.url,
        'incident.signals.pollSeconds': 5,
        'incident.resolution.soak': { highest: '30s', '*': '30s' },
      }),
    });
    page = sample.page;
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-resolution');
  });
  after(() => sample?.dispose());

  const alertmanager = () => sample.simulator.outside.alertmanager.store;
  const events = (type: string) => sample.journal().filter((event) => event.type === type);
  const list = () => page.locator('.quick-input-list');
  const fires = { labels: { alertname: 'PaymentsStuck', service: 'payment-service', severity: 'critical' } };
  const bothThemes = async (name: string): Promise<void> => {
    await screenshot(page, `${name}-light`);
    await setTheme(page, 'Dark Modern');
    await screenshot(page, `${name}-dark`);
    await setTheme(page, 'Light Modern');
  };
  /** The last that was seen of each check, by its words. */
  const lastSeen = (): Readonly<Record<string, string>> =>
    Object.fromEntries(
      events('ResolutionChecked').flatMap(({ data }) =>
        (data['checks'] as { text: string; state: string }[]).map(({ text, state }) => [text, state]),
      ),
    );

  it('looks at the guide’s checklist while it still burns, and calls nothing green that it does not know', async () => {
    await openSidebar(page, 'Incident');
    await runCommand(page, 'Incident: Declare');
    await answer(page, 'Payments failing', /1\/4/);
    await pick(page, 'SEV2');
    await pick(page, 'payment-service');
    await pick(page, /^simulated-production \/ production$/);
    await treeItem(page, /^SEV2 Payments failing/).waitFor();
    await runCommand(page, 'Incident: Go to Phase');
    await pick(page, /Resolution/);
    await runCommand(page, 'Incident: Check Resolution');
    await list()
      .getByText(/CrashLoopBackOff/)
      .first()
      .waitFor();
    assert.deepEqual(lastSeen(), {
      'Metrics returned to normal': 'not-checked',
      'Logs show no errors': 'bad',
      'No active alerts': 'bad',
      'Pods are ready': 'bad',
    });
    await bothThemes('resolution-checks');
    await page.keyboard.press('Escape');
    await treeItem(page, /^Metrics returned to normal, not checked/).waitFor();
    await treeItem(page, /^Manual tests passing, by hand, not done/).waitFor();
    await treeItem(page, /^No active alerts, bad, .*active alert/).waitFor();
    await treeItem(page, /^Pods are ready, bad, .*CrashLoopBackOff/).waitFor();
  });

  it('shows the evidence of a check by the keyboard', async () => {
    await runCommand(page, 'Incident: Check Resolution');
    await pick(page, 'Pods are ready');
    await pick(page, 'Show the evidence');
    await page
      .locator('.monaco-editor .view-lines')
      .getByText(/CrashLoopBackOff/)
      .first()
      .waitFor();
    await page.keyboard.press('Escape');
  });

  it('sees it mended after the change, and the change itself as an open end', async () => {
    await runCommand(page, 'Incident: Go to Phase');
    await pick(page, /Mitigation/);
    await treeItem(page, /Scale out/).click();
    const frame = runbookFrame(page);
    await frame
      .getByRole('button', { name: /^Use payment-service as app/ })
      .first()
      .click();
    const card = frame.getByRole('article').nth(0);
    await card
      .getByText(/scale deployment payment-service/)
      .first()
      .waitFor();
    await card.getByRole('button', { name: 'Run step 1' }).click();
    await confirmationText(page);
    await confirm(page, 'Run');
    await card
      .getByText(/scaled/)
      .first()
      .waitFor();
    await sample.healed();
    await sample.journalHas('RunEnded');
    await runCommand(page, 'Incident: Mark Mitigated');
    await page.keyboard.press('Enter');
    await sample.journalHas('MitigatedMarked');
    await runCommand(page, 'Incident: Go to Phase');
    await pick(page, /Resolution/);
    // Pods in their back-off, alerts that last a little, restarts of a moment ago: looked at until all is calm.
    const calm = async (): Promise<boolean> => {
      const looks = events('ResolutionChecked').length;
      await runCommand(page, 'Incident: Check Resolution');
      await sample.journalHas('ResolutionChecked', looks + 1);
      await page.keyboard.press('Escape');
      const seen = lastSeen();
      return seen['Pods are ready'] === 'good' && seen['No active alerts'] === 'good';
    };
    let rounds = 0;
    while (!(await calm())) assert.ok(++rounds < 60, JSON.stringify(lastSeen()));
    assert.equal(lastSeen()['What was changed for the time being is put back'], 'bad');
  });

  it('takes the tick of a person with a note for what no machine can look at', async () => {
    await runCommand(page, 'Incident: Tick Checklist Item');
    await pick(page, /Manual tests passing/);
    await answer(page, 'paid with the test card', 'Manual tests passing');
    await treeItem(page, /^Manual tests passing, ticked by Ana/).waitFor();
  });

  it('keeps a temporary change by a person’s word, on the way to the resolve', async () => {
    await openResolve(page);
    await bothThemes('resolution-ways');
    await pick(page, 'What was changed for the time being is put back');
    await pick(page, /spec\.replicas 3 → 10/);
    await pick(page, 'Keep it…');
    await answer(page, 'the load stays until Monday', /^Keep: /);
    await sample.journalHas('ChangeKept');
  });

  it('starts a soak window, with a reason for what could not be looked at and somebody for the post-mortem', async () => {
    await answerResolve(page, {
      way: /^Watch for 30 s, then ask me/,
      reason: 'the exporter is being rebuilt; the shop’s own page shows 0 errors',
      cause: 'Load outgrew three replicas',
      fix: 'Scaled to ten',
      impact: '5% of payments failed',
      owner: 'Ben',
    });
    await sample.journalHas('SoakStarted');
    const accepted = events('CheckOverridden').map(({ data }) => [data['text'], data['state']]);
    assert.ok(
      accepted.some(([text, state]) => text === 'Metrics returned to normal' && state === 'not-checked'),
    );
    await sample.journalHas('PostMortemOwnerSet');
    assert.deepEqual(events('PostMortemOwnerSet')[0]?.data, { owner: 'Ben', role: 'Tech Lead' });
    assert.equal(events('IncidentResolved').length, 0);
    await treeItem(page, /^Soak window, \d:\d\d of 30 s left/).waitFor();
    await page
      .locator('.statusbar')
      .getByText(/soak \d:\d\d left/)
      .first()
      .waitFor();
  });

  it('sees a relapse within the window, says so once, and reopens with one click; what was said is kept', async () => {
    alertmanager().put({ ...fires, startsAt: Date.now() });
    await sample.journalHas('RelapseSeen');
    assert.match(
      String(events('RelapseSeen')[0]?.data['sentences']),
      /No active alerts: .*PaymentsStuck \(firing\)/,
    );
    const relapse = treeItem(page, /^Relapse: click to reopen, .*PaymentsStuck/);
    await relapse.waitFor();
    await page
      .locator('.statusbar')
      .getByText(/relapse/)
      .first()
      .waitFor();
    await bothThemes('resolution-relapse');
    await runCommand(page, 'Notifications: Show Notifications');
    const messages = page.locator('.notifications-center').getByText(/^Relapse in \S+: No active alerts/);
    await messages.first().waitFor();
    assert.equal(await messages.count(), 1);
    await page.locator('.notifications-center').getByRole('button', { name: 'Reopen' }).click();
    await sample.journalHas('IncidentReopened');
    await runCommand(page, 'Notifications: Clear All Notifications');
    assert.match(String(events('IncidentReopened')[0]?.data['reason']), /PaymentsStuck/);
    await treeItem(page, /^Watched from .*, reopened, relapse: No active alerts/).waitFor();
    // The tick said that it was over.
    await treeItem(page, /^Manual tests passing, by hand, not done/).waitFor();
    await treeItem(page, /^No active alerts, not checked/).waitFor();
    assert.equal(events('RelapseSeen').length, 1);
    assert.equal(events('SoakStarted').length, 1);
  });

  it('watches again over a reload of the window, and then resolves by itself because all is good', async () => {
    alertmanager().put({ ...fires, startsAt: Date.now() - 60_000, endsAt: Date.now() });
    await runCommand(page, 'Incident: Tick Checklist Item');
    await pick(page, /Manual tests passing/);
    await answer(page, 'paid again', 'Manual tests passing');
    await openResolve(page);
    await answerResolve(page, {
      way: /then resolve by itself/,
      reason: 'still no exporter',
      cause: 'Load outgrew three replicas',
      fix: 'Scaled to ten, and the stuck payments sent again',
    });
    await sample.journalHas('SoakStarted', 2);
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await openSidebar(page, 'Incident');
    await sample.journalHas('IncidentResolved');
    const [passed] = events('SoakPassed');
    assert.deepEqual(passed?.data['open'], []);
    const times = (type: string): number => Date.parse(events(type).at(-1)?.time ?? '');
    assert.ok(times('SoakPassed') - times('SoakStarted') >= 30_000, 'not before its time');
    const [over] = events('IncidentResolved');
    assert.equal(over?.data['cause'], 'Load outgrew three replicas');
    assert.equal(over.data['impact'], '5% of payments failed', 'what was said before is proposed again');
    await treeItem(page, /^Post-mortem: Ben, Tech Lead/).waitFor();
    await bothThemes('resolution-resolved');
  });

  it('leaves chains that verify, with their heads at the resolve', async () => {
    assert.ok(
      Object.keys(events('IncidentResolved')[0]?.data['heads'] as object).length >= 2,
      'two windows wrote',
    );
    for (const { problems } of await sample.verify()) assert.deepEqual(problems, []);
  });
});
