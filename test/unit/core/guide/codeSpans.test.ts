import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt, { type Token } from 'markdown-it';
import { codeSpans } from '../../../../src/core/guide/codeSpans.ts';

describe('code spans without the parser', () => {
  const markdown = new MarkdownIt({ html: true });
  const make = (type: string, tag: string, nesting: -1 | 0 | 1): Token =>
    new MarkdownIt.Token(type, tag, nesting);
  const what = (tokens: readonly Token[]) =>
    tokens.map(({ type, content, markup }) => ({ type, content, markup }));
  const parsed = (text: string): readonly Token[] => {
    const out: Token[] = [];
    markdown.inline.parse(text, markdown, {}, out);
    return out;
  };

  it('are what markdown-it makes of them, in one line and over several', () => {
    for (const text of [
      'Run `kubectl get pods` and look.',
      '`a` and ``b ` c`` and ` d `',
      'first  \n  second `x\ny`\tthird \nfourth',
    ])
      assert.deepEqual(what(codeSpans(text, make) ?? []), what(parsed(text)));
  });

  it('are left to markdown-it where anything else may mean something', () => {
    for (const text of ['`a` *b*', '[x](y) `a`', 'open ` end', '`a` \\`b`', 'see https://x.example `a`'])
      assert.equal(codeSpans(text, make), undefined, text);
  });

  it('are what markdown-it makes of them, whatever the text', () => {
    const piece = fc.constantFrom(
      'a',
      'b.',
      ' ',
      '  ',
      '\n',
      '  \n',
      '\t',
      '`',
      '``',
      '`c`',
      '<p>',
      '*',
      '_x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join('').trim();
        const spans = codeSpans(text, make);
        if (spans) assert.deepEqual(what(spans), what(parsed(text)));
      }),
      { numRuns: 3_000 },
    );
  });
});
