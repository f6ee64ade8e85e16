import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { messageOf, ok, failed, type Result } from '../core/errors.ts';
import type { IncidentRecord } from '../core/history/incidentRecord.ts';
import { parsePostMortem, type ReadPostMortem } from '../core/history/parsePostMortem.ts';
import { makeFolder } from './durableFolder.ts';
import { safeName } from './evidenceFile.ts';
import { IMPORTED_FOLDER, importedPath, listImported, readSmall, stampOf } from './importedFolder.ts';
import { sha256 } from './sha256.ts';
import { errnoOf, storageFailure } from './storageFailure.ts';
import type { IndexEntry } from './recordIndex.ts';

const MOST_FILES = 5_000;

export interface FoundPostMortem {
  /** Relative to the folder that was chosen, with `/`. */
  readonly file: string;
  /** What its copy is called. */
  readonly name: string;
  readonly content: string;
  readonly read: ReadPostMortem;
}

export interface FoundPostMortems {
  readonly found: readonly FoundPostMortem[];
  /** Markdown files that are no post-mortem or cannot be read, with the reason as a sentence. */
  readonly skipped: readonly { readonly file: string; readonly because: string }[];
}

/**
 * Reads every Markdown file below a folder. One that is of an incident of ours (`ours`: its number) is skipped: it would
 * be counted twice. Fails with
 * 'not-found' without the folder. Throws once `signal` aborts.
 */
export async function findPostMortems(
  folder: string,
  ours: ReadonlySet<string>,
  signal?: AbortSignal,
): Promise<Result<FoundPostMortems>> {
  let paths: readonly string[];
  try {
    paths = (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.(?:md|markdown)$/i.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.split(sep).includes('node_modules'))
      .sort();
  } catch (thrown) {
    const message = `${folder} cannot be read. Nothing was imported. Choose a folder that is there and can be read.`;
    return failed('not-found', message, messageOf(thrown));
  }
  const found: FoundPostMortem[] = [];
  const skipped: { file: string; because: string }[] = [];
  for (const [at, path] of paths.entries()) {
    signal?.throwIfAborted();
    const file = relative(folder, path).split(sep).join('/');
    const skip = (because: string) => void skipped.push({ file, because });
    if (at >= MOST_FILES) skip(`More than ${MOST_FILES} files were found: it was not read.`);
    else {
      const content = await readSmall(path);
      const read = content === undefined ? undefined : parsePostMortem(content, file);
      if (content === undefined) skip('It cannot be read, or is larger than 2 MB.');
      else if (!read) skip('Nothing of a post-mortem was found in it.');
      else if (read.incident !== undefined && ours.has(read.incident))
        skip(`It is of ${read.incident}, which is in History already.`);
      else found.push({ file, name: copyName(folder, file), content, read });
    }
  }
  return ok({ found, skipped });
}

/** The same file of the same folder has the same name each time, and no other has it: an import again replaces its copy. */
function copyName(folder: string, file: string): string {
  const place = `${basename(folder)}/${file}`;
  const readable = safeName(place.replaceAll('/', '-')).replace(/\.[A-Za-z]+$/, '');
  return `${readable}-${sha256(place).slice(0, 8)}.md`;
}

export interface ImportReport {
  readonly added: number;
  readonly updated: number;
  readonly unchanged: number;
}

/**
 * Copies the post-mortems below the journal's folder, each whole or not at all. One that is there already, under whatever
 * name, is not taken twice. Fails with 'storage': those copied before it stay, and the sentence says how many.
 */
export async function importPostMortems(
  root: string,
  found: readonly FoundPostMortem[],
  writer: string,
): Promise<Result<ImportReport>> {
  const folder = join(root, IMPORTED_FOLDER);
  let [added, updated, unchanged] = [0, 0, 0];
  try {
    await makeFolder(folder);
    const known = new Map<string, string>();
    for (const name of await importedNow(root)) known.set(name, (await readSmall(join(folder, name))) ?? '');
    const contents = new Set(known.values());
    for (const { name, content } of found) {
      if (contents.has(content)) {
        unchanged += 1;
        continue;
      }
      const temporary = join(folder, `${name}.${writer}.tmp`);
      try {
        await writeFile(temporary, content, { flush: true });
        await rename(temporary, join(folder, name));
      } catch (thrown) {
        await rm(temporary, { force: true }).catch(() => undefined);
        throw thrown;
      }
      if (known.has(name)) updated += 1;
      else added += 1;
      known.set(name, content);
      contents.add(content);
    }
    return ok({ added, updated, unchanged });
  } catch (thrown) {
    const done = added + updated;
    const subject =
      done === 0 ? 'nothing was imported and this post-mortem' : `${done} were imported and the next one`;
    return storageFailure(thrown, { folder, subject });
  }
}

const importedNow = (root: string): Promise<readonly string[]> =>
  listImported(root).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });

/** The records of the imported ones: from the index where the file is as it was, else read again. */
export async function readImported(
  root: string,
  index: ReadonlyMap<string, IndexEntry>,
  signal?: AbortSignal,
) {
  const records: IncidentRecord[] = [];
  const fresh: IndexEntry[] = [];
  const unreadable: string[] = [];
  for (const name of await listImported(root).catch(() => [])) {
    signal?.throwIfAborted();
    const id = `${IMPORTED_FOLDER}/${name}`;
    const path = importedPath(root, name);
    const stamp = await stampOf(path);
    const known = index.get(id);
    if (known && known.stamp === stamp) records.push(known.record);
    else {
      const content = await readSmall(path);
      const read = content === undefined ? undefined : parsePostMortem(content, name);
      if (!read || stamp === undefined) unreadable.push(id);
      else {
        const record = { ...read.record, id, imported: name };
        records.push(record);
        fresh.push({ stamp, record });
      }
    }
  }
  return { records, fresh, unreadable };
}
