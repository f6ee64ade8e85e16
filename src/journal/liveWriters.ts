import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Run } from '../core/incident/incident.ts';
import { errnoOf } from './storageFailure.ts';
import { isUlid } from './ulid.ts';

/** Where activations say that they are alive, under the journal's root; never part of the record. */
export const LIVE_FOLDER = '.live';
const BEAT_MS = 5_000;
/** Missed beats until a writer counts as gone: a laptop's lid or a busy disk may cost a few. */
const GONE_AFTER_MS = 30_000;
const FORGET_AFTER_MS = 24 * 60 * 60 * 1000;

const beatSchema = v.object({
  pid: v.pipe(v.number(), v.integer(), v.minValue(1)),
  host: v.string(),
  at: v.number(),
  writers: v.array(v.pipe(v.string(), v.check(isUlid))),
  incidents: v.array(v.pipe(v.string(), v.check(isUlid))),
});
export type Beat = v.InferOutput<typeof beatSchema>;

/**
 * True when a run has no end and the writer that runs it is not alive. A writer of another machine that shares the
 * folder only by copies (git) leaves no sign of life here, so its unfinished runs count as interrupted too.
 */
export const isInterrupted = (run: Pick<Run, 'end' | 'writer'>, liveWriters: ReadonlySet<string>): boolean =>
  run.end === undefined && !liveWriters.has(run.writer);

const isDeadProcess = (beat: Beat): boolean => {
  if (beat.host !== hostname()) return false;
  try {
    process.kill(beat.pid, 0);
    return false;
  } catch (thrown) {
    return errnoOf(thrown) === 'ESRCH';
  }
};

async function readBeat(path: string): Promise<Beat | undefined> {
  try {
    const parsed = v.safeParse(beatSchema, JSON.parse(await readFile(path, 'utf8')));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/** The signs of life in a journal's folder that are fresh; long dead ones are swept away. Never throws. */
export async function readLiveBeats(root: string, now: Date): Promise<readonly Beat[]> {
  const folder = join(root, LIVE_FOLDER);
  const names = await readdir(folder).catch(() => []);
  const beats = await Promise.all(
    names
      .filter((name) => name.endsWith('.json'))
      .map(async (name) => {
        const beat = await readBeat(join(folder, name));
        if (!beat) return undefined;
        const age = Math.abs(now.getTime() - beat.at);
        if (age > FORGET_AFTER_MS) await rm(join(folder, name), { force: true }).catch(() => undefined);
        return age > GONE_AFTER_MS || isDeadProcess(beat) ? undefined : beat;
      }),
  );
  return beats.filter((beat) => beat !== undefined);
}

export interface Heartbeat {
  /** Says that this activation writes as `writer`, to `incident` if given; on return others can see it. Never throws. */
  announce(writer: string, incident: string | undefined): Promise<void>;
  readonly writers: ReadonlySet<string>;
  /** Stops and takes the sign away. Never throws. */
  stop(): Promise<void>;
}

/**
 * This activation's sign of life: `<root>/.live/<writer>.json`, beaten every five seconds from the first write on. A
 * disk that refuses it costs only that other windows may call this one's unfinished runs interrupted.
 */
export function createHeartbeat(root: string, writer: string, now: () => Date): Heartbeat {
  const folder = join(root, LIVE_FOLDER);
  const path = join(folder, `${writer}.json`);
  const writers = new Set([writer]);
  const incidents = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let stopped = false;

  const write = async () => {
    if (stopped) return;
    const beat: Beat = {
      pid: process.pid,
      host: hostname(),
      at: now().getTime(),
      writers: [...writers],
      incidents: [...incidents],
    };
    try {
      if (await mkdir(folder, { recursive: true })) {
        // In a team's repository these files are noise: git is told to leave them out.
        await writeFile(join(folder, '.gitignore'), '*\n');
      }
      await writeFile(`${path}.tmp`, JSON.stringify(beat));
      await rename(`${path}.tmp`, path);
    } catch {
      // Said above: nothing of the record depends on it.
    }
  };
  const beat = (): Promise<void> => (last = last.then(write));

  return {
    writers,
    async announce(name, incident) {
      writers.add(name);
      if (incident !== undefined) incidents.add(incident);
      timer ??= setInterval(() => void beat(), BEAT_MS).unref();
      await beat();
    },
    async stop() {
      clearInterval(timer);
      stopped = true;
      await last;
      if (timer) await rm(path, { force: true }).catch(() => undefined);
    },
  };
}
