import { fstatSync } from 'node:fs';
import { open, rm, rmdir } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact, IncidentEvent } from '../core/incident/events.ts';
import { EVENT_VERSION } from './eventSchema.ts';
import { hashLine } from './parseJournalFile.ts';
import { errnoOf } from './storageFailure.ts';
import { makeFolder, syncFolder } from './durableFolder.ts';

export interface WriterFileDeps {
  /** The incident's folder; made with the first line. */
  readonly folder: string;
  readonly incident: string;
  /** The activation's writer. */
  readonly writer: string;
  /** Asked for when a file cannot be continued: it is announced as this activation's before it is used. */
  readonly newWriter: () => Promise<string>;
  readonly newId: () => string;
  readonly by: () => string;
  readonly now: () => Date;
  readonly nextClock: () => string;
}

/** One incident's file of this activation. Not for concurrent calls: the journal puts them in a row. */
export interface WriterFile {
  /**
   * Writes the facts as lines in one write and one fsync; on return they are on the disk. Throws what the disk
   * refused, with nothing half-written left and the chain ready for the next try.
   */
  append(facts: readonly Fact[]): Promise<readonly IncidentEvent[]>;
  /** Bytes that are known to be good, by file name: growth of these is not news. */
  readonly goodBytes: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly name: string;
  /** True until its folder entry is durable. */
  unsynced: boolean;
}

/** Writes all of it: a disk that fills up takes a part first and refuses the rest. */
export async function writeAll(
  handle: FileHandle,
  bytes: Uint8Array,
  position: number | null,
): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const at = position === null ? null : position + done;
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at);
    done += bytesWritten;
  }
}

export function createWriterFile(deps: WriterFileDeps): WriterFile {
  const { folder, incident } = deps;
  const goodBytes = new Map<string, number>();
  let writer = deps.writer;
  let file: OpenFile | undefined;
  let copies = 0;
  let size = 0;
  let n = 0;
  let prev = '';

  const startOver = async () => {
    writer = await deps.newWriter();
    file = undefined;
    copies = 0;
    size = 0;
    n = 0;
    prev = '';
  };

  /** Exclusive: a writer never reopens a file, its own included. */
  const create = async (name: string): Promise<OpenFile> => {
    await makeFolder(folder);
    const handle = await open(join(folder, name), 'ax+');
    return { handle, name, unsynced: true };
  };

  const opened = async (): Promise<OpenFile> => {
    for (let attempt = 0; file === undefined; attempt += 1) {
      try {
        // Before it exists, so that no watcher takes it for another writer's.
        goodBytes.set(`${writer}.jsonl`, 0);
        file = await create(`${writer}.jsonl`);
      } catch (thrown) {
        goodBytes.delete(`${writer}.jsonl`);
        if (errnoOf(thrown) !== 'EEXIST' || attempt === 3) throw thrown;
        await startOver();
      }
    }
    return file;
  };

  /**
   * The file was deleted or replaced under us (`git stash -u`, `git checkout`): what it held is still readable
   * through the open handle, so it is put back under a name of its own and continued there.
   */
  const putBack = async (lost: OpenFile): Promise<OpenFile> => {
    const bytes = Buffer.alloc(size);
    for (let done = 0; done < size;) {
      const { bytesRead } = await lost.handle.read(bytes, done, size - done, done);
      if (bytesRead === 0) throw new Error(`${lost.name} was deleted and could not be read back.`);
      done += bytesRead;
    }
    copies += 1;
    const name = `${writer}.${copies + 1}.jsonl`;
    goodBytes.set(name, 0);
    const copy = await create(name);
    try {
      await writeAll(copy.handle, bytes, null);
      await copy.handle.sync();
      await syncFolder(folder);
    } catch (thrown) {
      await copy.handle.close();
      await rm(join(folder, copy.name), { force: true });
      throw thrown;
    }
    copy.unsynced = false;
    goodBytes.set(copy.name, size);
    await lost.handle.close();
    return copy;
  };

  /** Back to the last good byte; a file that cannot be cut back, or whose sync failed, is left for a new one. */
  const rollBack = async (failing: OpenFile, synced: boolean) => {
    let clean = synced;
    try {
      await failing.handle.truncate(size);
      await failing.handle.sync();
    } catch {
      clean = false;
    }
    if (clean && size > 0) return;
    await failing.handle.close().catch(() => undefined);
    if (size > 0) return startOver();
    // Nothing was ever acknowledged in this file: leave neither it nor an empty folder.
    file = undefined;
    goodBytes.delete(failing.name);
    await rm(join(folder, failing.name), { force: true }).catch(() => undefined);
    await rmdir(folder).catch(() => undefined);
  };

  const build = (facts: readonly Fact[]) => {
    const time = deps.now().toISOString();
    const by = deps.by();
    const events: IncidentEvent[] = [];
    let text = '';
    let last = prev;
    for (const fact of facts) {
      const event: IncidentEvent = {
        id: deps.newId(),
        incident,
        writer,
        n: n + events.length + 1,
        clock: deps.nextClock(),
        time,
        by,
        ...fact,
        version: EVENT_VERSION,
        prev: last,
      };
      const line = JSON.stringify(event);
      last = hashLine(line);
      text += `${line}\n`;
      events.push(event);
    }
    return { events, bytes: Buffer.from(text), last };
  };

  return {
    goodBytes,
    async append(facts) {
      const to = await opened();
      const { events, bytes, last } = build(facts);
      let synced = true;
      try {
        await writeAll(to.handle, bytes, null);
        synced = false;
        await to.handle.sync();
        if (to.unsynced) await syncFolder(folder);
        synced = true;
      } catch (thrown) {
        await rollBack(to, synced);
        throw thrown;
      }
      to.unsynced = false;
      size += bytes.length;
      n += events.length;
      prev = last;
      goodBytes.set(to.name, size);
      // Synchronous on purpose: a stat of an open file costs microseconds, a trip to the thread pool ten times more.
      if (fstatSync(to.handle.fd).nlink === 0) file = await putBack(to);
      return events;
    },
    async close() {
      const closing = file;
      file = undefined;
      await closing?.handle.close();
    },
  };
}
