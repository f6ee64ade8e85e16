import * as path from 'node:path';
import * as vscode from 'vscode';
import {
  planActionSync,
  placeOfIssue,
  seenItems,
  type ActionSync,
  type IssueState,
} from '../../core/actionItems/planActionSync.ts';
import type { ActionItem } from '../../core/actionItems/actionItem.ts';
import type { LineEdit } from '../../core/actionItems/editActionItem.ts';
import { readActionItems } from '../../core/actionItems/readActionItems.ts';
import { unreadProblems, type UnreadIssue } from '../../core/actionItems/unreadIssues.ts';
import type { TicketPlace } from '../../core/deliveries/outwardPlaces.ts';
import { failed, messageOf, ok, type Result } from '../../core/errors.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { LintProblem } from '../../core/lint/lintProblem.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

export type ActionItemDeps = Pick<
  CommandDeps,
  'connections' | 'guides' | 'incidents' | 'integrations' | 'newId' | 'now' | 'people'
>;

export interface SyncedItems extends ActionSync {
  /** Issues that could not be read. */
  readonly unread: readonly UnreadIssue[];
  /** The same where the items stand. */
  readonly problems: readonly LintProblem[];
}

/** The post-mortem's document, as it stands in the editor. Fails with `not-found` when it is not where it was saved. */
export async function openPostMortem({ number, postMortem }: Incident): Promise<Result<vscode.TextDocument>> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (!postMortem) return failed('not-found', `${number} has no post-mortem yet.`);
  try {
    const file =
      path.isAbsolute(postMortem.file) || !folder
        ? postMortem.file
        : path.join(folder.fsPath, postMortem.file);
    return ok(await vscode.workspace.openTextDocument(vscode.Uri.file(file)));
  } catch (thrown) {
    return failed(
      'not-found',
      `The post-mortem ${postMortem.file} cannot be opened; was it moved? The journal is whole, and nothing was changed.`,
      messageOf(thrown),
    );
  }
}

/** The action items of a post-mortem's document. */
export async function itemsOf(
  deps: Pick<ActionItemDeps, 'guides' | 'now' | 'people'>,
  incident: Incident,
  document: vscode.TextDocument,
): Promise<readonly ActionItem[]> {
  const { people } = await deps.people.load();
  const contacts = deps.guides.guideOf(incident.guideFile)?.contacts ?? [];
  return readActionItems(document.getText(), {
    today: deps.now().slice(0, 10),
    people: [...people.flatMap(({ name, roles }) => [name, ...roles]), ...contacts.map(({ role }) => role)],
  });
}

/**
 * Reads the issues of the post-mortem's action items, and makes the boxes follow them; what is to follow the boxes is
 * in the answer, for somebody to see before it is sent. `readIssues` false only puts links of new issues in their place.
 */
export async function pullActionItems(
  deps: ActionItemDeps,
  incident: Incident,
  signal: AbortSignal,
  readIssues = true,
): Promise<Result<SyncedItems>> {
  const opened = await openPostMortem(incident);
  if (!opened.ok) return opened;
  const document = opened.value;
  const { tickets } = await deps.connections.placesOf();
  const before = await itemsOf(deps, incident, document);
  const { states, unread } = readIssues
    ? await readStates(deps, before, tickets, signal)
    : { states: new Map<string, IssueState>(), unread: [] };
  if (signal.aborted) return failed('cancelled', 'The sync was stopped. Nothing was changed.');
  // It may have been typed in while the issues were read.
  const items = await itemsOf(deps, incident, document);
  const latest = deps.incidents.get(incident.id) ?? incident;
  const planned = planActionSync({
    incident: latest,
    items,
    states,
    placeOf: (issue) => placeOfIssue(tickets, issue),
    mark: deps.newId(),
  });
  const edited = await applyEdits(document, planned.edits);
  if (!edited)
    return failed('conflict', 'The post-mortem changed meanwhile. Nothing of it was changed; sync again.');
  const file = latest.postMortem?.file ?? '';
  const recorded = await deps.incidents.handle(incident.id, {
    type: 'SeeActionItems',
    data: { file, items: planned.seen },
  });
  return recorded.ok
    ? ok({ ...planned, unread, problems: unreadProblems(items, unread, deps.now()) })
    : recorded;
}

/** Records what a save shows, when it shows something new. */
export async function noteActionItems(
  deps: ActionItemDeps,
  incident: Incident,
  document: vscode.TextDocument,
): Promise<void> {
  const items = seenItems(await itemsOf(deps, incident, document));
  await deps.incidents.handle(incident.id, {
    type: 'SeeActionItems',
    data: { file: incident.postMortem?.file ?? '', items },
  });
}

async function readStates(
  deps: ActionItemDeps,
  items: readonly ActionItem[],
  tickets: readonly TicketPlace[],
  signal: AbortSignal,
): Promise<{ readonly states: ReadonlyMap<string, IssueState>; readonly unread: readonly UnreadIssue[] }> {
  const states = new Map<string, IssueState>();
  const unread: UnreadIssue[] = [];
  for (const { issue } of items) {
    if (!issue || signal.aborted) continue;
    const place = placeOfIssue(tickets, issue);
    const token = place && (await deps.connections.tokenOf(place.system, place.baseUrl));
    if (!place || token === undefined) {
      unread.push({ issue, failure: undefined });
      continue;
    }
    const { system: _, ...where } = place;
    const receipt = { id: issue.url.split('/').at(-1) ?? issue.name, name: issue.name, url: issue.url };
    const read = await deps.integrations().fetchTicketState(where, receipt, token, signal);
    if (read.ok) states.set(issue.url, read.value.state);
    else unread.push({ issue, failure: read.failure });
  }
  return { states, unread };
}

/** False when a line is another by now. What was saved is saved again; what somebody is typing in is left to them. */
async function applyEdits(document: vscode.TextDocument, edits: readonly LineEdit[]): Promise<boolean> {
  if (edits.length === 0) return true;
  const isFresh = edits.every(
    ({ line, was }) => line < document.lineCount && document.lineAt(line).text === was,
  );
  if (!isFresh) return false;
  const wasDirty = document.isDirty;
  const edit = new vscode.WorkspaceEdit();
  for (const { line, becomes } of edits) edit.replace(document.uri, document.lineAt(line).range, becomes);
  if (!(await vscode.workspace.applyEdit(edit))) return false;
  if (!wasDirty) await document.save();
  return true;
}
