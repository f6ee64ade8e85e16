import * as vscode from 'vscode';
import { formatDuration } from '../../core/incident/durations.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { msBetween } from '../../core/incident/instants.ts';
import { belongsTo } from '../../core/signals/belongsTo.ts';
import { draftFromSignal } from '../../core/signals/draftFromSignal.ts';
import { findRunbook } from '../../core/signals/findRunbook.ts';
import { recordOf, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { isOfIncident, isOwnPage } from '../../core/signals/ownPage.ts';
import { plainText, unlinked, withoutIcons } from '../../core/signals/plainText.ts';
import { pick } from '../ask/ask.ts';
import { getSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { severitiesOf } from './declare.ts';
import { declarePrefilled } from './declareFrom.ts';
import { currentIncident, record, textArgument } from './onIncident.ts';

/** A click in the Signals view hands over the node or the id; from the palette one of those that fit is picked. */
export async function signalOf(
  deps: CommandDeps,
  given: unknown,
  question: { readonly title: string; readonly placeholder: string; readonly none: string },
  fits: (signal: LiveSignal) => boolean,
): Promise<LiveSignal | undefined> {
  const id =
    textArgument(given) ??
    textArgument((given as { subject?: readonly unknown[] } | undefined)?.subject?.[0]);
  if (id !== undefined) {
    const found = deps.signals.find(id);
    if (!found)
      void vscode.window.showInformationMessage(
        'That signal is gone. Incident: Refresh Signals shows what there is now.',
      );
    return found;
  }
  const known = await vscode.window.withProgress({ location: { viewId: 'incident.signals' } }, () =>
    deps.signals.known(),
  );
  const fitting = known.filter(fits);
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(question.none);
    return undefined;
  }
  return pick(
    fitting.map((signal) => ({
      label: withoutIcons(plainText(signal.title, 100)),
      description: [
        age(signal, deps.now()),
        signal.severity,
        signal.service,
        signal.state === 'firing' || signal.state === 'happened' ? '' : signal.state,
        numberOf(deps, signal),
      ]
        .map((part) => plainText(part ?? '', 60))
        .filter(Boolean)
        .join(' · '),
      ...(signal.summary ? { detail: withoutIcons(plainText(signal.summary, 200)) } : {}),
      value: signal,
    })),
    question,
  );
}

/** `in 2026-11-23-0001` for what is attached there. */
function numberOf({ incidents }: CommandDeps, signal: LiveSignal): string {
  const at = incidents.active().find((incident) => isOfIncident(incident, signal));
  return at ? `in ${at.number}` : '';
}

const age = ({ startedAt }: LiveSignal, now: string): string =>
  formatDuration(Math.max(0, msBetween(startedAt, now) ?? 0));
const isOpen = ({ state }: LiveSignal): boolean => state !== 'happened' && state !== 'resolved';

export const refreshSignals: CommandFactory = (deps) => () =>
  Promise.resolve(
    vscode.window.withProgress({ location: { viewId: 'incident.signals' } }, () => deps.signals.refresh()),
  );

/** An alert of an open incident is attached to it; any other is declared with one confirmation. */
export const declareFromAlert: CommandFactory = (deps) => async (given) => {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const signal = await signalOf(
    deps,
    given,
    {
      title: 'Declare from Alert',
      placeholder: 'Which alert?',
      none: 'No alert is known. Incident: Declare works without one.',
    },
    isOpen,
  );
  if (!signal) return;
  const belongs = belongsTo(signal, deps.incidents.active());
  if (!belongs) return declareSignal(deps, signal);
  const { incident } = belongs;
  const attached = await attachTo(deps, signal, incident);
  if (!attached) return;
  const separately = 'Declare Separately';
  const title = unlinked(plainText(signal.title, 80));
  const answer = await vscode.window.showInformationMessage(
    belongs.because === 'attached'
      ? `${title} is ${isOwnPage(incident, signal) ? 'the page of' : 'attached to'} ${nameOf(incident)} already.`
      : `${title} belongs to ${nameOf(incident)}, so it was attached there and nothing new was declared.`,
    separately,
  );
  if (answer === separately) await declareSignal(deps, signal, true);
};

export function declareSignal(deps: CommandDeps, signal: LiveSignal, isAnother = false): Promise<void> {
  const guide = deps.guides.guideOf(undefined);
  const draft = draftFromSignal(
    signal,
    { guides: deps.guides.all(), severities: severitiesOf(guide).map(({ name }) => name) },
    { severities: getSetting('signals.severities'), serviceLabels: getSetting('signals.serviceLabels') },
    deps.now(),
  );
  return declarePrefilled(deps, {
    draft,
    signals: [signal],
    namespace: signal.labels['namespace'],
    isAnother,
  });
}

/** Attaches a signal to an incident and lets this window work on that. */
export async function attachTo(
  deps: CommandDeps,
  signal: LiveSignal,
  incident: Incident,
): Promise<Incident | undefined> {
  // Our own page says nothing that the incident does not: it is no alert of others to count.
  const isKnown = incident.signals.some(({ id }) => id === signal.id) || isOwnPage(incident, signal);
  const attached = isKnown
    ? incident
    : await record(deps, incident, { type: 'AttachSignal', data: { signal: recordOf(signal) } });
  if (attached) await deps.session.switchTo(attached.id);
  return attached;
}

/** `SEV2 2026-11-23-0001 Payments failing`, for a message. */
export const nameOf = ({ severity, number, title }: Incident): string =>
  unlinked(`${severity} ${number} ${title}`);

/** A signal of any kind to the incident at hand: a deploy may be what explains it. */
export const attachSignal: CommandFactory = (deps) => async (given) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const signal = await signalOf(
    deps,
    given,
    {
      title: `Attach to ${at.incident.number}`,
      placeholder: 'Which alert or change belongs to it?',
      none: 'No signal is known. What you see elsewhere can be kept with Incident: Add Evidence.',
    },
    (signal) => signal.state !== 'resolved' && !isOfIncident(at.incident, signal),
  );
  if (signal && (await attachTo(deps, signal, at.incident)))
    vscode.window.setStatusBarMessage(`Attached to ${at.incident.number}`, 3_000);
};

