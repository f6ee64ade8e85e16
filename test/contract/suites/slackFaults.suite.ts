import assert from 'node:assert/strict';
import type { DeliveryTask, Receipt } from '../../../src/core/deliveries/delivery.ts';
import type { DeliveryResult } from '../../../src/core/deliveries/deliveryPort.ts';
import type { Fault, FaultProxy } from '../../support/faultProxy.ts';
import { startFaultProxy } from '../../support/faultProxy.ts';
import type { DeliverOptions, SlackKit, SlackProduction, SlackSite, TestIncident } from './slackKit.ts';
import { anIncident, createSlackKit, createTask, failureOf, postTask, receiptOf } from './slackKit.ts';

/** One call of an act that can go wrong. */
interface Struck {
  readonly act: string;
  readonly method: string;
  task(incident: TestIncident, site: SlackSite): Extract<DeliveryTask, { system: 'slack' }>;
}

const longText = Array.from({ length: 300 }, (_, at) => `line ${at} of what happened`).join('\n');
const invite = (site: SlackSite): Extract<DeliveryTask, { act: 'invite' }> => {
  const [one, two] = site.members;
  return {
    system: 'slack',
    act: 'invite',
    people: [
      { name: one.name, slack: one.id },
      { name: two.name, email: two.email },
    ],
  };
};
const setTopic = { system: 'slack', act: 'set-topic', topic: 'SEV1 · Payments down' } as const;
const archive = { system: 'slack', act: 'archive' } as const;

const struck: readonly Struck[] = [
  ...['auth.test', 'conversations.create', 'conversations.setPurpose', 'conversations.setTopic'].map(
    (method): Struck => ({ act: 'create-channel', method, task: (incident) => createTask(incident) }),
  ),
  { act: 'invite', method: 'users.lookupByEmail', task: (_, site) => invite(site) },
  { act: 'invite', method: 'conversations.invite', task: (_, site) => invite(site) },
  { act: 'post', method: 'chat.postMessage', task: () => postTask('Payments failing', true) },
  { act: 'post', method: 'pins.add', task: () => postTask('Payments failing', true) },
  { act: 'set-topic', method: 'conversations.setTopic', task: () => setTopic },
  { act: 'archive', method: 'conversations.archive', task: () => archive },
];

const answer = (status: number, body: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer',
  status,
  body,
  headers,
});
const refusal = (body: Record<string, unknown>): Fault =>
  answer(200, JSON.stringify({ ok: false, ...body }), { 'content-type': 'application/json' });
const http = (body: string, length: number): Fault => ({
  kind: 'garbage',
  bytes: `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n${body}`,
});

/** Faults after which it is not known what Slack has done: the request has arrived, its answer is lost. */
const lost: readonly (readonly [string, Fault, readonly string[]])[] = [
  ['silence', { kind: 'silence' }, ['timeout']],
  ['a connection that is cut', { kind: 'cut', afterBytes: 60 }, ['unreachable']],
  ['a connection that ends', { kind: 'half-close' }, ['unreachable']],
  ['half an answer', http('{"ok":true,"cha', 400), ['unreachable']],
  ['an answer that is half of its JSON', http('{"ok":true,"cha', 15), ['failed']],
  ['a page of a proxy', http('<html>', 6), ['failed']],
];

