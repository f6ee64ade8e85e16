import type { Incident } from '../incident/incident.ts';
import type { AnnouncementRow } from './announcement.ts';
import type { DeliveryPlace, DeliveryRequest } from './delivery.ts';
import type { OutwardPlaces, TicketPlace } from './outwardPlaces.ts';
import { ownPlace } from './ownPlace.ts';

type Tracker = TicketPlace['system'];

/** What names a ticket in the channel, and the channel on the ticket, goes with the row that makes the last of the two. */
export function withLinks(
  rows: readonly AnnouncementRow[],
  linksTo: (tracker: Tracker) => readonly DeliveryRequest[],
): readonly AnnouncementRow[] {
  const hostOf = (tracker: Tracker): string | undefined =>
    [tracker, 'slack'].find((id) => rows.some((row) => row.id === id));
  return rows.map((row) => {
    const hosted = (['github', 'jira'] as const).filter((tracker) => hostOf(tracker) === row.id);
    return { ...row, requests: [...row.requests, ...hosted.flatMap(linksTo)] };
  });
}

/** The channel is told of the ticket and the ticket of the channel, each behind both. None where one of them has no place. */
export function linksBetween(
  incident: Incident,
  { slack, tickets }: Pick<OutwardPlaces, 'slack' | 'tickets'>,
  tracker: Tracker,
): readonly DeliveryRequest[] {
  const channel = 'slack/create-channel';
  const ticket = `${tracker}/create-ticket`;
  const connected = tickets.find(({ system }) => system === tracker);
  const { system: _system, ...where } = connected ?? {};
  const at = placeOf(incident, channel, slack && { baseUrl: slack.baseUrl });
  const on = placeOf(incident, ticket, connected && where);
  if (!at || !on) return [];
  const after = [channel, ticket];
  return [
    {
      delivery: `slack/post/ticket-${tracker}`,
      task: { system: 'slack', act: 'post', text: 'Ticket: {ticket} {ticketUrl}' },
      place: at,
      after,
    },
    {
      delivery: `${tracker}/comment/channel`,
      task: { system: tracker, act: 'comment', text: 'Channel: {channel} {channelUrl}' },
      place: on,
      after,
    },
  ];
}

/** Where the incident has it already, else where it would be made; undefined when what was made cannot be found. */
const placeOf = (
  incident: Incident,
  made: string,
  connected: DeliveryPlace | undefined,
): DeliveryPlace | undefined =>
  incident.deliveries.some(({ delivery, state }) => delivery === made && state !== 'dropped')
    ? ownPlace(incident, made)?.place
    : connected;