/** Where the signal can be looked at. Addresses of sources are foreign text: the web only. */
export const openSignal: CommandFactory = (deps) => async (given) => {
  const signal = await signalOf(
    deps,
    given,
    {
      title: 'Open Signal',
      placeholder: 'Which one, in the browser?',
      none: 'No signal is known that has a page to open.',
    },
    ({ url }) => url !== undefined && isWebAddress(url),
  );
  if (signal?.url && isWebAddress(signal.url))
    await vscode.commands.executeCommand('incident.openLink', signal.url);
};

/** Alertmanagers inside a company are often without TLS; nothing but a page is opened. */
const isWebAddress = (url: string): boolean => /^https?:\/\/[^\s@]+$/i.test(url);

/** The guide's runbook for an alert, else the page its `runbook_url` names. */
export const openRunbookOfSignal: CommandFactory = (deps) => async (given) => {
  await deps.guides.load();
  const signal = await signalOf(
    deps,
    given,
    {
      title: 'Open Runbook of Signal',
      placeholder: 'For which alert?',
      none: 'No alert is known. Incident: Open Runbook lists every runbook.',
    },
    isOpen,
  );
  if (!signal) return;
  const runbook = findRunbook(signal, deps.guides.all());
  if (runbook?.kind === 'guide') await deps.pages.open(runbook.id);
  else if (runbook && isWebAddress(runbook.url))
    await vscode.commands.executeCommand('incident.openLink', runbook.url);
  else
    void vscode.window.showInformationMessage(
      `No runbook is known for ${unlinked(plainText(signal.title, 80))}: it names none, and no title of the guide fits. Incident: Open Runbook lists every runbook.`,
    );
};
