import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { breakDisk, diskError } from './brokenDisk.ts';
import { createJournalFolder, newId, value } from './journalFolder.ts';
import type { JournalFolder } from './journalFolder.ts';

/** What `sha256sum` and `wc -c` say of a file. */
const sumOf = (path: string) => {
  const bytes = readFileSync(path);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
};

describe('the output of a run', function () {
  this.timeout(30_000);
  let at: JournalFolder;
  beforeEach(() => {
    at = createJournalFolder();
  });
  afterEach(() => at.dispose());

  it('is all on disk, in order, with its hash: 100,000 lines', async () => {
    const journal = at.journal();
    const incident = newId();
    const output = value(await journal.openOutput(incident, newId()));
    let waited = 0;
    let all = '';
    for (let i = 0; i < 100_000; i += 1) {
      const line = `${i} 2026-11-23T10:00:00Z ünïcode payment-service OOMKilled restart ✗\n`;
      all += line;
      const wait = output.write(line);
      if (wait) {
        waited += 1;
        await wait;
      }
    }
    const ref = await output.end();
    const path = journal.outputPath(incident, ref);
    assert.equal(readFileSync(path, 'utf8'), all);
    assert.deepEqual({ sha256: ref.sha256, bytes: ref.bytes }, sumOf(path));
    assert.equal(ref.lines, 100_000);
    assert.ok(waited > 0, 'a full sink asks to wait');
    assert.equal(output.failure, undefined);
    assert.deepEqual(await output.end(), ref);
    const tail = value(await journal.readOutputTail(incident, ref.file, 3));
    assert.equal(tail, all.split('\n').slice(-4).join('\n'));
  });

  it('never reorders, whoever waits or not, and counts lines as people do', async () => {
    const journal = at.journal();
    const incident = newId();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.boolean())), async (writes) => {
        const output = value(await journal.openOutput(incident, newId()));
        // Cut into UTF-16 halves, as a careless source could: characters come together again.
        for (const [text, wait] of writes) {
          for (const unit of text.split('')) {
            const written = output.write(unit);
            if (wait) await written;
          }
          if (wait) await Promise.resolve();
        }
        const ref = await output.end();
        const path = journal.outputPath(incident, ref);
        const all = writes.map(([text]) => text).join('');
        assert.equal(readFileSync(path, 'utf8'), all);
        assert.deepEqual({ sha256: ref.sha256, bytes: ref.bytes }, sumOf(path));
        assert.equal(ref.lines, all.split('\n').length - (all.endsWith('\n') || all === '' ? 1 : 0));
        const lines = all.split('\n');
        const ends = all.endsWith('\n');
        const last = lines.slice(ends ? -3 : -2).join('\n');
        assert.equal(value(await journal.readOutputTail(incident, ref.file, 2)), last);
      }),
      { numRuns: 60 },
    );
  });

  it('goes on without the disk, says so, and its hash is of what is there', async () => {
    const journal = at.journal();
    const incident = newId();
    const output = value(await journal.openOutput(incident, 'run1'));
    const path = journal.outputPath(incident, { file: 'output/run1.log' });
    await output.write('before\n');
    while (statSync(path).size < 7) await new Promise(setImmediate);
    let writes = 0;
    const { mend } = await breakDisk({
      write: () => {
        writes += 1;
        if (writes === 1) return 3;
        throw diskError('ENOSPC');
      },
    });
    try {
      await output.write('lost\n');
      while (!output.failure) await new Promise(setImmediate);
    } finally {
      mend();
    }
    await output.write('after');
    const ref = await output.end();
    assert.equal(output.failure?.code, 'storage');
    assert.match(output.failure.message, /The disk is full, so the rest of the output \(output\/run1\.log\)/);
    assert.equal(readFileSync(path, 'utf8'), 'before\n');
    assert.deepEqual({ sha256: ref.sha256, bytes: ref.bytes }, sumOf(path));
    assert.equal(ref.lines, 1);
  });

  it('is never overwritten', async () => {
    const journal = at.journal();
    const incident = newId();
    const first = value(await journal.openOutput(incident, 'run1'));
    await first.write('first');
    const ref = await first.end();
    const again = await journal.openOutput(incident, 'run1');
    assert.equal(!again.ok && again.failure.code, 'conflict');
    assert.equal(readFileSync(journal.outputPath(incident, ref), 'utf8'), 'first');
  });

  it('reads the end of one endless line without reading all of it', async () => {
    const journal = at.journal();
    const incident = newId();
    const output = value(await journal.openOutput(incident, 'run1'));
    for (let i = 0; i < 20; i += 1) await output.write('✓'.repeat(100_000));
    const ref = await output.end();
    const tail = value(await journal.readOutputTail(incident, ref.file, 5));
    assert.ok(tail.length > 1_000_000 && tail.length < 1_500_000);
    assert.match(tail, /^✓+$/);
    assert.equal(value(await journal.readOutputTail(incident, ref.file, 0)).length > 0, false);
  });
});
