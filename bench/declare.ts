import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDispatcher } from '../src/core/deliveries/dispatcher.ts';
import { nowhere } from '../src/core/deliveries/outwardPlaces.ts';
import { draftPublic } from '../src/core/views/audienceDrafts.ts';
import { planAnnouncement } from '../src/core/deliveries/planAnnouncement.ts';
import { createSlackService } from '../src/integrations/slack/slackService.ts';
import { createIncidents } from '../src/journal/incidents.ts';
import { createLocalJournal } from '../src/journal/localJournal.ts';
import { createUlidSource } from '../src/journal/ulid.ts';
import { startOutside, type Outside } from '../src/simulator/outside.ts';
import { measured, median } from './measurement.ts';
import type { Measurement } from './measurement.ts';

const rounds = 40;

/**
 * From the declare's last key to the channel, by the product (journal on disk before and after each step, the channel
 * marked as this incident's), against the same channel made by bare requests, one after the other. On the simulated
 * Slack: of the real one's time nothing is known here.
 */
export async function benchDeclare(): Promise<Measurement[]> {
  const folder = mkdtempSync(join(tmpdir(), 'incident-bench-'));
  const { outside, dispose } = await startOutside(Date.now);
  const newId = createUlidSource();
  const now = () => new Date();
  const journal = createLocalJournal({ folder, by: () => 'bench', now, newId });
  const incidents = createIncidents({ journal, now, newId });
  const slack = createSlackService({ tokenOf: () => Promise.resolve(outside.slack.store.token) });
  const dispatcher = createDispatcher({
    incidents,
    claim: journal.claim,
    isOwnWriter: journal.isOwnWriter,
    machineWriters: () => Promise.resolve(new Set([journal.writer])),
    liveWriters: journal.liveWriters,
    remember: () => Promise.resolve(),
    service: () => slack,
    mayLeave: () => true,
    now: () => now().toISOString(),
    schedule: () => () => undefined,
    createStop: () => new AbortController(),
    onDidFail: (_incident, _delivery, { message }) => {
      throw new Error(message);
    },
    onDidBreak: ({ message }) => {
      throw new Error(message);
    },
  });
  const declares: number[] = [];
  const channels: number[] = [];
  const peers: number[] = [];
  try {
    for (let round = 0; round < rounds; round++) {
      const start = performance.now();
      const declared = await incidents.handle(undefined, {
        type: 'Declare',
        data: {
          number: incidents.nextNumber(),
          title: 'Payments failing',
          severity: 'SEV2',
          service: 'payment-service',
          target: {},
        },
      });
      if (!declared.ok) throw new Error(declared.failure.message);
      const written = performance.now() - start;
      const [row] = planAnnouncement({
        incident: declared.value,
        guide: undefined,
        places: { ...nowhere, slack: { baseUrl: outside.slack.url, channelName: 'incident-{number}' } },
        people: [],
        unknownRoles: [],
        page: undefined,
        forCustomers: draftPublic(declared.value, undefined),
      });
      const { id } = declared.value;
      const done = new Promise<void>((resolve) => {
        const watching = incidents.onDidChange((changed) => {
          const channel = incidents.get(id)?.deliveries[0];
          if (changed !== id || channel?.state !== 'delivered') return;
          watching.dispose();
          resolve();
        });
      });
      const requested = await dispatcher.request(declared.value, row?.requests ?? []);
      if (!requested.ok) throw new Error(requested.failure.message);
      await done;
      const made = performance.now() - start;
      await dispatcher.idle();
      const bareStart = performance.now();
      await makeBareChannel(outside, `bare-${round}`);
      // The first round warms both up.
      if (round === 0) continue;
      peers.push(performance.now() - bareStart);
      declares.push(written);
      channels.push(made);
    }
  } finally {
    await dispatcher.dispose();
    await incidents.dispose();
    await journal.dispose();
    await dispose();
    rmSync(folder, { recursive: true, force: true });
  }
  const peer = median(peers);
  return [
    measured('declare, on disk', 'ms', median(declares), peer, 'a bare create, purpose and topic'),
    measured('declare → channel', 'ms', median(channels), peer, 'a bare create, purpose and topic'),
  ];
}

/** What the product asks of Slack for a channel, without a journal and without a look at the answers but for the id. */
async function makeBareChannel({ slack }: Outside, name: string): Promise<void> {
  const call = async (method: string, body: object): Promise<{ channel?: { id: string } }> => {
    const response = await fetch(`${slack.url}/api/${method}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${slack.store.token}`,
        'content-type': 'application/json; charset=utf-8',
      },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { channel?: { id: string } };
  };
  const channel = (await call('conversations.create', { name })).channel?.id;
  if (channel === undefined) throw new Error(`${name} was not made.`);
  await call('conversations.setPurpose', { channel, purpose: 'An incident' });
  await call('conversations.setTopic', { channel, topic: 'SEV2 Payments failing' });
}
