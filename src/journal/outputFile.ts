import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Failure } from '../core/errors.ts';
import type { OutputRef } from '../core/incident/events.ts';
import { storageFailure } from './storageFailure.ts';
import { makeFolder, syncFolder } from './durableFolder.ts';
import { writeAll } from './writerFile.ts';

/** The saved output of one run. */
export interface OutputFile {
  /** Never reorders. Returns a promise while more than a megabyte waits for the disk: await it before the next. */
  write(text: string): Promise<void> | void;
  /** Flushes, syncs and closes; says what is really in the file. A second call gives the same answer. */
  end(): Promise<OutputRef>;
  /** Set when the disk refused: what came before is kept, the rest is only shown, and the run goes on. */
  readonly failure: Failure | undefined;
}

/** UTF-16 units waiting for the disk before a writer is asked to wait. */
const HIGH_WATER = 1024 * 1024;
const NEWLINE = 0x0a;

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

/** Opens `path` for the first time (throws what the disk says, EEXIST too); `file` is its name in the OutputRef. */
export async function createOutputFile(path: string, file: string): Promise<OutputFile> {
  await makeFolder(dirname(path));
  const handle = await open(path, 'wx');
  return writeTo(handle, path, file);
}

/** What is in an output whose run never ended it, in the words of a run that did. Throws what the disk says. */
export async function describeOutputFile(path: string, file: string): Promise<OutputRef> {
  const digest = createHash('sha256');
  let bytes = 0;
  let newlines = 0;
  let lastByte = NEWLINE;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) newlines += 1;
    lastByte = chunk.at(-1) ?? lastByte;
  }
  const lines = newlines + (lastByte === NEWLINE ? 0 : 1);
  return { file, sha256: digest.digest('hex'), bytes, lines };
}

function writeTo(handle: FileHandle, path: string, file: string): OutputFile {
  const digest = createHash('sha256');
  let bytes = 0;
  let newlines = 0;
  let lastByte = NEWLINE;
  let waiting: string[] = [];
  let waitingUnits = 0;
  let flushing: Promise<void> | undefined;
  let failure: Failure | undefined;
  let ended: Promise<OutputRef> | undefined;

  const take = (): string => {
    let text = waiting.join('');
    waiting = [];
    waitingUnits = 0;
    // Half a character can end a chunk; its other half is the start of the next one.
    if (!ended && isHighSurrogate(text.charCodeAt(text.length - 1))) {
      waiting.push(text.slice(-1));
      waitingUnits = 1;
      text = text.slice(0, -1);
    }
    return text;
  };

  const refuse = async (thrown: unknown) => {
    ({ failure } = storageFailure(thrown, {
      folder: dirname(path),
      subject: `the rest of the output (${file})`,
    }));
    waiting = [];
    waitingUnits = 0;
    // The file must be what its hash says; where even this fails, `verify` will show the difference.
    await handle.truncate(bytes).catch(() => undefined);
  };

  const flush = async () => {
    for (let text = take(); text !== '' && !failure; text = take()) {
      const chunk = Buffer.from(text);
      try {
        await writeAll(handle, chunk, bytes);
      } catch (thrown) {
        await refuse(thrown);
        return;
      }
      digest.update(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) newlines += 1;
      lastByte = chunk[chunk.length - 1] ?? lastByte;
    }
  };

  /** Starts in a later microtask, so that a burst of small writes becomes one. */
  const startFlush = (): Promise<void> =>
    (flushing ??= Promise.resolve()
      .then(flush)
      .finally(() => {
        flushing = undefined;
      }));

  const close = async (): Promise<OutputRef> => {
    await flushing;
    await flush();
    try {
      await handle.sync();
      await syncFolder(dirname(path));
    } catch (thrown) {
      if (!failure) await refuse(thrown);
    }
    await handle.close().catch(() => undefined);
    const lines = newlines + (lastByte === NEWLINE ? 0 : 1);
    return { file, sha256: digest.digest('hex'), bytes, lines };
  };

  return {
    write(text) {
      if (text === '' || failure || ended) return undefined;
      waiting.push(text);
      waitingUnits += text.length;
      const flushed = startFlush();
      return waitingUnits > HIGH_WATER ? flushed : undefined;
    },
    end: () => (ended ??= close()),
    get failure() {
      return failure;
    },
  };
}
