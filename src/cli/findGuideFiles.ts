import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file to read, or a path at which there is nothing to read. */
export type FoundFile =
  | {
      readonly file: string;
      readonly absolute: string;
      /** True when the person named this file: it is reported even when it does not look like a guide. */
      readonly named: boolean;
    }
  | { readonly file: string; readonly unreadable: string };

/**
 * The files that `paths` (relative to `cwd`) mean, each once, named files in the order given, folders in the order of
 * their names; in folders those whose name matches `wanted`. `file` is the path as the person would write it. Folders behind symbolic links are not entered, so
 * that a circle of links ends. Never throws: what cannot be read is an item with a sentence.
 */
export async function findGuideFiles(
  paths: readonly string[],
  cwd: string,
  wanted = /\.md$/i,
): Promise<readonly FoundFile[]> {
  const found = new Map<string, FoundFile>();
  const add = (absolute: string, item: FoundFile): void => {
    const before = found.get(absolute);
    if (before === undefined || ('named' in item && item.named && 'named' in before && !before.named))
      found.set(absolute, item);
  };
  const walk = async (folder: string, absolute: string): Promise<void> => {
    let entries;
    try {
      entries = await readdir(absolute, { withFileTypes: true });
    } catch (thrown) {
      add(absolute, { file: folder, unreadable: whyUnreadable(thrown) });
      return;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    for (const entry of entries) {
      const inside = { file: path.join(folder, entry.name), absolute: path.join(absolute, entry.name) };
      if (entry.isDirectory()) {
        if (entry.name !== 'node_modules' && !entry.name.startsWith('.'))
          await walk(inside.file, inside.absolute);
      } else if (wanted.test(entry.name) && (entry.isFile() || (await isFile(inside.absolute))))
        add(inside.absolute, { ...inside, named: false });
    }
  };
  for (const given of paths) {
    const absolute = path.resolve(cwd, given);
    try {
      const what = await stat(absolute);
      if (what.isDirectory()) await walk(given, absolute);
      else if (what.isFile()) add(absolute, { file: given, absolute, named: true });
      else add(absolute, { file: given, unreadable: 'This is neither a file nor a folder.' });
    } catch (thrown) {
      add(absolute, { file: given, unreadable: whyUnreadable(thrown) });
    }
  }
  return [...found.values()];
}

const isFile = async (absolute: string): Promise<boolean> => {
  try {
    return (await stat(absolute)).isFile();
  } catch {
    return false; // a link to nothing is nothing to read
  }
};

const sentences: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or folder. Check the path.',
  ENOTDIR: 'There is no such file or folder: a part of the path is a file. Check the path.',
  EACCES: 'You may not read this. Check its permissions.',
  EPERM: 'You may not read this. Check its permissions.',
  ELOOP: 'This is a symbolic link that leads back to itself.',
  ENAMETOOLONG: 'There is no such file or folder: the name is too long.',
  ERR_INVALID_ARG_VALUE: 'No file or folder can have this name.',
};

/** A sentence for a thrown file system error. */
export function whyUnreadable(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return sentences[code] ?? `This cannot be read (${code || String(thrown)}).`;
}
