import * as vscode from 'vscode';
import { withWhatTheyNeed } from '../../core/deliveries/announcement.ts';
import { planAnnouncement } from '../../core/deliveries/planAnnouncement.ts';
import { planFollowUp, type FollowUp } from '../../core/deliveries/planFollowUp.ts';
import type { Addressee } from '../../core/deliveries/delivery.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { askOutward } from '../ask/askOutward.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';
import { announcementInput, offersOfSeverity } from './announcementInput.ts';

type Deps = Pick<
  CommandDeps,
  'connections' | 'deliveries' | 'guides' | 'incidents' | 'newId' | 'readOnlyTexts' | 'peopleOf'
>;

/** Whom an incident's escalation row and the on-call schedule name, as far as they are known. */
export interface KnownPeople {
  readonly people: readonly Addressee[];
  /** Roles of the row for which nobody is known. */
  readonly unknownRoles: readonly string[];
}

/** Asks who is told of an incident, showing each text, and sends it. Nothing is asked where nothing is connected. */
export async function announce(deps: Deps, incident: Incident): Promise<void> {
  if (incident.drill) return;
  const rows = planAnnouncement(await announcementInput(deps, incident, await deps.connections.placesOf()));
  if (rows.length === 0) return;
  const requests = await askOutward(`${incident.number}: who is told`, rows, deps.readOnlyTexts);
  if (requests) await send(deps, incident, requests);
}

/** Tells those who were told of the incident what happened since; each text is seen first where there is one. */
export async function followUp(deps: Deps, incident: Incident, what: FollowUp): Promise<void> {
  const rows = [
    ...planFollowUp(incident, what, deps.newId()),
    ...(what.kind === 'severity' ? await offersOfSeverity(deps, incident, what.before) : []),
  ];
  if (rows.length === 0) return;
  if (what.kind === 'acknowledged') {
    await send(
      deps,
      incident,
      rows.flatMap(({ requests }) => requests),
    );
    return;
  }
  const requests = await askOutward(`${incident.number}: ${titles[what.kind]}`, rows, deps.readOnlyTexts);
  if (requests) await send(deps, incident, requests);
}

const titles: Readonly<Record<Exclude<FollowUp['kind'], 'acknowledged'>, string>> = {
  severity: 'tell of the new severity',
  resolved: 'tell that it is resolved',
  reopened: 'tell that it is reopened',
};

async function send(
  deps: Deps,
  incident: Incident,
  requests: Parameters<CommandDeps['deliveries']['request']>[1],
): Promise<void> {
  const present = deps.incidents.get(incident.id) ?? incident;
  const requested = await deps.deliveries.request(incident, withWhatTheyNeed(present, requests));
  if (!requested.ok) void vscode.window.showErrorMessage(requested.failure.message);
}
