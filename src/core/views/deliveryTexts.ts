import type { Delivery, DeliveryTask, OutwardSystem } from '../deliveries/delivery.ts';
import type { IncidentEvent } from '../incident/events.ts';
import { oneLine } from './oneLine.ts';

export const systemNames: Readonly<Record<OutwardSystem, string>> = {
  slack: 'Slack',
  github: 'GitHub',
  jira: 'Jira',
  statuspage: 'Statuspage',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
};

/** `Slack and Jira` */
export function namesOfSystems(systems: readonly OutwardSystem[]): string {
  const names = systems.map((system) => systemNames[system]);
  return names.length < 2 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** What a delivery is, for a row and a sentence: `Slack channel`, `GitHub issue`, `Status page update`. */
export function nameOfTask(task: DeliveryTask, place: Readonly<Record<string, string>> = {}): string {
  switch (task.system) {
    case 'slack':
      switch (task.act) {
        case 'create-channel':
          return 'Slack channel';
        case 'invite':
          return 'Slack invitations';
        case 'post':
          return task.pin ? 'First message in Slack' : 'Message in Slack';
        case 'set-topic':
          return 'Slack topic';
        case 'archive':
          return 'Archive of the Slack channel';
      }
      break;
    case 'github':
    case 'jira': {
      const issue = `${systemNames[task.system]} issue`;
      switch (task.act) {
        case 'create-ticket':
          return task.action === undefined ? issue : `${issue} for “${oneLine(task.action, 60)}”`;
        case 'comment':
          return `Comment on the ${issue}`;
        case 'set-severity':
          return `Severity of the ${issue}`;
        case 'close':
          return `End of ${task.ticket?.name ?? `the ${issue}`}`;
        case 'reopen':
          return `Reopening of ${task.ticket?.name ?? `the ${issue}`}`;
      }
      break;
    }
    case 'statuspage':
      return task.act === 'create-incident' ? 'Status page' : 'Status page update';
    case 'pagerduty':
      switch (task.act) {
        case 'create-incident':
        case 'adopt-incident':
          return 'PagerDuty incident';
        case 'request-responders':
          return 'PagerDuty responders';
        case 'note':
          return 'Note in PagerDuty';
        case 'acknowledge':
          return 'Acknowledgement in PagerDuty';
        case 'resolve':
          return 'Resolution in PagerDuty';
      }
      break;
    case 'webhook':
      return `Webhook ${place['name'] ?? ''}`.trim();
  }
}

type DeliveryEvent = Extract<IncidentEvent, { type: `Delivery${string}` }>;

/** One sentence for the timeline, without a full stop. */
export function sentenceOfDelivery(event: DeliveryEvent, deliveries: ReadonlyMap<string, Delivery>): string {
  const known = event.type === 'DeliveryRequested' ? event.data : deliveries.get(event.data.delivery);
  const name = known ? nameOfTask(known.task, known.place) : event.data.delivery;
  switch (event.type) {
    case 'DeliveryRequested':
      return `${name}: to be sent`;
    case 'DeliveryStarted':
      return `${name}: sending${event.data.attempt > 1 ? `, attempt ${event.data.attempt}` : ''}`;
    case 'DeliveryDelivered': {
      const { receipt, found } = event.data;
      const got = found ? ' (an earlier attempt had got through)' : '';
      return `${name}: ${receipt.name ?? 'done'}${receipt.detail ? `, ${receipt.detail}` : ''}${got}`;
    }
    case 'DeliveryFailed':
      return `${name}: not sent. ${event.data.message}`;
    case 'DeliveryMarkedDone':
      return `${name}: done by hand${event.data.note ? `, ${event.data.note}` : ''}`;
    case 'DeliveryDropped':
      return `${name}: called off${event.data.reason ? `, ${event.data.reason}` : ''}`;
  }
}
