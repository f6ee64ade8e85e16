import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePostMortem } from '../../../src/core/history/parsePostMortem.ts';
import { createImportedSummaries, IMPORTED_FILE } from '../../../src/journal/importedSummaries.ts';

const head = '# Post-mortem: Search was empty\n\nDate: 2026-02-03\n\n## Action Items\n';

describe('imported post-mortems in the view of History', () => {
  let root: string;
  let read: string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'incident-imported-'));
    read = [];
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** As a new start of the editor has it. */
  const start = () =>
    createImportedSummaries(root, 'writer', (markdown, name) => {
      read.push(name);
      return parsePostMortem(markdown, name)?.record.actions;
    });
  const put = (name: string, text: string): void => {
    mkdirSync(join(root, 'imported'), { recursive: true });
    writeFileSync(join(root, 'imported', name), text);
  };

  it('are none, and nothing is written, where none was imported', async () => {
    assert.deepEqual(await start()(), { count: 0, openActions: [] });
    assert.throws(() => readFileSync(join(root, IMPORTED_FILE)));
  });

  it('have the days of their open actions, and are read once, also over a start', async () => {
    put('a.md', `${head}- [ ] Watch it - Ana - 2026-03-01\n- [x] Restart it\n- [ ] Write it down\n`);
    put('b.md', 'Nothing of a post-mortem any more');
    const look = start();
    const expected = { count: 2, openActions: ['2026-03-01', ''] };
    assert.deepEqual(await Promise.all([look(), look()]), [expected, expected]);
    assert.deepEqual(await look(), expected);
    assert.deepEqual(await start()(), expected);
    assert.deepEqual(read, ['a.md', 'b.md']);
  });

  it('are read again when a copy changed, came or went', async () => {
    const look = start();
    put('a.md', `${head}- [ ] Watch it - Ana - 2026-03-01\n`);
    await look();
    put('a.md', `${head}- [x] Watch it - Ana - 2026-03-01\n`);
    utimesSync(join(root, 'imported', 'a.md'), 1, 1);
    put('b.md', `${head}- [ ] Another\n`);
    assert.deepEqual(await look(), { count: 2, openActions: [''] });
    rmSync(join(root, 'imported', 'b.md'));
    assert.deepEqual(await look(), { count: 1, openActions: [] });
    assert.deepEqual(read, ['a.md', 'a.md', 'b.md']);
    assert.deepEqual(await start()(), { count: 1, openActions: [] });
    assert.equal(read.length, 3);
  });

  for (const torn of ['', '{"version":1,"copies":[["a.md"', '{"version":0,"copies":[]}', '[null]'])
    it(`are read from the copies where what was kept is ${torn === '' ? 'empty' : torn}`, async () => {
      put('a.md', `${head}- [ ] Watch it\n`);
      writeFileSync(join(root, IMPORTED_FILE), torn);
      assert.deepEqual(await start()(), { count: 1, openActions: [''] });
    });

  it('are shown where what was read cannot be kept', async () => {
    put('a.md', `${head}- [ ] Watch it\n`);
    mkdirSync(join(root, IMPORTED_FILE));
    assert.deepEqual(await start()(), { count: 1, openActions: [''] });
  });
});
