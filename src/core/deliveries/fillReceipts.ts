import type { Delivery, DeliveryRequest, DeliveryTask, Receipt } from './delivery.ts';

/** What a text may name before it exists, and the deliveries that make it. */
const sources: Readonly<Record<string, { readonly of: readonly string[]; readonly field: 'url' | 'name' }>> =
  {
    channel: { of: ['slack/create-channel'], field: 'name' },
    channelUrl: { of: ['slack/create-channel'], field: 'url' },
    ticket: { of: ['github/create-ticket', 'jira/create-ticket'], field: 'name' },
    ticketUrl: { of: ['github/create-ticket', 'jira/create-ticket'], field: 'url' },
    statusPageUrl: { of: ['statuspage/create-incident'], field: 'url' },
    pageUrl: { of: ['pagerduty/create-incident', 'pagerduty/adopt-incident'], field: 'url' },
  };

/** The receipt of a delivery of the incident; of one marked done by hand too, where its id was given. */
export const receiptOf = (deliveries: readonly Delivery[], delivery: string): Receipt | undefined =>
  deliveries.find((one) => one.delivery === delivery)?.receipt;

/**
 * The task with `{channel}`, `{channelUrl}`, `{ticket}`, `{ticketUrl}`, `{statusPageUrl}` and `{pageUrl}` in its texts
 * filled in from what was delivered: of two tickets the one that the delivery comes after. What is not there yet is
 * written "not there yet"; other braces stay.
 */
export function fillReceipts(
  { task, after }: Pick<DeliveryRequest, 'task' | 'after'>,
  deliveries: readonly Delivery[],
): DeliveryTask {
  const fill = (text: string): string =>
    text.replace(/\{([a-zA-Z]+)\}/g, (whole, name: string) => {
      const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
      if (!source) return whole;
      const [own, others] = [after.filter((one) => source.of.includes(one)), source.of];
      const found = [...own, ...others]
        .map((one) => receiptOf(deliveries, one))
        .find((one) => one !== undefined);
      return found?.[source.field] ?? found?.name ?? 'not there yet';
    });
  switch (task.act) {
    case 'post':
    case 'comment':
    case 'close':
    case 'reopen':
    case 'note':
      return { ...task, text: fill(task.text) };
    case 'create-ticket':
      return { ...task, body: fill(task.body) };
    case 'request-responders':
      return { ...task, message: fill(task.message) };
    case 'send':
      return {
        ...task,
        payload: Object.fromEntries(Object.entries(task.payload).map(([key, text]) => [key, fill(text)])),
      };
    // A name, a topic and what customers read are whole when a person has seen them.
    case 'create-channel':
    case 'invite':
    case 'set-topic':
    case 'archive':
    case 'set-severity':
    case 'create-incident':
    case 'update-incident':
    case 'adopt-incident':
    case 'acknowledge':
    case 'resolve':
      return task;
  }
}
