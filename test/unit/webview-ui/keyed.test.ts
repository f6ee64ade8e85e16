import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Move, planMoves } from '../../../webview-ui/keyed.ts';

function apply(present: readonly string[], moves: readonly Move[]): string[] {
  const children = [...present];
  for (const move of moves) {
    const at = children.indexOf(move.key);
    if (at !== -1) children.splice(at, 1);
    if (move.kind === 'remove') continue;
    const before = move.before === undefined ? children.length : children.indexOf(move.before);
    assert.notEqual(before, -1, `${move.before} is not there to stand before`);
    children.splice(before, 0, move.key);
  }
  return children;
}

describe('drawing a list by key', () => {
  it('moves nothing where nothing changed', () => {
    assert.deepEqual(planMoves(['a', 'b', 'c'], ['a', 'b', 'c']), []);
  });

  it('leaves the neighbours of a new child alone', () => {
    assert.deepEqual(planMoves(['a', 'c'], ['a', 'b', 'c']), [{ kind: 'place', key: 'b', before: 'c' }]);
  });

  it('leaves the neighbours of a removed child alone', () => {
    assert.deepEqual(planMoves(['a', 'b', 'c'], ['a', 'c']), [{ kind: 'remove', key: 'b' }]);
  });

  it('appends at the end', () => {
    assert.deepEqual(planMoves(['a'], ['a', 'b']), [{ kind: 'place', key: 'b', before: undefined }]);
  });

  it('gives the wanted children from any others', () => {
    const keys = fc.uniqueArray(fc.constantFrom(...'abcdefgh'));
    fc.assert(
      fc.property(keys, keys, (present, wanted) => {
        assert.deepEqual(apply(present, planMoves(present, wanted)), wanted);
      }),
    );
  });
});
