import type { AnyEvent } from '../core/incident/events.ts';
import { parseEvent } from './eventSchema.ts';
import { sha256 } from './sha256.ts';
import { isUlid } from './ulid.ts';

/** Something about a journal's files a person should know. Whatever could be read is still in the events. */
export interface JournalProblem {
  /** Relative to the incident's folder. */
  readonly file: string;
  /** 1-based; 0 when it concerns the whole file. */
  readonly line: number;
  readonly code:
    | 'torn-tail'
    | 'broken-chain'
    | 'unreadable-line'
    | 'foreign-incident'
    // From here on only `verify` looks.
    | 'missing-head'
    | 'missing-output'
    | 'changed-output'
    | 'missing-evidence'
    | 'changed-evidence';
  readonly message: string;
}

export interface JournalLine {
  readonly event: AnyEvent;
  /** SHA-256 (hex) of the line without its line end: what the writer's next line calls `prev`. */
  readonly hash: string;
  /** 1-based. */
  readonly line: number;
}

export interface JournalFile {
  readonly file: string;
  /** Every line that could be read, in file order. */
  readonly lines: readonly JournalLine[];
  readonly problems: readonly JournalProblem[];
}

/** What the next line names as its `prev`: of a line without its line end. */
export const hashLine = (line: string | Uint8Array): string => sha256(line);

const NEWLINE = 0x0a;
const RETURN = 0x0d;

interface RawLine {
  readonly bytes: Uint8Array;
  readonly line: number;
  /** False for a last line without a line end. */
  readonly ended: boolean;
}

/** Git on Windows may turn a line end into CRLF: both are line ends here, and no chain breaks over it. */
function* rawLines(bytes: Uint8Array): Generator<RawLine> {
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(NEWLINE, start);
    const ended = newline !== -1;
    const next = ended ? newline + 1 : bytes.length;
    let end = ended ? newline : bytes.length;
    if (ended && end > start && bytes[end - 1] === RETURN) end -= 1;
    if (end > start) yield { bytes: bytes.subarray(start, end), line, ended };
    start = next;
  }
}

/**
 * Reads the bytes of one writer's file and checks its chain. `file` is its name, `incident` the folder's ULID.
 * Any bytes are accepted: a line that cannot be read is a problem, every other line is kept. A last line without its
 * line end counts when it is whole; otherwise it is the torn tail of a crash. Lines of another incident are reported
 * and not mixed in. Never throws.
 */
export function parseJournalFile(bytes: Uint8Array, file: string, incident: string): JournalFile {
  const lines: JournalLine[] = [];
  const problems: JournalProblem[] = [];
  const decoder = new TextDecoder();
  const named = file.split('.')[0] ?? '';
  let writer = isUlid(named) ? named : undefined;
  let prev = '';
  let n: number | undefined = 0;

  for (const raw of rawLines(bytes)) {
    const { line } = raw;
    const parsed = parseEvent(decoder.decode(raw.bytes));
    if (!parsed.ok && !raw.ended) {
      const message = `Line ${line} of ${file} was cut off while it was written. All lines before it are whole.`;
      problems.push({ file, line, code: 'torn-tail', message });
      break;
    }
    const lineHash = hashLine(raw.bytes);
    if (!parsed.ok) {
      const message = `Line ${line} of ${file} cannot be read. ${parsed.failure.message} It stays in the file.`;
      problems.push({ file, line, code: 'unreadable-line', message });
      // Its number is unknown, so the next line is held to its hash alone.
      n = undefined;
      prev = lineHash;
      continue;
    }
    const event = parsed.value;
    writer ??= event.writer;
    const follows = event.prev === prev && (n === undefined || event.n === n + 1);
    if (!follows || event.writer !== writer) {
      const message =
        event.writer === writer
          ? `Line ${line} of ${file} does not follow from the line before it: one of the two was changed, or a line between them is missing. It is shown as it stands.`
          : `Line ${line} of ${file} was written by another writer than the rest of the file. It is shown as it stands.`;
      problems.push({ file, line, code: 'broken-chain', message });
    }
    n = event.n;
    prev = lineHash;
    if (event.incident === incident) {
      lines.push({ event, hash: lineHash, line });
    } else {
      const message = `Line ${line} of ${file} belongs to incident ${event.incident}. It stays in the file and is not part of this incident.`;
      problems.push({ file, line, code: 'foreign-incident', message });
    }
  }
  return { file, lines, problems };
}
