import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  changedFields,
  movedField,
  readablePointer,
  restoredFields,
} from '../../../../src/executors/kubernetes/change/fieldChanges.ts';
import { restorePatch } from '../../../../src/executors/kubernetes/change/restorePatch.ts';
import { jsonPatch } from '../../../../src/simulator/systems/kubernetes/jsonPatch.ts';
import type { Json } from '../../../../src/simulator/systems/kubernetes/patch.ts';

const leaf = fc.oneof(fc.string({ maxLength: 3 }), fc.integer({ min: 0, max: 3 }), fc.boolean());
const key = fc.constantFrom('name', 'image', 'a/b', 'c~d', 'spec', 'env', '0', '__proto__x');
const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { depthSize: 'small', maxDepth: 4 },
    leaf,
    fc.dictionary(key, tie('any'), { maxKeys: 4 }),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.array(fc.record({ name: fc.constantFrom('x', 'y', 'z'), image: leaf, env: tie('any') }), {
      maxLength: 3,
    }),
  ),
})).any;
const object = fc
  .dictionary(key, value, { maxKeys: 4 })
  .map((each) => JSON.parse(JSON.stringify(each)) as unknown);

const patched = (document: unknown, operations: readonly object[]) =>
  jsonPatch(document as Json, operations as never);

describe('the fields of a change', () => {
  it('put back make the object what it was, whatever was changed', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const result = patched(after, restorePatch(restoredFields(before, after)));
        assert.ok(result.ok, result.ok ? '' : result.why);
        assert.deepEqual(result.value, before);
      }),
      { numRuns: 2000 },
    );
  });

  it('are found where they were left, and missed where they have moved', () => {
    fc.assert(
      fc.property(object, object, (before, after) => {
        const fields = restoredFields(before, after);
        assert.equal(movedField(before, fields, 'before'), undefined);
        assert.equal(movedField(after, fields, 'after'), undefined);
        if (fields.length > 0) assert.notEqual(movedField(before, fields, 'after'), undefined);
      }),
    );
  });

  const rules = (...rules: readonly (readonly [host: string, service: string])[]) => ({
    spec: { rules: rules.map(([host, service]) => ({ host, http: { service } })) },
  });

  it('name the item of a list, so that another one in its place is not taken for it', () => {
    const fields = restoredFields(rules(['a', 'one'], ['b', 'two']), rules(['a', 'one'], ['b', 'three']));
    assert.deepEqual(fields, [
      { pointer: '/spec/rules/1/host', before: '"b"', after: '"b"' },
      { pointer: '/spec/rules/1/http/service', before: '"two"', after: '"three"' },
    ]);
    const since = rules(['a', 'one'], ['c', 'three'], ['b', 'three']);
    assert.equal(patched(since, restorePatch(fields)).ok, false);
    assert.equal(movedField(since, fields, 'after')?.field, 'spec.rules[1].host');
  });

  it('are the whole list where its items have moved or have no name', () => {
    for (const [before, after] of [
      [rules(['a', 'one'], ['b', 'two']), rules(['b', 'two'])],
      [rules(['a', 'one'], ['b', 'two']), rules(['b', 'two'], ['a', 'one'])],
      [rules(['a', 'one'], ['a', 'two']), rules(['a', 'one'], ['a', 'three'])],
    ] as const)
      assert.deepEqual(
        restoredFields(before, after).map(({ pointer }) => pointer),
        ['/spec/rules'],
      );
  });

  it('leave out what the server keeps for itself, but only there', () => {
    const version = (n: number) => ({
      metadata: { resourceVersion: `${n}`, generation: n, managedFields: [n], labels: { status: `${n}` } },
      status: { n },
    });
    assert.deepEqual(changedFields(version(1), version(2)), [
      { field: 'metadata.labels.status', before: '1', after: '2' },
    ]);
    assert.deepEqual(
      restoredFields(version(1), version(2)).map(({ pointer }) => pointer),
      ['/metadata/labels/status'],
    );
  });

  it('are shortened where a person reads them', () => {
    const [change] = changedFields({ a: 'x'.repeat(500) }, { a: undefined });
    assert.equal(change?.before.length, 200);
    assert.equal(readablePointer('/a~1b/0/c~0d'), 'a/b[0].c~d');
  });
});
