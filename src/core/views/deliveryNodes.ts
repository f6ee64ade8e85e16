import type { Delivery } from '../deliveries/delivery.ts';
import { isSettled } from '../deliveries/delivery.ts';
import { waitsFor } from '../deliveries/queue.ts';
import type { Incident } from '../incident/incident.ts';
import { utcTime } from '../incident/instants.ts';
import { nameOfTask } from './deliveryTexts.ts';
import { oneLine } from './oneLine.ts';
import { command, createNode } from './treeNode.ts';
import type { TreeNode } from './treeNode.ts';

/** What is not out, first what needs somebody. */
export const unsent = (incident: Incident): readonly Delivery[] =>
  incident.deliveries.filter((one) => !isSettled(one));

/** Whether it waits for a person: nothing more happens by itself. */
export const needsPerson = ({ state, failure }: Delivery): boolean =>
  state === 'failed' && failure?.retry === 'person';

/** `3 sent, 1 failed`. */
export function deliveriesSummary(incident: Incident): string {
  const count = (test: (one: Delivery) => boolean) => incident.deliveries.filter(test).length;
  const parts: [number, string][] = [
    [count(({ state }) => state === 'delivered' || state === 'by-hand'), 'sent'],
    [count(needsPerson), 'failed'],
    [count((one) => !isSettled(one) && !needsPerson(one)), 'not sent'],
    [count(({ state }) => state === 'dropped'), 'called off'],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ');
}

/** What waits for a person first, then what failed, then what is not out yet; what is settled last. */
export function mostUrgentFirst(deliveries: readonly Delivery[]): readonly Delivery[] {
  const order = (one: Delivery) =>
    needsPerson(one) ? 0 : one.state === 'failed' ? 1 : isSettled(one) ? 3 : 2;
  return [...deliveries].sort((a, b) => order(a) - order(b));
}

export interface DeliveryRow {
  /** `GitHub issue` */
  readonly name: string;
  /** `techcorp/payments#12`, `sent 10:31`, `not sent: GitHub refused the token (401)…` */
  readonly status: string;
  readonly icon: string;
  readonly color?: string;
}

/** One delivery as a row; `at` tells since when. */
export function deliveryRow(incident: Incident, delivery: Delivery): DeliveryRow {
  const name = nameOfTask(delivery.task, delivery.place);
  const { receipt, failure } = delivery;
  switch (delivery.state) {
    case 'delivered':
      return {
        name,
        status: [receipt?.name ?? 'sent', utcTime(delivery.settledAt ?? ''), receipt?.detail]
          .filter(Boolean)
          .join(', '),
        icon: 'pass',
        color: 'testing.iconPassed',
      };
    case 'by-hand':
      return { name, status: `done by hand, ${utcTime(delivery.settledAt ?? '')}`, icon: 'pass' };
    case 'dropped':
      return { name, status: 'called off', icon: 'circle-slash' };
    case 'started':
      return { name, status: 'sending', icon: 'sync' };
    case 'requested': {
      const [first] = waitsFor(incident, delivery);
      return {
        name,
        status: first ? `not sent: waits for ${nameOfTask(first.task, first.place)}` : 'not sent yet',
        icon: 'clock',
      };
    }
    case 'failed':
      return failure?.retry === 'person'
        ? {
            name,
            // The number stands first: a narrow sidebar cuts the sentence.
            status: `not sent${failure.status === undefined ? '' : ` (${failure.status})`}: ${failure.message}`,
            icon: 'error',
            color: 'list.errorForeground',
          }
        : {
            name,
            status: `not sent${failure?.retryAt ? `, next try ${utcTime(failure.retryAt)}` : ''}: ${failure?.message ?? ''}`,
            icon: 'clock',
            color: 'list.warningForeground',
          };
  }
}

/** The incident's deliveries under one node; what needs somebody stands first. None when nothing was to be sent. */
export function deliveryNodes(incident: Incident): readonly TreeNode[] {
  if (incident.deliveries.length === 0) return [];
  const sorted = mostUrgentFirst(incident.deliveries);
  const failed = incident.deliveries.some(needsPerson);
  const rows = sorted.map((delivery) => {
    const { name, status, icon, color } = deliveryRow(incident, delivery);
    return createNode(`${incident.id}/deliveries/${delivery.delivery}`, contextOf(delivery), {
      label: name,
      description: oneLine(status, 160),
      tooltip: `${name}\n${status}`,
      icon,
      ...(color === undefined ? {} : { color }),
      command: command('incident.openDelivery', delivery.delivery),
      subject: [delivery.delivery],
    });
  });
  return [
    createNode(
      `${incident.id}/deliveries`,
      failed ? 'deliveries.failed' : 'deliveries',
      {
        label: 'Deliveries',
        description: deliveriesSummary(incident),
        icon: failed ? 'error' : 'send',
        ...(failed ? { color: 'list.errorForeground', expanded: 'expanded' as const } : {}),
      },
      rows,
    ),
  ];
}

function contextOf(delivery: Delivery): string {
  if (delivery.state === 'failed') return 'delivery.failed';
  return isSettled(delivery) ? 'delivery.settled' : 'delivery.waiting';
}
