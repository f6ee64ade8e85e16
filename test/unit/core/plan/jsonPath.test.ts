import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  parseCustomColumns,
  parseJsonPath,
  relaxedJsonPath,
} from '../../../../src/core/plan/kubectl/jsonPath.ts';

describe('reading kubectl’s JSONPath', () => {
  it('takes text, paths and nested ranges apart', () => {
    assert.deepEqual(parseJsonPath('a{.b}{range .c[*]}{.d}{range .e}{"\\n"}{end}{end}'), [
      { kind: 'literal', text: 'a' },
      { kind: 'path', path: [{ kind: 'field', text: 'b' }] },
      {
        kind: 'range',
        over: [
          { kind: 'field', text: 'c' },
          { kind: 'slice', start: undefined, end: undefined, step: undefined, single: false },
        ],
        body: [
          { kind: 'path', path: [{ kind: 'field', text: 'd' }] },
          {
            kind: 'range',
            over: [{ kind: 'field', text: 'e' }],
            body: [{ kind: 'path', path: [{ kind: 'text', text: '\n' }] }],
          },
        ],
      },
    ]);
  });

  it('reads an escaped dot, a quoted key and a filter with a bracket in its text', () => {
    assert.deepEqual(parseJsonPath("{.a\\.b/c['d']}"), [
      {
        kind: 'path',
        path: [
          { kind: 'field', text: 'a.b/c' },
          { kind: 'field', text: 'd' },
        ],
      },
    ]);
    assert.deepEqual(parseJsonPath('{[?(@.x == "a)]")]}'), [
      {
        kind: 'path',
        path: [
          {
            kind: 'filter',
            left: [{ kind: 'field', text: 'x' }],
            operator: '==',
            right: [{ kind: 'text', text: 'a)]' }],
          },
        ],
      },
    ]);
  });

  for (const bad of [
    '{',
    '{.a',
    '{range .a}',
    '{end}',
    '{.a[}',
    '{.a[x]}',
    '{[?(@.a]}',
    '{"a}',
    '{foo}',
    '{....a}',
    '{\n}',
    '{[?(@.a=~"b")]}',
    '{"\\q"}',
  ])
    it(`does not read ${JSON.stringify(bad)}`, () => assert.equal(parseJsonPath(bad), undefined));

  it('accepts a bare path where kubectl does', () => {
    for (const text of ['a.b', '.a.b', '{a.b}', '{.a.b}']) assert.equal(relaxedJsonPath(text), '{.a.b}');
    assert.equal(relaxedJsonPath('{.a}{.b}'), undefined);
    assert.deepEqual(parseCustomColumns('N:.a,M:b[0]'), [
      { header: 'N', template: '{.a}' },
      { header: 'M', template: '{.b[0]}' },
    ]);
    assert.equal(parseCustomColumns('N'), undefined);
    assert.equal(parseCustomColumns(''), undefined);
  });

  it('never throws', () => {
    const pieces = fc
      .array(
        fc.constantFrom(
          '{',
          '}',
          '[',
          ']',
          '.',
          '..',
          '?(',
          ')',
          '@',
          '$',
          '"',
          "'",
          '\\',
          'a',
          '0',
          '-1',
          ':',
          ',',
          '*',
          '==',
          '<',
          'range ',
          'end',
          ' ',
          '\n',
          'é',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(pieces, (text) => {
        parseJsonPath(text);
        parseCustomColumns(text);
      }),
      { numRuns: 2000 },
    );
  });
});
