import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { AnyEvent, IncidentEvent, OutputRef } from '../core/incident/events.ts';
import type { JournalProblem } from './parseJournalFile.ts';
import { readIncidentFolder } from './readIncidentFolder.ts';
import { errnoOf } from './storageFailure.ts';

export interface Verification {
  /** How many events, outputs and recorded heads were looked at. */
  readonly events: number;
  readonly outputs: number;
  readonly heads: number;
  /** Empty when all of it is as it was written. */
  readonly problems: readonly JournalProblem[];
}

async function hashFile(path: string, upTo = Infinity): Promise<{ sha256: string; bytes: number }> {
  const digest = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { end: upTo - 1 }) as AsyncIterable<Buffer>) {
    digest.update(chunk);
    bytes += chunk.length;
  }
  return { sha256: digest.digest('hex'), bytes };
}

/** `isPart`: a run that was taken for interrupted may have gone on printing; what was recorded must still lead it. */
async function checkOutput(
  folder: string,
  ref: OutputRef,
  isPart: boolean,
): Promise<JournalProblem | undefined> {
  const at = { file: ref.file, line: 0 };
  try {
    const { sha256, bytes } = await hashFile(join(folder, ref.file), isPart ? ref.bytes : undefined);
    if (sha256 === ref.sha256) return undefined;
    const message = `${ref.file} is not what the run wrote: it has ${bytes} bytes where ${ref.bytes} were recorded, or other ones.`;
    return { ...at, code: 'changed-output', message };
  } catch (thrown) {
    const why = errnoOf(thrown) === 'ENOENT' ? 'is not there' : 'cannot be read';
    return {
      ...at,
      code: 'missing-output',
      message: `${ref.file} ${why}; the run's outcome is still recorded.`,
    };
  }
}

const isKnown = (event: AnyEvent): event is IncidentEvent => !('unknown' in event);

/**
 * Checks one incident's chains, the hashes of its outputs, and the heads recorded when it was resolved (a tail cut
 * off or rewritten since). Reads every file; throws only without the folder.
 */
export async function verifyIncident(folder: string, incident: string): Promise<Verification> {
  const { events, hashes, problems } = await readIncidentFolder(folder, incident);
  const found: JournalProblem[] = [...problems];
  let outputs = 0;
  let heads = 0;
  for (const event of events.filter(isKnown)) {
    if (event.type === 'RunEnded' && event.data.output) {
      outputs += 1;
      const problem = await checkOutput(folder, event.data.output, event.data.interrupted === true);
      if (problem) found.push(problem);
    }
    if (event.type === 'IncidentResolved') {
      for (const [writer, head] of Object.entries(event.data.heads)) {
        heads += 1;
        if (hashes.has(head)) continue;
        const message = `The last line of writer ${writer} at the resolution of ${event.time} is gone or was changed: lines were cut off or rewritten since.`;
        found.push({ file: `${writer}.jsonl`, line: 0, code: 'missing-head', message });
      }
    }
  }
  return { events: events.length, outputs, heads, problems: found };
}
