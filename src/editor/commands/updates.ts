import * as vscode from 'vscode';
import { publicWay, type UpdateToSend } from '../../core/deliveries/planUpdate.ts';
import type { OutwardSystem, StatusPageStatus } from '../../core/deliveries/delivery.ts';
import { clocksOf } from '../../core/incident/clocks.ts';
import { addMs, utcTime } from '../../core/incident/instants.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { draftExecutive, draftPublic } from '../../core/views/audienceDrafts.ts';
import { namesOfSystems } from '../../core/views/deliveryTexts.ts';
import { draftNoChange, draftUpdate } from '../../core/views/drafts.ts';
import { askText, pick } from '../ask/ask.ts';
import { askLines } from '../ask/askOutward.ts';
import { afterUpdate } from '../outward/tellOthers.ts';
import type { UpdateDraft } from '../outward/updateDrafts.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, type OnIncident } from './onIncident.ts';

/** Drafts the update from the guide's template and the journal; the person reads and edits it before it is kept. */
export const postUpdate: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const draft = draftUpdate(at.incident, at.guide, deps.now());
  const text = await editText(deps, at, `Update ${nextNumber(at.incident)}`, draft, { audience: 'internal' });
  if (text !== undefined) await sendInternal(deps, at.incident, text);
};

/** The update that says there is nothing new: it keeps the guide's cadence, and its text is seen first. */
export const postNoChange: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const draft = draftNoChange(at.incident, at.guide, deps.now());
  const title = `No change, update ${nextNumber(at.incident)}`;
  const text = await editText(deps, at, title, draft, undefined);
  if (text !== undefined) await sendInternal(deps, at.incident, text, true);
};

/** Puts the next update off, for minutes from now, with a reason that the others read. */
export const snoozeUpdate: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  if (!clocksOf(at.incident, at.guide, deps.now()).update) {
    void vscode.window.showInformationMessage(
      'The guide has no "every N minutes" for updates, so none is due and none can wait.',
    );
    return;
  }
  const title = `Snooze update ${nextNumber(at.incident)}`;
  const choice = (minutes: number) => ({ label: `${minutes} min`, value: minutes });
  const minutes = await pick([5, 10, 15, 30, 60].map(choice), {
    title: `${title} (1/2)`,
    placeholder: 'For how long from now? Pick, or type minutes',
    typed: (text) => (/^[1-9]\d{0,2}( ?min)?$/.test(text) ? choice(Number.parseInt(text)) : undefined),
  });
  if (minutes === undefined) return;
  const reason = await askText({
    title: `${title} (2/2)`,
    prompt: 'Why can it wait? It stands in the timeline.',
    placeholder: 'The rollback runs, its result is known in 10 minutes',
    validate: (text) => (text ? undefined : 'Type a reason, or press Esc.'),
  });
  const until = addMs(deps.now(), minutes * 60_000);
  if (!reason || until === undefined) return;
  const put = await record(deps, at.incident, { type: 'SnoozeUpdate', data: { until, reason } });
  // A snooze that ends before the cadence is due moves nothing.
  const due = put && clocksOf(put, at.guide, deps.now()).update?.dueAt;
  if (due) vscode.window.setStatusBarMessage(`The next update is due ${utcTime(due)} UTC`, 5_000);
};

/** Impact, since when, what is being done, next update: kept, and copied for wherever those who decide read. */
export const postExecutiveUpdate: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const draft = draftExecutive(at.incident, at.guide, deps.now());
  const text = await editText(deps, at, 'Executive update', draft, { audience: 'executive' });
  if (text !== undefined) await sendExecutive(deps, at.incident, text);
};

/** The status page's words, fit for customers. */
export const postPublicUpdate: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (at) await askPublic(deps, at);
};

/** Whether the incident's status page can be written to from here. */
export async function isPublishable(
  deps: Pick<CommandDeps, 'connections'>,
  incident: Incident,
): Promise<boolean> {
  const { statuspage } = await deps.connections.placesOf();
  return publicWay(incident, statuspage) !== 'by-hand';
}

/** `given` is the text of the guide's own line, `item` that line: it is done once the text is out. */
export async function askPublic(
  deps: CommandDeps,
  at: OnIncident,
  given?: string,
  item?: UpdateDraft['item'],
): Promise<void> {
  const { text: draft } = draftPublic(at.incident, at.guide, given);
  const text = await editText(deps, at, 'Public update', draft, {
    audience: 'public',
    ...(item ? { item } : {}),
  });
  if (text !== undefined) await sendPublic(deps, at, text, item);
}

/** Sends what stands in the draft in front: the document that "edit as a document" has opened. */
export const sendDraft: CommandFactory = (deps) => async (uri) => {
  const document =
    vscode.workspace.textDocuments.find((one) => one.uri.toString() === String(uri)) ??
    vscode.window.activeTextEditor?.document;
  const draft = document && deps.drafts.of(document);
  if (!document || !draft) {
    void vscode.window.showInformationMessage(
      'The editor in front is no draft of an update. "Incident: Post Update" makes one; its button opens it as a document.',
    );
    return;
  }
  const opened = await deps.incidents.open(draft.incident);
  if (!opened.ok) {
    void vscode.window.showErrorMessage(opened.failure.message);
    return;
  }
  await deps.guides.load();
  const at = { incident: opened.value, guide: deps.guides.guideOf(opened.value.guideFile) };
  const text = document.getText().trim();
  if (text === '') {
    void vscode.window.showWarningMessage('The draft is empty. Nothing was sent.');
    return;
  }
  if (await sendTo(deps, at, draft, text)) await deps.drafts.close(document);
};

