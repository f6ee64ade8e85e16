import type { Incident } from '../incident/incident.ts';
import type { DeliveryRequest, StatusPageStatus } from './delivery.ts';
import { madeBy, onOwn, ownPlace } from './ownPlace.ts';
import { planWebhooks } from './planWebhooks.ts';

/** An update that is in the journal and now goes out. */
export type UpdateToSend =
  | { readonly audience: 'internal'; readonly number: number; readonly text: string }
  | {
      readonly audience: 'public';
      /** What the incident on the status page is called, where it is made by this. */
      readonly name: string;
      readonly status: StatusPageStatus;
      readonly text: string;
      /** Whether subscribers are written to. */
      readonly notify: boolean;
    };

/** The connected status page, if there is one. */
export type StatusPage = { readonly baseUrl: string; readonly page: string } | undefined;

/** `create`: the page has nothing of this incident yet. `by-hand`: there is no page to write to. */
export function publicWay(incident: Incident, page: StatusPage): 'update' | 'create' | 'by-hand' {
  if (incident.drill) return 'by-hand';
  if (ownPlace(incident, ...madeBy.statuspage)) return 'update';
  const wasByHand = incident.deliveries.some(
    ({ delivery, state }) => madeBy.statuspage.includes(delivery) && state === 'by-hand',
  );
  return page === undefined || wasByHand ? 'by-hand' : 'create';
}

/**
 * What an update asks of the outside: those who respond read it in the incident's channel, on its tickets and through
 * its webhooks, customers on the status page. Everything goes where the incident's own channel, ticket and page are;
 * only a page's first entry goes to `page`. Nothing for a drill. `mark` is a ULID: it makes the deliveries' keys unique.
 */
export function planUpdate(
  incident: Incident,
  update: UpdateToSend,
  page: StatusPage,
  mark: string,
): readonly DeliveryRequest[] {
  if (incident.drill) return [];
  if (update.audience === 'public') return planPublic(incident, update, page, mark);
  const { text, number } = update;
  return [
    ...onOwn(incident, { system: 'slack', act: 'post', text }, mark),
    ...onOwn(incident, { system: 'github', act: 'comment', text }, mark),
    ...onOwn(incident, { system: 'jira', act: 'comment', text }, mark),
    ...planWebhooks(incident, 'update', { update: String(number), message: text }, mark),
  ];
}

function planPublic(
  incident: Incident,
  { name, status, text, notify }: Extract<UpdateToSend, { audience: 'public' }>,
  page: StatusPage,
  mark: string,
): readonly DeliveryRequest[] {
  switch (publicWay(incident, page)) {
    case 'update':
      return onOwn(incident, { system: 'statuspage', act: 'update-incident', status, text, notify }, mark);
    case 'create':
      return [
        {
          delivery: 'statuspage/create-incident',
          task: { system: 'statuspage', act: 'create-incident', name, status, text, notify },
          place: { ...page },
          after: [],
        },
      ];
    case 'by-hand':
      return [];
  }
}
