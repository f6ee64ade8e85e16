import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { evidencePath, keepEvidence, safeName } from '../../../src/journal/evidenceFile.ts';

describe('a file kept as evidence', () => {
  let temp: string;
  let folder: string;
  let source: string;
  beforeEach(() => {
    temp = mkdtempSync(path.join(os.tmpdir(), 'incident-evidence-'));
    folder = path.join(temp, 'journal', '01JDINCIDENT');
    source = path.join(temp, 'Screen Shot ü.png');
    writeFileSync(source, 'the picture');
  });
  afterEach(() => rmSync(temp, { recursive: true, force: true }));
  const keep = (more: Partial<Parameters<typeof keepEvidence>[0]> = {}) =>
    keepEvidence({ folder, source, id: '01JDEVIDENCE', maxBytes: 1_048_576, ...more });

  it('is copied beside the journal with its hash, the original as it was', async () => {
    const kept = await keep();
    assert.ok(kept.ok);
    assert.match(kept.value.file, /^evidence\/01JDEVIDENCE-Screen-Shot-u[A-Za-z0-9._-]*\.png$/);
    assert.equal(kept.value.sha256, createHash('sha256').update('the picture').digest('hex'));
    assert.equal(kept.value.bytes, 11);
    assert.equal(readFileSync(evidencePath(folder, kept.value), 'utf8'), 'the picture');
    assert.equal(readFileSync(source, 'utf8'), 'the picture');
  });

  it('is never overwritten', async () => {
    const first = await keep();
    writeFileSync(source, 'another');
    const second = await keep();
    assert.ok(first.ok && !second.ok);
    assert.equal(second.failure.code, 'conflict');
    assert.equal(readFileSync(evidencePath(folder, first.value), 'utf8'), 'the picture');
  });

  it('is not kept when it is too large, no file, or gone, and leaves nothing behind', async () => {
    const large = await keep({ maxBytes: 10 });
    assert.ok(!large.ok && /incident\.evidence\.maxMegabytes/.test(large.failure.message));
    const noFile = await keep({ source: temp });
    assert.ok(!noFile.ok && noFile.failure.code === 'invalid');
    const gone = await keep({ source: path.join(temp, 'gone.txt') });
    assert.ok(!gone.ok && gone.failure.code === 'not-found');
    assert.equal(existsSync(path.join(folder, 'evidence')), false);
  });

  it('says what the disk refuses, and leaves nothing behind', async () => {
    mkdirSync(path.dirname(folder), { recursive: true });
    writeFileSync(folder, 'a file where the folder should be');
    const refused = await keep();
    assert.ok(!refused.ok && refused.failure.code === 'storage');
    assert.match(refused.failure.message, /Everything recorded before is safe/);
    assert.deepEqual(readdirSync(path.dirname(folder)), [path.basename(folder)]);
  });

  it('stays in its folder, whatever the event or the name says', () => {
    assert.equal(
      evidencePath('/journal/i', { file: '../../etc/passwd', sha256: '', bytes: 0 }),
      path.join('/journal/i', 'evidence', 'passwd'),
    );
    assert.deepEqual(
      ['..', '.hidden', 'a/b', 'ok.txt', '日本.pdf'].map((name) =>
        /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(safeName(name)),
      ),
      [true, true, true, true, true],
    );
    assert.match(safeName(`${'long'.repeat(60)}.png`), /^.{1,100}\.png$/);
  });
});
