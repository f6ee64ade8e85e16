import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { Guide } from '../../../../src/core/guide/guide.ts';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { createGuideCache } from '../../../../src/editor/guides/guideCache.ts';
import { createGuideReader } from '../../../../src/editor/guides/guideReader.ts';

const never = new AbortController().signal;

/** A folder of files in memory, and what the reader did with them. */
function workspace(folder: string, build = 'one') {
  const texts = new Map<string, string>();
  const parses: string[] = [];
  const reads: string[] = [];
  const unreadable: string[] = [];
  let pauses = 0;
  let clock = 0;
  const window = () =>
    createGuideReader({
      read: (uri) => {
        reads.push(uri);
        const text = texts.get(uri);
        return text === undefined ? Promise.reject(new Error('gone')) : Promise.resolve(Buffer.from(text));
      },
      parse: (source, file) => {
        parses.push(file);
        return source.startsWith('no guide') ? undefined : parseGuide(source, { file });
      },
      cache: createGuideCache(folder, build),
      pause: () => {
        pauses++;
        return Promise.resolve();
      },
      clock: () => (clock += 5),
      onUnreadable: (file) => unreadable.push(file),
    });
  const files = () => [...texts.keys()].map((uri) => ({ uri, file: uri.slice(1) }));
  return { texts, parses, reads, unreadable, window, files, pauses: () => pauses };
}

const runbook = (name: string): string =>
  `# ${name}\n\n## Runbooks\n\n### R\n\nRun \`kubectl get pods -n ${name}\`.\n`;
const titles = (guides: readonly Guide[]) => guides.map(({ title }) => title);

describe('reading a thousand guides', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'guides-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('parses each once, pauses between them, and shows the first ones early', async () => {
    const at = workspace(folder);
    for (let n = 0; n < 1_000; n++) at.texts.set(`/g${String(n)}.md`, runbook(`g${String(n)}`));
    const shown: number[] = [];
    const reader = at.window();
    const guides = await reader.readAll(at.files(), never, (some) => shown.push(some.length));
    assert.equal(guides.length, 1_000);
    assert.equal(at.parses.length, 1_000);
    assert.equal(shown.length, 9);
    assert.ok((shown[0] ?? 0) >= 100 && (shown[0] ?? 0) < 1_000, String(shown[0]));
    assert.ok(at.pauses() > 200, String(at.pauses()));

    assert.equal((await reader.readAll(at.files(), never)).length, 1_000);
    assert.deepEqual([at.reads.length, at.parses.length], [1_000, 1_000]);

    const next = await at.window().readAll(at.files(), never);
    assert.deepEqual([at.reads.length, at.parses.length], [2_000, 1_000]);
    assert.deepEqual(JSON.parse(JSON.stringify(next)), JSON.parse(JSON.stringify(guides)));
  });

  it('reads again what changed, and forgets what is gone', async () => {
    const at = workspace(folder);
    for (const name of ['a', 'b', 'c']) at.texts.set(`/${name}.md`, runbook(name));
    at.texts.set('/d.md', 'no guide');
    const reader = at.window();
    assert.deepEqual(titles(await reader.readAll(at.files(), never)), ['a', 'b', 'c']);
    at.texts.set('/b.md', runbook('B'));
    at.texts.delete('/c.md');
    reader.stale('/b.md');
    reader.stale('/a.md'); // touched, the same inside
    assert.deepEqual(titles(await reader.readAll(at.files(), never)), ['a', 'B']);
    // Several are read at once, so the first four come in any order.
    assert.deepEqual(at.parses.slice(0, 4).sort(), ['a.md', 'b.md', 'c.md', 'd.md']);
    assert.deepEqual(at.parses.slice(4), ['b.md']);
  });

  it('keeps the others when one cannot be read, and tries that one again', async () => {
    const at = workspace(folder);
    at.texts.set('/a.md', runbook('a'));
    const files = [...at.files(), { uri: '/x.md', file: 'x.md' }];
    const reader = at.window();
    assert.deepEqual(titles(await reader.readAll(files, never)), ['a']);
    assert.deepEqual(at.unreadable, ['x.md']);
    at.texts.set('/x.md', runbook('x'));
    assert.deepEqual(titles(await reader.readAll(files, never)), ['a', 'x']);
  });

  it('ends when the window closes', async () => {
    const at = workspace(folder);
    for (let n = 0; n < 300; n++) at.texts.set(`/g${String(n)}.md`, runbook('g'));
    const stop = new AbortController();
    await at.window().readAll(at.files(), stop.signal, () => stop.abort());
    assert.ok(at.parses.length >= 100 && at.parses.length < 150, String(at.parses.length));
  });

  it('ignores a torn file of the cache, one of another build, and a folder it cannot write', async () => {
    const at = workspace(folder);
    at.texts.set('/a.md', runbook('a'));
    await at.window().readAll(at.files(), never);
    const [name = ''] = await readdir(path.join(folder, 'one'));
    const file = path.join(folder, 'one', name);
    const whole = await readFile(file, 'utf8');
    await writeFile(file, whole.slice(0, -9));
    assert.deepEqual(titles(await at.window().readAll(at.files(), never)), ['a']);
    assert.equal(at.parses.length, 2);
    assert.equal(await readFile(file, 'utf8'), whole);

    const other = workspace(folder, 'two');
    other.texts.set('/a.md', runbook('a'));
    await other.window().readAll(other.files(), never);
    assert.equal(other.parses.length, 1);
    assert.deepEqual(await readdir(folder), ['two']);

    const nowhere = workspace(path.join(file, 'below-a-file'));
    nowhere.texts.set('/a.md', runbook('a'));
    assert.deepEqual(titles(await nowhere.window().readAll(nowhere.files(), never)), ['a']);
  });

  it('keeps the last used ones when there are too many', async () => {
    const cache = createGuideCache(folder, 'one');
    const guide = parseGuide('# x', { file: 'x.md' });
    for (let n = 0; n < 300; n++) cache.put(`a${String(n)}`, guide);
    await cache.save();
    const again = createGuideCache(folder, 'one');
    assert.equal(await again.get('a0'), undefined);
    assert.ok(await again.get('a299'));
    assert.ok(await again.get('a44'));
    assert.equal(await again.get('a43'), undefined);
  });
});
