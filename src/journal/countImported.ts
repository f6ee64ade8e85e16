import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Copies of the post-mortems that were imported: these files are the truth, their records are read from them. */
export const IMPORTED_FOLDER = 'imported';

/** The names of the imported copies, sorted; none where nothing was imported. Throws what else the disk says. */
export const listImported = async (root: string): Promise<readonly string[]> =>
  (await readdir(join(root, IMPORTED_FOLDER))).filter((name) => name.endsWith('.md')).sort();

/** How many post-mortems were imported, without reading one. Never throws. */
export const countImported = (root: string): Promise<number> =>
  listImported(root).then(
    ({ length }) => length,
    () => 0,
  );
