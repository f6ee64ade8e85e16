import { join } from 'node:path';
import { failed, messageOf, ok } from '../core/errors.ts';
import type { Result } from '../core/errors.ts';
import type { Command } from '../core/incident/commands.ts';
import { decide } from '../core/incident/decide.ts';
import { evolve, replay } from '../core/incident/evolve.ts';
import type { Incident } from '../core/incident/incident.ts';
import type { LocalJournal } from './localJournal.ts';
import type { JournalProblem } from './parseJournalFile.ts';
import { summaryOf } from './summaries.ts';
import type { IncidentSummary } from './summaries.ts';
import { createSummaryStore } from './summaryStore.ts';
import type { JournalWatch } from './watchJournal.ts';

export interface IncidentsDeps {
  readonly journal: LocalJournal;
  readonly now: () => Date;
  /** A new ULID each time. */
  readonly newId: () => string;
}

export interface LoadReport {
  /** How many incidents the journal holds. */
  readonly incidents: number;
  /** Folders whose journal has no readable declare: nothing of them is shown, their files are untouched. */
  readonly unreadable: readonly string[];
}

/** The incidents of one journal folder, folded. No function of it throws; failures are values. */
export interface Incidents {
  /** Reads the active incidents whole and the others' summaries; watches for other windows from then on. */
  load(): Promise<Result<LoadReport>>;
  /** Newest first, those read so far: the active ones and the opened ones. */
  all(): readonly Incident[];
  /** Newest first. */
  active(): readonly Incident[];
  get(id: string): Incident | undefined;
  /** Reads an old incident on first use. */
  open(id: string): Promise<Result<Incident>>;
  /** Newest first, all of them: what History shows. */
  summaries(): readonly IncidentSummary[];
  /** What the files of a resolved incident looked like when its summary was made; undefined while that is not settled. */
  stampOf(id: string): string | undefined;
  /**
   * Decides, writes, folds, tells; one command after another per incident. Waits for nothing but the disk. A refusal
   * leaves nothing behind. A Declare comes without an id; a Resolve gets the journal's heads here.
   */
  handle(id: string | undefined, command: Command): Promise<Result<Incident>>;
  /** `YYYY-MM-DD-NNNN`: the next free label of today in UTC. Two who are offline may take the same one. */
  nextNumber(): string;
  /** Reads an incident again if its files were changed by others. */
  refresh(id: string): Promise<Result<Incident>>;
  /** What the last read of an incident found wrong in its files. */
  problems(id: string): readonly JournalProblem[];
  /** Writers known to be alive at the last look, for `isInterrupted`. Changes are told by `onDidChange`. */
  liveWriters(): ReadonlySet<string>;
  onDidChange(listener: (id: string) => void): { dispose(): void };
  dispose(): Promise<void>;
}

interface Loaded {
  readonly incident: Incident | undefined;
  readonly problems: readonly JournalProblem[];
  /** Of the files as they were before they were read. */
  readonly fingerprint: string;
}

const LIVE_EVERY_MS = 2_000;

