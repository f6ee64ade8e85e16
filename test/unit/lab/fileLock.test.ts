import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { exists } from '../../../scripts/cache.mjs';
import { withFileLock } from '../../lab/fileLock.ts';

describe('a lock that a file names', () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'incident-lock-'));
    file = path.join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('lets work of one run after work of the other, also after a failure', async () => {
    const done: string[] = [];
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const first = withFileLock(file, 'waiting', async () => {
      begin();
      await new Promise(setImmediate);
      done.push('first');
      throw new Error('no');
    });
    // Whoever takes the file first is first: only from here on it is known who that was.
    await begun;
    const second = withFileLock(file, 'waiting', async () => done.push('second'));
    await assert.rejects(first, /^Error: no$/);
    await second;
    assert.deepEqual(done, ['first', 'second']);
    assert.equal(await exists(file), false);
  });

  it('is nobody’s when its holder is gone', async () => {
    // Above every system's largest process id.
    await writeFile(file, '999999999');
    assert.equal(await withFileLock(file, 'waiting', async () => 'ran'), 'ran');
  });
});
