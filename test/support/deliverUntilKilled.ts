// A window on a journal folder that sends what is asked of it, and kills itself where it is told to:
//   node deliverUntilKilled.ts '{"folder":…,"requests":[…],"token":…,"kill":{"at":"replied","nth":2}}'
// Prints one line of JSON for each thing the test waits for; ends by itself when nothing is left to send.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { createDispatcher } from '../../src/core/deliveries/dispatcher.ts';
import type { DeliveryRequest } from '../../src/core/deliveries/delivery.ts';
import { hasUnsent } from '../../src/core/deliveries/delivery.ts';
import { createIntegrations } from '../../src/integrations/integrations.ts';
import { createIncidents } from '../../src/journal/incidents.ts';
import { createLocalJournal } from '../../src/journal/localJournal.ts';
import { createOwnWriters } from '../../src/journal/ownWriters.ts';
import { createUlidSource } from '../../src/journal/ulid.ts';

/**
 * Where it dies: `replied`: the answer to its nth changing request has come and nobody has looked at it; `unwritten`: before
 * the nth line about a delivery is written; `unsynced`: it is written, and its fsync has not begun.
 */
export interface Kill {
  readonly at: 'replied' | 'unwritten' | 'unsynced';
  readonly nth: number;
}

export interface DeliverOptions {
  readonly folder: string;
  /** Declares an incident and asks for these; absent: goes on with what is in the journal. */
  readonly requests?: readonly DeliveryRequest[];
  readonly token: string;
  readonly webhookUrl?: string;
  readonly kill?: Kill;
}

const options = JSON.parse(process.argv[2] ?? '{}') as DeliverOptions;
const { folder, token, kill } = options;
const say = (line: unknown): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const die = (): never => {
  process.kill(process.pid, 'SIGKILL');
  // The signal ends the process before anything else of it runs.
  for (;;);
};

let changing = 0;
const plainFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const answer = await plainFetch(input, init);
  const url = typeof input === 'string' ? input : input instanceof URL ? input.href : input.url;
  const method = init?.method ?? 'GET';
  // Slack's methods are all POST: those that only read are not counted.
  const reads = /\/api\/(?:auth\.test|[a-z.]+\.(?:list|info|history|members|lookupByEmail|getPermalink))$/i;
  if (
    method !== 'GET' &&
    method !== 'HEAD' &&
    !reads.test(new URL(url).pathname) &&
    !/\/search\//.test(url)
  ) {
    changing += 1;
    if (kill?.at === 'replied' && changing === kill.nth) die();
  }
  return answer;
};

// The journal writes through FileHandle: its methods are the last thing before the disk.
const probe = await open(process.argv[1] ?? '', 'r');
const handle = Object.getPrototypeOf(probe) as {
  write(...args: unknown[]): Promise<unknown>;
  sync(): Promise<void>;
};
await probe.close();
const [plainWrite, plainSync] = [handle.write, handle.sync];
let lines = 0;
let unsynced = false;
handle.write = function (this: unknown, ...args: unknown[]) {
  const [bytes] = args;
  if (Buffer.isBuffer(bytes) && /"type":"Delivery(?:Delivered|Failed)"/.test(bytes.toString('utf8'))) {
    lines += 1;
    if (kill?.at === 'unwritten' && lines === kill.nth) die();
    unsynced = true;
  }
  return plainWrite.apply(this as never, args);
};
handle.sync = function (this: unknown) {
  if (kill?.at === 'unsynced' && unsynced && lines === kill.nth) die();
  unsynced = false;
  return plainSync.apply(this as never);
};

const now = (): Date => new Date();
const newId = createUlidSource();
const journal = createLocalJournal({ folder: join(folder, 'incidents'), by: () => 'Ana', now, newId });
const incidents = createIncidents({ journal, now, newId });
const writers = createOwnWriters(join(folder, 'writers'), Date.now);
const integrations = createIntegrations({
  tokenOf: () => Promise.resolve(token),
  accountOf: () => Promise.resolve(undefined),
  webhookOf: () =>
    Promise.resolve(
      options.webhookUrl === undefined ? undefined : { url: options.webhookUrl, token: undefined },
    ),
});
const dispatcher = createDispatcher({
  incidents,
  claim: journal.claim,
  isOwnWriter: journal.isOwnWriter,
  machineWriters: writers.all,
  liveWriters: journal.liveWriters,
  remember: () => writers.remember(journal.writer),
  service: ({ task }) => integrations.deliveries[task.system],
  mayLeave: () => true,
  now: () => now().toISOString(),
  schedule: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => clearTimeout(timer);
  },
  createStop: () => new AbortController(),
  onDidFail: (_incident, delivery, failure) => say({ failed: delivery.delivery, failure }),
  onDidBreak: (failure) => say({ broken: failure }),
});

await incidents.load();
if (options.requests) {
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
  const requested = await dispatcher.request(declared.value, options.requests);
  if (!requested.ok) throw new Error(requested.failure.message);
}
dispatcher.pump();
const deadline = setTimeout(() => {
  say({ stuck: incidents.all().flatMap(({ deliveries }) => deliveries) });
  process.exit(1);
}, 60_000);
while (incidents.all().some(hasUnsent)) {
  await dispatcher.idle();
  // What failed is tried again after its wait: here at once, for nobody is there to wait.
  for (const { id, deliveries } of incidents.all())
    for (const { delivery, state } of deliveries) if (state === 'failed') dispatcher.retry(id, delivery);
  if (incidents.all().some(hasUnsent)) await new Promise((resolve) => setTimeout(resolve, 100));
}
clearTimeout(deadline);
say({ done: incidents.all().flatMap(({ deliveries }) => deliveries), changing, lines });
await dispatcher.dispose();
await incidents.dispose();
await journal.dispose();
