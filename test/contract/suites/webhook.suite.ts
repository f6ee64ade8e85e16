import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { DeliveryTask } from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import { createWebhookService } from '../../../src/integrations/webhook.ts';
import type { Fault, FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import type { DeliverOptions, TestIncident } from './deliveryKit.ts';
import { anIncident, deliverTask, failureOf, receiptOf } from './deliveryKit.ts';

/** One request as a receiver got it. */
export interface ReceivedHook {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: unknown;
}

/** A receiver of webhooks at any path. */
export interface WebhookSite {
  /** Without a slash at its end. */
  readonly url: string;
  /** What it wants in `Authorization: Bearer`. */
  readonly token: string;
  /** What came for this key, first one first. */
  received(key: string): readonly ReceivedHook[];
  /** How often a request with this key was answered with success. */
  accepted(key: string): number;
  /** What it answers to the next request. */
  answerNext(answer: {
    readonly status: number;
    readonly body?: unknown;
    readonly headers?: Record<string, string>;
  }): void;
  dispose(): Promise<void>;
}

export interface WebhookProduction {
  readonly title: string;
  start(): Promise<WebhookSite>;
}

type Task = Extract<DeliveryTask, { system: 'webhook' }>;
const declaredTask: Task = {
  system: 'webhook',
  act: 'send',
  event: 'declared',
  payload: { severity: 'SEV2', service: 'payment-service', channelUrl: 'https://slack.example/archives/C1' },
};
const delivery = 'webhook/declared/ops';

/** What the product promises of a company's own webhooks: at least once, with a key that stays the same. */
export function describeWebhook(production: WebhookProduction): void {
  describe(`webhooks of ${production.title}`, function () {
    this.timeout(60_000);
    let site: WebhookSite;
    let proxy: FaultProxy;
    before(async () => (site = await production.start()));
    after(() => site.dispose());
    beforeEach(async () => (proxy = await startFaultProxy(site.url)));
    afterEach(() => proxy.dispose());

    interface Options extends DeliverOptions {
      readonly url?: string;
      readonly token?: string | undefined;
      readonly name?: string;
      readonly timeoutMs?: number;
    }
    async function send(incident: TestIncident, options: Options = {}, task: DeliveryTask = declaredTask) {
      const { url = `${site.url}/hooks/ops`, name = 'ops', timeoutMs, ...rest } = options;
      const token = 'token' in options ? options.token : site.token;
      const service = createWebhookService({
        webhookOf: (asked) => Promise.resolve(asked === 'ops' ? { url, token } : undefined),
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      const result = await deliverTask(service, incident, { task, place: { name } }, { delivery, ...rest });
      const told = JSON.stringify(result);
      assert.ok(!told.includes(site.token), 'a token was told');
      if (result.kind === 'failed') assert.doesNotMatch(result.failure.message, /127\.0\.0\.1|hooks\/ops/);
      return result;
    }
    const keyOf = ({ id }: TestIncident): string => deliveryKey(id, delivery);
    const viaProxy = (): string => `${proxy.url}/hooks/ops`;

    it('say what happened to which incident, under a key', async () => {
      const incident = anIncident();
      const result = await send(incident);
      assert.deepEqual(result, { kind: 'delivered', receipt: { id: keyOf(incident), name: 'ops' } });
      const [hook, ...more] = site.received(keyOf(incident));
      assert.equal(more.length, 0);
      assert.deepEqual([hook?.method, hook?.path], ['POST', '/hooks/ops']);
      assert.equal(hook?.headers['content-type'], 'application/json');
      assert.equal(hook?.headers['idempotency-key'], keyOf(incident));
      assert.equal(hook?.headers['authorization'], `Bearer ${site.token}`);
      assert.deepEqual(hook?.body, {
        event: 'declared',
        incident: { ...incident },
        severity: 'SEV2',
        service: 'payment-service',
        channelUrl: 'https://slack.example/archives/C1',
        key: keyOf(incident),
      });
    });

    it('let no payload pass for another event, incident or key', async () => {
      const incident = anIncident();
      const payload = { event: 'resolved', incident: 'another', key: 'another', reason: 'fixed' };
      receiptOf(await send(incident, {}, { ...declaredTask, payload }));
      assert.deepEqual(site.received(keyOf(incident))[0]?.body, {
        event: 'declared',
        incident: { ...incident },
        key: keyOf(incident),
        reason: 'fixed',
      });
    });

    it('carry the same key when they are sent again, in letters that a header takes', async () => {
      const incident = anIncident();
      receiptOf(await send(incident));
      receiptOf(await send(incident, { mayExist: true }));
      assert.equal(site.accepted(keyOf(incident)), 2);
      const named = 'webhook/declared/alarme für 当直';
      const key = encodeURI(deliveryKey(incident.id, named));
      assert.equal(receiptOf(await send(incident, { delivery: named })).id, key);
      assert.equal((site.received(key)[0]?.body as { key?: string }).key, key);
    });

    it('take their name and password from the address, unless there is a token', async () => {
      const incident = anIncident();
      const url = site.url.replace('//', '//ana:sm%C3%B6rg%2Fword@');
      const seen = async (token: string | undefined): Promise<unknown> => {
        await send(incident, { url: `${url}/hooks/ops`, token });
        return site.received(keyOf(incident)).at(-1)?.headers['authorization'];
      };
      assert.equal(await seen(undefined), `Basic ${Buffer.from('ana:smörg/word').toString('base64')}`);
      assert.equal(await seen(''), await seen(undefined));
      assert.equal(await seen(site.token), `Bearer ${site.token}`);
      await send(incident, { token: undefined });
      assert.equal(site.received(keyOf(incident)).at(-1)?.headers['authorization'], undefined);
    });

    it('are delivered by any 2xx, whatever stands behind it', async () => {
      for (const answer of [
        { status: 202, body: 'queued' },
        { status: 200, body: '<b>ok</b>', headers: { 'content-type': 'text/html' } },
        { status: 204 },
      ]) {
        const incident = anIncident();
        site.answerNext(answer);
        receiptOf(await send(incident));
        assert.equal(site.accepted(keyOf(incident)), 1);
      }
      const incident = anIncident();
      proxy.fault = { kind: 'garbage', bytes: 'HTTP/1.1 200 OK\r\ncontent-length: 400\r\n\r\nth' };
      receiptOf(await send(incident, { url: viaProxy() }));
    });

    const later: readonly (readonly [string, Fault, code: string, RegExp])[] = [
      ['silence', { kind: 'silence' }, 'timeout', /gave no answer in time/],
      ['a cut connection', { kind: 'cut', afterBytes: 0 }, 'unreachable', /broke before it answered/],
      ['a connection that ends', { kind: 'half-close' }, 'unreachable', /broke before it answered/],
    ];
    for (const [what, fault, code, words] of later)
      it(`are sent again by themselves after ${what}, since nobody knows`, async () => {
        const incident = anIncident();
        proxy.fault = fault;
        const timeoutMs = fault.kind === 'silence' ? 2000 : 10_000;
        const { failure, retry } = failureOf(await send(incident, { url: viaProxy(), timeoutMs }));
        assert.deepEqual([failure.code, retry], [code, 'automatic']);
        assert.match(failure.message, words);
        assert.match(
          failure.message,
          /not known whether it could take it\. It is sent again with the same key\.$/,
        );
        receiptOf(await send(incident, { mayExist: true }));
        assert.equal(site.received(keyOf(incident)).length, 2, 'at least once: here twice');
      });

    const refusals: readonly (readonly [
      status: number,
      headers: Record<string, string>,
      code: string,
      retry: string,
      waitMs: number | undefined,
      RegExp,
    ])[] = [
      [429, { 'retry-after': '7' }, 'failed', 'automatic', 7000, /^Webhook ops asks to wait \(429\)/],
      [
        503,
        { 'retry-after': '2' },
        'failed',
        'automatic',
        2000,
        /^Webhook ops failed \(503\) and could not take it: no room/,
      ],
      [500, {}, 'failed', 'automatic', undefined, /^Webhook ops failed \(500\)/],
      [
        401,
        {},
        'unauthorized',
        'person',
        undefined,
        /^Webhook ops refused the token \(401\): no room\. Reconnect/,
      ],
      [
        403,
        {},
        'forbidden',
        'person',
        undefined,
        /^Webhook ops does not allow this token to take it \(403\): no room/,
      ],
      [404, {}, 'not-found', 'person', undefined, /^Webhook ops does not know what was addressed/],
      [409, {}, 'conflict', 'person', undefined, /^Webhook ops refused to take it \(409\): no room/],
    ];
    for (const [status, headers, code, retry, waitMs, message] of refusals)
      it(`are ${retry === 'person' ? 'left to a person' : 'sent again by themselves'} after a ${status}`, async () => {
        const incident = anIncident();
        site.answerNext({
          status,
          headers,
          body: status < 500 ? { error: 'no room' } : { message: 'no room' },
        });
        const result = failureOf(await send(incident));
        assert.deepEqual(
          [result.failure.status, result.failure.code, result.retry, result.retryAfterMs],
          [status, code, retry, waitMs],
        );
        assert.match(result.failure.message, message);
        receiptOf(await send(incident, { mayExist: true }));
        assert.equal(site.accepted(keyOf(incident)), 1);
      });

    it('pass on no words that are none', async () => {
      for (const body of [['no'], null, { error: 7, message: '' }]) {
        site.answerNext({ status: 400, body });
        const { failure } = failureOf(await send(anIncident()));
        assert.match(failure.message, /^Webhook ops refused to take it \(400\)\. Nothing/);
      }
    });

    it('follow no redirect: it would carry the token away', async () => {
      const incident = anIncident();
      const elsewhere = `/elsewhere/${randomUUID()}`;
      site.answerNext({ status: 307, headers: { location: `${site.url}${elsewhere}` } });
      const { failure, retry } = failureOf(await send(incident));
      assert.equal(retry, 'person');
      assert.match(failure.message, /^Webhook ops answered with a redirect \(307\)/);
      assert.deepEqual(
        site.received(keyOf(incident)).map(({ path }) => path),
        ['/hooks/ops'],
      );
    });

    it('say that nobody listens', async () => {
      const gone = viaProxy();
      await proxy.dispose();
      const { failure, retry } = failureOf(await send(anIncident(), { url: gone }));
      proxy = await startFaultProxy(site.url);
      assert.deepEqual([failure.code, retry], ['unreachable', 'automatic']);
      assert.match(failure.message, /^Webhook ops cannot be reached .*It is sent as soon as it can be/);
    });

    it('stop at once when they are told to', async () => {
      const stop = new AbortController();
      const arrived = proxy.nextRequest();
      proxy.fault = { kind: 'silence' };
      const sending = send(anIncident(), { url: viaProxy(), signal: stop.signal, timeoutMs: 60_000 });
      await arrived;
      stop.abort();
      assert.equal(failureOf(await sending).failure.code, 'cancelled');
    });

    it('say what is missing before anything is sent', async () => {
      const incident = anIncident();
      const told = async (options: Options, task?: DeliveryTask): Promise<string> => {
        const { failure, retry } = failureOf(await send(incident, options, task));
        assert.equal(retry, 'person');
        return `${failure.code}: ${failure.message}`;
      };
      assert.match(
        await told({ name: 'old' }),
        /^not-found: No webhook is called old any more\. Nothing was sent/,
      );
      for (const url of ['hooks.example', 'ftp://hooks.example/ops', 'http://'])
        assert.match(
          await told({ url }),
          /^invalid: The address of the webhook ops is none that can be called/,
        );
      assert.match(
        await told({}, { system: 'slack', act: 'archive' }),
        /^invalid: A webhook has no part in what is to be sent to slack/,
      );
      assert.deepEqual(site.received(keyOf(incident)), []);
    });

    it('tell what goes wrong on our side, and throw nothing', async () => {
      const service = createWebhookService({
        webhookOf: () => Promise.reject(new Error('the safe is locked')),
      });
      const place = { name: 'ops' };
      const result = failureOf(await deliverTask(service, anIncident(), { task: declaredTask, place }));
      assert.match(result.failure.message, /^Sending to the webhook went wrong on our side/);
    });
  });
}
