import assert from 'node:assert/strict';
import fc from 'fast-check';
import MarkdownIt from 'markdown-it';
import { codeSpan, escapeMarkdown, linkTo, tableCell } from '../../../../src/core/postmortem/markdownText.ts';

const markdown = new MarkdownIt();

/** The blocks a reader sees, and their text. */
function read(source: string): { blocks: string[]; text: string; inline: string[] } {
  const tokens = markdown.parse(source, {});
  const inline = tokens.flatMap(({ children }) => children ?? []);
  return {
    blocks: tokens.filter(({ nesting }) => nesting === 1).map(({ tag }) => tag),
    text: inline.map(({ content }) => content).join(''),
    inline: [...new Set(inline.map(({ type }) => type))],
  };
}

const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '\\',
        '`',
        '*',
        '_',
        '[',
        ']',
        '(',
        ')',
        '<',
        '>',
        '#',
        '|',
        '~',
        '&lt;',
        '$',
        '!',
        '-',
        '1.',
        '+',
      ),
      fc.constantFrom(
        ' ',
        '\n',
        '\r\n',
        '\u2028',
        'a',
        'é',
        '漢',
        '=',
        '---',
        '```',
        '&#35;',
        '</script>',
        '1)',
        '~~',
      ),
    ),
  )
  .map((parts) => parts.join(''));
const oneLine = (text: string) =>
  text
    .split(/[\r\n\u2028]+/)
    .map((line) => line.trim())
    .filter(Boolean)
    .join(' / ');

describe('text in Markdown', () => {
  it('reads as it was written, on its own line, with nothing in it meaning anything', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { blocks, text: shown, inline } = read(`- ${escapeMarkdown(text)}\n`);
        assert.equal(shown, oneLine(text));
        if (shown !== '') {
          assert.deepEqual(blocks, ['ul', 'li', 'p']);
          assert.ok(
            inline.every((type) => type === 'text' || type === 'text_special'),
            inline.join(),
          );
        }
      }),
      { numRuns: 500 },
    );
  });
  it('stays a paragraph at the beginning of a line', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const { blocks, text: shown } = read(`${escapeMarkdown(text)}\n`);
        assert.equal(shown, oneLine(text));
        assert.deepEqual(blocks, shown === '' ? [] : ['p']);
      }),
      { numRuns: 500 },
    );
  });
  it('stays readable as source', () => {
    assert.equal(
      escapeMarkdown('~5% of payment_service, #2 at C:\\logs'),
      '~5% of payment_service, #2 at C:\\logs',
    );
  });
  it('keeps addresses clickable', () => {
    assert.equal(
      escapeMarkdown('see https://g.example/a_b?c=1 *now*'),
      'see <https://g.example/a_b?c=1> \\*now\\*',
    );
  });
});

describe('commands in Markdown', () => {
  it('are inline code, backticks and all', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const tokens = markdown.parseInline(codeSpan(`x${text}`), {})[0]!.children!;
        assert.deepEqual(
          tokens.map(({ type }) => type),
          ['code_inline'],
        );
      }),
    );
    assert.equal(codeSpan('echo `date`'), '`` echo `date` ``');
    assert.equal(codeSpan('kubectl get pods \\\n  -n production'), '`kubectl get pods -n production`');
    assert.equal(codeSpan('a\nb'), '`a ⏎ b`');
    assert.equal(codeSpan(' '), 'unknown');
  });
  it('survive a table cell', () => {
    const table = (cell: string) => `| a | b |\n|---|---|\n| 1 | ${tableCell(cell)} |\n`;
    assert.match(markdown.render(table(codeSpan('x | y'))), /<td><code>x \| y<\/code><\/td>/);
  });
});

describe('links in Markdown', () => {
  it('lead where they should, whatever the path holds', () => {
    const href = (address: string) =>
      markdown.parseInline(linkTo('output', address), {})[0]!.children![0]!.attrGet('href');
    assert.equal(linkTo('output', '../output/run-1.log'), '[output](../output/run-1.log)');
    assert.equal(href('../my logs/a (1).log'), '../my%20logs/a%20(1).log');
    assert.equal(href('a>b.log'), 'a%3Eb.log');
  });
});
