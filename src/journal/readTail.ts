import { open } from 'node:fs/promises';

const BLOCK = 64 * 1024;
/** A file of one endless line must not be read whole to show its end. */
const MOST = 4 * 1024 * 1024;
const NEWLINE = 0x0a;

/**
 * The last `lines` lines of a text file, read from its end, at most 4 MB of it. Its last line may be without a line
 * end. Throws what the disk says.
 */
export async function readTail(path: string, lines: number): Promise<string> {
  if (lines < 1) return '';
  const handle = await open(path, 'r');
  try {
    const { size } = await handle.stat();
    const blocks: Buffer[] = [];
    let found = 0;
    let start = size;
    while (start > 0 && size - start < MOST) {
      const length = Math.min(BLOCK, start);
      const block = Buffer.alloc(length);
      const { bytesRead } = await handle.read(block, 0, length, start - length);
      if (bytesRead < length) break;
      start -= length;
      // The line end of the last line ends a line, it does not begin one.
      for (let at = length - 1; at >= 0; at -= 1) {
        if (block[at] !== NEWLINE || start + at === size - 1) continue;
        found += 1;
        if (found === lines) return Buffer.concat([block.subarray(at + 1), ...blocks]).toString();
      }
      blocks.unshift(block);
    }
    const all = Buffer.concat(blocks);
    // Cut in the middle of a line: not in the middle of a character too.
    let from = 0;
    while (start > 0 && from < 4 && ((all[from] ?? 0) & 0xc0) === 0x80) from += 1;
    return all.subarray(from).toString();
  } finally {
    await handle.close();
  }
}
