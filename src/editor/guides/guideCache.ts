import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import type { Guide } from '../../core/guide/guide.ts';
import type { GuideCache } from './guideReader.ts';
import { sha256 } from '../../journal/sha256.ts';

/** Most guides kept in one of the sixteen files, the last used ones: about 4,000 in all. */
const mostPerFile = 256;

interface Shard {
  readonly guides: Map<string, Guide>;
  changed: boolean;
}

/**
 * Keeps guides in a folder, for every window and across reloads, in one subfolder for each build of the parser; those
 * of other builds are removed. Sixteen files by the first digit of the content's hash, each with the hash of its own
 * text in front: one that was torn or changed is ignored. Nothing here fails: without a disk guides are parsed again.
 */
export function createGuideCache(folder: string, build: string): GuideCache {
  const own = path.join(folder, build);
  const shards = new Map<string, Promise<Shard>>();
  const fileOf = (name: string): string => path.join(own, `${name}.json`);
  const load = async (name: string): Promise<Shard> => {
    const text = await readFile(fileOf(name), 'utf8').catch(() => '');
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    const isWhole = end > 0 && text.slice(0, end) === sha256(body);
    const entries = isWhole ? (JSON.parse(body) as [string, Guide][]) : [];
    return { guides: new Map(entries), changed: false };
  };
  const shardOf = (hash: string): Promise<Shard> => {
    const name = hash.slice(0, 1);
    const found = shards.get(name) ?? load(name);
    shards.set(name, found);
    return found;
  };
  const write = async (name: string, { guides }: Shard): Promise<void> => {
    const body = JSON.stringify([...guides].slice(-mostPerFile));
    const temporary = `${fileOf(name)}.${randomUUID()}`;
    await mkdir(own, { recursive: true, mode: 0o700 });
    await writeFile(temporary, `${sha256(body)}\n${body}`, { mode: 0o600 });
    await rename(temporary, fileOf(name));
  };
  return {
    get: async (hash) => {
      const { guides } = await shardOf(hash);
      const guide = guides.get(hash);
      if (guide) {
        // The last used one stands last, and is kept longest.
        guides.delete(hash);
        guides.set(hash, guide);
      }
      return guide;
    },
    put: (hash, guide) => {
      void shardOf(hash).then((shard) => {
        shard.guides.set(hash, guide);
        shard.changed = true;
      });
    },
    save: async () => {
      try {
        for (const [name, loading] of shards) {
          const shard = await loading;
          if (!shard.changed) continue;
          shard.changed = false;
          await write(name, shard);
        }
        const builds = await readdir(folder);
        for (const other of builds.filter((each) => each !== build))
          await rm(path.join(folder, other), { recursive: true, force: true });
      } catch {
        // A full or read-only disk costs the next window some parsing, nothing else.
      }
      shards.clear(); // what a window holds of its guides stands in the reader; the rest is read when asked for
    },
  };
}
