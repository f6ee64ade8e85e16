import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { newIssueRow } from '../../core/actionItems/planActionSync.ts';
import type { ActionItem } from '../../core/actionItems/actionItem.ts';
import type { AnnouncementRow } from '../../core/deliveries/announcement.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { pullActionItems } from '../actionItemSync.ts';
import { askOutward } from '../askOutward.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident } from './onIncident.ts';

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
  if (unread.length > 0) void vscode.window.showWarningMessage(unread.join(' '));
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
  const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
  return items.map((item) => ({
    ...newIssueRow(item, { incident, place, hash }),
    picked: item.owner !== undefined,
  }));
}
