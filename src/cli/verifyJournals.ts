import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { verifyBundle, type BundleProblem } from '../journal/audit/verifyBundle.ts';
import { manifestName } from '../journal/audit/manifest.ts';
import { isUlid } from '../journal/ulid.ts';
import { verifyIncident, type Verification } from '../journal/verifyIncident.ts';
import { whyUnreadable } from './findGuideFiles.ts';
import type { CommandLine } from './parseCommandLine.ts';
import { portable } from './portable.ts';
import type { CliIo } from './runCli.ts';
import { count, printable, renderJson } from './terminalText.ts';

/** What was found of one incident's folder: an entry of `verify --json`. */
interface FolderReport extends Omit<Verification, 'problems'> {
  readonly problems: readonly BundleProblem[];
  readonly folder: string;
  readonly result: 'as-written' | 'changed' | 'unreadable';
  /** Why it could not be looked at. */
  readonly message: string | undefined;
}

const nothing: Verification = { events: 0, outputs: 0, evidence: 0, heads: 0, problems: [] };

/**
 * Verifies the journal of every incident among the paths and gives the exit status: 0 when all are as they were written,
 * 1 when one is not, cannot be read, or there is none. Reads every file and writes none.
 */
export async function verifyJournals(
  { paths, json }: Extract<CommandLine, { command: 'verify' }>,
  io: CliIo,
): Promise<number> {
  const reports: FolderReport[] = [];
  for (const given of paths)
    for (const folder of await incidentFolders(path.resolve(io.cwd, given)))
      reports.push(await verifyFolder(folder, io.cwd));
  io.out(json ? renderJson(reports) : renderReports(reports));
  // Having looked at nothing proves nothing: the path is most likely wrong.
  if (reports.length === 0)
    io.err('incident-guide: no journal of an incident was found there, so nothing was verified.\n');
  return reports.length > 0 && reports.every(({ result }) => result === 'as-written') ? 0 : 1;
}

/** A folder that is an incident's or an audit bundle, else those of incidents in it; one that cannot be read stands for itself. */
async function incidentFolders(folder: string): Promise<readonly string[]> {
  if (isUlid(path.basename(folder))) return [folder];
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    if (entries.some(({ name }) => name === manifestName)) return [folder];
    return entries
      .filter((entry) => entry.isDirectory() && isUlid(entry.name))
      .map(({ name }) => path.join(folder, name))
      .sort();
  } catch {
    return [folder];
  }
}

async function verifyFolder(folder: string, cwd: string): Promise<FolderReport> {
  const named = { folder: portable(folder, cwd) };
  try {
    const found = isUlid(path.basename(folder))
      ? await verifyIncident(folder, path.basename(folder))
      : await verifyAsBundle(folder);
    const result = found.problems.length === 0 && found.events > 0 ? 'as-written' : 'changed';
    const message = found.events === 0 ? 'No event can be read in it.' : undefined;
    return { ...named, result, message, ...found };
  } catch (thrown) {
    return { ...named, result: 'unreadable', message: whyUnreadable(thrown), ...nothing };
  }
}

async function verifyAsBundle(folder: string): Promise<Omit<FolderReport, 'folder' | 'result' | 'message'>> {
  const { journal, problems } = await verifyBundle(folder);
  return { ...(journal ?? nothing), problems };
}

function renderReports(reports: readonly FolderReport[]): string {
  const blocks = reports.map(({ folder, result, message, problems, ...found }) => {
    const looked =
      result === 'unreadable'
        ? ''
        : `: ${[
            count(found.events, 'event'),
            count(found.outputs, 'output'),
            `${count(found.evidence, 'file')} of evidence`,
            count(found.heads, 'recorded head'),
          ].join(', ')}`;
    const notes = [
      ...(message === undefined ? [] : [message]),
      ...problems.map((problem) => problem.message),
      ...(found.events > 0 && found.heads === 0
        ? ['It was never resolved, so no last lines are recorded: a tail that was cut off would not be seen.']
        : []),
    ];
    const lines = notes.map((note) => `  ${printable(note, 1000)}\n`);
    return `${result.padEnd(10)} ${printable(folder, 1000)}${looked}\n${lines.join('')}`;
  });
  const sum = (wanted: FolderReport['result']): number =>
    reports.filter(({ result }) => result === wanted).length;
  const unreadable = sum('unreadable') > 0 ? `, ${sum('unreadable')} unreadable` : '';
  return `${blocks.join('')}${count(reports.length, 'incident')}: ${sum('as-written')} as written, ${sum('changed')} changed${unreadable}.\n`;
}
