/**
 * The lines of a log as they come, in batches, without their line breaks; a last line that is not ended is a line too.
 * Letters split between two pieces are put together. Throws what the source throws, after what came before it.
 */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of bytes) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      if (lines.length > 0) yield lines;
    }
    rest += decoder.decode();
  } catch (thrown) {
    if (rest !== '') yield [rest];
    throw thrown;
  }
  if (rest !== '') yield [rest];
}

/** A log line that the server has put its time in front of. */
export interface StampedLine {
  /** The time as text that sorts: RFC 3339 in UTC with nine digits; undefined for a line without one. */
  readonly key: string | undefined;
  /** Where the line itself begins. */
  readonly from: number;
}

const keyLength = '2026-11-23T10:00:00.000000000Z'.length;

/** Reads the time that the kubelet writes in front of a line; a node may write it in its own time zone. */
export function readStamp(line: string): StampedLine {
  const space = line.indexOf(' ');
  const end = space < 0 ? line.length : space;
  if (end === keyLength && line[keyLength - 1] === 'Z' && line[10] === 'T')
    return { key: line.slice(0, end), from: end + 1 };
  const [whole, seconds, fraction = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[-+]\d\d:\d\d)$/.exec(line.slice(0, end)) ?? [];
  const at = whole === undefined ? NaN : Date.parse(`${seconds}${zone}`);
  if (Number.isNaN(at)) return { key: undefined, from: 0 };
  return { key: `${new Date(at).toISOString().slice(0, 19)}.${fraction.padEnd(9, '0')}Z`, from: end + 1 };
}
