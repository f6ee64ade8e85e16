import assert from 'node:assert/strict';
import type { Fetch } from '../../../src/integrations/askJson.ts';
import { fetchReactions } from '../../../src/integrations/slack/fetchReactions.ts';
import { fetchReplies } from '../../../src/integrations/slack/fetchReplies.ts';
import { ownId } from '../../../src/integrations/slack/members.ts';
import { createSlackCall } from '../../../src/integrations/slack/slackApi.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';
import type { SlackKit, SlackProduction, SlackSite } from './slackKit.ts';
import { anIncident, createSlackKit, createTask, postTask, receiptOf } from './slackKit.ts';

/** What an approval in the channel needs of Slack, whichever it is. Leaves a channel behind. */
export function describeSlackReactions(production: SlackProduction): void {
  describe(`answers in slack of ${production.title}`, function () {
    this.timeout(60_000);
    let site: SlackSite;
    let kit: SlackKit;
    before(async () => {
      site = await production.start();
      kit = createSlackKit(site);
    });
    after(() => site.dispose());

    async function declared() {
      const incident = anIncident();
      const channel = receiptOf(await kit.deliver(incident, createTask(incident)));
      return { incident, channel };
    }

    it('tells who reacted to a message, and with what', async () => {
      const { incident, channel } = await declared();
      const post = receiptOf(await kit.deliver(incident, postTask('Who approves?'), { channel }));
      const message = { baseUrl: site.url, token: site.token, channel: channel.id, timestamp: post.id };
      assert.deepEqual(await fetchReactions(message, untilDone()), { ok: true, value: [] });

      await kit.call('conversations.join', { channel: channel.id }, site.otherToken);
      const react = (name: string) =>
        kit.call('reactions.add', { channel: channel.id, timestamp: post.id, name }, site.otherToken);
      await react('white_check_mark');
      await react('eyes');
      const names = new Map<string, string>();
      const read = await fetchReactions({ ...message, names }, untilDone());
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual(read.value.map(({ name }) => name).toSorted(), ['eyes', 'white_check_mark']);
      for (const { user, who } of read.value) assert.equal(who, names.get(user) ?? user);
      const gone = await fetchReactions({ ...message, timestamp: '1.000001' }, untilDone());
      assert.ok(!gone.ok);
    });

    it('asks once who the app is, for reactions and replies together, and again only after a failure', async () => {
      const { incident, channel } = await declared();
      const post = receiptOf(await kit.deliver(incident, postTask('Who approves?'), { channel }));
      await kit.call('conversations.join', { channel: channel.id }, site.otherToken);
      const args = { channel: channel.id, timestamp: post.id, name: 'white_check_mark' };
      await kit.call('reactions.add', args, site.otherToken);
      await kit.call('chat.postMessage', { channel: channel.id, text: 'approve CODE' }, site.otherToken);
      let identities = 0;
      let isCut = true;
      const counting: Fetch = (url, init) => {
        if (!url.endsWith('/auth.test')) return fetch(url, init);
        identities += 1;
        return isCut ? Promise.reject(new TypeError('cut')) : fetch(url, init);
      };
      const members = { names: new Map<string, string>(), ownIds: new Map() };
      const message = {
        ...{ baseUrl: site.url, token: site.token, channel: channel.id, timestamp: post.id },
        ...{ ...members, fetch: counting },
      };
      const look = async () => {
        const [reactions, replies] = await Promise.all([
          fetchReactions(message, untilDone()),
          fetchReplies(message, untilDone()),
        ]);
        return [reactions.ok && reactions.value.length, replies.ok && replies.value.length];
      };
      assert.deepEqual(await look(), [false, false]);
      const before = identities;
      isCut = false;
      assert.deepEqual(await look(), [1, 1]);
      assert.deepEqual(await look(), [1, 1]);
      assert.equal(identities - before, 1);
      // Another app's token is another member.
      const other = { ...message, token: site.otherToken };
      const ids = await Promise.all(
        [message, other].map((one) => ownId(one, createSlackCall(one, untilDone()))),
      );
      assert.ok(ids[0]?.ok && ids[1]?.ok && ids[0].value !== ids[1].value, JSON.stringify(ids));
      assert.equal(identities - before, 2);
    });

    it('tells who answered in the channel after a message, not what was said before or by the app', async () => {
      const { incident, channel } = await declared();
      await kit.call('conversations.join', { channel: channel.id }, site.otherToken);
      const say = (text: string) =>
        kit.call('chat.postMessage', { channel: channel.id, text }, site.otherToken);
      await say('approve BEFORE');
      const post = receiptOf(await kit.deliver(incident, postTask('Write approve CODE.'), { channel }));
      const message = { baseUrl: site.url, token: site.token, channel: channel.id, timestamp: post.id };
      assert.deepEqual(await fetchReplies(message, untilDone()), { ok: true, value: [] });

      await say('Looking at it');
      await say('refuse CODE: not yet');
      await say('approve CODE');
      receiptOf(await kit.deliver(incident, postTask('approve CODE'), { channel }));
      const names = new Map<string, string>();
      const read = await fetchReplies({ ...message, names }, untilDone());
      assert.ok(read.ok, JSON.stringify(read));
      assert.deepEqual(
        read.value.map(({ text }) => text),
        ['approve CODE', 'refuse CODE: not yet'],
      );
      for (const { user, who } of read.value) assert.equal(who, names.get(user) ?? user);
      const nowhere = await fetchReplies({ ...message, channel: 'C0NOWHERE' }, untilDone());
      assert.ok(!nowhere.ok);
    });
  });
}
