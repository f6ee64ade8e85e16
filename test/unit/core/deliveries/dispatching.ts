import { join } from 'node:path';
import { createDispatcher, type Dispatcher } from '../../../../src/core/deliveries/dispatcher.ts';
import type {
  DeliveryFailure,
  DeliveryRequest,
  DeliveryTask,
} from '../../../../src/core/deliveries/delivery.ts';
import type {
  DeliveryContext,
  DeliveryResult,
  DeliveryService,
} from '../../../../src/core/deliveries/deliveryPort.ts';
import type { Failure } from '../../../../src/core/errors.ts';
import { createIncidents, type Incidents } from '../../../../src/journal/incidents.ts';
import type { LocalJournal } from '../../../../src/journal/localJournal.ts';
import { createOwnWriters } from '../../../../src/journal/ownWriters.ts';
import { newId, value, type JournalFolder } from '../../journal/journalFolder.ts';

export const post = (text: string): DeliveryTask => ({ system: 'slack', act: 'post', text });

/** A request to a place of its own system, unless told otherwise. */
export const request = (
  delivery: string,
  task: DeliveryTask,
  more: Partial<DeliveryRequest> = {},
): DeliveryRequest => ({
  delivery,
  task,
  place: { baseUrl: `http://${task.system}.test` },
  after: [],
  ...more,
});

/** What an outside system holds: one entry per key, and every call it got. */
export interface FakeOutside {
  readonly service: DeliveryService;
  readonly made: Map<string, string>;
  readonly calls: DeliveryContext[];
  /** What the next calls meet before anything is made; taken one by one. */
  readonly before: (() => Promise<DeliveryResult | undefined> | DeliveryResult | undefined)[];
}

export function createFakeOutside(): FakeOutside {
  const made = new Map<string, string>();
  const calls: DeliveryContext[] = [];
  const before: FakeOutside['before'] = [];
  return {
    made,
    calls,
    before,
    service: {
      async deliver(context, signal) {
        calls.push(context);
        const met = await before.shift()?.();
        if (met) return met;
        if (signal.aborted)
          return { kind: 'failed', failure: { code: 'cancelled', message: 'Stopped.' }, retry: 'automatic' };
        if (context.mayExist && made.has(context.key))
          return { kind: 'delivered', receipt: { id: context.key, name: 'found' }, found: true };
        const { task } = context.delivery;
        made.set(context.key, 'text' in task ? task.text : task.act);
        return { kind: 'delivered', receipt: { id: `id-${made.size}`, name: `thing ${made.size}` } };
      },
    },
  };
}

/** One window on a journal folder, with a dispatcher of its own. */
export interface Window {
  readonly journal: LocalJournal;
  readonly incidents: Incidents;
  readonly dispatcher: Dispatcher;
  readonly failures: DeliveryFailure[];
  readonly broken: Failure[];
  /** What is to be called back, with its ms. */
  readonly timers: { readonly ms: number; readonly act: () => void }[];
  close(): Promise<void>;
}

export interface WindowOptions {
  readonly at: JournalFolder;
  readonly outside: FakeOutside;
  readonly now?: () => Date;
  readonly mayLeave?: () => boolean;
  /** Waited for by each look at who lives: holds up a look while something else goes on. */
  readonly beforeLook?: () => Promise<void>;
  /** This machine's own folder: another one for another machine. */
  readonly machine?: string;
}

export async function openWindow({
  at,
  outside,
  now = () => new Date(),
  ...more
}: WindowOptions): Promise<Window> {
  const journal = at.journal('Ana', now);
  const incidents = createIncidents({ journal, now, newId });
  value(await incidents.load());
  const writers = createOwnWriters(join(at.folder, more.machine ?? 'machine-a'), () => now().getTime());
  const failures: DeliveryFailure[] = [];
  const broken: Failure[] = [];
  const timers: { ms: number; act: () => void }[] = [];
  const dispatcher = createDispatcher({
    incidents,
    claim: journal.claim,
    isOwnWriter: journal.isOwnWriter,
    machineWriters: writers.all,
    liveWriters: async () => {
      await more.beforeLook?.();
      return journal.liveWriters();
    },
    remember: () => writers.remember(journal.writer),
    service: () => outside.service,
    mayLeave: more.mayLeave ?? (() => true),
    now: () => now().toISOString(),
    schedule: (ms, act) => {
      const timer = { ms, act };
      timers.push(timer);
      return () => void timers.splice(timers.indexOf(timer), timers.includes(timer) ? 1 : 0);
    },
    createStop: () => new AbortController(),
    onDidFail: (_incident, _delivery, failure) => failures.push(failure),
    onDidBreak: (failure) => broken.push(failure),
  });
  return {
    journal,
    incidents,
    dispatcher,
    failures,
    broken,
    timers,
    async close() {
      await dispatcher.dispose();
      await incidents.dispose();
      await journal.dispose();
    },
  };
}
