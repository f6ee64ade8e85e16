import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LIVE_FOLDER } from './liveWriters.ts';
import { sha256 } from './sha256.ts';
import { errnoOf } from './storageFailure.ts';

/** A claim that is held; nobody else on this folder acts on the same thing until it is released or its holder is gone. */
export interface Claim {
  release(): Promise<void>;
}

export interface ClaimDeps {
  /** The journal's root. */
  readonly root: string;
  readonly writer: string;
  liveWriters(): Promise<ReadonlySet<string>>;
}

/**
 * Takes a claim on something of an incident (a delivery's attempt), so that exactly one of several windows acts.
 * Undefined while another live window holds it. A claim is a file that is made whole or not at all (`link` fails when
 * the name is there); one left by a dead window is not removed but followed by the next in line, because removing and
 * making anew would let two windows both believe they have it. Throws what the disk refused.
 */
export async function takeClaim(
  what: string,
  { root, writer, liveWriters }: ClaimDeps,
): Promise<Claim | undefined> {
  const folder = join(root, LIVE_FOLDER, 'claims');
  await mkdir(folder, { recursive: true });
  const name = sha256(what).slice(0, 40);
  const own = join(folder, `.${randomUUID()}`);
  await writeFile(own, writer, { flag: 'wx' });
  try {
    const isHeld = async (ours?: string): Promise<readonly Held[] | undefined> => {
      const line = (await inLine(folder, name)).filter(({ file }) => file !== ours);
      const live = await liveWriters();
      return line.some(({ holder }) => live.has(holder)) ? undefined : line;
    };
    const before = await isHeld();
    if (!before) return undefined;
    const file = `${name}.${(before.at(-1)?.place ?? 0) + 1}`;
    const release = (): Promise<void> => rm(join(folder, file), { force: true });
    try {
      await link(own, join(folder, file));
    } catch (thrown) {
      if (errnoOf(thrown) === 'EEXIST') return undefined;
      throw thrown;
    }
    // Another may have taken a place of the line that was free again meanwhile: then neither acts, and both look later.
    const dead = await isHeld(file);
    if (!dead) {
      await release();
      return undefined;
    }
    for (const one of dead) await rm(join(folder, one.file), { force: true });
    return { release };
  } finally {
    await rm(own, { force: true });
  }
}

interface Held {
  readonly file: string;
  readonly place: number;
  readonly holder: string;
}

async function inLine(folder: string, name: string): Promise<readonly Held[]> {
  const files = (await readdir(folder)).filter((file) => file.startsWith(`${name}.`));
  const held = await Promise.all(
    files.map(async (file) => ({
      file,
      place: Number(file.slice(name.length + 1)),
      holder: await readFile(join(folder, file), 'utf8').catch(() => ''),
    })),
  );
  // One without a holder was taken away between the two looks.
  return held
    .filter(({ place, holder }) => Number.isSafeInteger(place) && holder !== '')
    .sort((a, b) => a.place - b.place);
}