export function createIncidents({ journal, now, newId }: IncidentsDeps): Incidents {
  const loaded = new Map<string, Loaded>();
  const watches = new Map<string, JournalWatch>();
  const queues = new Map<string, Promise<unknown>>();
  const listeners = new Set<(id: string) => void>();
  const store = createSummaryStore(journal);
  let live: ReadonlySet<string> = new Set([journal.writer]);
  let rootWatch: JournalWatch | undefined;
  let liveTimer: NodeJS.Timeout | undefined;
  let loading: ReturnType<Incidents['load']> | undefined;
  let disposed = false;

  const emit = (id: string) => {
    for (const listener of [...listeners]) listener(id);
  };
  const newestFirst = (incidents: Iterable<Incident>): Incident[] =>
    [...incidents].sort((a, b) => (a.id < b.id ? 1 : -1));
  const get = (id: string): Incident | undefined => loaded.get(id)?.incident;
  const all = (): Incident[] =>
    newestFirst([...loaded.values()].map(({ incident }) => incident).filter((it) => it !== undefined));

  /** Every change of one incident's state in a row: decide must not look at a state that is being replaced. */
  const inTurn = <T>(id: string, act: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(id) ?? Promise.resolve()).then(act);
    const settled = turn.catch(() => undefined);
    queues.set(id, settled);
    void settled.then(() => queues.get(id) === settled && queues.delete(id));
    return turn;
  };

  const keep = (id: string, entry: Loaded) => {
    loaded.set(id, entry);
    if (entry.incident) store.put(summaryOf(entry.incident));
    else store.drop(id);
  };

  const watchOne = async (id: string) => {
    if (disposed || watches.has(id)) return;
    const watch = journal.watch(id, (changed) => void inTurn(changed, () => readAgain(changed)));
    watches.set(id, watch);
    await watch.ready;
  };

  const noDeclare = (id: string) =>
    failed(
      'not-found',
      `There is no incident to show in ${join(journal.folder, id)}: its journal has no readable declare. Its files are untouched.`,
    );

  const unwatch = (id: string) => {
    watches.get(id)?.dispose();
    watches.delete(id);
  };

  /** Reads if others changed the files since; inside the incident's turn only. */
  const readAgain = async (id: string): Promise<Result<Incident>> => {
    const fingerprint = await journal.fingerprint(id);
    const known = loaded.get(id);
    if (known && known.fingerprint === fingerprint) {
      return known.incident ? ok(known.incident) : noDeclare(id);
    }
    const reading = await journal.read(id);
    if (!reading.ok) {
      if (reading.failure.code === 'not-found') {
        unwatch(id);
        const wasKnown = loaded.delete(id);
        if (store.drop(id) || wasKnown) emit(id);
      }
      return reading;
    }
    const incident = replay(reading.value.events);
    keep(id, { incident, problems: reading.value.problems, fingerprint });
    if (!disposed) emit(id);
    return incident ? ok(incident) : noDeclare(id);
  };

  const openInTurn = async (id: string): Promise<Result<Incident>> => {
    // The watch first: what changes between the read and the watch would be missed otherwise.
    if (!loaded.has(id)) await watchOne(id);
    const opened = await readAgain(id);
    if (!opened.ok && !loaded.has(id)) unwatch(id);
    return opened;
  };

  const apply = async (
    id: string,
    before: Incident | undefined,
    command: Command,
  ): Promise<Result<Incident>> => {
    const decision = decide(before, command, now().toISOString());
    if (!decision.ok) return decision;
    const written = await journal.append(id, decision.value);
    if (!written.ok) return written;
    const after = written.value.reduce<Incident | undefined>(evolve, before);
    if (!after) return noDeclare(id);
    const known = loaded.get(id);
    keep(id, {
      incident: after,
      problems: known?.problems ?? [],
      fingerprint: known?.fingerprint ?? '',
    });
    if (written.value.length > 0) emit(id);
    return ok(after);
  };

  /** The heads of a resolution are read from the disk, so that a tail cut off later shows. */
  const withHeads = async (id: string, command: Command): Promise<Result<Command>> => {
    if (command.type !== 'Resolve') return ok(command);
    const reading = await journal.read(id);
    return reading.ok ? ok({ ...command, data: { ...command.data, heads: reading.value.heads } }) : reading;
  };

  const handle: Incidents['handle'] = async (id, command) => {
    try {
      if (id === undefined) {
        if (command.type !== 'Declare') {
          return failed('not-found', 'There is no such incident. Declare one first, or switch to another.');
        }
        const created = newId();
        const declared = await inTurn(created, () => apply(created, undefined, command));
        if (declared.ok) void watchOne(created);
        return declared;
      }
      return await inTurn(id, async () => {
        const current = await openInTurn(id);
        if (!current.ok) return current;
        const complete = await withHeads(id, command);
        return complete.ok ? apply(id, current.value, complete.value) : complete;
      });
    } catch (thrown) {
      return failed(
        'failed',
        'This could not be done. Everything recorded before is safe.',
        messageOf(thrown),
      );
    }
  };

  /** A run of another window counts as going on only while that window lives. */
  const lookAtLive = async () => {
    const running = all().filter((incident) =>
      incident.runs.some((run) => run.end === undefined && run.writer !== journal.writer),
    );
    if (running.length === 0) return;
    const before = live;
    live = await journal.liveWriters();
    if (disposed) return;
    for (const { id, runs } of running) {
      if (runs.some((run) => before.has(run.writer) !== live.has(run.writer))) emit(id);
    }
  };

  const loadOnce: Incidents['load'] = async () => {
    rootWatch ??= journal.watch(undefined, (id) => {
      void inTurn(id, () => openInTurn(id));
    });
    await rootWatch.ready;
    const ids = await journal.listIncidents();
    if (!ids.ok) return ids;
    const { active, unreadable } = await store.load(ids.value);
    for (const id of active) await inTurn(id, () => openInTurn(id));
    live = await journal.liveWriters();
    liveTimer ??= setInterval(() => void lookAtLive(), LIVE_EVERY_MS).unref();
    return ok({ incidents: ids.value.length, unreadable });
  };

  return {
    load: () =>
      (loading ??= loadOnce().finally(() => {
        loading = undefined;
      })),
    all,
    active: () => all().filter((incident) => incident.status === 'active'),
    get,
    open: (id) => inTurn(id, () => openInTurn(id)),
    summaries: () => store.all(),
    stampOf: (id) => store.stampOf(id),
    handle,
    nextNumber() {
      const day = now().toISOString().slice(0, 10);
      const taken = store
        .all()
        .filter(({ number }) => number.startsWith(`${day}-`))
        .map(({ number }) => Number(number.slice(day.length + 1)))
        .filter(Number.isSafeInteger);
      return `${day}-${String(Math.max(0, ...taken) + 1).padStart(4, '0')}`;
    },
    refresh: (id) => inTurn(id, () => readAgain(id)),
    problems: (id) => loaded.get(id)?.problems ?? [],
    liveWriters: () => live,
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    async dispose() {
      disposed = true;
      rootWatch?.dispose();
      clearInterval(liveTimer);
      for (const watch of watches.values()) watch.dispose();
      await Promise.all(queues.values());
      await store.dispose();
      listeners.clear();
    },
  };
}
