import assert from 'node:assert/strict';
import { failed, ok, type Result } from '../../../../src/core/errors.ts';
import type { Command } from '../../../../src/core/incident/commands.ts';
import type { Incident, Pin } from '../../../../src/core/incident/incident.ts';
import type { ChannelFeed } from '../../../../src/editor/outward/channelFeed.ts';
import { createPinFeed } from '../../../../src/editor/outward/pinFeed.ts';
import { createIncidents, type Incidents } from '../../../../src/journal/incidents.ts';
import { after, declared } from '../../../support/builders.ts';
import { delivered, deliveryRequested } from '../../../support/deliveryBuilders.ts';
import { createJournalFolder, newId, value, type JournalFolder } from '../../journal/journalFolder.ts';

const pin: Pin = { message: '1.1', author: 'Ana', text: 'Rolled back to 1.4', at: after(20) };

describe('what is pinned in the channel', () => {
  let journals: JournalFolder;
  let incidents: Incidents;
  let feed: ChannelFeed;
  let clock: number;
  let answer: Result<readonly Pin[]>;
  let looks: number;
  let id: string;
  let token: string | undefined;

  const handle = async (command: unknown): Promise<Incident> =>
    value(await incidents.handle(id === '' ? undefined : id, command as Command));
  const pins = () => incidents.get(id)?.pins.map(({ text }) => text);

  beforeEach(async () => {
    journals = createJournalFolder();
    clock = Date.parse(after(0));
    [id, token, looks, answer] = ['', 'simulated-word', 0, ok([])];
    const now = (): Date => new Date(clock);
    const journal = journals.journal('Ana', now);
    incidents = createIncidents({ journal, now, newId });
    value(await incidents.load());
    const { data } = declared({ target: {} });
    id = (await handle({ type: 'Declare', data })).id;
    await handle({ type: 'RequestDeliveries', data: { deliveries: [deliveryRequested().data] } });
    await handle({ type: 'StartDelivery', data: { delivery: 'slack/create-channel' } });
    await handle({ type: 'RecordDelivered', data: delivered().data });
    feed = createPinFeed({
      incidents,
      journal,
      connections: { tokenOf: () => Promise.resolve(token) },
      now: () => now().toISOString(),
      fetchPins: () => {
        looks += 1;
        return Promise.resolve(answer);
      },
    });
  });
  afterEach(async () => {
    feed.dispose();
    await incidents.dispose();
    await journals.dispose();
  });

  it('comes into the timeline once, and is not looked for without a token', async () => {
    answer = ok([pin]);
    token = undefined;
    await feed.look();
    assert.equal(looks, 0);
    token = 'simulated-word';
    await feed.look();
    await feed.look();
    assert.deepEqual(pins(), ['Rolled back to 1.4']);
  });

  it('is looked for once more when the incident is over, again while that fails, and then no more', async () => {
    await feed.look();
    answer = failed('unreachable', 'Slack could not be reached.');
    await handle({ type: 'Resolve', data: { heads: {} } });
    await feed.look();
    assert.deepEqual(pins(), []);
    answer = ok([pin]);
    await feed.look();
    assert.deepEqual(pins(), ['Rolled back to 1.4']);
    const before = looks;
    await feed.look();
    assert.equal(looks, before);
  });

  it('is not looked for any more when the incident has been over for long', async () => {
    token = undefined;
    await handle({ type: 'Resolve', data: { heads: {} } });
    await feed.look();
    token = 'simulated-word';
    clock += 11 * 60_000;
    await feed.look();
    assert.equal(looks, 0);
  });
});
