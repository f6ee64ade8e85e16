import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeClaim } from '../../../src/journal/claims.ts';

describe('a claim on what is sent', () => {
  let root: string;
  let live: Set<string>;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'incident-claims-'));
    live = new Set(['a', 'b', 'c']);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));
  const take = (writer: string, what = 'incident/slack') =>
    takeClaim(what, {
      root,
      writer,
      liveWriters: () => Promise.resolve(new Set([...live].filter((one) => one !== writer))),
    });

  it('is held by one until it is released', async () => {
    const first = await take('a');
    assert.ok(first);
    assert.equal(await take('b'), undefined);
    assert.ok(await take('b', 'incident/github'));
    await first.release();
    assert.ok(await take('b'));
  });

  it('passes on when its holder is gone', async () => {
    assert.ok(await take('a'));
    live.delete('a');
    const second = await take('b');
    assert.ok(second);
    assert.equal(await take('c'), undefined);
    live.delete('b');
    assert.ok(await take('c'));
  });

  it('is never held by two, however many try at once', async () => {
    for (let round = 0; round < 50; round++) {
      const what = `round ${round}`;
      if (round % 2 === 1) {
        live.add('dead');
        assert.ok(await take('dead', what));
        live.delete('dead');
      }
      const got = await Promise.all(['a', 'b', 'c'].map((writer) => take(writer, what)));
      assert.ok(got.filter(Boolean).length <= 1, what);
    }
  });
});
