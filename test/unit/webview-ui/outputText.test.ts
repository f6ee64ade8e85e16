import assert from 'node:assert/strict';
import { countLines, linesAbove, plainOutput } from '../../../webview-ui/outputText.ts';

const escape = '\u001b';

describe('output on the page', () => {
  for (const [what, raw, shown] of [
    ['colours', `${escape}[1;31mERROR${escape}[0m done`, 'ERROR done'],
    ['a window title', `${escape}]0;title\u0007text`, 'text'],
    ['a link', `${escape}]8;;https://example.com${escape}\\here${escape}]8;;${escape}\\`, 'here'],
    ['a progress line drawn over itself', 'one\n10%\r50%\r100%\ntwo', 'one\n100%\ntwo'],
    ['CRLF', 'a\r\nb\r\n', 'a\nb'],
    ['the last line end', 'a\nb\n', 'a\nb'],
    ['a table as it is', 'NAME   READY\npod-1  1/1', 'NAME   READY\npod-1  1/1'],
    ['blank lines as they are', 'a\n\nb', 'a\n\nb'],
  ] as const) {
    it(`handles ${what}`, () => assert.equal(plainOutput(raw), shown));
  }

  it('draws the end of a line of a megabyte', () => {
    const drawn = plainOutput(`${'x'.repeat(1_000_000)}end`);
    assert.ok(drawn.endsWith('xend'));
    assert.ok(drawn.length < 100_000);
  });

  for (const [text, lines] of [
    ['', 0],
    ['a', 1],
    ['a\n', 1],
    ['a\nb', 2],
    ['\n', 1],
  ] as const) {
    it(`counts ${lines} in ${JSON.stringify(text)}`, () => assert.equal(countLines(text), lines));
  }

  it('says how many lines stand above the tail, never fewer than none', () => {
    assert.equal(linesAbove('a\nb', 530), 528);
    assert.equal(linesAbove('a\nb', 1), 0);
  });
});
