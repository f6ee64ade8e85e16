import { join } from 'node:path';
import type { AnyEvent, IncidentEvent } from '../core/incident/events.ts';
import { hashFile } from './hashFile.ts';
import type { JournalProblem } from './parseJournalFile.ts';
import { readIncidentFolder } from './readIncidentFolder.ts';
import { errnoOf } from './storageFailure.ts';

export interface Verification {
  /** How many events, outputs, files of evidence and recorded heads were looked at. */
  readonly events: number;
  readonly outputs: number;
  readonly evidence: number;
  readonly heads: number;
  /** Empty when all of it is as it was written. */
  readonly problems: readonly JournalProblem[];
}

/** What an event says of a file beside the journal. */
interface Recorded {
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

const words = {
  output: { whose: 'what the run wrote', rest: 'the run’s outcome is still recorded' },
  evidence: { whose: 'what was attached', rest: 'that it was attached, and its hash, are still recorded' },
} as const;

/** `isPart`: a run that was taken for interrupted may have gone on printing; what was recorded must still lead it. */
async function checkFile(
  folder: string,
  { file, sha256, bytes: recorded }: Recorded,
  what: keyof typeof words,
  isPart = false,
): Promise<JournalProblem | undefined> {
  const at = { file, line: 0 };
  try {
    const found = await hashFile(join(folder, file), isPart ? recorded : undefined);
    if (found.sha256 === sha256) return undefined;
    const message = `${file} is not ${words[what].whose}: it has ${found.bytes} bytes where ${recorded} were recorded, or other ones.`;
    return { ...at, code: `changed-${what}`, message };
  } catch (thrown) {
    const why = errnoOf(thrown) === 'ENOENT' ? 'is not there' : 'cannot be read';
    return { ...at, code: `missing-${what}`, message: `${file} ${why}; ${words[what].rest}.` };
  }
}

const isKnown = (event: AnyEvent): event is IncidentEvent => !('unknown' in event);

/**
 * Checks one incident's chains, the hashes of its outputs and of its evidence, and the heads recorded when it was resolved (a tail cut
 * off or rewritten since). Reads every file; throws only without the folder.
 */
export async function verifyIncident(folder: string, incident: string): Promise<Verification> {
  const { events, hashes, problems } = await readIncidentFolder(folder, incident);
  const found: JournalProblem[] = [...problems];
  let outputs = 0;
  let evidence = 0;
  let heads = 0;
  for (const event of events.filter(isKnown)) {
    if (event.type === 'RunEnded' && event.data.output) {
      outputs += 1;
      const problem = await checkFile(folder, event.data.output, 'output', event.data.interrupted === true);
      if (problem) found.push(problem);
    }
    if (event.type === 'RunEnded' && event.data.points) {
      outputs += 1;
      const problem = await checkFile(folder, event.data.points, 'output');
      if (problem) found.push(problem);
    }
    if (event.type === 'EvidenceAdded' && event.data.file) {
      evidence += 1;
      const problem = await checkFile(folder, event.data.file, 'evidence');
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
  return { events: events.length, outputs, evidence, heads, problems: found };
}
