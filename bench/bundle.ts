import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buildProject, sizeOf } from '../scripts/build.ts';
import { measured, type Measurement } from './measurement.ts';

/** What the main bundle may weigh, minified (docs/decisions: budgets of the design). */
const budget = 400;

/** Sizes of what ships, minified, in KB, against the budget of the bundle that every activation loads. */
export async function benchBundles(): Promise<Measurement[]> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'incident-bundle-'));
  try {
    const made = await buildProject({ production: true, into: folder });
    return [...made].map(([file, metafile]) =>
      measured(`size of ${file}`, 'KB', sizeOf(metafile) / 1024, budget, 'budget of the main bundle'),
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
