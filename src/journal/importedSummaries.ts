import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import type { ActionRecord } from '../core/history/incidentRecord.ts';
import type { ImportedSummary } from '../core/views/historyTree.ts';
import { importedPath, listImported, readSmall, stampOf } from './importedFolder.ts';

/** Beside the summaries: derived from the copies and made again where it does not fit, so deleting it loses nothing. */
export const IMPORTED_FILE = 'imported.json';

/** Raised with each change of what is read of a copy. */
const CACHE_VERSION = 1;
const cacheSchema = v.object({
  version: v.literal(CACHE_VERSION),
  copies: v.array(v.tuple([v.string(), v.string(), v.array(v.string())])),
});

interface Copy {
  readonly stamp: string;
  readonly openActions: readonly string[];
}

/**
 * What History's view shows of the imported post-mortems. A copy is read once, by `actionsOf` (its text, its name), and
 * again when its file changed; what was read is kept for the next start. The function that it gives never throws.
 */
export function createImportedSummaries(
  root: string,
  writer: string,
  actionsOf: (markdown: string, name: string) => readonly ActionRecord[] | undefined,
): () => Promise<ImportedSummary> {
  let known: Map<string, Copy> | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const look = async (): Promise<ImportedSummary> => {
    const names = await listImported(root).catch(() => []);
    if (names.length === 0) return { count: 0, openActions: [] };
    known ??= await readCopies(root);
    const now = new Map<string, Copy>();
    for (const name of names) {
      const path = importedPath(root, name);
      const stamp = await stampOf(path);
      const before = known.get(name);
      if (stamp === undefined) continue;
      if (before?.stamp === stamp) now.set(name, before);
      else now.set(name, { stamp, openActions: openDays(actionsOf((await readSmall(path)) ?? '', name)) });
    }
    const isSame = now.size === known.size && [...now].every(([name, copy]) => known?.get(name) === copy);
    known = now;
    if (!isSame) await writeCopies(root, writer, now);
    return { count: names.length, openActions: [...now.values()].flatMap(({ openActions }) => openActions) };
  };

  return () => {
    // One after another: two at once would read the same copies twice.
    const mine = turn.then(look);
    turn = mine.catch(() => undefined);
    return mine;
  };
}

const openDays = (actions: readonly ActionRecord[] = []): readonly string[] =>
  actions.filter(({ done }) => !done).map(({ due = '' }) => due);

async function readCopies(root: string): Promise<Map<string, Copy>> {
  try {
    const parsed = v.safeParse(cacheSchema, JSON.parse(await readFile(join(root, IMPORTED_FILE), 'utf8')));
    const copies = parsed.success ? parsed.output.copies : [];
    return new Map(copies.map(([name, stamp, openActions]) => [name, { stamp, openActions }]));
  } catch {
    // Not there, or not JSON: it is made again.
    return new Map();
  }
}

async function writeCopies(root: string, writer: string, copies: ReadonlyMap<string, Copy>): Promise<void> {
  const temporary = join(root, `${IMPORTED_FILE}.${writer}.tmp`);
  const rows = [...copies].map(([name, { stamp, openActions }]) => [name, stamp, openActions]);
  try {
    await writeFile(temporary, JSON.stringify({ version: CACHE_VERSION, copies: rows }));
    await rename(temporary, join(root, IMPORTED_FILE));
  } catch {
    // Without it the next start only reads the copies again.
    await rm(temporary, { force: true }).catch(() => undefined);
  }
}
