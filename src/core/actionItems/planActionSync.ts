import type { TicketPlace } from '../deliveries/outwardPlaces.ts';
import type { DeliveryRequest, Receipt } from '../deliveries/delivery.ts';
import type { AnnouncementRow } from '../deliveries/announcement.ts';
import type { SeenActionItem } from '../incident/events.ts';
import type { Incident } from '../incident/incident.ts';
import type { ActionIssue, ActionItem } from './actionItem.ts';
import { issueEdit, tickEdit, type LineEdit } from './editActionItem.ts';

export type IssueState = 'open' | 'closed';

export interface ActionSync {
  /** Boxes that follow their issue, and links of issues that were made. */
  readonly edits: readonly LineEdit[];
  /** What the edits mean, a sentence each. */
  readonly says: readonly string[];
  /** Issues that follow their box. */
  readonly rows: readonly AnnouncementRow[];
  /** Items without an issue that are open: each could become one. */
  readonly without: readonly ActionItem[];
  /** As they are once the edits are made. */
  readonly seen: readonly SeenActionItem[];
}

export interface SyncInput {
  readonly incident: Incident;
  readonly items: readonly ActionItem[];
  /** What was read of the issues, by address; one that could not be read is left out, and nothing is done about it. */
  readonly states: ReadonlyMap<string, IssueState>;
  /** Where the issue of an address is; undefined for one that no connected system holds. */
  readonly placeOf: (issue: ActionIssue) => TicketPlace | undefined;
  /** A ULID. */
  readonly mark: string;
}

/**
 * What makes the post-mortem's action items and their issues alike. Whichever of box and issue changed since they were
 * last seen alike is followed by the other; an issue that was never read counts as open before.
 */
export function planActionSync({ incident, items, states, placeOf, mark }: SyncInput): ActionSync {
  const edits: LineEdit[] = [];
  const says: string[] = [];
  const rows: AnnouncementRow[] = [];
  const without: ActionItem[] = [];
  const seen: SeenActionItem[] = [];
  for (const item of items) {
    const made = item.issue ? undefined : madeFor(incident, item);
    const issue = item.issue ?? made;
    if (made) edits.push(issueEdit(item, made));
    const now = issue && states.get(issue.url);
    const before = issue ? lastSeen(incident, issue.url) : 'open';
    let { done } = item;
    if (issue && now !== undefined && now !== before) {
      if (done !== (now === 'closed')) {
        done = now === 'closed';
        // The line may have got its link just now.
        const edit = tickEdit(made ? { ...item, written: edits.pop()?.becomes ?? item.written } : item, done);
        edits.push({ ...edit, was: item.written });
        says.push(
          `“${item.text}” is ${done ? 'done' : 'open again'}: ${issue.name} was ${done ? 'closed' : 'reopened'}.`,
        );
      }
    } else if (issue && now !== undefined && done !== (now === 'closed')) {
      const place = placeOf(issue);
      if (place) rows.push(follow(item, issue, done, place, mark));
    }
    if (!issue && !done) without.push(item);
    seen.push(seenOf({ ...item, done }, issue, now ?? (issue && knownState(incident, issue.url))));
  }
  return { edits, says, rows, without, seen };
}

/** What a save of the file shows; of the issues it knows nothing. */
export const seenItems = (items: readonly ActionItem[]): readonly SeenActionItem[] =>
  items.map((item) => seenOf(item, item.issue, undefined));

function seenOf(
  item: ActionItem,
  issue: ActionIssue | undefined,
  state: IssueState | undefined,
): SeenActionItem {
  const { text, done, owner, due } = item;
  return {
    text,
    done,
    ...(owner === undefined ? {} : { owner }),
    ...(due === undefined ? {} : { due }),
    ...(issue ? { issue: { ...issue, ...(state === undefined ? {} : { state }) } } : {}),
  };
}

const lastSeen = (incident: Incident, url: string): IssueState => knownState(incident, url) ?? 'open';

