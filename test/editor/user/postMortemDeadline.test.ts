import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ICAL from 'ical.js';
import type { Page } from 'playwright-core';
import type { Command } from '../../../src/core/incident/commands.ts';
import { askedAddress } from '../../support/askedAddress.ts';
import {
  openSidebar,
  pick,
  readEditorText,
  runbookFrame,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot, setTheme } from '../../support/pictures.ts';
import { answerResolve, openResolve } from '../../support/resolving.ts';
import {
  openSampleEditor,
  pressInMessage,
  readMessage,
  type SampleEditor,
} from '../../support/sampleEditor.ts';
import { seedIncident } from '../../support/seedIncident.ts';

const day = 24 * 60;
const earlierFile = 'postmortems/2026-search-slow.md';
const overdue = '- [ ] Page on slow search - Ana Souza - 2026-01-31';
const earlier = `# Post-mortem: Search slow\n\n## Impact\nSlow.\n\n## Action items\n${overdue}\n- [x] Restart it - Ben - 2026-01-30\n`;

const declare = (number: string, title: string): Command => ({
  type: 'Declare',
  data: {
    ...{ number, title, severity: 'SEV3', service: 'search-service' },
    target: { context: 'simulated-production', namespace: 'production' },
    guide: { file: 'incident-guide.md' },
  },
});

