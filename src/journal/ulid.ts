import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** The text form of a ULID (https://github.com/ulid/spec): 26 characters of Crockford's base 32, 48 bits of time. */
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** True for the ids this journal gives to incidents, writers and events; also what makes a folder name safe to join. */
export const isUlid = (text: string): boolean => ULID.test(text);

/**
 * A source of new ULIDs, each greater as text than the one before; give it to the journal as `newId`. Randomness is
 * drawn in blocks: the library asks the system for each of 16 characters, which costs half as much as an fsync.
 */
export function createUlidSource(): (seedMs?: number) => string {
  const block = new Uint8Array(1024);
  let used = block.length;
  return monotonicFactory(() => {
    if (used === block.length) {
      randomFillSync(block);
      used = 0;
    }
    const byte = block[used] ?? 0;
    used += 1;
    return byte / 256;
  });
}
