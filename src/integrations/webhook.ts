import type { DeliveryService } from '../core/deliveries/deliveryPort.ts';
import type { Fetch } from './askJson.ts';
import { askJson } from './askJson.ts';
import type { WebhookOf } from './connection.ts';
import { deliverAs, done, needsPerson } from './deliverAs.ts';

/**
 * POSTs `{event, incident: {id, number, title}, …payload, key}` as JSON to the address that the webhook of this name has
 * now; undefined when there is none. Any 2xx is a delivery, and nothing behind its head is read. Nobody can be asked
 * whether an earlier attempt got through, so it is at least once: `Idempotency-Key` and `key` stay the same.
 */
export function createWebhookService({
  webhookOf,
  fetch = (url, init) => globalThis.fetch(url, init),
  timeoutMs,
}: {
  readonly webhookOf: WebhookOf;
  readonly fetch?: Fetch;
  readonly timeoutMs?: number;
}): DeliveryService {
  return {
    deliver: (context, signal) =>
      deliverAs('the webhook', async () => {
        const { task, place } = context.delivery;
        const { name = '' } = place;
        if (task.system !== 'webhook')
          return needsPerson('invalid', `A webhook has no part in what is to be sent to ${task.system}.`);
        const webhook = await webhookOf(name);
        if (!webhook)
          return needsPerson(
            'not-found',
            `No webhook is called ${name} any more. Nothing was sent; add it to incident.webhooks and retry, or call this off.`,
          );
        const address = addressOf(webhook);
        if (!address)
          return needsPerson(
            'invalid',
            `The address of the webhook ${name} is none that can be called. Nothing was sent; correct it and retry.`,
          );
        // A header takes no more than ASCII, and a receiver compares it with the body's.
        const key = encodeURI(context.key);
        const fixed = { event: task.event, incident: context.incident };
        const answer = await askJson(
          fetch,
          {
            system: `Webhook ${name}`,
            method: 'POST',
            url: address.url,
            headers: { ...address.headers, 'idempotency-key': key },
            body: { ...fixed, ...task.payload, ...fixed, key },
            what: 'take it',
            answer: 'ignored',
            inDoubt: 'It is sent again with the same key.',
            ...(timeoutMs === undefined ? {} : { timeoutMs }),
          },
          signal,
          explain,
        );
        return answer.ok ? done({ id: key, name }) : answer;
      }),
  };
}

/** A name and password of the address go where fetch takes them. */
function addressOf({
  url,
  token,
}: NonNullable<Awaited<ReturnType<WebhookOf>>>):
  { readonly url: string; readonly headers: Record<string, string> } | undefined {
  if (!URL.canParse(url)) return undefined;
  const address = new URL(url);
  if (address.protocol !== 'https:' && address.protocol !== 'http:') return undefined;
  const { username, password } = address;
  address.username = '';
  address.password = '';
  const basic = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
    'base64',
  );
  const authorization = token ? `Bearer ${token}` : username || password ? `Basic ${basic}` : undefined;
  return { url: address.href, headers: authorization === undefined ? {} : { authorization } };
}

/** What receivers use most. */
function explain(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const { message, error } = body as { readonly message?: unknown; readonly error?: unknown };
  return [message, error].find((one) => typeof one === 'string' && one !== '') as string | undefined;
}