/** A SEV3, for which the guide wants a post-mortem only if it recurs; three days after another one of its service. */
describe('the deadline of an incident that recurs', function () {
  this.timeout(240_000);
  let sample: SampleEditor;
  let page: Page;

  before(async () => {
    sample = await openSampleEditor({
      files: {
        'incident-people.yaml': JSON.stringify([
          { name: 'Ben', roles: ['Tech Lead'], email: 'ben@example.org' },
        ]),
        [earlierFile]: earlier,
      },
    });
    page = sample.page;
    await seedIncident(
      sample.server,
      [3 * day, declare('2026-01-28-0001', 'Search slow')],
      [3 * day - 30, { type: 'Resolve', data: { cause: 'A full index', heads: {} } }],
      [3 * day - 40, { type: 'RecordPostMortem', data: { file: earlierFile, sha256: 'a'.repeat(64) } }],
      [
        3 * day - 50,
        {
          type: 'SeeActionItems',
          data: {
            file: earlierFile,
            items: [
              { text: 'Page on slow search', done: false, owner: 'Ana Souza', due: '2026-01-31' },
              { text: 'Restart it', done: true, owner: 'Ben', due: '2026-01-30' },
            ],
          },
        },
      ],
    );
    await seedIncident(sample.server, [20, declare('2026-01-31-0001', 'Search slow again')]);
    await openSidebar(page, 'Incident');
    await treeItem(page, /^SEV3 Search slow again/).waitFor();
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await screenshot(page, 'failed-post-mortem-deadline');
  });
  after(() => sample?.dispose());

  const inFolder = (ending: string): string => {
    const folder = path.join(sample.folder, 'postmortems');
    const name = readdirSync(folder).find((one) => one.endsWith(ending) && !one.includes('2026-search'));
    return path.join(folder, name ?? `none${ending}`);
  };
  const statusBar = (text: RegExp) => page.locator('.statusbar').getByText(text).first();
  const readCalendar = (): ICAL.Event => {
    const calendar = new ICAL.Component(ICAL.parse(readFileSync(inFolder('.ics'), 'utf8')) as unknown[]);
    const component = calendar.getFirstSubcomponent('vevent');
    assert.ok(component);
    return new ICAL.Event(component);
  };
  const writeCalendar = async (times: number): Promise<ICAL.Event> => {
    await runCommand(page, 'Incident: Put Post-Mortem Deadline in Calendar');
    await pick(page, /^Write a calendar file/);
    await sample.journalHas('CalendarEntryWritten', times);
    await readMessage(page, /\.ics holds the deadline/);
    return readCalendar();
  };
  const resolve = async (owner?: string): Promise<void> => {
    await openResolve(page);
    await answerResolve(page, { cause: 'The index again', ...(owner === undefined ? {} : { owner }) });
  };

  it('is found at the resolution, which then asks who writes the post-mortem', async () => {
    await resolve('Ben');
    await sample.journalHas('PostMortemOwnerSet');
    const [recurrence] = sample.events('RecurrenceSeen');
    assert.deepEqual(
      (recurrence?.['earlier'] as { number: string; because: unknown }[]).map(({ number, because }) => [
        number,
        because,
      ]),
      [['2026-01-28-0001', [{ kind: 'service', value: 'search-service' }]]],
    );
    await readMessage(page, /is resolved\. It recurs: 2026-01-28-0001, 2 days before: the same service/);
  });

  it('counts down in the status bar and in the tree, with the earlier incident to be read', async () => {
    await statusBar(/Post-mortem due in 6 d 23 h/).waitFor();
    await treeItem(page, /^Post-mortem, .*due .* UTC, 6 d 23 h left/).click();
    await treeItem(page, /^Within 1 week for SEV3, due .* left/).waitFor();
    const like = treeItem(page, /^Like 2026-01-28-0001 Search slow, 2 days before: the same service/);
    await like.waitFor();
    await screenshot(page, 'post-mortem-deadline-light');
    await setTheme(page, 'Dark Modern');
    await screenshot(page, 'post-mortem-deadline-dark');
    await setTheme(page, 'Light Modern');
    await like.click();
    await runbookFrame(page)
      .getByText(/Search slow/)
      .first()
      .waitFor();
    await runCommand(page, 'View: Close Editor');
  });

  it('is in the calendar with its owner, and moves there under the same UID', async () => {
    const first = await writeCalendar(1);
    assert.match(first.summary, /^Post-mortem due: SEV3 Search slow again/);
    assert.match(first.description, /\nOwner: Ben\.$/m);
    assert.equal(first.organizer, 'MAILTO:ben@example.org');
    await runCommand(page, 'Incident: Reopen');
    await page
      .locator('.quick-input-titlebar')
      .getByText(/^Reopen /)
      .waitFor();
    await page.keyboard.press('Enter');
    await sample.journalHas('IncidentReopened');
    await resolve();
    await sample.journalHas('IncidentResolved', 3);
    const moved = await writeCalendar(2);
    assert.equal(moved.uid, first.uid);
    assert.equal(moved.sequence, first.sequence + 1);
    assert.equal(moved.organizer, first.organizer);
    // A calendar's file has minutes, and the second resolution may be in the minute of the first one.
    const due = sample.events('CalendarEntryWritten').map(({ dueAt }) => String(dueAt));
    assert.ok(due[1]! > due[0]!, due.join());
    assert.deepEqual(
      [first, moved].map(({ endDate }) => endDate.toJSDate().toISOString().slice(0, 16)),
      due.map((one) => one.slice(0, 16)),
    );
  });

  it('opens the pages of Google Calendar and Outlook with the deadline filled in, and writes nothing', async () => {
    const due = String(sample.events('CalendarEntryWritten').at(-1)?.['dueAt']);
    const from = new Date(Date.parse(due) - 30 * 60_000).toISOString();
    const compose = async (name: string): Promise<URL> => {
      await runCommand(page, 'Incident: Put Post-Mortem Deadline in Calendar');
      await pick(page, `Open ${name}`);
      return new URL(await askedAddress(page));
    };
    const google = await compose('Google Calendar');
    assert.equal(google.origin + google.pathname, 'https://calendar.google.com/calendar/render');
    const compact = (iso: string): string => iso.replace(/[-:]|\.\d{3}/g, '');
    assert.equal(google.searchParams.get('dates'), `${compact(from)}/${compact(due)}`);
    assert.equal(google.searchParams.get('text'), 'Post-mortem due: SEV3 Search slow again');
    assert.match(google.searchParams.get('details') ?? '', /\nOwner: Ben\./);
    const outlook = await compose('Outlook');
    assert.equal(outlook.origin, 'https://outlook.office.com');
    assert.equal(outlook.searchParams.get('startdt'), from);
    assert.equal(outlook.searchParams.get('enddt'), due);
    assert.equal(outlook.searchParams.get('subject'), 'Post-mortem due: SEV3 Search slow again');
    assert.equal(sample.events('CalendarEntryWritten').length, 2);
  });

  it('is drafted by a click on the status bar, with what it recurs of; a second click opens the same file', async () => {
    await statusBar(/Post-mortem due in/).click();
    await sample.journalHas('PostMortemDrafted', 2);
    const text = readFileSync(inFolder('.md'), 'utf8');
    assert.match(text, /^- Due: \d{4}-\d\d-\d\d \d\d:\d\d UTC \(the guide: Within 1 week for SEV3\)$/m);
    assert.match(text, /^- Recurs: 2026-01-28-0001, 2 days before: the same service, search-service$/m);
    await runCommand(page, 'View: Close Editor');
    await statusBar(/Post-mortem due in/).click();
    await page
      .locator('.tab.active')
      .getByText(path.basename(inFolder('.md')))
      .waitFor();
    assert.equal(await page.locator('.diff-editor').count(), 0);
    await pressInMessage(page, /is there already and was left as it is\.$/, 'Compare with a New Draft');
    await page.locator('.tab.active').getByText('new draft ↔ yours').waitFor();
    await runCommand(page, 'View: Close Editor');
    assert.equal(sample.events('PostMortemDrafted').length, 2);
    await runCommand(page, 'Notifications: Clear All Notifications');
  });

  it('is counted down after a restart too, though nobody has opened the incident', async () => {
    await Promise.all([page.waitForEvent('load'), runCommand(page, 'Developer: Reload Window')]);
    await openSidebar(page, 'Incident');
    await statusBar(/Post-mortem due in 6 d 23 h/).waitFor();
  });

  it('has the overdue actions of all incidents in History, and opens one where it stands', async () => {
    for (const view of ['Incidents', 'Signals', 'Runbooks', 'History'])
      await page.getByRole('button', { name: `${view} Section` }).click();
    const row = treeItem(page, /^Action items, 1 overdue of 1 open/);
    await row.waitFor();
    await screenshot(page, 'action-items-history-light');
    await row.click();
    const list = page.locator('.quick-input-list');
    await list.getByText(/^Ana Souza {2}due 2026-01-31, \d+ days overdue$/).waitFor();
    await page
      .locator('.quick-input-titlebar')
      .getByText(/^Action Items: 1 open, 1 overdue/)
      .waitFor();
    await screenshot(page, 'action-items-list-light');
    await pick(page, 'Page on slow search');
    await page.locator('.tab.active').getByText(path.basename(earlierFile)).waitFor();
    await page.locator('.statusbar').getByText('Ln 7, Col 1').waitFor();
    await waitUntil('the file of the action', async () => (await readEditorText(page)).includes(overdue));
  });

  it('counts them in Trends', async () => {
    await runCommand(page, 'Incident: Show Trends');
    const table = runbookFrame(page).getByRole('table', { name: 'Action items open, overdue and done' });
    const row = table.getByRole('row').nth(1);
    await row.waitFor();
    assert.deepEqual((await row.innerText()).split(/\s*\t\s*/).slice(1, 4), ['1', '1', '1']);
  });
});
