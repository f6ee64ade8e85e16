import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  answer,
  pick,
  readEditorText,
  runbookFrame,
  runCommand,
  treeItem,
  waitUntil,
} from '../../support/editorPage.ts';
import { screenshot } from '../../support/pictures.ts';
import { gitHubReader, type GitHubRepository } from '../../contract/suites/gitHubReader.ts';
import { connectSystem } from '../../support/outwardEditor.ts';
import { applyQuickFix, showProblem } from '../../support/problems.ts';
import { pressInMessage, readMessage, type SampleEditor } from '../../support/sampleEditor.ts';

/** What of the production is learned from: its incident is resolved, and one person wrote down who writes it up. */
export interface LearningProduction {
  readonly sample: () => SampleEditor;
  /** Where action items become issues; named by the settings already, not connected yet. */
  readonly tickets: (sample: SampleEditor) => Promise<GitHubRepository>;
  readonly pictures: boolean;
}

const action = 'Alert on a full queue';

/** From a resolved incident to a reviewed post-mortem whose action is done: by keyboard, on disk and in the issues. */
export function describeLearning({ sample, tickets, pictures }: LearningProduction): void {
  describe('and then learns from it', () => {
    const page = () => sample().page;
    const file = (): string => {
      const folder = path.join(sample().folder, 'postmortems');
      return path.join(folder, readdirSync(folder).find((name) => name.endsWith('.md')) ?? 'none.md');
    };
    const onDisk = (): string => readFileSync(file(), 'utf8');
    const lineWith = (words: string): string =>
      onDisk()
        .split('\n')
        .find((line) => line.includes(words)) ?? '';
    /** Changes the file as another program would, and waits until the editor has it. */
    const edit = async (change: (text: string) => string, seen: string): Promise<void> => {
      const before = onDisk();
      const after = change(before);
      assert.notEqual(after, before, `nothing to change for “${seen}”`);
      writeFileSync(file(), after);
      // A change on disk that meets a save is not always seen by itself.
      await runCommand(page(), 'File: Revert File');
      await waitUntil(`“${seen}” in the editor`, async () => (await readEditorText(page())).includes(seen));
    };
    const save = () => runCommand(page(), 'File: Save');
    let repository: GitHubRepository;
    /** Of this incident alone: a lab's repository holds those of other tests. */
    const issues = async () => {
      const number = String(sample().events('IncidentDeclared')[0]?.['number']);
      return (await gitHubReader(repository).tickets(action)).filter(({ text }) => text.includes(number));
    };

    it('drafts the post-mortem from the message that says that it is resolved', async () => {
      await pressInMessage(
        page(),
        /is resolved: the soak window has passed without a relapse\.$/,
        'Draft Post-Mortem',
      );
      await sample().journalHas('PostMortemDrafted');
      await runCommand(page(), 'Notifications: Clear All Notifications');
      const text = onDisk();
      assert.match(text, /^- Status: Draft$/m);
      assert.match(text, /^- \[\d\d:\d\d\] Relapse within the soak window: /m);
      assert.match(text, /^- \[\d\d:\d\d\] Reopened/m);
      assert.match(text, /^- \[\d\d:\d\d\] Resolved: Scaled to ten, and the stuck payments sent again/m);
      assert.match(text, /^## Root cause\n\nLoad outgrew three replicas$/m);
      assert.match(text, /^- Users affected: not given$/m);
    });

    it('follows the journal and loses no edit', async () => {
      await edit(
        (text) => text.replace(/^(- \[\d\d:\d\d\] Reopened.*)$/m, '$1, as the dashboard showed'),
        'as the dashboard showed',
      );
      await runCommand(page(), 'Incident: Add Note');
      await answer(page(), 'The queue had no alert', /^Note on/);
      await sample().journalHas('NoteAdded');
      await page().keyboard.press('Control+Home');
      await page().locator('.codelens-decoration a').getByText('Refresh everything').first().click();
      await readMessage(page(), /The post-mortem follows the journal again/);
      await save();
      await sample().until('the new row on disk', () => onDisk().includes('] Note: The queue had no alert'));
      const shown = onDisk().split('<details>')[0] ?? '';
      assert.match(shown, /^- \[\d\d:\d\d\] Reopened.*, as the dashboard showed$/m);
      assert.equal(shown.match(/\] Reopened/g)?.length, 1);
    });

    it('is mended of what the lint finds by its quick fixes', async () => {
      await edit(
        (text) =>
          text
            .replace(/(?:^- \[ \] \[Action\].*\n)+/m, `- [ ] ${action}\n`)
            .replace('- Users affected: not given', '- Users affected: 5%')
            .replace(/^(- \[\d\d:\d\d\] Note: The queue had no alert.*)$/m, '$1. It was human error.'),
        action,
      );
      await runCommand(page(), 'Incident: Set Post-Mortem Status');
      await pick(page(), 'In review');
      await readMessage(page(), /It is not “In review” yet\. Line \d+: /);
      assert.match(onDisk(), /^- Status: Draft$/m);

      await showProblem(page(), /“Human error” ends the search/);
      await applyQuickFix(page(), 'Ask what made it possible');
      await showProblem(page(), /This figure does not say where it is from/);
      await applyQuickFix(page(), 'Write “unknown” in its place');
      await showProblem(page(), /Nobody is named who does it/);
      await applyQuickFix(page(), 'Give it to Ben');
      await showProblem(page(), /It has no deadline/);
      await applyQuickFix(page(), /^Due in two weeks, /);
      await save();
      await sample().until('the fixes on disk', () =>
        new RegExp(`^- \\[ \\] ${action} - Ben - \\d{4}-\\d\\d-\\d\\d$`, 'm').test(onDisk()),
      );
      assert.match(
        lineWith('Note: The queue had no alert'),
        /It was \[what made this easy to get wrong\]\.$/,
      );
      assert.match(onDisk(), /^- Users affected: unknown$/m);
    });

    it('makes an issue of the action, after its text was seen', async () => {
      repository = await tickets(sample());
      await connectSystem(page(), 'GitHub', repository.token);
      await runCommand(page(), 'Incident: Sync Action Items');
      const list = page().locator('.quick-input-list');
      await list.getByText('Owner: Ben').first().waitFor();
      if (pictures) await screenshot(page(), 'action-item-issue-light');
      assert.equal((await issues()).length, 0);
      await pick(page(), 'Tell one place');
      await waitUntil('the issue', async () => (await issues()).length === 1);
      const [issue] = await issues();
      assert.equal(issue?.isOpen, true);
      await sample().until('its link in the file', () => lineWith(action).includes(`#${issue?.id}](`));
      assert.match(lineWith(action), /^- \[ \] .* - Ben - \d{4}-\d\d-\d\d \(\[/);
    });

    it('has the box ticked by the issue that somebody closes', async () => {
      const [issue] = await issues();
      assert.ok(issue);
      await gitHubReader(repository).close(issue.id);
      await runCommand(page(), 'Incident: Sync Action Items');
      await sample().until('the box to be ticked', () => lineWith(action).startsWith('- [x] '));
      await readMessage(page(), new RegExp(`“${action}” is done: .*#${issue.id} was closed\\.`));
      const last = sample().events('ActionItemsSeen').at(-1);
      assert.equal((last?.['items'] as { done: boolean }[])[0]?.done, true);
    });

    it('goes to review once nothing is an error, and is reviewed', async () => {
      const owed = page()
        .locator('.statusbar')
        .getByText(/Post-mortem due in/)
        .first();
      await owed.waitFor();
      for (const [count, status] of ['In review', 'Reviewed'].entries()) {
        await runCommand(page(), 'Incident: Set Post-Mortem Status');
        await pick(page(), status);
        await sample().journalHas('PostMortemStatusSet', count + 1);
        assert.match(onDisk(), new RegExp(`^- Status: ${status}$`, 'm'));
      }
      // The status bar counts down for what is owed, and nothing is any more.
      await owed.waitFor({ state: 'hidden' });
    });

    it('was on time then, to the tree, the calendar and Trends alike', async () => {
      await treeItem(page(), /^Post-mortem, .*reviewed on time/).waitFor();
      await runCommand(page(), 'Incident: Put Post-Mortem Deadline in Calendar');
      await readMessage(page(), /has no deadline: it is reviewed\. Nothing was written\./);
      await runCommand(page(), 'Incident: Show Trends');
      const row = runbookFrame(page())
        .getByRole('table', { name: 'Updates and post-mortems on time' })
        .getByRole('row', { name: /^Post-mortems/ });
      await row.waitFor();
      const cells = (await row.innerText()).split(/\s*\t\s*/);
      assert.deepEqual([cells[1], cells.includes('100 %')], ['1', true], cells.join(' | '));
      await runCommand(page(), 'View: Close Editor');
    });
  });
}
