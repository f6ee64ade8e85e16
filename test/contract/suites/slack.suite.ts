import assert from 'node:assert/strict';
import type { Addressee } from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import type { DeliveryResult } from '../../../src/core/deliveries/deliveryPort.ts';
import { checkSlack, slackScopes } from '../../../src/integrations/slack/checkSlack.ts';
import { fetchPins } from '../../../src/integrations/slack/fetchPins.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import type { SlackKit, SlackProduction, SlackSite, TestIncident } from './slackKit.ts';
import { anIncident, createSlackKit, createTask, failureOf, postTask, receiptOf } from './slackKit.ts';

/** What the product promises of Slack, whichever it is. Leaves archived channels behind. */
export function describeSlack(production: SlackProduction): void {
  describe(`slack of ${production.title}`, function () {
    this.timeout(60_000);
    let site: SlackSite;
    let kit: SlackKit;
    before(async () => {
      site = await production.start();
      kit = createSlackKit(site);
      for (const reason of Object.values(production.lacks)) console.log(`      not checked here: ${reason}`);
    });
    after(() => site.dispose());
    afterEach(() => {
      const said = JSON.stringify(kit.said.splice(0));
      assert.ok(!said.includes(site.token) && !said.includes(site.otherToken), 'a token was told');
    });

    /** A fresh incident with its channel. */
    async function declared() {
      const incident = anIncident();
      const channel = receiptOf(await kit.deliver(incident, createTask(incident)));
      return { incident, channel };
    }
    const keyOf = (id: string): string => deliveryKey(id, 'slack/create-channel');

    describe('the channel', () => {
      it('is made with its topic and a purpose that carries the key, and is made once', async () => {
        const { incident, channel } = await declared();
        assert.equal(channel.name, `#${incident.channel}`);
        assert.match(channel.url ?? '', new RegExp(`^https://[\\w.-]+/archives/${channel.id}$`));
        const again = await kit.deliver(incident, createTask(incident), { mayExist: true });
        assert.deepEqual(again, { kind: 'delivered', receipt: channel, found: true });
        const [made, ...more] = await kit.channels(incident.channel);
        assert.deepEqual([made?.id, more.length], [channel.id, 0]);
        assert.equal(made?.topic.value, 'SEV2 · Payments failing');
        assert.equal(made.purpose.value, `Incident ${incident.number} · ${keyOf(incident.id)}`);
        const changes = (await kit.messages(channel.id)).filter(({ subtype }) =>
          /topic|purpose/.test(subtype ?? ''),
        );
        assert.equal(changes.length, 2, 'topic and purpose were set once each');
      });

      it('that an attempt left behind unmarked is marked and taken', async () => {
        const incident = anIncident();
        const left = await kit.make(incident.channel);
        const result = await kit.deliver(incident, createTask(incident), { mayExist: true });
        assert.deepEqual([receiptOf(result).id, result.kind === 'delivered' && result.found], [left, true]);
        const [made, ...more] = await kit.channels(incident.channel);
        assert.equal(more.length, 0);
        assert.ok(made?.purpose.value.includes(keyOf(incident.id)));
        assert.equal(made?.topic.value, 'SEV2 · Payments failing');
      });

      it('that has its mark, but not its topic yet, gets it', async () => {
        const incident = anIncident();
        const left = await kit.make(incident.channel);
        await kit.call('conversations.setPurpose', { channel: left, purpose: keyOf(incident.id) });
        const result = await kit.deliver(incident, createTask(incident), { mayExist: true });
        assert.equal(receiptOf(result).id, left);
        const [made, ...more] = await kit.channels(incident.channel);
        assert.deepEqual([made?.topic.value, more.length], ['SEV2 · Payments failing', 0]);
      });

      it('keeps the topic that a person has given it since', async () => {
        const { incident, channel } = await declared();
        await kit.call('conversations.setTopic', { channel: channel.id, topic: 'Ana leads' });
        receiptOf(await kit.deliver(incident, createTask(incident), { mayExist: true }));
        assert.equal((await kit.channels(incident.channel))[0]?.topic.value, 'Ana leads');
      });

      it('is another one with a letter when another incident has the name, found again as that', async () => {
        const first = await declared();
        const second = { ...anIncident(), channel: first.incident.channel };
        const result = await kit.deliver(second, createTask(second));
        assert.equal(receiptOf(result).name, `#${second.channel}-b`);
        assert.equal(result.kind === 'delivered' && result.found, undefined);
        const third = { ...anIncident(), channel: first.incident.channel };
        assert.equal(receiptOf(await kit.deliver(third, createTask(third))).name, `#${second.channel}-c`);
        for (const { incident, name } of [
          { incident: first.incident, name: second.channel },
          { incident: second, name: `${second.channel}-b` },
        ])
          assert.equal(
            receiptOf(await kit.deliver(incident, createTask(incident), { mayExist: true })).name,
            `#${name}`,
          );
        const marks = (await kit.channels(second.channel)).map(({ purpose }) => purpose.value).sort();
        assert.deepEqual(
          marks,
          [first.incident, second, third].map((one) => `Incident ${one.number} · ${keyOf(one.id)}`).sort(),
        );
      });

      it('is not another incident’s that is being made at the same moment', async () => {
        const [one, two] = [anIncident(), anIncident()];
        const same = { ...two, channel: one.channel };
        // Both may have been tried before, so whoever comes second looks at what the first is making.
        const deliver = (incident: TestIncident, other: () => Promise<unknown>) =>
          kit.deliver(incident, createTask(incident), { mayExist: true, meanwhile: other });
        const first: Promise<DeliveryResult> = deliver(one, () => second);
        const second: Promise<DeliveryResult> = deliver(same, () => first);
        const made = await Promise.all([first, second]);
        const ids = made.map((result) => receiptOf(result).id);
        assert.notEqual(ids[0], ids[1]);
        const channels = await kit.channels(one.channel);
        assert.equal(channels.length, 2);
        for (const [at, incident] of [one, same].entries()) {
          const mine = channels.find(({ id }) => id === ids[at]);
          assert.ok(mine?.purpose.value.includes(keyOf(incident.id)));
        }
      });

      it('is not one that another incident marks while it is looked at', async () => {
        const incident = anIncident();
        const left = await kit.make(incident.channel);
        const theirs = `Incident 2026-11-23-0009 · ${keyOf(anIncident().id)}`;
        const result = await kit.deliver(incident, createTask(incident), {
          mayExist: true,
          meanwhile: () => kit.call('conversations.setPurpose', { channel: left, purpose: theirs }),
        });
        assert.equal(receiptOf(result).name, `#${incident.channel}-b`);
        const purposes = (await kit.channels(incident.channel)).map(({ purpose }) => purpose.value);
        assert.equal(purposes[0], theirs);
        assert.ok(purposes[1]?.includes(incident.id));
      });

      it('is never one that was there before, was not tried for, is archived, or was made by somebody else', async () => {
        const before = anIncident();
        const old = await kit.make(before.channel);
        const later = new Date(Date.now() + 60 * 60_000).toISOString();
        const startedLater = { mayExist: true, firstStartedAt: later };
        const one = receiptOf(await kit.deliver(before, createTask(before), startedLater));
        assert.deepEqual([one.name, one.id === old], [`#${before.channel}-b`, false]);

        const untried = anIncident();
        await kit.make(untried.channel);
        assert.equal(
          receiptOf(await kit.deliver(untried, createTask(untried))).name,
          `#${untried.channel}-b`,
        );

        const archived = await declared();
        await kit.call('conversations.archive', { channel: archived.channel.id });
        const again = await kit.deliver(archived.incident, createTask(archived.incident), { mayExist: true });
        assert.equal(receiptOf(again).name, `#${archived.incident.channel}-b`);

        const others = anIncident();
        const theirs = await kit.make(others.channel, site.otherToken);
        const { user_id } = (await kit.call('auth.test', {})) as { user_id: string };
        await kit.call('conversations.invite', { channel: theirs, users: user_id }, site.otherToken);
        const mine = await kit.deliver(others, createTask(others), { mayExist: true });
        assert.equal(receiptOf(mine).name, `#${others.channel}-b`);
      });

      it('has a name that Slack takes, and a topic that mentions nobody', async () => {
        const incident = anIncident();
        const shouted = { ...createTask(incident), name: `${incident.channel.toUpperCase()} !!` };
        const hostile = { ...shouted, topic: `<!channel> & ${'x'.repeat(400)}` };
        const channel = receiptOf(await kit.deliver(incident, hostile));
        assert.equal(channel.name, `#${incident.channel}`);
        const topic = (await kit.channels(incident.channel))[0]?.topic.value ?? '';
        assert.ok(topic.length <= 250 && topic.startsWith('&lt;!channel&gt; &amp; xxx'), topic);
      });
    });

    describe('people', () => {
      const invite = (people: readonly Addressee[]) => ({ system: 'slack', act: 'invite', people }) as const;

      it('are invited by id and by e-mail address; who is not found is named, and keeps nobody out', async () => {
        const { incident, channel } = await declared();
        const [one, two] = site.members;
        const task = invite([
          { name: 'Nobody', email: 'nobody@nowhere.example' },
          { name: 'Pen', pagerduty: 'P1' },
          { name: 'Ghost', slack: 'U0NOBODY' },
          { name: 'One', slack: one.id },
          { name: 'Two', email: two.email },
          { name: 'One again', slack: one.id },
        ]);
        const receipt = receiptOf(await kit.deliver(incident, task, { channel }));
        assert.deepEqual([receipt.id, receipt.name], [channel.id, 'One, Two']);
        assert.equal(
          receipt.detail,
          'not invited: Nobody (nobody in Slack has this e-mail address), Pen (no Slack id and no e-mail address is known), Ghost (unknown to Slack)',
        );
        const there = await kit.members(channel.id);
        assert.ok(there.includes(one.id) && there.includes(two.id));
        const again = receiptOf(await kit.deliver(incident, task, { channel, mayExist: true }));
        assert.deepEqual(again, receipt);
        assert.equal((await kit.members(channel.id)).length, there.length);
      });

      it('may be none at all', async () => {
        const { incident, channel } = await declared();
        const nobody = receiptOf(await kit.deliver(incident, invite([]), { channel }));
        assert.equal(nobody.detail, 'nobody to invite');
      });
    });

    describe('messages', () => {
      it('are posted and pinned once, and have an address', async () => {
        const { incident, channel } = await declared();
        const task = postTask('**Payments failing** see [Runbook](https://x.example/r?a=1&b=2)', true);
        const receipt = receiptOf(await kit.deliver(incident, task, { channel }));
        assert.equal(receipt.url, `${channel.url ?? ''}/p${receipt.id.replace('.', '')}`);
        const again = await kit.deliver(incident, task, { channel, mayExist: true });
        assert.deepEqual(again, { kind: 'delivered', receipt, found: true });
        const posted = (await kit.messages(channel.id)).filter(({ metadata }) => metadata);
        assert.deepEqual(
          posted.map(({ ts, text, metadata }) => [ts, text, metadata]),
          [
            [
              receipt.id,
              '*Payments failing* see <https://x.example/r?a=1&amp;b=2|Runbook>',
              {
                event_type: 'incident_delivery',
                event_payload: { key: deliveryKey(incident.id, 'slack/post') },
              },
            ],
          ],
        );
        assert.deepEqual(await kit.pinned(channel.id), [receipt.id]);
      });

      it('that a crash kept from being pinned are pinned, not posted again', async () => {
        const { incident, channel } = await declared();
        const first = receiptOf(await kit.deliver(incident, postTask('a'), { channel }));
        const result = await kit.deliver(incident, postTask('a', true), { channel, mayExist: true });
        assert.equal(receiptOf(result).id, first.id);
        assert.deepEqual(await kit.pinned(channel.id), [first.id]);
        assert.equal((await kit.messages(channel.id)).filter(({ metadata }) => metadata).length, 1);
      });

      it('find their own among many', async () => {
        const { incident, channel } = await declared();
        const first = receiptOf(await kit.deliver(incident, postTask('the first'), { channel }));
        for (let at = 0; at < 210; at++)
          await kit.call('chat.postMessage', { channel: channel.id, text: 'talk' });
        const again = await kit.deliver(incident, postTask('the first'), { channel, mayExist: true });
        assert.equal(receiptOf(again).id, first.id);
      });

      it('are several when the text is long, in order, and lose nothing', async () => {
        const { incident, channel } = await declared();
        const text = Array.from({ length: 400 }, (_, at) => `line ${at} of what happened`).join('\n');
        receiptOf(await kit.deliver(incident, postTask(text), { channel }));
        receiptOf(await kit.deliver(incident, postTask(text), { channel, mayExist: true }));
        const posted = (await kit.messages(channel.id)).filter(({ metadata }) => metadata);
        assert.ok(posted.length > 1);
        assert.equal(posted.map((message) => message.text).join('\n'), text);
      });

      it('mention nobody and hide no address, whatever is in them', async () => {
        const { incident, channel } = await declared();
        const text = '<!channel> <!here> <@U1> [bank.example](https://evil.example) & <b>';
        receiptOf(await kit.deliver(incident, postTask(text), { channel }));
        const posted = (await kit.messages(channel.id)).find(({ metadata }) => metadata);
        assert.equal(
          posted?.text,
          '&lt;!channel&gt; &lt;!here&gt; &lt;@U1&gt; bank.example (<https://evil.example>) &amp; &lt;b&gt;',
        );
      });

      it('need a text', async () => {
        const { incident, channel } = await declared();
        const { failure, retry } = failureOf(await kit.deliver(incident, postTask(' \n'), { channel }));
        assert.deepEqual([failure.code, retry], ['invalid', 'person']);
      });
    });

    it('sets the topic', async () => {
      const { incident, channel } = await declared();
      const task = { system: 'slack', act: 'set-topic', topic: 'SEV1 · Payments <down>' } as const;
      assert.deepEqual(receiptOf(await kit.deliver(incident, task, { channel })), channel);
      const [seen] = await kit.channels(incident.channel);
      assert.equal(seen?.topic.value, 'SEV1 · Payments &lt;down&gt;');
    });

    it('archives the channel, and is content when it is', async () => {
      const { incident, channel } = await declared();
      const task = { system: 'slack', act: 'archive' } as const;
      assert.deepEqual(await kit.deliver(incident, task, { channel }), {
        kind: 'delivered',
        receipt: channel,
      });
      const again = await kit.deliver(incident, task, { channel, mayExist: true });
      assert.deepEqual(again, { kind: 'delivered', receipt: channel, found: true });
      const byOthers = receiptOf(await kit.deliver(incident, task, { channel }));
      assert.equal(byOthers.detail, 'somebody had archived it');
      assert.equal((await kit.channels(incident.channel))[0]?.is_archived, true);
      const { failure } = failureOf(await kit.deliver(incident, postTask('late'), { channel }));
      assert.deepEqual([failure.code, /archived.*Unarchive/.test(failure.message)], ['conflict', true]);
    });

    it('says that there is no channel yet, no token, no address', async () => {
      const incident = anIncident();
      for (const task of [
        postTask('a'),
        { system: 'slack', act: 'archive' } as const,
        { system: 'slack', act: 'set-topic', topic: 'a' } as const,
        { system: 'slack', act: 'invite', people: [] } as const,
      ]) {
        const { failure, retry } = failureOf(await kit.deliver(incident, task));
        assert.deepEqual([failure.code, retry], ['not-found', 'person'], task.act);
        assert.match(failure.message, /no Slack channel yet/);
      }
      const none = failureOf(await kit.deliver(incident, createTask(incident), { token: '' }));
      assert.deepEqual([none.failure.code, none.retry], ['unauthorized', 'person']);
      assert.match(none.failure.message, /Incident: Connect/);
      const unsent = [
        { url: 'slack' },
        { url: site.url.replace('//', '//ana:hidden@') },
        { token: 'two\nhidden lines' },
      ];
      for (const options of unsent) {
        const { failure, retry } = failureOf(await kit.deliver(incident, createTask(incident), options));
        assert.deepEqual([failure.code, retry], ['invalid', 'person']);
        assert.ok(!JSON.stringify(failure).includes('hidden'));
      }
      assert.deepEqual(await kit.channels(incident.channel), []);
    });

    it('says as whom the token speaks, and which scopes it lacks', async () => {
      const checked = await checkSlack({ baseUrl: site.url, token: site.token, options: {} }, untilDone());
      assert.ok(checked.ok, JSON.stringify(checked));
      assert.match(checked.value.who, /^\S+ in \S+/);
      if (production.lacks.scopes !== undefined)
        return void assert.deepEqual(checked.value.warnings, [
          'Slack does not say which scopes the token has.',
        ]);
      assert.deepEqual(checked.value.warnings, []);
      const other = await checkSlack({ baseUrl: site.url, token: site.otherToken, options: {} }, untilDone());
      assert.ok(other.ok);
      assert.ok(other.value.warnings.some((one) => one.includes('users:read.email')));
      assert.ok(other.value.warnings.length < Object.keys(slackScopes).length);
      const unknown = await checkSlack(
        { baseUrl: site.url, token: 'no-such-word', options: {} },
        untilDone(),
      );
      assert.ok(!unknown.ok);
      assert.equal(unknown.failure.code, 'unauthorized');
      assert.ok(!unknown.failure.message.includes('no-such-word'));
    });

    it('brings back what people pinned, with author, time and link, and nothing of our own', async () => {
      const { incident, channel } = await declared();
      const post = receiptOf(await kit.deliver(incident, postTask('ours', true), { channel }));
      const notes = receiptOf(
        await kit.deliver({ ...incident, id: anIncident().id }, postTask('too'), { channel }),
      );
      const pins = { baseUrl: site.url, token: site.token, channel: channel.id };
      assert.deepEqual(await fetchPins(pins, untilDone()), { ok: true, value: [] });

      await kit.call('conversations.join', { channel: channel.id }, site.otherToken);
      const [member] = site.members;
      const say = async (text: string): Promise<string> =>
        (
          (await kit.call('chat.postMessage', { channel: channel.id, text }, site.otherToken)) as {
            ts: string;
          }
        ).ts;
      const first = await say(`<@${member.id}> saw p95 &lt; 2s at <https://x.example/d|Grafana>`);
      const second = await say('Cache is cold');
      for (const timestamp of [second, first, notes.id])
        await kit.call('pins.add', { channel: channel.id, timestamp }, site.otherToken);
      const names = new Map<string, string>();
      const read = await fetchPins({ ...pins, names }, untilDone());
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual(
        read.value.map(({ message, text }) => [message, text]),
        [
          [first, `@${member.name} saw p95 < 2s at Grafana (https://x.example/d)`],
          [second, 'Cache is cold'],
        ],
      );
      assert.ok(!read.value.some(({ message }) => message === post.id || message === notes.id));
      const [pin] = read.value;
      assert.equal(pin?.at, new Date(Number(first) * 1000).toISOString());
      assert.match(pin.url ?? '', new RegExp(`/archives/${channel.id}/p${first.replace('.', '')}$`));
      assert.ok([...names.values()].includes(pin.author), pin.author);
    });
  });
}
