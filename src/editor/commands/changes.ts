import * as vscode from 'vscode';
import { undoableChanges } from '../../core/incident/undoable.ts';
import { utcTime } from '../../core/incident/instants.ts';
import { secretsToSet } from '../../core/inputs/secretsToSet.ts';
import { askText, pick } from '../ask/ask.ts';
import { openRemedy } from '../ask/remedy.ts';
import { argoCdTokenOf } from '../secrets.ts';
import { getSetting } from '../settings.ts';
import type { CommandDeps, CommandFactory } from './commandDeps.ts';
import { currentIncident, textArgument } from './onIncident.ts';

/** A click on a timeline row hands over the node: its subject is the event. */
const changeOfNode = (node: unknown): string | undefined =>
  textArgument((node as { subject?: readonly unknown[] } | undefined)?.subject?.[0]);

/** Takes a change back: the one clicked, else one of those that still can be. */
export const undoChange: CommandFactory = (deps) => async (asked) => {
  const at = await currentIncident(deps);
  if (!at) return;
  const changes = undoableChanges(at.incident);
  if (changes.length === 0) {
    void vscode.window.showInformationMessage(
      `Nothing in ${at.incident.number} can be taken back: no run of it has made a change that has an undo.`,
    );
    return;
  }
  const id =
    textArgument(asked) ??
    changeOfNode(asked) ??
    (await pick(
      changes.map((change) => ({
        label: change.undo?.title ?? change.changes.join(', '),
        description: `${utcTime(change.at)} UTC, ${change.by}`,
        detail: change.debt ?? change.changes.join(', '),
        value: change.id,
      })),
      { title: 'Undo a Change', placeholder: 'Which one? You are asked once more before it runs.' },
    ));
  if (id === undefined) return;
  deps.outputs.show(at.incident);
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Undo', cancellable: true },
    (_progress, token) => {
      token.onCancellationRequested(() => {
        for (const run of deps.runs.live()) if (run.undoes === id) deps.runs.stop(run.id);
      });
      return deps.runs.undo(at.incident, id);
    },
  );
  if (!result.ok && result.failure.code !== 'cancelled')
    void vscode.window.showWarningMessage(result.failure.message);
  if (result.ok && result.value.kind === 'failed')
    void vscode.window.showWarningMessage(result.value.message);
};

/** Stores a secret that commands refer to as `$NAME`; an empty value forgets it. */
export const setSecret: CommandFactory = (deps) => async (given) => {
  await deps.guides.load();
  const name = textArgument(given) ?? (await askName(deps));
  if (name === undefined) return;
  const server = argoCdServerUrl();
  const title = server && name === argoCdTokenOf(server) ? `Argo CD token for ${server}` : `Secret ${name}`;
  const value = await askText({
    title,
    prompt: 'Kept in VS Code’s secret storage, never in settings, journals or output. Empty: forget it.',
    isPassword: true,
  });
  if (value === undefined) return;
  await deps.secrets.set(name, value);
  void vscode.window.showInformationMessage(value === '' ? `${title} was forgotten.` : `${title} is set.`);
};

async function askName(deps: CommandDeps): Promise<string | undefined> {
  await deps.secrets.ready();
  const choice = (name: string, label = name) => ({
    label,
    description: deps.secrets.isSet(name) ? 'set' : 'not set',
    value: name,
  });
  const server = argoCdServerUrl();
  const argoCd = server ? [choice(argoCdTokenOf(server), `Argo CD token for ${server}`)] : [];
  return pick([...argoCd, ...secretsOf(deps).map((name) => choice(name))], {
    title: 'Set Secret',
    placeholder: 'Which one? Those your guides and settings name are listed; another can be typed.',
    typed: (text) =>
      /^[A-Za-z_]\w*$/.test(text) ? { label: text, description: 'as typed', value: text } : undefined,
  });
}

const argoCdServerUrl = (): string | undefined => getSetting('argoCd.baseUrl').trim() || undefined;

/** The names the guides' commands and the settings refer to, and those of plans made so far. */
const secretsOf = ({ guides, runs }: CommandDeps): readonly string[] =>
  [...new Set([...secretsToSet(guides.all(), getSetting('flags.services')), ...runs.secretNames()])].sort();

/** Types the command that gets over a failure (`aws sso login …`) into a terminal; runs it where this window wrote it. */
export const runRemedy: CommandFactory = (deps) => async (id) => {
  const at = await currentIncident(deps, 'any');
  const run = at?.incident.runs.find((each) => each.id === id);
  const outcome = run?.end?.outcome;
  if (outcome?.kind !== 'failed' || outcome.remedy === undefined) return;
  // A journal may come from elsewhere: what another window wrote is only typed, for a person to read before Enter.
  openRemedy(outcome.remedy, run?.writer === deps.journal.writer);
};
