import type { LiveSignal } from '../../core/signals/incomingSignal.ts';
import { mergeSignals } from '../../core/signals/mergeSignals.ts';
import type { Server } from '../../core/signals/seenStates.ts';
import type {
  SignalSource,
  SourceFailure,
  SourceReading,
  SourceResult,
} from '../../core/signals/signalSource.ts';
import type { Silence } from '../../core/signals/silence.ts';
import type { SourceHealth } from '../../core/signals/sourceHealth.ts';
import { afterAnswer, afterFailure, isDue, msUntilDue, newHealth } from '../../core/signals/sourceHealth.ts';
import { messageOf } from '../../core/errors.ts';

export interface SignalFeedDeps {
  /** The sources of the present settings; asked at the start and by `reload`. */
  readonly sources: () => readonly SignalSource[];
  readonly serviceLabels: () => readonly string[];
  /** Milliseconds between two looks at a source that answers. */
  readonly pollMs: () => number;
  /** False: nothing may leave (Restricted Mode). */
  readonly isAllowed: () => boolean;
  /** UTC ISO 8601. */
  readonly now: () => string;
  /** Calls back once after so many ms; gives what calls it off. */
  readonly schedule: (ms: number, act: () => void) => () => void;
}

/** Alerts and changes as the sources tell them, asked again while somebody wants to know. */
export interface SignalFeed {
  /** Merged, newest first: what each source said last, a failing one's too. */
  signals(): readonly LiveSignal[];
  silences(): readonly Silence[];
  health(): readonly SourceHealth[];
  /** Every server that is asked, and whether it answered the last time, for what has ended. */
  servers(): readonly Server[];
  /** Asks from now on, at once what is due; false: stops, with what is under way. */
  want(isWanted: boolean): void;
  /** Asks every source now, or those of one kind, a failing one too; settles when all have answered. */
  refresh(kind?: SourceHealth['kind']): Promise<void>;
  /** Settings or trust have changed: what another address said is forgotten. */
  reload(): void;
  onDidChange(listener: () => void): { dispose(): void };
  dispose(): void;
}

interface Known {
  readonly source: SignalSource;
  readonly health: SourceHealth;
  readonly reading: SourceReading | undefined;
  /** While it is being asked. */
  readonly asking: { readonly stop: AbortController; readonly settled: Promise<void> } | undefined;
}

export function createSignalFeed(deps: SignalFeedDeps): SignalFeed {
  const listeners = new Set<() => void>();
  let known: ReadonlyMap<string, Known> = new Map();
  let merged: readonly LiveSignal[] | undefined;
  let isWanted = false;
  let isDisposed = false;
  let callOff: (() => void) | undefined;

  const changed = (): void => {
    merged = undefined;
    for (const listener of [...listeners]) listener();
  };
  const keep = (key: string, part: Partial<Known>): void => {
    const before = known.get(key);
    if (before) known = new Map(known).set(key, { ...before, ...part });
  };

  const ask = (key: string, { source, health }: Known): Promise<void> => {
    const stop = new AbortController();
    const settled = readSafely(source, stop.signal).then((result) => {
      // Another one took this one's place, or nobody wants it any more.
      if (known.get(key)?.asking?.stop !== stop) return;
      if (stop.signal.aborted || (!result.ok && result.failure.code === 'cancelled')) {
        keep(key, { asking: undefined });
        return;
      }
      const now = deps.now();
      keep(key, {
        asking: undefined,
        ...(result.ok
          ? { reading: result.value, health: afterAnswer(health, now, deps.pollMs()) }
          : { health: afterFailure(health, result.failure, now, deps.pollMs()) }),
      });
      changed();
      plan();
    });
    keep(key, { asking: { stop, settled } });
    return settled;
  };

  const askAll = async (isChosen: (health: SourceHealth) => boolean): Promise<void> => {
    if (isDisposed || !deps.isAllowed()) return;
    const asking = [...known].flatMap(([key, one]) =>
      one.asking ? [one.asking.settled] : isChosen(one.health) ? [ask(key, one)] : [],
    );
    plan();
    await Promise.all(asking);
  };

  /** Wakes when the next source is due. */
  const plan = (): void => {
    callOff?.();
    callOff = undefined;
    if (isDisposed || !isWanted || !deps.isAllowed()) return;
    const idle = [...known.values()].filter(({ asking }) => !asking).map(({ health }) => health);
    const wait = msUntilDue(idle, deps.now());
    if (wait !== undefined) callOff = deps.schedule(wait, () => void askDue());
  };
  const askDue = (): Promise<void> => askAll((health) => isDue(health, deps.now()));

  const stopAsking = (): void => {
    callOff?.();
    callOff = undefined;
    for (const [key, { asking }] of known) {
      asking?.stop.abort();
      if (asking) keep(key, { asking: undefined });
    }
  };

  const reload = (): void => {
    const before = known;
    stopAsking();
    const sources = deps.isAllowed() ? deps.sources() : [];
    known = new Map(
      sources.map((source) => {
        const old = before.get(source.key);
        const { name, kind } = source;
        return [
          source.key,
          old ? { ...old, source, asking: undefined } : fresh(source, newHealth(name, kind)),
        ];
      }),
    );
    changed();
    if (isWanted) void askDue();
  };

  const signals = (): readonly LiveSignal[] =>
    (merged ??= mergeSignals(
      [...known.values()].flatMap(({ source, reading }) =>
        (reading?.signals ?? []).map((signal) => toldBy(source, signal)),
      ),
      deps.serviceLabels(),
    ));

  return {
    signals,
    silences: () => [...known.values()].flatMap(({ reading }) => reading?.silences ?? []),
    health: () => [...known.values()].map(({ health }) => health),
    servers: () =>
      [...known.values()].map(({ source: { name, key, origin }, health, reading }) => ({
        name,
        key,
        origin,
        answered: reading?.complete === true && health.failure === undefined,
      })),
    want(wanted) {
      if (wanted === isWanted || isDisposed) return;
      isWanted = wanted;
      if (!wanted) stopAsking();
      else if (known.size === 0) reload();
      else void askDue();
    },
    refresh: async (kind) => {
      if (known.size === 0) reload();
      await askAll((health) => kind === undefined || health.kind === kind);
    },
    reload,
    onDidChange(listener) {
      listeners.add(listener);
      return { dispose: () => void listeners.delete(listener) };
    },
    dispose() {
      isDisposed = true;
      stopAsking();
      listeners.clear();
    },
  };
}

const toldBy = ({ key, origin }: SignalSource, signal: LiveSignal): LiveSignal => ({
  ...signal,
  servers: [key],
  ...(origin === undefined ? {} : { origins: [origin] }),
});

const fresh = (source: SignalSource, health: SourceHealth): Known => ({
  source,
  health,
  reading: undefined,
  asking: undefined,
});

/** A source that throws is a bug of ours: told in its row, and the others go on. */
const readSafely = (source: SignalSource, signal: AbortSignal): Promise<SourceResult> =>
  source.read(signal).catch((thrown: unknown): { ok: false; failure: SourceFailure } => ({
    ok: false,
    failure: {
      code: 'failed',
      message: `Reading ${source.name} went wrong on our side. It is asked again.`,
      cause: messageOf(thrown),
    },
  }));
