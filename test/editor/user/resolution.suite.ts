import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { answer, openSidebar, pick, readEditorText, runCommand, treeItem } from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { oneStory } from '../../support/oneStory.ts';
import { answerResolve, checkResolution, openResolve } from '../../support/resolving.ts';
import { readMessage, type SampleEditor } from '../../support/sampleEditor.ts';
import { describeLearning, type LearningProduction } from './learning.suite.ts';

/** What is seen of each check, by its words. */
export type LastSeen = Readonly<Record<string, string>>;

/** What the way to a verified end needs of the production it runs on. */
export interface ResolutionProduction {
  readonly name: string;
  open(): Promise<SampleEditor>;
  /** As the cluster or the person names it. */
  readonly service: string;
  /** The pinned target's context; its namespace is `production`. */
  readonly context: string;
  /** The items of its guide's checklist. */
  readonly words: Readonly<Record<'metrics' | 'logs' | 'alerts' | 'byHand', string>>;
  /** How the checks stand while it burns. */
  readonly burning: LastSeen;
  /** Words of the list while it burns. */
  readonly seenBurning: RegExp;
  /** Mends it, as a responder or as the world does. */
  mend(sample: SampleEditor): Promise<void>;
  /** How the checks have to stand for the soak window to begin. */
  readonly calm: LastSeen;
  /** Done in the list of checks on the way to the first window, if anything. */
  settle?(sample: SampleEditor): Promise<void>;
  /** Lets it come back. */
  relapse(sample: SampleEditor): Promise<void>;
  /** What the relapse says. */
  readonly says: RegExp;
  /** Lets it go again. */
  calmAgain(sample: SampleEditor): Promise<void>;
  /** True: a second window of the same journal is open while the first one runs the checks. */
  readonly secondWindow: boolean;
  /** Where the action items of its post-mortem become issues. */
  readonly tickets: LearningProduction['tickets'];
  /** Pictures are made on the simulated production alone. */
  readonly pictures: boolean;
}

/** For `incident.resolution.soak`: long enough for a relapse, short enough to wait for. */
export const soakSetting = { highest: '30s', '*': '30s' };

