import * as vscode from 'vscode';
import { describeRecurrence } from '../../core/history/recurrence.ts';
import { isTicked } from '../../core/incident/progress.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { checklistOf } from '../../core/resolution/bindChecks.ts';
import { soakNow } from '../../core/resolution/foldResolution.ts';
import { resolutionItems, unsettled, type ResolutionItem } from '../../core/resolution/resolutionState.ts';
import { soakOf, type SaidAtStart } from '../../core/resolution/soak.ts';
import { draftPublic } from '../../core/views/audienceDrafts.ts';
import { draftResolution } from '../../core/views/drafts.ts';
import { missingGuide } from '../../core/views/missingGuide.ts';
import {
  checkRow,
  formatSoak,
  openText,
  resolutionTitle,
  waysOut,
  type WayOut,
} from '../../core/views/resolutionRows.ts';
import { followUp } from '../outward/announce.ts';
import { askText, pick } from '../ask/ask.ts';
import { lookForRecurrence } from '../resolution/recurrenceLook.ts';
import { getSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { atIncident, currentIncident, record, textArgument, type OnIncident } from './onIncident.ts';
import { askAboutItem, askOwner, lookAtAll, wantsPostMortem } from './resolution.ts';

/** The incident as it is by now: other windows, and checks, have gone on while a person read. */
const again = (deps: CommandDeps, at: OnIncident): OnIncident => ({
  ...at,
  incident: deps.incidents.get(at.incident.id) ?? at.incident,
});

/** Ends an incident: the checks are looked at, what is open gets a reason, a soak window watches over it. */
export const resolveIncident: CommandFactory = (deps) => async (id) => {
  const asked = deps.incidents.get(textArgument(id) ?? '');
  if (asked && asked.id !== deps.session.current()?.id) await deps.session.switchTo(asked.id);
  const at = await currentIncident(deps);
  if (!at || isStillRunning(deps, at.incident)) return;
  const looked = await lookAtAll(deps, at);
  const way = await askWay(deps, looked);
  const now = again(deps, looked);
  switch (way) {
    case undefined:
    case 'look':
      return;
    case 'reopen':
      return reopenNow(deps, now, now.incident);
    case 'cancel-soak':
      await record(deps, now.incident, { type: 'CancelSoak', data: {} });
      return;
    case 'soak-ask':
    case 'soak-resolve':
      return startSoak(deps, now, way === 'soak-ask' ? 'ask' : 'resolve');
    case 'resolve':
      return resolveNow(deps, now);
  }
};

function isStillRunning(deps: CommandDeps, incident: Incident): boolean {
  const running = deps.runs.live().filter((run) => run.incident === incident.id);
  if (running.length === 0) return false;
  const names = running.map((run) => `"${run.step.text}"`).join(', ');
  void vscode.window.showWarningMessage(`Still running: ${names}. Stop it or wait, then resolve.`);
  return true;
}

/** How long the soak window of this incident is, ms; a setting that cannot be read is told and ten minutes hold. */
function soakMsOf({ incident, guide }: OnIncident): number {
  const length = soakOf(getSetting('resolution.soak'), incident.severity, guide?.severities[0]?.name);
  if (length.ok) return length.value;
  void vscode.window.showWarningMessage(`${length.failure.message} Ten minutes are used.`);
  return 10 * 60_000;
}

/** Shows how every check stands and the ways out; a check that is picked is dealt with, then it is asked again. */
async function askWay(deps: CommandDeps, start: OnIncident): Promise<WayOut | undefined> {
  const soakMs = soakMsOf(start);
  let at = start;
  for (;;) {
    const now = deps.now();
    const items = resolutionItems(at.incident, at.guide, now);
    const chosen = await pick<WayOut | ResolutionItem>(
      [
        ...waysOut(at.incident, items, soakMs, now).map((row) => ({ ...row, value: row.way })),
        ...items.map((item) => ({ ...checkRow(item, now), value: item })),
      ],
      {
        title: resolutionTitle(at.incident, items),
        placeholder:
          missingGuide(at.incident, at.guide) ??
          'How does it end? Pick a check below to deal with it first. Esc: not resolved',
      },
    );
    if (chosen === undefined) return undefined;
    if (chosen === 'look') await lookAtAll(deps, at);
    else if (typeof chosen === 'string') return chosen;
    else await askAboutItem(deps, at, chosen);
    at = again(deps, at);
  }
}

/** Gets the reason for what is open and records it for each; false is Esc. */
async function settle(deps: CommandDeps, at: OnIncident): Promise<boolean> {
  const open = unsettled(resolutionItems(at.incident, at.guide, deps.now()));
  if (open.length === 0) return true;
  const reason = await askText({
    title: `Resolve ${at.incident.number}: ${open.length} open`,
    prompt: `Why is it over all the same? ${openText(open)}. The reason is kept in the journal.`,
    placeholder: 'the exporter is down; checked by hand in the shop',
    validate: (text) => (text ? undefined : 'Say why, or press Esc: the incident then stays open.'),
  });
  if (reason === undefined) return false;
  for (const { check, state, seen } of open) {
    const recorded = await record(deps, at.incident, {
      type: 'OverrideCheck',
      data: {
        check: check.id,
        text: check.text,
        state: state === 'bad' ? 'bad' : 'not-checked',
        sentence: seen?.sentence ?? '',
        reason,
      },
    });
    if (!recorded) return false;
  }
  return true;
}

/** Cause, fix and impact; undefined is Esc. Empty answers stay unknown. */
async function askSaid({ incident }: OnIncident): Promise<SaidAtStart | undefined> {
  const title = `Resolve ${incident.number}`;
  const said = soakNow(incident)?.said ?? incident.soaks.at(-1)?.said;
  const cause = await askText({
    title: `${title} (1/3)`,
    prompt: 'What was the cause? Enter without text: unknown. Esc: not resolved.',
    value: said?.cause ?? '',
  });
  if (cause === undefined) return undefined;
  const resolution = await askText({
    title: `${title} (2/3)`,
    prompt: 'What fixed it? Enter without text: unknown.',
    value: said?.resolution ?? '',
  });
  if (resolution === undefined) return undefined;
  const impact = await askText({
    title: `${title} (3/3)`,
    prompt: 'What was the impact? Enter without text: unknown.',
    value: said?.impact ?? incident.impact?.figure ?? '',
  });
  if (impact === undefined) return undefined;
  return {
    ...(cause ? { cause } : {}),
    ...(resolution ? { resolution } : {}),
    ...(impact ? { impact } : {}),
  };
}

/** Looks whether it recurs, which may give it a deadline, and asks once who writes the post-mortem. */
async function lookAhead(deps: CommandDeps, at: OnIncident): Promise<OnIncident> {
  const looked = await lookForRecurrence(deps, at);
  if (looked.incident.postMortemOwner === undefined && wantsPostMortem(looked))
    await askOwner(deps, looked, true);
  return again(deps, looked);
}

async function startSoak(deps: CommandDeps, at: OnIncident, then: 'ask' | 'resolve'): Promise<void> {
  if (!(await settle(deps, at))) return;
  const said = await askSaid(at);
  if (!said) return;
  const durationMs = soakMsOf(at);
  const started = await record(deps, at.incident, {
    type: 'StartSoak',
    data: { soak: deps.newId(), durationMs, then, ...said },
  });
  if (!started) return;
  deps.resolutions.wake();
  await lookAhead(deps, again(deps, at));
  void vscode.window.showInformationMessage(
    `${started.number} is watched for ${formatSoak(durationMs)}: checks keep running. Nobody is told that it is resolved before it is.`,
  );
}

async function resolveNow(deps: CommandDeps, at: OnIncident): Promise<void> {
  if (!(await settle(deps, at))) return;
  // What was said at the start of a window that has passed holds.
  const soak = soakNow(at.incident);
  const said = soak?.state === 'passed' ? soak.said : await askSaid(at);
  if (!said) return;
  const resolved = await record(deps, at.incident, { type: 'Resolve', data: { ...said, heads: {} } });
  if (!resolved) return;
  await tellAll(deps, await lookAhead(deps, { ...at, incident: resolved }));
}

/** Tells those who were told of the incident that it is over, each text seen first, and offers the post-mortem. */
async function tellAll(deps: CommandDeps, { incident, guide }: OnIncident): Promise<void> {
  await followUp(deps, incident, {
    kind: 'resolved',
    message: draftResolution(incident, guide, deps.now()),
    publicText: draftPublic(incident, guide).text,
    heads: headsOf(incident),
  });
  const draft = 'Draft Post-Mortem';
  const recurs = incident.recurrence ? ` It recurs: ${describeRecurrence(incident.recurrence)}.` : '';
  void vscode.window
    .showInformationMessage(`${incident.number} is resolved.${recurs}`, draft)
    .then((answer) => {
      if (answer === draft) void vscode.commands.executeCommand('incident.draftPostMortem', incident.id);
    });
}

/** As the resolve wrote them. */
const headsOf = ({ events }: Incident): Readonly<Record<string, string>> => {
  const event = events.findLast((one) => one.type === 'IncidentResolved' && !('unknown' in one));
  return event && !('unknown' in event) && event.type === 'IncidentResolved' ? event.data.heads : {};
};

/** Tells of a resolve that happened by itself. */
export const tellResolved: CommandFactory = (deps) => async (id) => {
  const at = await atIncident(deps, id);
  if (at?.incident.status === 'resolved') await tellAll(deps, at);
};

export const reopen: CommandFactory = (deps) => async (id) => {
  const at = await atIncident(deps, id);
  if (at) await reopenNow(deps, at, at.incident);
};

/**
 * Reopens. A relapse says itself why, and nobody was told that it was over: one click does. Ticks that said it is over
 * are taken back with it.
 */
async function reopenNow(deps: CommandDeps, { guide }: OnIncident, incident: Incident): Promise<void> {
  const soak = soakNow(incident);
  const relapse = soak?.state === 'relapsed' ? soak.relapse.join('; ') : undefined;
  const reason =
    relapse ??
    (await askText({
      title: `Reopen ${incident.number}`,
      prompt: 'What came back? Enter leaves it open.',
    }));
  if (reason === undefined) return;
  const untick = checklistOf(guide)
    .filter(({ id }) => isTicked(incident, id))
    .map(({ id, text }) => ({ item: id, text }));
  const reopened = await record(deps, incident, {
    type: 'Reopen',
    data: reason ? { reason } : {},
    untick,
  });
  if (!reopened) return;
  if (incident.status === 'active') {
    void vscode.window.showInformationMessage(
      `${incident.number} is reopened. What was found and said before is kept.`,
    );
    return;
  }
  await followUp(deps, reopened, {
    kind: 'reopened',
    reason: reason || undefined,
    publicText: 'The problem is back. We are investigating.',
  });
}
