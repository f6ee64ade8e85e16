import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { failed, messageOf, ok } from '../core/errors.ts';
import type { Failure, Result } from '../core/errors.ts';
import type { AnyEvent, Fact, IncidentEvent, OutputRef, PointsRef } from '../core/incident/events.ts';
import type { Measured } from '../core/metrics/metricQuery.ts';
import { takeClaim } from './claims.ts';
import type { Claim } from './claims.ts';
import { makeFolder } from './durableFolder.ts';
import { OUTPUT_FILE } from './eventSchema.ts';
import { createHybridClock } from './hybridClock.ts';
import { createHeartbeat, readLiveBeats } from './liveWriters.ts';
import { parseMeasured, POINTS_FILE, renderMeasured } from './measuredFile.ts';
import { createOutputFile, describeOutputFile } from './outputFile.ts';
import type { OutputFile } from './outputFile.ts';
import type { JournalProblem } from './parseJournalFile.ts';
import { fingerprintFolder, readIncidentFolder } from './readIncidentFolder.ts';
import { readTail } from './readTail.ts';
import { errnoOf, storageFailure } from './storageFailure.ts';
import { isUlid } from './ulid.ts';
import { verifyIncident } from './verifyIncident.ts';
import type { Verification } from './verifyIncident.ts';
import { watchJournal } from './watchJournal.ts';
import type { JournalWatch } from './watchJournal.ts';
import { watchRoot } from './watchRoot.ts';
import { createWriterFile } from './writerFile.ts';
import type { WriterFile } from './writerFile.ts';

export interface LocalJournalDeps {
  /** The journal's root: one folder per incident below it. Made with the first append. */
  readonly folder: string;
  /** Who acts, asked at each append. */
  readonly by: () => string;
  readonly now: () => Date;
  /** A new ULID each time. */
  readonly newId: () => string;
}

export interface JournalReading {
  /** Of all writers, in clock order; ties by writer and number. */
  readonly events: readonly AnyEvent[];
  /** Hash of each writer's last line. */
  readonly heads: Readonly<Record<string, string>>;
  readonly problems: readonly JournalProblem[];
}

/** The append-only record on this machine's disk. No function of it throws; failures are values. */
export interface LocalJournal {
  readonly folder: string;
  /** This activation. After a file that could not be cut back, an incident's lines go on under a further writer. */
  readonly writer: string;
  /** ULIDs of the incidents that have a folder, oldest first; none when there is no journal yet. */
  listIncidents(): Promise<Result<readonly string[]>>;
  /** Everything readable of one incident. Fails with 'not-found' without its folder, else 'storage'. */
  read(incident: string): Promise<Result<JournalReading>>;
  /** Writes facts durably, one append after another. Fails with 'storage' and leaves nothing behind. */
  append(incident: string, facts: readonly Fact[]): Promise<Result<readonly IncidentEvent[]>>;
  /** Opens `output/<run>.log`, once per run. */
  openOutput(incident: string, run: string): Promise<Result<OutputFile>>;
  /** Keeps what a run's queries gave as `output/<run>.points.json`, once per run. */
  keepPoints(incident: string, run: string, measured: Measured): Promise<Result<PointsRef>>;
  /** What such a file says. Fails with 'not-found', 'invalid' or 'storage'. */
  readPoints(incident: string, ref: Pick<PointsRef, 'file'>): Promise<Result<Measured>>;
  /** The absolute path of an output, inside the incident's folder whatever the reference says. */
  outputPath(incident: string, ref: Pick<OutputRef, 'file'>): string;
  /** The last `lines` lines of an output (`output/<run>.log`), also while its run goes on; at most 4 MB. */
  readOutputTail(incident: string, file: string, lines: number): Promise<Result<string>>;
  /** What a run that never recorded its end left in its output; undefined when that is nothing or cannot be read. */
  findOutput(incident: string, run: string): Promise<OutputRef | undefined>;
  verify(incident: string): Promise<Result<Verification>>;
  /** A text that differs when anyone but this activation changed the incident's files; '' without its folder. */
  fingerprint(incident: string): Promise<string>;
  /**
   * Reports within a second that others changed this incident, or, without one, that incidents came or went or are
   * written to by another live activation on this folder. What happens after `ready` settles is not missed.
   */
  watch(incident: string | undefined, onChange: (incident: string) => void): JournalWatch;
  /** Whether this activation wrote, or may still write, under that name. */
  isOwnWriter(writer: string): boolean;
  /** Writers alive now, this activation's among them: see `isInterrupted`. */
  liveWriters(): Promise<ReadonlySet<string>>;
  /**
   * Takes a claim on something of an incident, so that one window alone acts on it; undefined while another live one
   * holds it. Fails with 'storage'.
   */
  claim(what: string): Promise<Result<Claim | undefined>>;
  /** Ends what is under way, closes all files. Appends after it fail. */
  dispose(): Promise<void>;
}

