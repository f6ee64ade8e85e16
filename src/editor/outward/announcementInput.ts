import type { AnnouncementRow } from '../../core/deliveries/announcement.ts';
import type { OutwardPlaces } from '../../core/deliveries/outwardPlaces.ts';
import { pageForRaise } from '../../core/deliveries/pageAgain.ts';
import {
  statusPageRow,
  wantsStatusPage,
  type AnnouncementInput,
} from '../../core/deliveries/planAnnouncement.ts';
import type { Incident } from '../../core/incident/incident.ts';
import { draftPublic } from '../../core/views/audienceDrafts.ts';
import type { CommandDeps } from '../commands/commandDeps.ts';

type Deps = Pick<CommandDeps, 'peopleOf'> & {
  readonly connections: Pick<CommandDeps['connections'], 'placesOf'>;
  readonly guides: Pick<CommandDeps['guides'], 'guideOf'>;
};

/** What stands around an incident that is to be told of, as settings, people file and PagerDuty have it now. */
export async function announcementInput(
  deps: Omit<Deps, 'connections'>,
  incident: Incident,
  places: OutwardPlaces,
): Promise<AnnouncementInput> {
  const guide = deps.guides.guideOf(incident.guideFile);
  return {
    ...{ incident, guide, places },
    ...(await deps.peopleOf(incident, guide, places)),
    page: pageOf(incident),
    forCustomers: draftPublic(incident, guide),
  };
}

/**
 * What an incident does not have that its severity calls for by now, after it was `before`: a status page, a page in
 * PagerDuty. Offered, seen first like any other, never sent by itself; nothing in a drill.
 */
export async function offersOfSeverity(
  deps: Deps,
  incident: Incident,
  before: string,
): Promise<readonly AnnouncementRow[]> {
  if (incident.drill) return [];
  const places = await deps.connections.placesOf();
  return [
    ...offeredPage(deps, incident, places),
    ...(places.pagerduty ? pageForRaise(await announcementInput(deps, incident, places), before) : []),
  ];
}

function offeredPage(
  { guides }: Pick<Deps, 'guides'>,
  incident: Incident,
  { statuspage }: OutwardPlaces,
): readonly AnnouncementRow[] {
  const guide = guides.guideOf(incident.guideFile);
  const has = incident.deliveries.some(
    ({ delivery, state }) => delivery === 'statuspage/create-incident' && state !== 'dropped',
  );
  if (has || !statuspage || !wantsStatusPage(incident, guide)) return [];
  return [statusPageRow({ ...statuspage }, draftPublic(incident, guide))];
}

/** The id of the PagerDuty incident that this one was declared from. */
const pageOf = (incident: Incident): string | undefined =>
  incident.signals.find(({ kind }) => kind === 'page')?.labels['incident_id'];
