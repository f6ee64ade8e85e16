import assert from 'node:assert/strict';
import fc from 'fast-check';
import { htmlDocument, picturesIn } from '../../../../src/core/postmortem/convert/htmlDocument.ts';
import { slackText } from '../../../../src/core/postmortem/convert/slackText.ts';
import { wikiText } from '../../../../src/core/postmortem/convert/wikiText.ts';
import { withBase } from '../../../../src/core/postmortem/generatedBase.ts';

const slack = (text: string) => slackText(text).trimEnd();
const jira = (text: string) => wikiText(text, 'jira').trimEnd();
const confluence = (text: string) => wikiText(text, 'confluence').trimEnd();
const fold = '<details>\n<summary>All of it</summary>\n\n- [10:30] x\n\n</details>';
const html = (markdown: string, pictures: Record<string, string> = {}) =>
  htmlDocument({ markdown, title: 'T', pictures: new Map(Object.entries(pictures)) });
const bodyOf = (text: string) => /<body>\n([^]*)<\/body>/.exec(text)?.[1] ?? '';

describe('a post-mortem for Slack', () => {
  for (const [name, markdown, expected] of [
    [
      'headings and emphasis',
      '## Impact\n\n**Bold**, *slanted*, ~~gone~~',
      '*Impact*\n\n*Bold*, _slanted_, ~gone~',
    ],
    [
      'links, and those that lead nowhere from there',
      '[board](https://g.example/a?b=1&c) [output](../out.log)',
      '<https://g.example/a?b=1&amp;c|board> output',
    ],
    [
      'code',
      'Ran `kubectl get <pod>`:\n\n```sh\na && b\n```',
      'Ran `kubectl get &lt;pod&gt;`:\n\n```\na &amp;&amp; b\n```',
    ],
    [
      'lists in lists',
      '- a\n  - b\n    1. c\n    2. d\n- e',
      '• a\n    • b\n        1. c\n        2. d\n• e',
    ],
    ['tasks', '- [ ] open\n- [x] done', '• ☐ open\n• ☑ done'],
    ['tables', '| Time | What |\n|---|---|\n| 10:30 | `a` & b |', '```\nTime   What\n10:30  a &amp; b\n```'],
    ['mentions as plain text', 'Called <!channel> and @here', 'Called &lt;!channel&gt; and @here'],
    [
      'folds and comments',
      withBase(`${fold}\n`, '01JDPM000000000000000000A0'),
      '_All of it: see the document_',
    ],
    ['quotes', '> one\n> two', '> one\n> two'],
  ] as const)
    it(`has ${name}`, () => assert.equal(slack(markdown), expected));
});

describe('a post-mortem for Jira and Confluence', () => {
  for (const [name, markdown, expected] of [
    [
      'headings and emphasis',
      '## Impact\n\n**Bold**, *slanted*, ~~gone~~',
      'h2. Impact\n\n*Bold*, _slanted_, -gone-',
    ],
    [
      'links, and those that lead nowhere from there',
      '[board](https://g.example/a) [output](../out.log)',
      '[board|https://g.example/a] output',
    ],
    [
      'code',
      'Ran `kubectl get {x}`:\n\n```sh\n{a}\n```',
      'Ran {{kubectl get \\{x\\}}}:\n\n{noformat}\n{a}\n{noformat}',
    ],
    ['lists in lists', '- a\n  - b\n    1. c\n    2. d\n- e', '* a\n** b\n**# c\n**# d\n* e'],
    ['tasks', '- [ ] open\n- [x] done', '* (x) open\n* (/) done'],
    [
      'tables',
      '| Time | What |\n|---|---|\n| 10:30 | a \\| b |\n| 10:31 | |',
      '||Time||What||\n|10:30|a \\| b|\n|10:31| |',
    ],
    [
      'what would be markup as text',
      '[10:30] {x} \\*a\\* -b a-b a_b_c',
      '\\[10:30\\] \\{x\\} \\*a\\* \\-b a-b a_b_c',
    ],
    ['a list item of several paragraphs in its item', '- a\n\n  b\n- c', '* a \\\\ b\n* c'],
  ] as const)
    it(`has ${name}`, () => {
      assert.equal(jira(markdown), expected);
      assert.equal(confluence(markdown), expected);
    });

  it('folds in Confluence, which can, and says the heading in Jira', () => {
    assert.equal(confluence(fold), '{expand:All of it}\n\n* \\[10:30\\] x\n\n{expand}');
    assert.equal(jira(fold), '*All of it*\n\n* \\[10:30\\] x');
  });
});

