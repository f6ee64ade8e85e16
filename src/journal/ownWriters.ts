import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Longer than any delivery is worth waiting for, ms. */
const forgetAfterMs = 30 * 24 * 60 * 60 * 1000;

/**
 * The activations of this machine, also those that are gone: what one of them left unsent is this machine's to send. A
 * folder that a team shares holds other machines' writers too, and theirs are not.
 */
export interface OwnWriters {
  /** Makes sure that a later activation knows this one as its own. Throws what the disk refused. */
  remember(writer: string): Promise<void>;
  all(): Promise<ReadonlySet<string>>;
}

/** @param folder a folder of this machine alone, such as the extension's storage; `now` gives ms since 1970 */
export function createOwnWriters(folder: string, now: () => number): OwnWriters {
  const remembered = new Set<string>();
  return {
    async remember(writer) {
      if (remembered.has(writer)) return;
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, writer), '');
      remembered.add(writer);
      for (const name of await readdir(folder)) {
        const age = now() - (await stat(join(folder, name)).catch(() => ({ mtimeMs: now() }))).mtimeMs;
        if (age > forgetAfterMs) await rm(join(folder, name), { force: true });
      }
    },
    all: async () => new Set([...remembered, ...(await readdir(folder).catch(() => []))]),
  };
}
