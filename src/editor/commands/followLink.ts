import * as vscode from 'vscode';
import { alertIdOfFingerprint } from '../../core/signals/alertFingerprint.ts';
import { belongsTo } from '../../core/signals/belongsTo.ts';
import { sourceNames, type LiveSignal } from '../../core/signals/incomingSignal.ts';
import { parseIncidentUri, type IncidentUri } from '../../core/signals/parseIncidentUri.ts';
import { withoutIcons } from '../../core/signals/plainText.ts';
import { pick } from '../ask/ask.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { attachTo, declareSignal } from './signals.ts';

/**
 * What a `vscode://` link asks for, by the path and the query VS Code handed over. Whoever wrote the link is not known:
 * nothing is recorded before a person has seen it and agreed.
 */
export const followLink: CommandFactory = (deps) => async (path, query) => {
  if (typeof path !== 'string' || typeof query !== 'string') return;
  const asked = parseIncidentUri({ path, query });
  if (!asked.ok) {
    void vscode.window.showWarningMessage(asked.failure.message);
    return;
  }
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  if (asked.value.kind === 'open') return openIncident(deps, asked.value.incident);
  const signal = await signalOfLink(deps, asked.value);
  const belongs = belongsTo(signal, deps.incidents.active());
  if (!belongs) return declareSignal(deps, signal);
  const { incident, because } = belongs;
  const isAttached = because === 'attached';
  const answer = await pick(
    [
      {
        label: `$(pin) ${isAttached ? 'Open' : 'Attach to'} ${withoutIcons(`${incident.severity} ${incident.title}`)}`,
        description: incident.number,
        detail: isAttached ? 'The alert is attached to it already.' : 'It is open, and of the same service.',
        value: 'attach' as const,
      },
      { label: '$(add) Declare another', description: 'it is something else', value: 'another' as const },
    ],
    {
      title: withoutIcons(signal.title),
      placeholder: 'A link asks to declare this; it seems to belong to an open incident',
    },
  );
  if (answer === 'attach') {
    if (isAttached) await deps.session.switchTo(incident.id);
    else await attachTo(deps, signal, incident);
    await vscode.commands.executeCommand('incident.incidents.focus');
  } else if (answer === 'another') await declareSignal(deps, signal, true);
};

async function openIncident(deps: CommandDeps, wanted: string): Promise<void> {
  const found = deps.incidents.summaries().find(({ id, number }) => id === wanted || number === wanted);
  if (!found) {
    void vscode.window.showWarningMessage(
      `No incident ${wanted} is in this window's journal. Open the folder it was declared in, or ask who declared it.`,
    );
    return;
  }
  await vscode.commands.executeCommand('incident.switchIncident', found.id);
  await vscode.commands.executeCommand('incident.incidents.focus');
}

/** The alert itself when a source knows its fingerprint, else what the link tells of it. */
async function signalOfLink(
  deps: CommandDeps,
  link: Extract<IncidentUri, { kind: 'declare' }>,
): Promise<LiveSignal> {
  const { fingerprint, title = '', severity, service, startsAt, runbook } = link;
  const id = fingerprint === undefined ? undefined : alertIdOfFingerprint(fingerprint);
  if (id !== undefined) {
    const known = (await deps.signals.known()).find((signal) => signal.id === id);
    if (known) return known;
  }
  return {
    id: id ?? `link/${[title, service ?? '', startsAt ?? ''].join('/')}`,
    kind: 'alert',
    // Fingerprints are Alertmanager's, of whichever region: which server's it is shows once one tells of it. What comes
    // without a fingerprint nobody is asked about.
    sources: id === undefined ? ['Link'] : [sourceNames.alertmanager],
    title,
    ...(severity === undefined ? {} : { severity }),
    ...(service === undefined ? {} : { service }),
    startedAt: startsAt ?? deps.now(),
    state: 'firing',
    ...(runbook === undefined ? {} : { runbookUrl: runbook }),
    labels: {},
  };
}
