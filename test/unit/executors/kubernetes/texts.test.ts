import assert from 'node:assert/strict';
import fc from 'fast-check';
import { load } from 'js-yaml';
import { titleOf } from '../../../../src/executors/kubernetes/describe/describeAny.ts';
import { goText } from '../../../../src/executors/kubernetes/get/goText.ts';
import {
  addQuantity,
  parseQuantity,
  percentOf,
  renderQuantity,
} from '../../../../src/executors/kubernetes/objects/quantity.ts';
import { alignTabs } from '../../../../src/executors/kubernetes/get/tabWriter.ts';
import { renderYaml } from '../../../../src/executors/kubernetes/objects/yaml.ts';

describe('texts as Go writes them', () => {
  it('aligns cells of lines below each other, and starts anew behind a line without', () => {
    const aligned = (text: string): string => alignTabs(text, { minWidth: 0, padding: 2 });
    assert.equal(aligned('a:\t1\nbbb:\t2\n'), 'a:    1\nbbb:  2\n');
    assert.equal(aligned('a:\t1\nnone\nbbb:\t2\n'), 'a:  1\nnone\nbbb:  2\n');
    assert.equal(aligned('a\tb\tc\nlong\td\n\te\tf'), 'a     b  c\nlong  d\n      e  f');
    assert.equal(aligned('größe\tx\nab\ty\n'), 'größe  x\nab     y\n');
  });

  it('reads, adds and writes amounts exactly', () => {
    const sum = (a: string, b: string): string => {
      const [left, right] = [parseQuantity(a), parseQuantity(b)];
      assert.ok(left && right, `${a} and ${b} are amounts`);
      return renderQuantity(addQuantity(left, right));
    };
    assert.equal(sum('256Mi', '1Gi'), '1280Mi');
    assert.equal(sum('100m', '1'), '1100m');
    assert.equal(sum('500m', '500m'), '1');
    assert.equal(sum('0', '170Mi'), '170Mi');
    assert.equal(sum('1.5Gi', '0.5Gi'), '2Gi');
    assert.equal(sum('1500000', '0'), '1500k');
    assert.equal(sum('1e3', '0'), '1k');
    assert.equal(sum('100u', '0'), '1m');
    for (const none of ['', 'Mi', '1 Gi', 'abc', '2026-11-23', '1.2.3'])
      assert.equal(parseQuantity(none), undefined, none);
    assert.equal(percentOf(parseQuantity('170Mi')!, parseQuantity('7Gi')!), 2);
  });

  it('writes maps and lists as %v does, and names fields as a description does', () => {
    assert.equal(goText({ b: [1, 'x'], a: { c: null } }), 'map[a:map[c:<nil>] b:[1 x]]');
    const titles = {
      creationTimestamp: 'Creation Timestamp',
      apiVersion: 'API Version',
      uid: 'UID',
      podIPs: 'Pod I Ps',
      HTTPGet: 'HTTPGet',
      'a.b/c': 'a.b/c',
      x2: 'x2',
    };
    for (const [field, title] of Object.entries(titles)) assert.equal(titleOf(field), title);
  });

  it('breaks long lines of YAML at the first space behind column 80', () => {
    const long = `${'word '.repeat(20)}end`;
    assert.equal(
      renderYaml({ metadata: { note: long } }),
      `metadata:\n  note: ${'word '.repeat(14)}word\n    word word word word word end\n`,
    );
    assert.equal(
      renderYaml({ list: [`a: ${long}`] }),
      `list:\n- 'a: ${'word '.repeat(15)}word\n  word word word word end'\n`,
    );
    assert.match(
      renderYaml({ text: `${long}\n${long}\n` }),
      /^text: \|\n {2}word .* end\n {2}word .* end\n$/,
    );
  });

  it('loses nothing of a long text, whatever is in it', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'a',
        'word',
        ' ',
        '  ',
        ':',
        ': ',
        '#',
        ' #',
        "'",
        '"',
        '-',
        '|',
        '>',
        '{',
        '\n',
        '\t',
        'é',
        '🦊',
        'x'.repeat(90),
        'many more words in a row',
      ),
      fc.string({ maxLength: 5 }),
    );
    const text = fc.array(word, { maxLength: 60 }).map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, fc.string({ minLength: 1, maxLength: 6 }), (value, key) => {
        const document = { [key]: value, list: [value, { [key]: value }] };
        assert.deepEqual(load(renderYaml(document)), document);
      }),
      { numRuns: 1500 },
    );
  });
});
