import type { AnnouncementRow } from '../deliveries/announcement.ts';
import type { Addressee, DeliveryTask } from '../deliveries/delivery.ts';
import { nameOfTask } from './deliveryTexts.ts';

/** All rows as one document, as `Read the whole texts` shows them: everything that others would see, and whom it calls. */
export const renderWholeTexts = (rows: readonly AnnouncementRow[]): string => rows.map(renderRow).join('\n');

function renderRow({ label, text, requests }: AnnouncementRow): string {
  const more = requests.flatMap(({ task }) => besides(task, text));
  return [
    `# ${label}`,
    '',
    text,
    ...(more.length > 0 ? ['', ...more.map((line) => `- ${line}`)] : []),
    '',
  ].join('\n');
}

const namesOf = (people: readonly Addressee[]): string => people.map(({ name }) => name).join(', ');

/** What a task shows to others beside the row's own text. */
function besides(task: DeliveryTask, text: string): readonly string[] {
  switch (task.act) {
    case 'create-channel':
    case 'set-topic':
      return [`Topic: ${task.topic}`];
    case 'invite':
      return [`Invited: ${namesOf(task.people)}`];
    case 'request-responders':
      return [`Asked to respond: ${namesOf(task.people)}, with “${task.message}”`];
    case 'create-ticket':
      return task.labels.length > 0 ? [`Labels: ${task.labels.join(', ')}`] : [];
    case 'set-severity':
      return [`Label: ${task.label}`];
    case 'create-incident':
      return task.system === 'statuspage'
        ? [`Name: ${task.name}`, `Status: ${task.status}`, subscribers(task.notify)]
        : [`Title: ${task.title}`, `Urgency: ${task.urgency}`];
    case 'update-incident':
      return [`Status: ${task.status}`, subscribers(task.notify)];
    case 'post':
    case 'comment':
    case 'note':
      return task.text === text ? [] : [`${nameOfTask(task)}, once it can be filled in: ${task.text}`];
    // Their text is the row's, or they have none.
    case 'close':
    case 'reopen':
    case 'adopt-incident':
    case 'acknowledge':
    case 'resolve':
    case 'archive':
    case 'send':
      return [];
  }
}

const subscribers = (notify: boolean): string => `Subscribers: ${notify ? 'written to' : 'not written to'}`;
