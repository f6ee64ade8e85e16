import assert from 'node:assert/strict';
import fc from 'fast-check';
import { indentJson, isJsonType } from '../../../../src/core/views/shownOutput.ts';

describe('an output whose type the guide names', () => {
  it('shows JSON a member a line and keeps every digit', () => {
    assert.equal(
      indentJson('{"id":12345678901234567890,"b":[],"a":[1.0,{"x":"y, {z}"}]}\n'),
      '{\n  "id": 12345678901234567890,\n  "b": [],\n  "a": [\n    1.0,\n    {\n      "x": "y, {z}"\n    }\n  ]\n}\n',
    );
  });

  it('leaves alone what is no JSON, the end of a longer one say', () => {
    assert.equal(indentJson('"a": 1}\n'), undefined);
  });

  it('shows any JSON so that it means the same', () => {
    fc.assert(
      fc.property(fc.json(), (text) =>
        assert.deepEqual(JSON.parse(indentJson(text) ?? 'null'), JSON.parse(text)),
      ),
    );
  });

  it('knows JSON by what Runme and others call it', () => {
    const types = ['application/json', 'text/x-json', 'application/problem+json', 'text/plain', undefined];
    assert.deepEqual(types.map(isJsonType), [true, true, true, false, false]);
  });
});
