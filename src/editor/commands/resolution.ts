import * as vscode from 'vscode';
import { deadlinesFor } from '../../core/incident/progress.ts';
import { openDebts } from '../../core/incident/undoable.ts';
import { everybody } from '../../core/people/peopleFor.ts';
import { sameWords } from '../../core/people/sameWords.ts';
import { openEnds, stateOfEnd, type OpenEnd } from '../../core/resolution/openEnds.ts';
import {
  itemDetails,
  resolutionItems,
  sentenceCase,
  type ResolutionItem,
} from '../../core/resolution/resolutionState.ts';
import { oneLine } from '../../core/views/oneLine.ts';
import { checkRow } from '../../core/views/resolutionRows.ts';
import { askText, pick } from '../ask/ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, record, textArgument, type OnIncident } from './onIncident.ts';

/**
 * Looks at every check once, with its progress shown and a way to stop. Who stops it, or may not ask anything here, goes
 * on with what is known: an incident must be endable where nothing can be asked.
 */
export async function lookAtAll(deps: CommandDeps, at: OnIncident): Promise<OnIncident> {
  const stop = new AbortController();
  const result = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Checking the resolution of ${at.incident.number}`,
      cancellable: true,
    },
    (progress, token) => {
      token.onCancellationRequested(() => stop.abort());
      return deps.resolutions.check(at.incident, at.guide, stop.signal, ({ text, state }) =>
        progress.report({ message: `${oneLine(text, 60)}: ${state.replace('-', ' ')}` }),
      );
    },
  );
  if (result.ok) return { ...at, incident: result.value };
  if (result.failure.code !== 'cancelled') void vscode.window.showWarningMessage(result.failure.message);
  return at;
}

/** Runs the checks and shows how each stands; picking one shows what can be done about it. */
export const checkResolution: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const looked = await lookAtAll(deps, at);
  for (;;) {
    const incident = deps.incidents.get(looked.incident.id) ?? looked.incident;
    const items = resolutionItems(incident, looked.guide, deps.now());
    const item = await pick(
      items.map((one) => ({ ...checkRow(one, deps.now()), value: one })),
      {
        title: `Checks of ${incident.number}`,
        placeholder: 'Pick one to see its evidence and what can be done',
      },
    );
    if (!item) return;
    // Evidence is opened to be read: the list would lie over it.
    if ((await askAboutItem(deps, { ...looked, incident }, item)) === 'evidence') return;
  }
};

/** One check: what was seen, and what can be done about it. */
export const showCheck: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps);
  const item =
    at &&
    resolutionItems(at.incident, at.guide, deps.now()).find(({ check }) => check.id === textArgument(id));
  if (at && item) await askAboutItem(deps, at, item);
};

type Act = 'look' | 'evidence' | 'tick' | OpenEnd;

/** What can be done about a check; gives what was done, undefined for nothing. */
export async function askAboutItem(
  deps: CommandDeps,
  at: OnIncident,
  item: ResolutionItem,
): Promise<Act | undefined> {
  const { check, state, seen } = item;
  const isManual = check.kinds.includes('manual');
  if (isManual) {
    await vscode.commands.executeCommand('incident.tickItem', check.id);
    return 'tick';
  }
  const ends = check.kinds.includes('debts') ? openEnds(at.incident) : [];
  const act = await pick<Act>(
    [
      ...ends.map((end) => ({
        label: oneLine(end.text, 100),
        description: stateOfEnd(end.change),
        detail: end.change.undo ? `Put back: ${end.change.undo.title}; or keep it` : 'Keep it',
        icon: 'warning',
        value: end,
      })),
      { label: 'Look again', icon: 'refresh', description: 'asks the systems', value: 'look' as const },
      {
        label: 'Show the evidence',
        icon: 'preview',
        description: seen ? `as it was seen at ${seen.at.slice(11, 19)} UTC` : 'not looked at yet',
        value: 'evidence' as const,
      },
      ...(!check.isOwn && (state === 'not-checked' || state === 'stale')
        ? [
            {
              label: 'Tick it by hand…',
              icon: 'check',
              description: 'with how it was checked',
              value: 'tick' as const,
            },
          ]
        : []),
    ],
    {
      title: check.text,
      placeholder: oneLine(seen ? sentenceCase(seen.sentence) : 'Not looked at yet', 200),
    },
  );
  if (act === undefined) return undefined;
  if (act === 'look') await lookAtAll(deps, at);
  else if (act === 'evidence') await deps.readOnlyTexts.show('check.txt', itemDetails(item, deps.now()));
  else if (act === 'tick') await vscode.commands.executeCommand('incident.tickItem', check.id);
  else await askAboutEnd(deps, at, act);
  return act;
}

async function askAboutEnd(deps: CommandDeps, at: OnIncident, end: OpenEnd): Promise<void> {
  const { undo, id } = end.change;
  const act = await pick(
    [
      ...(undo
        ? [{ label: 'Put it back', icon: 'discard', detail: undo.preview, value: 'restore' as const }]
        : []),
      { label: 'Keep it…', icon: 'lock', description: 'it stays as it is', value: 'keep' as const },
    ],
    { title: end.text, placeholder: 'You are asked once more before anything is changed' },
  );
  if (act === 'restore') await vscode.commands.executeCommand('incident.undoChange', id);
  if (act === 'keep') await keep(deps, at, end);
}

async function keep(deps: CommandDeps, at: OnIncident, { text, change }: OpenEnd): Promise<void> {
  const reason = await askText({
    title: `Keep: ${oneLine(text, 80)}`,
    prompt: 'Why does it stay? Enter leaves it open, Esc keeps the question.',
    placeholder: 'traffic stays high until Monday',
  });
  if (reason === undefined) return;
  await record(deps, at.incident, {
    type: 'KeepChange',
    data: { change: change.id, ...(reason ? { reason } : {}) },
  });
}

/** A temporary change stays, with why. */
export const keepChange: CommandFactory = (deps) => async (asked) => {
  const at = await currentIncident(deps, 'any');
  if (!at) return;
  const node = (asked as { subject?: readonly unknown[] } | undefined)?.subject?.[0];
  const id = textArgument(asked) ?? textArgument(node);
  const ends = openEnds(at.incident);
  const others = openDebts(at.incident).filter(
    ({ id: debt }) => !ends.some(({ change }) => change.id === debt),
  );
  if (ends.length + others.length === 0) {
    void vscode.window.showInformationMessage(
      `Nothing that was changed for the time being is open in ${at.incident.number}.`,
    );
    return;
  }
  const end =
    ends.find(({ change }) => change.id === id) ??
    (await pick(
      ends.map((one) => ({
        label: oneLine(one.text, 100),
        description: stateOfEnd(one.change),
        value: one,
      })),
      { title: 'Keep a Change', placeholder: 'Which one stays as it is?' },
    ));
  if (end) await keep(deps, at, end);
};

/** Says who writes the post-mortem. */
export const setPostMortemOwner: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps, 'any');
  if (at) await askOwner(deps, at, false);
};

/** Whether the guide wants a post-mortem for sure, of an incident of this severity, or of one that is known to recur. */
export const wantsPostMortem = ({ incident, guide }: OnIncident): boolean =>
  guide !== undefined &&
  deadlinesFor(incident, guide).some(({ recurring }) => !recurring || incident.recurrence !== undefined);

/** Asks who writes the post-mortem: the people who are known, whoever is typed. Esc and "later" leave it open. */
export async function askOwner(deps: CommandDeps, at: OnIncident, mayWait: boolean): Promise<void> {
  const { people } = await deps.people.load();
  const me = deps.userName();
  const known = everybody(people, at.guide?.contacts ?? []);
  const later = { owner: '' };
  const rows = [
    ...known.map(({ name, roles }) => ({
      label: name,
      description: roles.join(', '),
      value: { owner: name, ...(roles[0] ? { role: roles[0] } : {}) },
    })),
    ...(known.some(({ name }) => sameWords(name, me))
      ? []
      : [{ label: me, description: 'me', value: { owner: me } }]),
  ];
  const mine = rows.findIndex(({ label }) => sameWords(label, me));
  const chosen = await pick<{ readonly owner: string; readonly role?: string }>(
    [...rows, ...(mayWait ? [{ label: 'Decide later', icon: 'clock', value: later }] : [])],
    {
      title: `Post-mortem of ${at.incident.number}`,
      placeholder: 'Who writes it? Pick a person or type a name or a role',
      preselect: Math.max(0, mine),
      typed: (text) => ({ label: text, description: 'as typed', value: { owner: text } }),
    },
  );
  if (!chosen || chosen === later) return;
  await record(deps, deps.incidents.get(at.incident.id) ?? at.incident, {
    type: 'SetPostMortemOwner',
    data: chosen,
  });
}

/** Calls the soak window off; the incident goes on as it is. */
export const cancelSoak: CommandFactory = (deps) => async () => {
  const at = await currentIncident(deps);
  if (!at) return;
  const done = await record(deps, at.incident, { type: 'CancelSoak', data: {} });
  if (done) void vscode.window.showInformationMessage(`The soak window of ${done.number} is cancelled.`);
};