const LOOK_EVERY_MS = 500;
const RUN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

const isOpening = (thrown: unknown): boolean =>
  thrown instanceof Error && 'syscall' in thrown && thrown.syscall === 'open';

export function createLocalJournal({ folder, by, now, newId }: LocalJournalDeps): LocalJournal {
  const writer = newId();
  const clock = createHybridClock(now);
  const heartbeat = createHeartbeat(folder, writer, now);
  const files = new Map<string, WriterFile>();
  const queues = new Map<string, Promise<unknown>>();
  const outputs = new Set<OutputFile>();
  const watches = new Set<JournalWatch>();
  let disposed = false;

  const folderOf = (incident: string): string => join(folder, basename(incident));
  const notAnIncident = (incident: string) =>
    failed('invalid', `"${incident}" is not the id of an incident. Nothing was read or written.`);
  const closed = () =>
    failed(
      'cancelled',
      'The journal is closed, so this was not written. Everything recorded before is safe.',
    );
  const unreadable = (incident: string, thrown: unknown): { ok: false; failure: Failure } =>
    errnoOf(thrown) === 'ENOENT'
      ? failed('not-found', `There is no journal of incident ${incident} in ${folder}.`, messageOf(thrown))
      : failed(
          'storage',
          `The journal of incident ${incident} in ${folder} cannot be read. Nothing was changed. Check the folder and try again.`,
          messageOf(thrown),
        );

  const liveWriters = async (): Promise<ReadonlySet<string>> => {
    const beats = await readLiveBeats(folder, now());
    return new Set([...heartbeat.writers, ...beats.flatMap((beat) => beat.writers)]);
  };
  /** A claim of our own that is left over is of an act that ended without releasing it. */
  const othersAlive = async (): Promise<ReadonlySet<string>> =>
    new Set([...(await liveWriters())].filter((one) => !heartbeat.writers.has(one)));

  const fileOf = async (incident: string): Promise<WriterFile> => {
    const known = files.get(incident);
    if (known) return known;
    await makeFolder(folder);
    await heartbeat.announce(writer, incident);
    const file = createWriterFile({
      folder: folderOf(incident),
      incident,
      writer,
      newWriter: async () => {
        const next = newId();
        await heartbeat.announce(next, incident);
        return next;
      },
      newId,
      by,
      now,
      nextClock: () => clock.next(),
    });
    files.set(incident, file);
    return file;
  };

  const inTurn = <T>(incident: string, act: () => Promise<T>): Promise<T> => {
    const turn = (queues.get(incident) ?? Promise.resolve()).then(act);
    const settled = turn.catch(() => undefined);
    queues.set(incident, settled);
    void settled.then(() => queues.get(incident) === settled && queues.delete(incident));
    return turn;
  };

  const listIncidents = async (): Promise<Result<readonly string[]>> => {
    try {
      const entries = await readdir(folder, { withFileTypes: true });
      return ok(
        entries
          .filter((entry) => entry.isDirectory() && isUlid(entry.name))
          .map((entry) => entry.name)
          .sort(),
      );
    } catch (thrown) {
      if (errnoOf(thrown) === 'ENOENT') return ok([]);
      const message = `The journal's folder ${folder} cannot be read. Nothing was changed. Check it, or choose another one in the settings.`;
      return failed('storage', message, messageOf(thrown));
    }
  };

  const fingerprint = (incident: string): Promise<string> =>
    fingerprintFolder(folderOf(incident), files.get(incident)?.goodBytes).catch(() => '');
  const otherBeats = async () => {
    const beats = await readLiveBeats(folder, now());
    return beats.filter((beat) => !beat.writers.some((name) => heartbeat.writers.has(name)));
  };

  const watch: LocalJournal['watch'] = (incident, onChange) => {
    const everyMs = LOOK_EVERY_MS;
    const started =
      incident === undefined
        ? watchRoot({ folder, everyMs, listIncidents, fingerprint, otherBeats, onChange })
        : watchJournal({
            folder: folderOf(incident),
            look: async () => new Map([[incident, await fingerprint(incident)]]),
            onChange,
            everyMs,
          });
    watches.add(started);
    return {
      ready: started.ready,
      dispose() {
        started.dispose();
        watches.delete(started);
      },
    };
  };

  return {
    folder,
    writer,
    listIncidents,
    async read(incident) {
      if (!isUlid(incident)) return notAnIncident(incident);
      try {
        const { events, heads, problems } = await readIncidentFolder(folderOf(incident), incident);
        for (const event of events) clock.merge(event.clock);
        return ok({ events, heads, problems });
      } catch (thrown) {
        return unreadable(incident, thrown);
      }
    },
    async append(incident, facts) {
      if (!isUlid(incident)) return notAnIncident(incident);
      if (facts.length === 0) return ok([]);
      if (disposed) return closed();
      return inTurn(incident, async () => {
        try {
          return ok(await (await fileOf(incident)).append(facts));
        } catch (thrown) {
          return storageFailure(thrown, { folder, subject: 'this entry' });
        }
      });
    },
    async openOutput(incident, run) {
      if (!isUlid(incident)) return notAnIncident(incident);
      if (!RUN_NAME.test(run)) return failed('invalid', `"${run}" cannot name an output file.`);
      if (disposed) return closed();
      const file = `output/${run}.log`;
      try {
        const output = await createOutputFile(join(folderOf(incident), file), file);
        outputs.add(output);
        const end = async () => {
          const ref = await output.end();
          outputs.delete(output);
          return ref;
        };
        return ok({
          write: (text) => output.write(text),
          end,
          get failure() {
            return output.failure;
          },
        });
      } catch (thrown) {
        if (errnoOf(thrown) === 'EEXIST' && isOpening(thrown)) {
          return failed('conflict', `${file} is there already, and an output is never overwritten.`);
        }
        return storageFailure(thrown, { folder, subject: `the output of this run (${file})` });
      }
    },
    async keepPoints(incident, run, measured) {
      const file = `output/${run}.points.json`;
      if (!isUlid(incident)) return notAnIncident(incident);
      if (!POINTS_FILE.test(file)) return failed('invalid', `"${run}" cannot name a file of points.`);
      if (disposed) return closed();
      try {
        const points = await createOutputFile(join(folderOf(incident), file), file);
        await points.write(renderMeasured(measured));
        const { lines: _lines, ...ref } = await points.end();
        // Half of it says nothing.
        return points.failure ? { ok: false, failure: points.failure } : ok(ref);
      } catch (thrown) {
        return storageFailure(thrown, { folder, subject: `the points of this run (${file})` });
      }
    },
    async readPoints(incident, { file }) {
      if (!isUlid(incident)) return notAnIncident(incident);
      if (!POINTS_FILE.test(file)) return failed('invalid', `"${file}" has no points of a run.`);
      try {
        const read = parseMeasured(await readFile(join(folderOf(incident), file), 'utf8'));
        return read
          ? ok(read)
          : failed(
              'invalid',
              `The saved points ${file} cannot be understood. The run's output is still there.`,
            );
      } catch (thrown) {
        return errnoOf(thrown) === 'ENOENT'
          ? failed('not-found', `The saved points ${file} are not there. The run's output still is.`)
          : failed('storage', `The saved points ${file} cannot be read.`, messageOf(thrown));
      }
    },
    outputPath: (incident, ref) => join(folderOf(incident), 'output', basename(ref.file)),
    async readOutputTail(incident, file, lines) {
      if (!isUlid(incident)) return notAnIncident(incident);
      if (!OUTPUT_FILE.test(file)) return failed('invalid', `"${file}" is not an output of an incident.`);
      try {
        return ok(await readTail(join(folderOf(incident), file), lines));
      } catch (thrown) {
        if (errnoOf(thrown) === 'ENOENT') {
          return failed(
            'not-found',
            `The saved output ${file} is not there. The run's outcome is still recorded.`,
          );
        }
        return failed('storage', `The saved output ${file} cannot be read.`, messageOf(thrown));
      }
    },
    async findOutput(incident, run) {
      if (!isUlid(incident) || !RUN_NAME.test(run)) return undefined;
      const file = `output/${run}.log`;
      const found = await describeOutputFile(join(folderOf(incident), file), file).catch(() => undefined);
      return found && found.bytes > 0 ? found : undefined;
    },
    async verify(incident) {
      if (!isUlid(incident)) return notAnIncident(incident);
      try {
        return ok(await verifyIncident(folderOf(incident), incident));
      } catch (thrown) {
        return unreadable(incident, thrown);
      }
    },
    fingerprint,
    watch,
    isOwnWriter: (name) => heartbeat.writers.has(name),
    liveWriters,
    async claim(what) {
      try {
        await heartbeat.announce(writer, undefined);
        return ok(await takeClaim(what, { root: folder, writer, liveWriters: othersAlive }));
      } catch (thrown) {
        return storageFailure(thrown, { folder, subject: 'the claim on what is sent' });
      }
    },
    async dispose() {
      disposed = true;
      for (const watching of watches) watching.dispose();
      await Promise.all(queues.values());
      await Promise.all([...outputs].map((output) => output.end()));
      await Promise.all([...files.values()].map((file) => file.close().catch(() => undefined)));
      await heartbeat.stop();
    },
  };
}
