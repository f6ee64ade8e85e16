import * as vscode from 'vscode';
import type { Command } from '../../core/incident/commands.ts';
import type { Guide } from '../../core/guide/guide.ts';
import type { Incident } from '../../core/incident/incident.ts';
import type { CommandDeps } from './commandDeps.ts';

export interface OnIncident {
  readonly incident: Incident;
  /** The guide the incident follows; undefined only when not even the default one could be read. */
  readonly guide: Guide | undefined;
}

type Needs = Pick<CommandDeps, 'session' | 'guides'>;

/** The incident at hand and its guide; without one, says so and offers Declare. */
export async function currentIncident(
  deps: Needs,
  wanted: 'active' | 'any' = 'active',
): Promise<OnIncident | undefined> {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const incident = deps.session.current();
  if (incident && (wanted === 'any' || incident.status === 'active')) {
    return { incident, guide: deps.guides.guideOf(incident.guideFile) };
  }
  const declare = 'Declare';
  void vscode.window.showInformationMessage('No incident is active.', declare).then((answer) => {
    if (answer === declare) void vscode.commands.executeCommand('incident.declare');
  });
  return undefined;
}

/** The incident that is named by its id (of a message's button, say), else the one at hand. */
export async function atIncident(
  deps: Needs & Pick<CommandDeps, 'incidents'>,
  id: unknown,
): Promise<OnIncident | undefined> {
  await Promise.all([deps.session.ready(), deps.guides.load()]);
  const named = deps.incidents.get(textArgument(id) ?? '');
  return named
    ? { incident: named, guide: deps.guides.guideOf(named.guideFile) }
    : currentIncident(deps, 'any');
}

/** Records a command on the incident; a refusal or a disk error is shown as its sentence. */
export async function record(
  deps: Pick<CommandDeps, 'incidents'>,
  incident: Incident | undefined,
  command: Command,
): Promise<Incident | undefined> {
  const result = await deps.incidents.handle(incident?.id, command);
  if (result.ok) return result.value;
  void vscode.window.showErrorMessage(result.failure.message);
  return undefined;
}

/** An argument that came with a click, when it is text. */
export const textArgument = (value: unknown): string | undefined =>
  typeof value === 'string' ? value : undefined;

/** What a click on a tree's row is about: a menu hands over the node, and its subject is the id. */
export const subjectOf = (node: unknown): string | undefined =>
  textArgument((node as { subject?: readonly unknown[] } | undefined)?.subject?.[0]);
