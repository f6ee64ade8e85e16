import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** Copies of the post-mortems that were imported: these files are the truth, their records are read from them. */
export const IMPORTED_FOLDER = 'imported';

/** No post-mortem is larger; what is, is something else. */
const MOST_BYTES = 2_000_000;

/** The names of the imported copies, sorted; none where nothing was imported. Throws what else the disk says. */
export const listImported = async (root: string): Promise<readonly string[]> =>
  (await readdir(join(root, IMPORTED_FOLDER))).filter((name) => name.endsWith('.md')).sort();

/** The copy's absolute path, inside the folder whatever the record says. */
export const importedPath = (root: string, name: string): string =>
  join(root, IMPORTED_FOLDER, basename(name));

/** What a file looks like: a text that differs once its content does; undefined without the file. Never throws. */
export const stampOf = (path: string): Promise<string | undefined> =>
  stat(path).then(
    ({ size, mtimeMs }) => `${size} ${mtimeMs}`,
    () => undefined,
  );

/** The text of a post-mortem; undefined where it cannot be read or is larger than 2 MB. Never throws. */
export async function readSmall(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > MOST_BYTES ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
