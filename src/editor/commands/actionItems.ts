import * as vscode from 'vscode';
import { newIssueRow } from '../../core/actionItems/planActionSync.ts';
import type { ActionItem } from '../../core/actionItems/actionItem.ts';
import { unreadSentence } from '../../core/actionItems/unreadIssues.ts';
import type { AnnouncementRow } from '../../core/deliveries/announcement.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { actionItemRows, actionItemsTitle, type ActionItemRow } from '../../core/views/actionItemRows.ts';
import { itemsOf, openPostMortem, pullActionItems } from '../postmortem/actionItemSync.ts';
import { pick } from '../ask/ask.ts';
import { askOutward } from '../ask/askOutward.ts';
import { loadWithProgress } from '../views/incidentHistory.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident } from './onIncident.ts';
import { sha256 } from '../../journal/sha256.ts';

/** The open actions of all incidents, overdue ones first; the one that is picked is opened where it stands. */
export const showActionItems: CommandFactory = (deps) => async () => {
  const loaded = await loadWithProgress('Reading the incidents', deps.history.load);
  if (!loaded) return;
  const rows = actionItemRows(loaded.records, deps.now().slice(0, 10));
  const unknown = loaded.records.filter(
    ({ actions, status, drill }) => actions === undefined && status === 'resolved' && !drill,
  ).length;
  if (rows.length === 0) {
    void vscode.window.showInformationMessage(
      `${actionItemsTitle(rows, unknown)}. They are read from post-mortems when these are saved.`,
    );
    return;
  }
  const chosen = await pick(
    rows.map((row) => ({ ...row, value: row })),
    {
      title: actionItemsTitle(rows, unknown),
      placeholder: 'Which one do you want to see in its post-mortem?',
    },
  );
  if (chosen) await openActionItem(deps, chosen);
};

/** Opens the post-mortem at the item; where it is not here, the incident's page. */
async function openActionItem(deps: CommandDeps, row: ActionItemRow): Promise<void> {
  const { incident: id, text } = row;
  if (row.isImported) return deps.reports.openIncident(id, text);
  const read = await deps.incidents.open(id);
  if (!read.ok) {
    void vscode.window.showErrorMessage(read.failure.message);
    return;
  }
  const opened = await openPostMortem(read.value);
  if (!opened.ok) {
    void vscode.window.showWarningMessage(opened.failure.message);
    return deps.reports.openIncident(id);
  }
  const line = (await itemsOf(deps, read.value, opened.value)).find((item) => item.text === text)?.line;
  const selection = line === undefined ? {} : { selection: new vscode.Range(line, 0, line, 0) };
  await vscode.window.showTextDocument(opened.value, { preview: false, ...selection });
}

/** Makes the action items of the post-mortem and their issues alike; what leaves is seen before it is sent. */
export const syncActionItems: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const { incident } = at;
  if (!incident.postMortem) {
    const draft = 'Draft Post-Mortem';
    const answer = await vscode.window.showInformationMessage(
      `${incident.number} has no post-mortem yet, so it has no action items.`,
      draft,
    );
    if (answer === draft) await vscode.commands.executeCommand('incident.draftPostMortem');
    return;
  }
  const synced = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: 'Reading the issues of the action items',
      cancellable: true,
    },
    (_progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      return pullActionItems(deps, incident, stop.signal);
    },
  );
  if (!synced.ok) {
    if (synced.failure.code !== 'cancelled') void vscode.window.showErrorMessage(synced.failure.message);
    return;
  }
  const { says, rows, without, unread, seen } = synced.value;
  if (unread.length > 0) void vscode.window.showWarningMessage(unread.map(unreadSentence).join(' '));
  const outward = [...rows, ...(await newIssueRows(deps, incident, without))];
  if (outward.length === 0) {
    void vscode.window.showInformationMessage(
      [...says, `${seen.length} action ${seen.length === 1 ? 'item' : 'items'}, nothing else to sync.`].join(
        ' ',
      ),
    );
    return;
  }
  if (says.length > 0) void vscode.window.showInformationMessage(says.join(' '));
  const requests = await askOutward(`${incident.number}: action items`, outward, deps.readOnlyTexts);
  if (!requests || requests.length === 0) return;
  const sent = await deps.deliveries.request(incident, requests);
  if (!sent.ok) void vscode.window.showErrorMessage(sent.failure.message);
};

/** A row for each open item without an issue; those that nobody owns yet are not picked by themselves. */
async function newIssueRows(
  deps: CommandDeps,
  incident: Incident,
  items: readonly ActionItem[],
): Promise<readonly AnnouncementRow[]> {
  const [place] = (await deps.connections.placesOf()).tickets;
  if (!place || incident.drill) return [];
  return items.map((item) => ({
    ...newIssueRow(item, { incident, place, hash: sha256 }),
    picked: item.owner !== undefined,
  }));
}
