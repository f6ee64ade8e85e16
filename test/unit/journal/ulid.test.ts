import assert from 'node:assert/strict';
import { decodeTime } from 'ulid';
import { createUlidSource, isUlid } from '../../../src/journal/ulid.ts';

describe('a source of ULIDs', () => {
  it('gives new ids that sort in the order they were made, with their time in them', () => {
    const next = createUlidSource();
    const ids = Array.from({ length: 5_000 }, (_, i) => next(1 + Math.floor(i / 3)));
    assert.ok(ids.every(isUlid));
    assert.deepEqual([...new Set(ids)].sort(), ids);
    assert.equal(decodeTime(ids[3_000] ?? ''), 1_001);
    assert.notEqual(createUlidSource()(5), createUlidSource()(5));
  });

  it('knows what is none', () => {
    for (const text of ['', '..', '01', 'I'.repeat(26), '8ZZZZZZZZZZZZZZZZZZZZZZZZZ', '0'.repeat(27)]) {
      assert.equal(isUlid(text), false, text);
    }
  });
});