/** What is said and done when the way to Slack fails, for each call of each act. */
export function describeSlackFaults(production: SlackProduction): void {
  describe(`slack on a bad day, ${production.title}`, function () {
    this.timeout(60_000);
    let site: SlackSite;
    let kit: SlackKit;
    let proxy: FaultProxy;
    before(async () => {
      site = await production.start();
      kit = createSlackKit(site);
    });
    after(() => site.dispose());
    beforeEach(async () => {
      proxy = await startFaultProxy(site.url);
    });
    afterEach(async () => {
      await proxy.dispose();
      const said = kit.said.splice(0);
      assert.ok(!JSON.stringify(said).includes(site.token), 'a token was told');
      for (const result of said)
        if (result.kind === 'failed') assert.doesNotMatch(result.failure.message, /127\.0\.0\.1|https?:/);
    });

    interface Prepared {
      readonly incident: TestIncident;
      readonly channel: Receipt | undefined;
      readonly task: Extract<DeliveryTask, { system: 'slack' }>;
    }
    async function prepare({ act, task }: Struck): Promise<Prepared> {
      const incident = anIncident();
      const channel =
        act === 'create-channel' ? undefined : receiptOf(await kit.deliver(incident, createTask(incident)));
      return { incident, channel, task: task(incident, site) };
    }
    const deliver = ({ incident, task, channel }: Prepared, options: DeliverOptions = {}) =>
      kit.deliver(incident, task, { ...options, ...(channel ? { channel } : {}) });
    const through = (prepared: Prepared, options: DeliverOptions = {}): Promise<DeliveryResult> =>
      deliver(prepared, { url: proxy.url, ...options });
    const strike = (method: string, fault: Fault): void => {
      proxy.only = ({ path }) => path === `/api/${method}`;
      proxy.fault = fault;
    };

    /** What exists of the delivery afterwards, counted through Slack's own API: exactly one. */
    async function exactlyOne({ incident, task }: Prepared, result: DeliveryResult): Promise<void> {
      const receipt = receiptOf(result);
      const [channel, ...more] = await kit.channels(incident.channel);
      assert.ok(channel);
      assert.deepEqual(more, []);
      switch (task.act) {
        case 'create-channel':
          assert.equal(channel.id, receipt.id);
          assert.ok(channel.purpose.value.includes(incident.id));
          assert.equal(channel.topic.value, task.topic);
          return;
        case 'invite': {
          const members = await kit.members(channel.id);
          assert.equal(members.length, new Set(members).size);
          assert.ok(site.members.every(({ id }) => members.includes(id)));
          assert.equal(receipt.detail, undefined);
          return;
        }
        case 'post': {
          const posted = (await kit.messages(channel.id)).filter(({ metadata }) => metadata);
          assert.equal(posted[0]?.ts, receipt.id);
          assert.equal(posted.map(({ text }) => text).join('\n'), task.text);
          if (task.pin) assert.deepEqual(await kit.pinned(channel.id), [receipt.id]);
          return;
        }
        case 'set-topic':
          return void assert.equal(channel.topic.value, task.topic);
        case 'archive':
          return void assert.equal(channel.is_archived, true);
      }
    }
    const secondTry = async (prepared: Prepared): Promise<void> =>
      exactlyOne(prepared, await deliver(prepared, { mayExist: true }));

    for (const one of struck) {
      const when = `${one.method} of ${one.act}`;

      for (const [what, fault, codes] of lost)
        it(`${when}: after ${what} it tries again by itself, and there is exactly one`, async () => {
          const prepared = await prepare(one);
          strike(one.method, fault);
          const timeout = fault.kind === 'silence' ? { timeoutMs: 400 } : {};
          const { failure, retry } = failureOf(await through(prepared, timeout));
          assert.ok(
            codes.includes(failure.code),
            `${failure.code}: ${failure.message} ${failure.cause ?? ''}`,
          );
          assert.equal(retry, 'automatic');
          assert.match(failure.message, /^Slack |to Slack /);
          await secondTry(prepared);
        });

      it(`${when}: waits as long as a 429 asks, and again tries by itself`, async () => {
        const prepared = await prepare(one);
        strike(one.method, answer(429, '{"ok":false,"error":"ratelimited"}', { 'retry-after': '7' }));
        const result = failureOf(await through(prepared));
        assert.deepEqual(
          [result.retry, result.retryAfterMs, result.failure.status, result.failure.code],
          ['automatic', 7000, 429, 'failed'],
        );
        await secondTry(prepared);
      });

      for (const [what, fault] of [
        ['a 503', answer(503, '<html>down</html>')],
        ['a 429 without a time', answer(429, '')],
        ['an internal_error', refusal({ error: 'internal_error' })],
      ] as const)
        it(`${when}: tries again by itself after ${what}`, async () => {
          const prepared = await prepare(one);
          strike(one.method, fault);
          assert.equal(failureOf(await through(prepared)).retry, 'automatic');
          await secondTry(prepared);
        });

      it(`${when}: says that nobody listens`, async () => {
        const prepared = await prepare(one);
        const { url } = proxy;
        await proxy.dispose();
        const { failure, retry } = failureOf(await through(prepared, { url }));
        proxy = await startFaultProxy(site.url);
        assert.deepEqual([failure.code, retry], ['unreachable', 'automatic']);
        assert.match(failure.message, /sent as soon as it can be/);
        await secondTry(prepared);
      });

      it(`${when}: stops while it waits, and there is exactly one after another try`, async () => {
        const prepared = await prepare(one);
        strike(one.method, { kind: 'silence' });
        const stop = new AbortController();
        const done = proxy.nextStruckAnswer();
        const running = through(prepared, { signal: stop.signal });
        await done;
        stop.abort();
        assert.equal(failureOf(await running).failure.code, 'cancelled');
        await secondTry(prepared);
      });
    }

    // What a person has to settle: the main call of each act.
    const main = struck.filter(({ method }) => /create$|invite$|postMessage$|archive$/.test(method));
    for (const one of [...main, ...struck.filter(({ act }) => act === 'set-topic')]) {
      const when = `${one.method} of ${one.act}`;
      const refusals: readonly (readonly [string, Fault, string, RegExp])[] = [
        ['a 401', answer(401, ''), 'unauthorized', /Incident: Connect/],
        ['invalid_auth', refusal({ error: 'invalid_auth' }), 'unauthorized', /Incident: Connect/],
        ['token_revoked', refusal({ error: 'token_revoked' }), 'unauthorized', /Incident: Connect/],
        [
          'missing_scope',
          refusal({ error: 'missing_scope', needed: 'channels:manage', provided: 'chat:write' }),
          'forbidden',
          /scope channels:manage/,
        ],
        ['restricted_action', refusal({ error: 'restricted_action' }), 'forbidden', /administrators/],
        ['a 403', answer(403, ''), 'forbidden', /permission/],
        ['a redirect', answer(302, '', { location: 'http://127.0.0.1:9/' }), 'failed', /redirect/],
      ];
      for (const [what, fault, code, words] of refusals)
        it(`${when}: leaves ${what} to a person, and goes on once it is settled`, async () => {
          const prepared = await prepare(one);
          strike(one.method, fault);
          const { failure, retry } = failureOf(await through(prepared));
          assert.deepEqual([failure.code, retry], [code, 'person']);
          assert.match(failure.message, words);
          await secondTry(prepared);
        });
    }

    it('reads no answer that has no end', async () => {
      const prepared = await prepare(struck[6] ?? assert.fail());
      const endless = 9 * 1024 * 1024;
      strike('chat.postMessage', http(' '.repeat(endless), endless));
      const { failure, retry } = failureOf(await through(prepared));
      assert.deepEqual([failure.code, retry], ['failed', 'person']);
      assert.match(failure.message, /more than is read/);
      await secondTry(prepared);
    });

    it('posts only the rest of a long text when the connection broke in the middle of it', async () => {
      const prepared = { ...(await prepare(struck[8] ?? assert.fail())), task: postTask(longText) };
      let posts = 0;
      proxy.only = ({ path }) => path === '/api/chat.postMessage' && ++posts === 2;
      proxy.fault = { kind: 'half-close' };
      assert.equal(failureOf(await through(prepared)).retry, 'automatic');
      assert.equal(posts, 2);
      await secondTry(prepared);
    });

    it('invites whom it knows when nobody can be looked up, and says so', async () => {
      const prepared = await prepare(struck[4] ?? assert.fail());
      strike('users.lookupByEmail', refusal({ error: 'missing_scope', needed: 'users:read.email' }));
      const { failure, retry } = failureOf(await through(prepared));
      assert.deepEqual([failure.code, retry], ['forbidden', 'person']);
      const [one, two] = site.members;
      assert.ok(failure.message.includes('users:read.email'));
      assert.ok(failure.message.endsWith(`In the channel already: ${one.name}.`), failure.message);
      const members = await kit.members(prepared.channel?.id ?? '');
      assert.deepEqual([members.includes(one.id), members.includes(two.id)], [true, false]);
      await secondTry(prepared);
    });

    it('keeps the channel that has no topic, and the message that is not pinned, and says so', async () => {
      const channel = await prepare(struck[3] ?? assert.fail());
      strike('conversations.setTopic', refusal({ error: 'restricted_action' }));
      assert.match(
        receiptOf(await through(channel)).detail ?? '',
        /topic could not be set \(restricted_action\)/,
      );
      const post = await prepare(struck[7] ?? assert.fail());
      strike('pins.add', refusal({ error: 'missing_scope', needed: 'pins:write' }));
      assert.match(receiptOf(await through(post)).detail ?? '', /not be pinned \(missing_scope\)/);
      assert.equal((await kit.messages(post.channel?.id ?? '')).filter(({ metadata }) => metadata).length, 1);
    });

    it('makes no second channel when it cannot find out about the first', async () => {
      const prepared = await prepare(struck[1] ?? assert.fail());
      strike('conversations.create', { kind: 'half-close' });
      failureOf(await through(prepared));
      const lists = production.lacks['users.conversations'] ? 'conversations.list' : 'users.conversations';
      strike(lists, answer(503, ''));
      assert.equal(failureOf(await through(prepared, { mayExist: true })).retry, 'automatic');
      assert.equal((await kit.channels(prepared.incident.channel)).length, 1);
      await secondTry(prepared);
    });

    it('posts no second message when it cannot find out about the first', async () => {
      const prepared = await prepare(struck[6] ?? assert.fail());
      strike('chat.postMessage', { kind: 'half-close' });
      failureOf(await through(prepared));
      strike('conversations.history', answer(503, ''));
      assert.equal(failureOf(await through(prepared, { mayExist: true })).retry, 'automatic');
      await secondTry(prepared);
    });
  });
}
