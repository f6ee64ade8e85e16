import * as vscode from 'vscode';
import { withWhatTheyNeed } from '../../core/deliveries/announcement.ts';
import { wantsStatusPage, planAnnouncement, statusPageRow } from '../../core/deliveries/planAnnouncement.ts';
import type { AnnouncementInput } from '../../core/deliveries/planAnnouncement.ts';
import { pageForRaise } from '../../core/deliveries/pageAgain.ts';
import { planFollowUp, type FollowUp } from '../../core/deliveries/planFollowUp.ts';
import type { Addressee } from '../../core/deliveries/delivery.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { draftPublic } from '../../core/views/audienceDrafts.ts';
import { askOutward } from '../ask/askOutward.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

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
  const rows = planAnnouncement(await inputOf(deps, incident, deps.guides.guideOf(incident.guideFile)));
  if (rows.length === 0) return;
  const requests = await askOutward(`${incident.number}: who is told`, rows, deps.readOnlyTexts);
  if (requests) await send(deps, incident, requests);
}

const inputOf = async (
  deps: Deps,
  incident: Incident,
  guide: AnnouncementInput['guide'],
): Promise<AnnouncementInput> => ({
  incident,
  guide,
  places: await deps.connections.placesOf(),
  ...(await deps.peopleOf(incident, guide)),
  page: pageOf(incident),
  forCustomers: draftPublic(incident, guide),
});

/** Tells those who were told of the incident what happened since; each text is seen first where there is one. */
export async function followUp(deps: Deps, incident: Incident, what: FollowUp): Promise<void> {
  const rows = [
    ...planFollowUp(incident, what, deps.newId()),
    ...(await offeredPage(deps, incident, what)),
    ...(await offeredPager(deps, incident, what)),
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

/** A severity that now calls for a status page the incident does not have: offered, never sent by itself. */
async function offeredPage(deps: Deps, incident: Incident, what: FollowUp) {
  const guide = deps.guides.guideOf(incident.guideFile);
  const has = incident.deliveries.some(
    ({ delivery, state }) => delivery === 'statuspage/create-incident' && state !== 'dropped',
  );
  if (what.kind !== 'severity' || has || !wantsStatusPage(incident, guide)) return [];
  const { statuspage } = await deps.connections.placesOf();
  return statuspage ? [statusPageRow({ ...statuspage }, draftPublic(incident, guide))] : [];
}

/** A severity for which people are paged, and nobody was: offered, seen first like any other. */
async function offeredPager(deps: Deps, incident: Incident, what: FollowUp) {
  if (what.kind !== 'severity') return [];
  const guide = deps.guides.guideOf(incident.guideFile);
  const { pagerduty } = await deps.connections.placesOf();
  if (!pagerduty) return [];
  return pageForRaise(await inputOf(deps, incident, guide), what.before);
}

async function send(
  deps: Deps,
  incident: Incident,
  requests: Parameters<CommandDeps['deliveries']['request']>[1],
): Promise<void> {
  const present = deps.incidents.get(incident.id) ?? incident;
  const requested = await deps.deliveries.request(incident, withWhatTheyNeed(present, requests));
  if (!requested.ok) void vscode.window.showErrorMessage(requested.failure.message);
}

/** The id of the PagerDuty incident that this one was declared from. */
const pageOf = (incident: Incident): string | undefined =>
  incident.signals.find(({ kind }) => kind === 'page')?.labels['incident_id'];
