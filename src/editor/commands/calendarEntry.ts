import * as path from 'node:path';
import * as vscode from 'vscode';
import { messageOf } from '../../core/errors.ts';
import { clocksOf } from '../../core/incident/clocks.ts';
import { utcDateTime } from '../../core/incident/instants.ts';
import { everybody } from '../../core/people/peopleFor.ts';
import { calendarEntryOf, organizerOf, writtenEntry } from '../../core/postmortem/calendarEntry.ts';
import { postMortemFileName } from '../../core/postmortem/fileName.ts';
import { openDeadline, postMortemDeadline } from '../../core/postmortem/postMortemDeadline.ts';
import { pick } from '../ask/ask.ts';
import { lookForRecurrence } from '../resolution/recurrenceLook.ts';
import { openWeb } from '../ask/openWeb.ts';
import type { CommandFactory } from './commandDeps.ts';
import { currentIncident, record } from './onIncident.ts';

/** Writes the post-mortem's deadline as an iCalendar file beside it, or opens a calendar's page with it filled in. */
export const saveCalendarEntry: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { incident, guide } = await lookForRecurrence(deps, at);
  const clocks = clocksOf(incident, guide, deps.now());
  const { people } = await deps.people.load();
  const organizer = organizerOf(
    [incident.postMortemOwner?.owner, deps.userName()],
    everybody(people, guide?.contacts ?? []),
  );
  const entry = calendarEntryOf({ incident, dueAt: openDeadline(clocks)?.dueAt, organizer });
  if (!entry) {
    const { severity, status } = incident;
    const why =
      status === 'active'
        ? 'it is not resolved yet'
        : postMortemDeadline(clocks)
          ? 'it is reviewed'
          : clocks.postMortem.length > 0
            ? `the guide gives one for ${severity} only if it recurs, and no earlier incident was found that is like it`
            : `the guide gives none for ${severity}`;
    void vscode.window.showInformationMessage(
      `The post-mortem of ${incident.number} has no deadline: ${why}. Nothing was written.`,
    );
    return;
  }
  const { calendar } = deps.integrations();
  const uri = deps.postMortems.uriFor(postMortemFileName(incident).replace(/\.md$/, '.ics'));
  const name = vscode.workspace.asRelativePath(uri, false);
  const links = entry.cancelled ? [] : calendar.composeLinks(entry);
  const chosen = await pick<'file' | { readonly url: string }>(
    [
      {
        label: entry.cancelled ? 'Write the file that takes the entry back' : 'Write a calendar file',
        icon: 'calendar',
        detail: `${name}${entry.sequence > 0 ? '; calendars move the entry they have' : ''}`,
        value: 'file',
      },
      ...links.map(({ name: page, url }) => ({
        label: `Open ${page}`,
        icon: 'link-external',
        detail: 'An entry of its own, which a later file does not move',
        value: { url },
      })),
    ],
    {
      title: entry.title,
      placeholder: entry.cancelled ? 'There is no deadline now' : `Due ${utcDateTime(entry.endsAt)}`,
    },
  );
  if (chosen === undefined) return;
  if (chosen !== 'file') {
    await openWeb(chosen.url);
    return;
  }
  const file = calendar.renderCalendarFile(entry);
  if (!file.ok) {
    void vscode.window.showErrorMessage(file.failure.message);
    return;
  }
  try {
    await vscode.workspace.fs.writeFile(uri, Buffer.from(file.value));
  } catch (thrown) {
    void vscode.window.showErrorMessage(
      `${name} could not be written (${messageOf(thrown)}). The deadline is still in the tree; choose another folder in incident.postMortems.folder and write it again.`,
    );
    return;
  }
  await record(deps, incident, { type: 'RecordCalendarEntry', data: writtenEntry(entry) });
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(
    `${path.basename(uri.fsPath)} ${entry.cancelled ? 'takes the entry back' : 'holds the deadline'}: open it with your calendar.`,
    open,
  );
  if (answer === open) await vscode.env.openExternal(uri);
};
