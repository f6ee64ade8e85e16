import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../core/errors.ts';
import { mergeJournalFiles } from './mergeJournalFiles.ts';
import type { MergedJournal } from './mergeJournalFiles.ts';
import { parseJournalFile } from './parseJournalFile.ts';
import type { JournalFile } from './parseJournalFile.ts';

const EXTENSION = '.jsonl';

/** Names of the writers' files in an incident's folder, sorted. Throws what the disk says. */
export const listJournalFiles = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith(EXTENSION)).sort();

async function readOne(folder: string, file: string, incident: string): Promise<JournalFile> {
  try {
    return parseJournalFile(await readFile(join(folder, file)), file, incident);
  } catch (thrown) {
    const message = `${file} cannot be read (${messageOf(thrown)}). What other writers recorded is shown.`;
    return { file, lines: [], problems: [{ file, line: 0, code: 'unreadable-line', message }] };
  }
}

/** All writers of one incident, merged. A file that cannot be read is a problem; throws only without the folder. */
export async function readIncidentFolder(folder: string, incident: string): Promise<MergedJournal> {
  const names = await listJournalFiles(folder);
  return mergeJournalFiles(await Promise.all(names.map((name) => readOne(folder, name, incident))));
}

/**
 * A text that differs when a writer's file came, went, grew or was touched. `own` are our files with the bytes known to
 * be good: their growth is our own doing, only their loss is news. Throws without the folder.
 */
export async function fingerprintFolder(
  folder: string,
  own: ReadonlyMap<string, number> = new Map(),
): Promise<string> {
  const names = await listJournalFiles(folder);
  const parts = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name)).catch(() => undefined);
      if (!found) return '';
      const isOurs = found.size >= (own.get(name) ?? Infinity);
      return isOurs ? '' : `${name}:${found.size}:${found.mtimeMs}:${found.ino}`;
    }),
  );
  const gone = [...own]
    .filter(([name, bytes]) => bytes > 0 && !names.includes(name))
    .map(([name]) => `-${name}`);
  return [...parts, ...gone].filter((part) => part !== '').join('|');
}
