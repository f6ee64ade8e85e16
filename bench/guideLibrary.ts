import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from '../scripts/cache.mjs';
import { looksLikeGuide } from '../src/core/guide/looksLikeGuide.ts';
import { parseGuide } from '../src/core/guide/parseGuide.ts';
import { createGuideCache } from '../src/editor/guides/guideCache.ts';
import { createGuideReader, type GuideFile } from '../src/editor/guides/guideReader.ts';
import { measured, median, type Measurement } from './measurement.ts';

const count = 1_000;

/** A workspace of a thousand guides, against reading the same files from the disk one after the other. */
export async function benchGuideLibrary(): Promise<Measurement[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-guides-'));
  try {
    const files = await writeGuides(path.join(folder, 'workspace'));
    const peers: number[] = [];
    const colds: number[] = [];
    const warms: number[] = [];
    const agains: number[] = [];
    for (let round = 0; round < 5; round++) {
      const cache = path.join(folder, `cache-${String(round)}`);
      peers.push(
        await timed(async () => {
          for (const { uri } of files) await readFile(uri);
        }),
      );
      colds.push(await timed(() => openWindow(cache).readAll(files, new AbortController().signal)));
      const window = openWindow(cache);
      warms.push(await timed(() => window.readAll(files, new AbortController().signal)));
      window.stale(files[0]?.uri ?? '');
      agains.push(await timed(() => window.readAll(files, new AbortController().signal)));
    }
    const peer = median(peers);
    const line = (name: string, times: readonly number[]) =>
      measured(`1,000 guides, ${name}`, 'ms', median(times), peer, 'reading the same files alone');
    return [line('cold', colds), line('warm', warms), line('one changed', agains)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const openWindow = (cache: string) =>
  createGuideReader({
    read: (uri) => readFile(uri),
    parse: (source, file) => (looksLikeGuide(source, file) ? parseGuide(source, { file }) : undefined),
    cache: createGuideCache(cache, 'bench'),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
    clock: () => performance.now(),
    onUnreadable: (file, thrown) => {
      throw new Error(`${file} could not be read`, { cause: thrown });
    },
  });

/** The default guide, each time under another name, so that no two have the same content. */
async function writeGuides(folder: string): Promise<readonly GuideFile[]> {
  const guide = await readFile(path.join(root, 'media/default-guide.md'), 'utf8');
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: count }, (_, n) => {
    const file = `guide-${String(n)}.md`;
    return { uri: path.join(folder, file), file };
  });
  for (const { uri, file } of files) await writeFile(uri, `${guide}\nThis is ${file}.\n`);
  return files;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
