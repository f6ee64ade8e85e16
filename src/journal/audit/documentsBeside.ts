import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { errnoOf } from '../storageFailure.ts';
import type { BundleEntry } from './exportBundle.ts';

/**
 * A post-mortem (absolute) and what belongs to it: files beside it of its name (calendar entry, exports) and everything
 * in its `-plots` folder, each at the place that the document's links name. None where it was moved away; throws what
 * else the disk says.
 */
export async function documentsBeside(file: string): Promise<readonly BundleEntry[]> {
  const folder = dirname(file);
  const stem = basename(file).replace(/\.md$/i, '');
  const found: BundleEntry[] = [];
  for (const name of (await namesIn(folder)).sort()) {
    const from = join(folder, name);
    if (name === `${stem}-plots`) found.push(...(await filesUnder(from, folder)));
    else if (name.startsWith(`${stem}.`) && (await stat(from)).isFile()) found.push({ from, path: name });
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((thrown: unknown) => {
    if (errnoOf(thrown) === 'ENOENT') return [];
    throw thrown;
  });
}

async function filesUnder(folder: string, base: string): Promise<BundleEntry[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((from) => ({ from, path: relative(base, from).split(sep).join('/') }));
}
