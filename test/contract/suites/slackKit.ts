import assert from 'node:assert/strict';
import { ulid } from 'ulid';
import type { Delivery, DeliveryTask, Receipt } from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryResult } from '../../../src/core/deliveries/deliveryPort.ts';
import { createSlackService } from '../../../src/integrations/slack/slackService.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';

/** A running Slack with our app in it. */
export interface SlackSite {
  /** Without a slash at its end; the Web API is below `/api`. */
  readonly url: string;
  /** The app's bot token, with the scopes of the manifest. */
  readonly token: string;
  /** Of somebody else, who may make channels, join them, write and pin. */
  readonly otherToken: string;
  /** Two who are in no channel that is made. */
  readonly members: readonly [SlackMember, SlackMember];
  dispose(): Promise<void>;
}

export interface SlackMember {
  readonly id: string;
  /** As the app shows them. */
  readonly name: string;
  readonly email: string;
}

export interface SlackProduction {
  readonly title: string;
  /** What this one cannot do, each with the reason: that is checked on the simulator alone. */
  readonly lacks: Partial<Record<'scopes' | 'users.conversations', string>>;
  start(): Promise<SlackSite>;
}

export interface TestIncident {
  readonly id: string;
  readonly number: string;
  /** The channel's name, that nobody else has. */
  readonly channel: string;
}

export function anIncident(): TestIncident {
  const id = ulid();
  return { id, number: `2026-11-23-${id.slice(-4)}`, channel: `incident-${id.toLowerCase()}` };
}

type SlackTask = Extract<DeliveryTask, { system: 'slack' }>;

export interface DeliverOptions {
  readonly mayExist?: boolean;
  readonly channel?: Receipt;
  /** Instead of the site's own address. */
  readonly url?: string;
  readonly token?: string;
  readonly timeoutMs?: number;
  /** What happens while the product waits for a channel to be marked; nothing unless given. */
  readonly meanwhile?: () => Promise<unknown>;
  /** UTC ISO 8601. */
  readonly firstStartedAt?: string;
  readonly signal?: AbortSignal;
}

/** One message as conversations.history gives it. */
export interface SeenMessage {
  readonly ts: string;
  readonly text: string;
  readonly subtype?: string;
  readonly metadata?: {
    readonly event_type: string;
    readonly event_payload: Readonly<Record<string, unknown>>;
  };
}

export interface SeenChannel {
  readonly id: string;
  readonly name: string;
  readonly is_archived: boolean;
  readonly topic: { readonly value: string };
  readonly purpose: { readonly value: string };
}

export type SlackKit = ReturnType<typeof createSlackKit>;

export function createSlackKit(site: SlackSite) {
  /** Everything the product has said, to be searched for the token. */
  const said: DeliveryResult[] = [];

  /** Calls Slack past the product; a refusal fails the test. */
  async function call(method: string, args: Record<string, string>, token = site.token): Promise<unknown> {
    const response = await fetch(`${site.url}/api/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: new URLSearchParams(args),
    });
    const answer = (await response.json()) as { ok: boolean };
    assert.ok(answer.ok, `${method}: ${JSON.stringify(answer)}`);
    return answer;
  }

  async function pages<Item>(method: string, args: Record<string, string>, field: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const page = (await call(method, { ...args, limit: '200', cursor })) as Record<string, unknown> & {
        response_metadata?: { next_cursor?: string };
      };
      items.push(...(page[field] as Item[]));
      cursor = page.response_metadata?.next_cursor ?? '';
      if (cursor === '') return items;
    }
  }

  return {
    said,
    call,
    channels: async (name: string): Promise<readonly SeenChannel[]> =>
      (await pages<SeenChannel>('conversations.list', { types: 'public_channel' }, 'channels')).filter(
        (one) => one.name.startsWith(name),
      ),
    messages: async (channel: string): Promise<readonly SeenMessage[]> =>
      (
        await pages<SeenMessage>(
          'conversations.history',
          { channel, include_all_metadata: 'true' },
          'messages',
        )
      ).reverse(),
    members: (channel: string) => pages<string>('conversations.members', { channel }, 'members'),
    pinned: async (channel: string): Promise<readonly string[]> =>
      ((await call('pins.list', { channel })) as { items: { message: { ts: string } }[] }).items.map(
        ({ message }) => message.ts,
      ),
    /** A channel made by somebody, past the product. */
    make: async (name: string, token = site.token): Promise<string> =>
      ((await call('conversations.create', { name }, token)) as { channel: { id: string } }).channel.id,

    async deliver(
      incident: TestIncident,
      task: SlackTask,
      options: DeliverOptions = {},
    ): Promise<DeliveryResult> {
      const { url = site.url, token = site.token, channel, signal = untilDone() } = options;
      const service = createSlackService({
        tokenOf: (system, baseUrl) =>
          Promise.resolve(system === 'slack' && baseUrl === url && token !== '' ? token : undefined),
        timeoutMs: options.timeoutMs ?? 10_000,
        pause: async () => {
          await options.meanwhile?.();
          return true;
        },
      });
      const result = await service.deliver(contextOf(incident, task, url, channel, options), signal);
      said.push(result);
      return result;
    },
  };
}

function contextOf(
  incident: TestIncident,
  task: SlackTask,
  baseUrl: string,
  channel: Receipt | undefined,
  { mayExist = false, firstStartedAt }: DeliverOptions,
): DeliveryContext {
  const now = new Date().toISOString();
  const name = `slack/${task.act}`;
  const delivery: Delivery = {
    delivery: name,
    task,
    place: { baseUrl },
    after: [],
    state: 'started',
    requestedAt: now,
    requestedBy: 'Ana',
    writer: ulid(),
    attempts: mayExist ? 2 : 1,
    firstStartedAt: firstStartedAt ?? now,
    lastStartedAt: now,
    lastWriter: undefined,
    settledAt: undefined,
    receipt: undefined,
    found: false,
    failure: undefined,
    note: undefined,
  };
  return {
    key: deliveryKey(incident.id, name),
    delivery,
    mayExist,
    receiptOf: (other) => (other === 'slack/create-channel' ? channel : undefined),
    incident: { id: incident.id, number: incident.number, title: 'Payments failing' },
    now,
  };
}

export function receiptOf(result: DeliveryResult): Receipt {
  assert.ok(result.kind === 'delivered', JSON.stringify(result));
  return result.receipt;
}

export function failureOf(result: DeliveryResult): Extract<DeliveryResult, { kind: 'failed' }> {
  assert.ok(result.kind === 'failed', JSON.stringify(result));
  return result;
}

export const createTask = (incident: TestIncident, topic = 'SEV2 · Payments failing'): SlackTask => ({
  system: 'slack',
  act: 'create-channel',
  name: incident.channel,
  topic,
});
export const postTask = (text: string, pin = false): SlackTask => ({
  system: 'slack',
  act: 'post',
  text,
  pin,
});