describe('a post-mortem as HTML', () => {
  it('has tables, tasks, code, folds and links', () => {
    const body = bodyOf(
      html(`# A & B\n\n- [ ] open\n- [x] done\n\n| a |\n|---|\n| \`x\` |\n\n${fold}\n\n[o](out.log)`),
    );
    for (const part of [
      '<h1>A &amp; B</h1>',
      '<li class="task">☐ open</li>',
      '☑ done',
      '<td><code>x</code></td>',
      '<details>\n<summary>All of it</summary>',
      '</details>',
      '<a href="out.log" rel="noreferrer">o</a>',
    ])
      assert.ok(body.includes(part), `${part} in ${body}`);
  });

  it('holds its pictures and asks nobody for others', () => {
    const text = '![Errors](plots/a.svg) ![Other](https://elsewhere.example/x.png)';
    assert.deepEqual(picturesIn(text), ['plots/a.svg', 'https://elsewhere.example/x.png']);
    const body = bodyOf(html(text, { 'plots/a.svg': 'data:image/svg+xml;base64,AA' }));
    assert.ok(body.includes('<img src="data:image/svg+xml;base64,AA" alt="Errors">'));
    assert.ok(body.includes('<a href="https://elsewhere.example/x.png" rel="noreferrer">Other</a>'));
    assert.equal(body.match(/<img/g)?.length, 1);
  });

  it('leaves the comment out, and forbids scripts and everything from outside', () => {
    const text = html(withBase('# T\n', '01JDPM000000000000000000A0'));
    assert.ok(!text.includes('incident post-mortem'));
    assert.match(text, /content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/);
    assert.match(text, /@media print/);
  });

  it('lets no element or script of a document through', () => {
    const evil = fc.constantFrom(
      '<script>alert(1)</script>',
      '<img src=x onerror=alert(1)>',
      '[x](javascript:alert(1))',
      '![x](javascript:alert(1))',
      '<details open ontoggle=alert(1)>',
      '<summary onclick=x>y</summary>',
      '<svg/onload=alert(1)>',
      '<!-- --> <script>1</script>',
      '<a href="javascript:1">',
      '```\n<script>\n```',
      '<details>',
      '</details>',
      '- ',
      '> ',
      '| <b> |\n|---|\n| <i> |',
      '\n\n',
      '"><script>',
    );
    const allowed =
      /^<\/?(?:h[1-6]|p|ul|ol|li|a|code|pre|table|thead|tbody|tr|t[hd]|blockquote|hr|br|strong|em|s|img|details|summary)(?: (?:href|rel|class|alt|src|start|style)="[^"]*")*>$/;
    fc.assert(
      fc.property(
        fc.array(fc.oneof(evil, fc.string()), { maxLength: 8 }),
        fc.constantFrom('', ' ', '\n'),
        (parts, glue) => {
          const body = bodyOf(html(parts.join(glue)));
          for (const [tag] of body.matchAll(/<[^>]*>/g)) {
            assert.match(tag, allowed);
            assert.doesNotMatch(tag, /(?:href|src)="\s*(?:javascript|vbscript|data:(?!image\/))/i);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('conversions of a post-mortem', () => {
  it('never throw', () => {
    const line = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '- a',
        '  - b',
        '1. c',
        '| a |',
        '|---|',
        '```',
        '> q',
        '# h',
        '<details>',
        '<!--',
        '**',
        '[x](y)',
        '---',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 15 }), (lines) => {
        const text = lines.join('\n');
        for (const convert of [slack, jira, confluence, html]) assert.equal(typeof convert(text), 'string');
      }),
      { numRuns: 300 },
    );
  });
});