/** As it was last read, or as we made it since. */
function knownState({ actionItems, deliveries }: Incident, url: string): IssueState | undefined {
  const read = actionItems?.items.find(({ issue }) => issue?.url === url)?.issue?.state;
  const ours = deliveries
    .filter(
      ({ task, state }) =>
        state === 'delivered' && (task.act === 'close' || task.act === 'reopen') && task.ticket?.url === url,
    )
    .at(-1);
  const isNewer = ours?.settledAt !== undefined && ours.settledAt > (actionItems?.statesAt ?? '');
  if (!isNewer) return read;
  return ours.task.act === 'close' ? 'closed' : 'open';
}

/** The issue that a delivery of this item made, whose link never came into the file. */
function madeFor({ deliveries }: Incident, item: ActionItem): ActionIssue | undefined {
  const receipt = deliveries.find(
    ({ task, receipt: it }) => it !== undefined && task.act === 'create-ticket' && task.action === item.text,
  )?.receipt;
  return receipt?.url === undefined ? undefined : { name: receipt.name ?? receipt.id, url: receipt.url };
}

function follow(
  item: ActionItem,
  issue: ActionIssue,
  done: boolean,
  place: TicketPlace,
  mark: string,
): AnnouncementRow {
  const { system, ...where } = place;
  const text = done
    ? 'Done, as the post-mortem says.'
    : 'Open again: the post-mortem says that it is not done.';
  const act = done ? ('close' as const) : ('reopen' as const);
  return {
    id: issue.url,
    system,
    label: `${done ? 'Close' : 'Reopen'} ${issue.name}`,
    text,
    picked: true,
    requests: [
      {
        delivery: `${system}/${act}/${mark}/${item.line}`,
        task: { system, act, text, ticket: receiptOf(issue) },
        place: where,
        after: [],
      },
    ],
  };
}

/** The end of an address names the issue: `…/issues/12`, `…/browse/OPS-7`. */
const receiptOf = ({ name, url }: ActionIssue): Receipt => ({ id: url.split('/').at(-1) ?? name, name, url });

export interface NewIssueContext {
  readonly incident: Pick<Incident, 'id' | 'number' | 'title' | 'deliveries'>;
  readonly place: TicketPlace;
  /** SHA-256 (hex) of a text: makes the delivery's key the item's own. */
  readonly hash: (text: string) => string;
}

/** Makes an issue of an action item: asked for twice, it is still one. */
export function newIssueRow(item: ActionItem, { incident, place, hash }: NewIssueContext): AnnouncementRow {
  const { system, ...where } = place;
  const ticket = incident.deliveries.find(({ delivery }) => delivery === `${system}/create-ticket`)?.receipt;
  const body = [
    `Action item of the post-mortem of incident ${incident.number}, ${incident.title}.`,
    [
      `Owner: ${item.owner ?? 'nobody yet'}`,
      `Deadline: ${item.due ?? 'none yet'}`,
      ...(ticket?.url === undefined ? [] : [`Incident: ${ticket.url}`]),
    ].join('\n'),
  ].join('\n\n');
  const request: DeliveryRequest = {
    delivery: `${system}/action/${hash(item.text).slice(0, 16)}`,
    task: {
      system,
      act: 'create-ticket',
      title: item.text,
      body,
      labels: ['post-mortem'],
      action: item.text,
    },
    place: where,
    after: [],
  };
  return {
    id: request.delivery,
    system,
    label: `${item.text}`,
    text: `${item.text}\n${body}`,
    picked: true,
    requests: [request],
  };
}

/** The connected place that holds an issue: the token goes to the place's own server, never to where a link leads. */
export function placeOfIssue(places: readonly TicketPlace[], { url }: ActionIssue): TicketPlace | undefined {
  const github = /\/([^/]+\/[^/]+)\/issues\/\d+/.exec(url)?.[1]?.toLowerCase();
  const project = /\/browse\/([A-Za-z][A-Za-z0-9_]*)-\d+/.exec(url)?.[1]?.toLowerCase();
  return places.find((place) =>
    place.system === 'github'
      ? place.repository.toLowerCase() === github
      : place.project.toLowerCase() === project && url.startsWith(`${place.baseUrl}/`),
  );
}
