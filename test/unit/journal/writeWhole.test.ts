import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '../../../src/journal/writeWhole.ts';
import { breakDisk, diskError } from './brokenDisk.ts';

describe('a file that is written whole', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'incident-whole-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is there afterwards, over one of the same name', async () => {
    const file = join(folder, 'figures.csv');
    for (const text of ['old', 'new']) assert.ok((await writeWhole(file, text, 'The figures')).ok);
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.deepEqual(readdirSync(folder), ['figures.csv']);
  });

  it('is not there at all on a full disk, and what was there is as it was', async () => {
    const file = join(folder, 'figures.csv');
    writeFileSync(file, 'old');
    const disk = await breakDisk({
      write: () => {
        throw diskError('ENOSPC');
      },
      sync: () => {
        throw diskError('ENOSPC');
      },
    });
    const written = await writeWhole(file, 'new', 'The figures').finally(disk.mend);
    assert.ok(!written.ok);
    assert.equal(
      written.failure.message,
      'The disk is full, so the figures were not written. figures.csv is as it was before. Nothing was lost. Free some space and export again.',
    );
    assert.equal(readFileSync(file, 'utf8'), 'old');
    assert.deepEqual(readdirSync(folder), ['figures.csv']);
  });

  it('does not take the place of a folder, and says where it may not be written', async () => {
    mkdirSync(join(folder, 'taken.csv'));
    const taken = await writeWhole(join(folder, 'taken.csv'), 'new', 'The figures');
    assert.ok(!taken.ok);
    assert.match(
      taken.failure.message,
      /taken\.csv is no file\. The figures were not written; choose another name\./,
    );
    const nowhere = await writeWhole(join(folder, 'no', 'figures.csv'), 'new', 'The figures');
    assert.ok(!nowhere.ok);
    assert.match(nowhere.failure.message, /Nothing was lost\. Choose another folder/);
  });
});