function sendTo(deps: CommandDeps, at: OnIncident, draft: UpdateDraft, text: string): Promise<boolean> {
  switch (draft.audience) {
    case 'internal':
      return sendInternal(deps, at.incident, text);
    case 'executive':
      return sendExecutive(deps, at.incident, text);
    case 'public':
      return sendPublic(deps, at, text, draft.item);
  }
}

async function sendInternal(
  deps: CommandDeps,
  incident: Incident,
  text: string,
  noChange = false,
): Promise<boolean> {
  const data = { text, ...(noChange ? { noChange } : {}) };
  const posted = await record(deps, incident, { type: 'PostUpdate', data });
  if (!posted) return false;
  const number = posted.updates.at(-1)?.number ?? 0;
  const told = await afterUpdate(deps, posted, { audience: 'internal', number, text });
  sayWhere(`Update ${number}`, told, text, 'No channel is connected yet: copy it to yours.');
  return true;
}

async function sendExecutive(deps: CommandDeps, incident: Incident, text: string): Promise<boolean> {
  const data = { audience: 'executive' as const, text };
  if (!(await record(deps, incident, { type: 'PostAudienceUpdate', data }))) return false;
  await vscode.env.clipboard.writeText(text);
  void vscode.window.showInformationMessage(
    'The executive update is kept in the journal and copied: paste it where those who decide read.',
  );
  return true;
}

async function sendPublic(
  deps: CommandDeps,
  at: OnIncident,
  text: string,
  item: UpdateDraft['item'],
): Promise<boolean> {
  const { statuspage } = await deps.connections.placesOf();
  const way = publicWay(at.incident, statuspage);
  const update = way === 'by-hand' ? undefined : await askHow(at, way, text);
  if (way !== 'by-hand' && !update) return false;
  const data = { audience: 'public' as const, text };
  const posted = await record(deps, at.incident, { type: 'PostAudienceUpdate', data });
  if (!posted) return false;
  const told = update ? await afterUpdate(deps, posted, update) : [];
  if (item && !posted.doneItems[item.id])
    await record(deps, posted, { type: 'MarkItemDone', data: { item: item.id, text: item.text } });
  sayWhere('The public update', told, text, 'No status page is connected: publish it by hand.');
  return true;
}

const statuses: readonly StatusPageStatus[] = ['investigating', 'identified', 'monitoring', 'resolved'];

/** What the status page wants to know beside the text. Whether subscribers are written to is never assumed. */
async function askHow(
  { incident, guide }: OnIncident,
  way: 'create' | 'update',
  text: string,
): Promise<Extract<UpdateToSend, { audience: 'public' }> | undefined> {
  const draft = draftPublic(incident, guide);
  const title = way === 'create' ? 'New on the status page' : 'Update of the status page';
  const status = await pick(
    statuses.map((word) => ({ label: word, value: word })),
    { title, placeholder: 'Where does it stand?', preselect: statuses.indexOf(draft.status) },
  );
  if (!status) return undefined;
  const name =
    way === 'update'
      ? draft.name
      : await askText({
          title,
          prompt: 'What customers read as its name.',
          value: draft.name,
          validate: (given) => (given ? undefined : 'Type a name, or press Esc.'),
        });
  if (name === undefined) return undefined;
  const notify = await pick(
    [
      { label: 'No', description: 'it stands on the page', value: false },
      { label: 'Yes', description: 'everybody who subscribed gets it', value: true },
    ],
    { title, placeholder: 'Write to subscribers?' },
  );
  return notify === undefined ? undefined : { audience: 'public', name, status, text, notify };
}

function sayWhere(what: string, told: readonly OutwardSystem[], text: string, otherwise: string): void {
  if (told.length > 0) {
    void vscode.window.showInformationMessage(
      `${what} is on its way to ${namesOfSystems(told)}. The incident shows what has gone out.`,
    );
    return;
  }
  void vscode.window
    .showInformationMessage(`${what} is kept in the journal. ${otherwise}`, 'Copy')
    .then((answer) => {
      if (answer) void vscode.env.clipboard.writeText(text);
    });
}

const nextNumber = ({ updates }: Incident): number =>
  updates.reduce((most, { number }) => Math.max(most, number), 0) + 1;

/** The draft on one line to read, change and send; with `as`, a button opens it as a document instead. */
function editText(
  { drafts }: Pick<CommandDeps, 'drafts'>,
  { incident }: OnIncident,
  title: string,
  draft: string,
  as: Omit<UpdateDraft, 'incident'> | undefined,
): Promise<string | undefined> {
  const button = as && {
    icon: 'go-to-file',
    tooltip: 'Edit as a document',
    press: (text: string) => void drafts.open({ ...as, incident: incident.id }, text),
  };
  return askLines(`${title} of ${incident.number}`, draft, button);
}