/** "Resolved" is checked, watched, taken back when it was not so, and only then said. */
export function describeResolution(production: ResolutionProduction): void {
  describe(`resolving with checks and a soak window, on ${production.name}`, function () {
    this.timeout(300_000);
    oneStory();
    const { words } = production;
    /** The row that begins so. */
    const starting = (label: string, more: string): RegExp => new RegExp(`^${label}${more}`);
    let sample: SampleEditor;
    let page: Page;

    before(async () => {
      sample = await production.open();
      page = sample.page;
    });
    afterEach(async function () {
      if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-resolution');
    });
    after(() => sample?.dispose());

    const events = (type: string) => sample.journal().filter((event) => event.type === type);
    const list = () => page.locator('.quick-input-list');
    const bothThemes = async (name: string): Promise<void> => {
      if (!production.pictures) return;
      await screenshot(page, `${name}-light`);
      await setTheme(page, 'Dark Modern');
      await screenshot(page, `${name}-dark`);
      await setTheme(page, 'Light Modern');
    };
    const lastSeen = (): LastSeen =>
      Object.fromEntries(
        events('ResolutionChecked').flatMap(({ data }) =>
          (data['checks'] as { text: string; state: string }[]).map(({ text, state }) => [text, state]),
        ),
      );
    const check = (): Promise<void> => checkResolution(sample);

    it('looks at the guide’s checklist while it still burns, and calls nothing green that it does not know', async () => {
      await openSidebar(page, 'Incident');
      await runCommand(page, 'Incident: Declare');
      await answer(page, 'Payments failing', /1\/4/);
      await pick(page, 'SEV2');
      await page.locator('.quick-input-widget input[type="text"]').fill(production.service);
      await pick(page, production.service);
      await pick(page, new RegExp(`^${production.context} / production$`));
      await treeItem(page, /^SEV2 Payments failing/).waitFor();
      await runCommand(page, 'Incident: Go to Phase');
      await pick(page, /Resolution/);
      await check();
      await list().getByText(production.seenBurning).first().waitFor();
      assert.deepEqual(lastSeen(), production.burning);
      await screenshotList();
      await page.keyboard.press('Escape');
      await treeItem(page, starting(words.metrics, ', not checked')).waitFor();
      await treeItem(page, starting(words.byHand, ', by hand, not done')).waitFor();
      await treeItem(page, starting(words.alerts, ', bad, .*active alert')).waitFor();
    });
    const screenshotList = async (): Promise<void> => {
      if (production.pictures) await screenshot(page, 'resolution-checks-light');
    };

    it('shows the evidence of a check by the keyboard', async () => {
      await check();
      await pick(page, words.alerts);
      await pick(page, 'Show the evidence');
      await page.locator('.tab.active').getByText('check.txt').waitFor();
      assert.match(await readEditorText(page), /State: bad[\s\S]*firing since/);
    });

    it('sees it mended', async () => {
      await production.mend(sample);
      await runCommand(page, 'Incident: Mark Mitigated');
      await page.locator('.quick-input-titlebar').getByText('Mark Mitigated').waitFor();
      // A runbook page that is drawn anew may hold the focus.
      await page.locator('.quick-input-widget input[type="text"]').press('Enter');
      await sample.journalHas('MitigatedMarked');
      await runCommand(page, 'Incident: Go to Phase');
      await pick(page, /Resolution/);
      // Pods in their back-off, alerts that last a little, restarts of a moment ago: looked at until all is calm.
      const isCalm = (): boolean => {
        const seen = lastSeen();
        return Object.entries(production.calm).every(([text, state]) => seen[text] === state);
      };
      for (let rounds = 0; !isCalm(); rounds++) {
        assert.ok(rounds < 150, JSON.stringify(events('ResolutionChecked').at(-1)?.data));
        await check();
        await page.keyboard.press('Escape');
      }
    });

    it('takes the tick of a person with a note for what no machine can look at', async () => {
      await runCommand(page, 'Incident: Tick Checklist Item');
      await pick(page, new RegExp(words.byHand));
      await answer(page, 'paid with the test card', words.byHand);
      await treeItem(page, starting(words.byHand, ', ticked by ')).waitFor();
    });

    it('starts a soak window, with a reason for what is open and somebody for the post-mortem', async () => {
      if (production.secondWindow) {
        const { page: other } = await sample.openWindow();
        await openSidebar(other, 'Incident');
        await treeItem(other, /^SEV2 Payments failing/).waitFor();
      }
      await openResolve(page);
      if (production.pictures) await screenshot(page, 'resolution-ways-light');
      await production.settle?.(sample);
      await answerResolve(page, {
        way: /^Watch for 30 s, then ask me/,
        reason: 'the exporter is being rebuilt; the shop’s own page shows no errors',
        cause: 'Load outgrew three replicas',
        fix: 'Scaled to ten',
        impact: '5% of payments failed',
        owner: 'Ben',
      });
      await sample.journalHas('SoakStarted');
      const accepted = events('CheckOverridden').map(({ data }) => [data['text'], data['state']]);
      assert.ok(accepted.some(([text, state]) => text === words.metrics && state === 'not-checked'));
      await sample.journalHas('PostMortemOwnerSet');
      assert.deepEqual(events('PostMortemOwnerSet')[0]?.data, { owner: 'Ben', role: 'Tech Lead' });
      assert.equal(events('IncidentResolved').length, 0);
      await page
        .locator('.statusbar')
        .getByText(/soak \d:\d\d left/)
        .first()
        .waitFor();
    });

    it('sees a relapse within the window, says so once, and reopens with one click; what was said is kept', async () => {
      await production.relapse(sample);
      await sample.journalHas('RelapseSeen');
      assert.match(String(events('RelapseSeen')[0]?.data['sentences']), production.says);
      await treeItem(page, starting('Relapse: click to reopen', `, ${words.alerts}`)).waitFor();
      await page
        .locator('.statusbar')
        .getByText(/relapse/)
        .first()
        .waitFor();
      await bothThemes('resolution-relapse');
      await runCommand(page, 'Notifications: Show Notifications');
      const messages = page
        .locator('.notifications-center')
        .getByText(new RegExp(`^Relapse in \\S+: ${words.alerts}`));
      await messages.first().waitFor();
      assert.equal(await messages.count(), 1);
      await page.locator('.notifications-center').getByRole('button', { name: 'Reopen' }).click();
      await sample.journalHas('IncidentReopened');
      await runCommand(page, 'Notifications: Clear All Notifications');
      assert.match(String(events('IncidentReopened')[0]?.data['reason']), production.says);
      await treeItem(page, new RegExp(`^Watched from .*, reopened, relapse: ${words.alerts}`)).waitFor();
      // The tick said that it was over.
      await treeItem(page, starting(words.byHand, ', by hand, not done')).waitFor();
      await treeItem(page, starting(words.alerts, ', not checked')).waitFor();
      assert.equal(events('RelapseSeen').length, 1);
      const writers = events('ResolutionChecked').filter(({ data }) => data['soak'] !== undefined);
      assert.equal(new Set(writers.map(({ writer }) => writer)).size, 1, 'one window alone runs the checks');
      assert.equal(events('SoakStarted').length, 1);
    });

    it('calls a soak window off, and the incident goes on', async () => {
      await production.calmAgain(sample);
      await runCommand(page, 'Incident: Tick Checklist Item');
      await pick(page, new RegExp(words.byHand));
      await answer(page, 'paid again', words.byHand);
      await openResolve(page);
      await answerResolve(page, {
        way: /then ask me/,
        reason: 'still no exporter',
        cause: 'Load outgrew three replicas',
        fix: 'Scaled to ten',
        impact: '5% of payments failed',
      });
      await sample.journalHas('SoakStarted', 2);
      await runCommand(page, 'Incident: Cancel Soak Window');
      await sample.journalHas('SoakCancelled');
      await readMessage(page, /^The soak window of \S+ is cancelled\.$/);
      await page
        .locator('.statusbar')
        .getByText(/soak \d:\d\d left/)
        .first()
        .waitFor({ state: 'hidden' });
      assert.equal(events('SoakPassed').length + events('IncidentResolved').length, 0);
    });

    it('watches again over a reload of the window, and then resolves by itself because all is good', async () => {
      await openResolve(page);
      await answerResolve(page, {
        way: /then resolve by itself/,
        reason: 'still no exporter',
        cause: 'Load outgrew three replicas',
        fix: 'Scaled to ten, and the stuck payments sent again',
        impact: '5% of payments failed',
      });
      await sample.journalHas('SoakStarted', 3);
      await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
      await openSidebar(page, 'Incident');
      await sample.journalHas('IncidentResolved');
      const [passed] = events('SoakPassed');
      assert.deepEqual(passed?.data['open'], []);
      const timeOf = (type: string): number => Date.parse(events(type).at(-1)?.time ?? '');
      assert.ok(timeOf('SoakPassed') - timeOf('SoakStarted') >= 30_000, 'not before its time');
      assert.equal(events('IncidentResolved')[0]?.data['cause'], 'Load outgrew three replicas');
      assert.equal(events('PostMortemOwnerSet').at(-1)?.data['owner'], 'Ben');
      await bothThemes('resolution-resolved');
    });

    it('leaves chains that verify, with their heads at the resolve', async () => {
      const heads = events('IncidentResolved')[0]?.data['heads'] as object;
      assert.ok(Object.keys(heads).length >= 2, 'both windows wrote');
      for (const { problems } of await sample.verify()) assert.deepEqual(problems, []);
    });

    it('has its post-mortem given to somebody else, and back', async () => {
      const owner = () => events('PostMortemOwnerSet').at(-1)?.data;
      for (const [name, data] of [
        ['Carla', { owner: 'Carla' }],
        ['Ben', { owner: 'Ben', role: 'Tech Lead' }],
      ] as const) {
        const before = events('PostMortemOwnerSet').length;
        await runCommand(page, 'Incident: Set Post-Mortem Owner');
        await page
          .locator('.quick-input-titlebar')
          .getByText(/^Post-mortem of /)
          .waitFor();
        await page.locator('.quick-input-widget input[type="text"]').fill(name);
        await pick(page, name);
        await sample.journalHas('PostMortemOwnerSet', before + 1);
        assert.deepEqual(owner(), data);
      }
    });

    describeLearning({ sample: () => sample, tickets: production.tickets, pictures: production.pictures });
  });
}
