import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createTail } from '../../../../src/core/run/tail.ts';

describe('the tail of an output', () => {
  it('keeps the last lines and counts them all', () => {
    const tail = createTail(2);
    tail.write('one\ntwo\nth');
    assert.deepEqual([tail.text(), tail.lines()], ['two\nth', 3]);
    tail.write('ree\n');
    assert.deepEqual([tail.text(), tail.lines()], ['two\nthree', 3]);
  });

  it('is the same however the text is cut into chunks', () => {
    const chunks = fc.array(fc.stringMatching(/^[ab\n]{0,6}$/));
    fc.assert(
      fc.property(chunks, fc.integer({ min: 1, max: 5 }), (parts, keep) => {
        const cut = createTail(keep);
        for (const part of parts) cut.write(part);
        const whole = createTail(keep);
        whole.write(parts.join(''));
        const lines = parts.join('').split('\n');
        if (lines.at(-1) === '') lines.pop();
        assert.equal(cut.text(), whole.text());
        assert.equal(cut.lines(), lines.length);
        assert.equal(cut.text(), lines.slice(-keep).join('\n'));
      }),
    );
  });

  it('cuts a line too long to show and says so', () => {
    const tail = createTail(3);
    tail.write(`${'x'.repeat(5_000)}\n`);
    assert.match(tail.text(), /line cut here, whole in the saved output/);
  });
});
