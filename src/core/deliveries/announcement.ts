import type { Incident } from '../incident/incident.ts';
import type { DeliveryRequest, DeliveryTask, OutwardSystem } from './delivery.ts';
import { ownPlace } from './ownPlace.ts';

/** One place that is told: a row a person can take out, whose text they see before it leaves. */
export interface AnnouncementRow {
  /** `slack`, `github`, …; several webhooks have a row each. */
  readonly id: string;
  readonly system: OutwardSystem;
  /** `Slack channel #incident-2026-11-23-0001` */
  readonly label: string;
  /** What will stand there, whole. */
  readonly text: string;
  readonly picked: boolean;
  readonly requests: readonly DeliveryRequest[];
}

/** The row with another text, wherever its requests carry it. */
export function withText(row: AnnouncementRow, text: string): AnnouncementRow {
  const change = (task: DeliveryTask): DeliveryTask => {
    if ('text' in task && task.text === row.text) return { ...task, text };
    // A ticket's row shows title and body as one text.
    if (task.act === 'create-ticket' && row.text === `${task.title}\n${task.body}`) {
      const [title = task.title, ...body] = text.split('\n');
      return { ...task, title, body: body.join('\n') };
    }
    return task;
  };
  return { ...row, text, requests: row.requests.map((one) => ({ ...one, task: change(one.task) })) };
}

type PageTask = Extract<DeliveryTask, { system: 'statuspage' }>;

const changePage = (row: AnnouncementRow, change: (task: PageTask) => PageTask): AnnouncementRow => {
  const requests = row.requests.map((one) =>
    one.task.system === 'statuspage' ? { ...one, task: change(one.task) } : one,
  );
  const task = pageTaskOf({ requests });
  return { ...row, requests, label: task ? pageLabel(task) : row.label };
};

/** What the row would do on the status page; undefined for any other row. */
export const pageTaskOf = ({ requests }: Pick<AnnouncementRow, 'requests'>): PageTask | undefined =>
  requests.map(({ task }) => task).find((task) => task.system === 'statuspage');

/** `Status page: “Problem with Payments”, investigating`: all that customers see of it beside its text. */
export function pageLabel(task: PageTask): string {
  const name = task.act === 'create-incident' ? [`“${task.name}”`] : [];
  const notify = task.notify ? ['subscribers are written to'] : [];
  return `Status page: ${[...name, task.status, ...notify].join(', ')}`;
}

/** The status page's row with the choice about its subscribers. */
export const withNotify = (row: AnnouncementRow, notify: boolean): AnnouncementRow =>
  changePage(row, (task) => ({ ...task, notify }));

/** The row with another name for the incident on the status page, where it makes one. */
export const withName = (row: AnnouncementRow, name: string): AnnouncementRow =>
  changePage(row, (task) => (task.act === 'create-incident' ? { ...task, name } : task));

/**
 * What of the chosen requests can go out: not what builds on something that is neither chosen nor something the incident
 * has. Its row brings it again when it is chosen later.
 */
export function withWhatTheyNeed(
  incident: Pick<Incident, 'deliveries'>,
  chosen: readonly DeliveryRequest[],
): readonly DeliveryRequest[] {
  const isThere = (key: string): boolean =>
    chosen.some(({ delivery }) => delivery === key) || ownPlace(incident, key) !== undefined;
  return chosen.filter(({ after }) => after.every(isThere));
}
