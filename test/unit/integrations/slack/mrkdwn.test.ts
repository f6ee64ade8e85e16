import assert from 'node:assert/strict';
import fc from 'fast-check';
import { messageParts } from '../../../../src/integrations/slack/messageParts.ts';
import { cutText, toMrkdwn } from '../../../../src/integrations/slack/mrkdwn.ts';

/** What Slack gives a meaning: everything it would not show as it stands. */
const markupOf = (mrkdwn: string): readonly string[] => mrkdwn.match(/<[^>]*>?/g) ?? [];

describe('Markdown as Slack’s mrkdwn', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['bold', '**Update [10:30]** now', '*Update [10:30]* now'],
    ['italics and strike', '*maybe* ~~no~~ _yes_', '_maybe_ ~no~ _yes_'],
    ['nesting', '**a *b* c**', '*a _b_ c*'],
    ['no emphasis in arithmetic', '2 * 3 * 4 and __init', '2 * 3 * 4 and __init'],
    ['underscores of names', 'payment__new__provider', 'payment__new__provider'],
    ['a heading', '## Status **now** ##', '*Status now*'],
    ['bullets', '- a\n  * b\n- [ ] c\n- [x] d', '• a\n  • b\n☐ c\n☑ d'],
    ['a link', '[Runbook](https://x.example/a_b?c=1&d=2)', '<https://x.example/a_b?c=1&amp;d=2|Runbook>'],
    ['a link with brackets', '[R](https://x.example/a_(b))', '<https://x.example/a_(b)|R>'],
    ['a link in bold', '**see [R](https://x.example)**', '*see <https://x.example|R>*'],
    ['a link that is its own words', '[https://x.example](https://x.example)', '<https://x.example>'],
    ['an address in angles', '<https://x.example/a>', '<https://x.example/a>'],
    ['a bare address', 'https://x.example/a_b_c?d=1&e', '<https://x.example/a_b_c?d=1&amp;e>'],
    [
      'bare addresses in a sentence',
      '**Look:** (https://x.example/a), https://y.example/b_(c). **https://z.example**',
      '*Look:* (<https://x.example/a>), <https://y.example/b_(c)>. *<https://z.example>*',
    ],
    ['code', '`a < b && **c**` **d**', '`a &lt; b &amp;&amp; **c**` *d*'],
    ['two backticks', '``a ` b``', '`a ` b`'],
    ['a fence', '```sh\n**a** <b>\n```\n**c**', '```\n**a** &lt;b&gt;\n```\n*c*'],
    ['a fence left open', '```\na', '```\na\n```'],
    ['escapes', '\\*a\\* \\[b]', '*a* [b]'],
  ];
  for (const [name, markdown, mrkdwn] of cases)
    it(`writes ${name}`, () => assert.equal(toMrkdwn(markdown), mrkdwn));

  it('lets no text mention anybody', () => {
    for (const mention of ['<!channel>', '<!here|here>', '<@U012AB3CD>', '<!subteam^S1|x>', '<#C012AB3CD>'])
      for (const text of [
        mention,
        `**${mention}**`,
        `\`${mention}\``,
        `[${mention}](${mention})`,
        `\\${mention}`,
      ])
        assert.deepEqual(markupOf(toMrkdwn(text)), [], text);
    assert.deepEqual(markupOf(toMrkdwn('[<!channel>](https://x.example)')), [
      '<https://x.example|&lt;!channel&gt;>',
    ]);
  });

  it('shows where a link goes that pretends to go elsewhere, and links to nothing but the web', () => {
    const fake = toMrkdwn('[https://bank.example](https://evil.example)');
    assert.equal(fake, '<https://bank.example> (<https://evil.example>)');
    assert.equal(toMrkdwn('[bank.example](https://evil.example)'), 'bank.example (<https://evil.example>)');
    assert.equal(toMrkdwn('[x](javascript:alert)'), 'x (javascript:alert)');
    assert.equal(toMrkdwn('[x](https://a.example/|!channel)'), '<https://a.example/%7C!channel|x>');
    assert.equal(toMrkdwn('<https://evil.example|bank>'), '&lt;<https://evil.example>|bank&gt;');
  });

  it('takes out what turns the direction of text', () => {
    assert.equal(toMrkdwn('moc.knab\u202e \u0007x\u2066y'), 'moc.knab xy');
  });

  it('has no markup but links to the web, whatever the text', () => {
    const bits = fc.constantFrom(
      ...[
        '<',
        '>',
        '&',
        '|',
        '!channel',
        '@U1',
        '[',
        ']',
        '(',
        ')',
        '*',
        '**',
        '`',
        '```',
        '~~',
        '_',
        '\\',
        '\n',
      ],
      ...['https://x.example', ' ', 'a'],
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 40 }), (texts) => {
        for (const markup of markupOf(toMrkdwn(texts.join(''))))
          assert.match(markup, /^<https:\/\/x\.example[^<>|]*(\|[^<>]*)?>$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('is done with hostile texts of the length that a person can paste', () => {
    for (const bit of [
      '*',
      '**a',
      '`',
      '``` ',
      '[',
      '[a](',
      '[a](https://',
      '~~',
      '<https://',
      '__ __',
      '((',
    ])
      assert.ok(toMrkdwn(bit.repeat(20_000)).length > 0);
  });

  it('cuts a headline within its length and never through an entity', () => {
    assert.equal(cutText('a < b', 250), 'a &lt; b');
    const cut = cutText('&'.repeat(100), 250);
    assert.ok(cut.length <= 250);
    assert.match(cut, /^(&amp;)+…$/);
  });
});

describe('a text as Slack messages', () => {
  it('is one message when it fits', () => {
    assert.deepEqual(messageParts('**a**\n\nb'), { parts: ['*a*\n\nb'], cut: false });
    assert.deepEqual(messageParts(' \n '), { parts: [], cut: false });
  });

  it('is split between lines, and loses none', () => {
    const lines = Array.from({ length: 300 }, (_, at) => `line ${at} of what happened & why`);
    const { parts, cut } = messageParts(lines.join('\n'));
    assert.equal(cut, false);
    assert.ok(parts.length > 1 && parts.every((part) => part.length <= 4000));
    assert.equal(parts.join('\n').replaceAll('&amp;', '&'), lines.join('\n'));
  });

  it('splits a line that is too long by itself, but no entity', () => {
    const { parts } = messageParts('&'.repeat(3000));
    assert.ok(parts.length > 1 && parts.every((part) => part.length <= 4000 && /^(&amp;)+$/.test(part)));
    assert.equal(parts.join('').length, 3000 * 5);
  });

  it('closes a code fence where it is split, and opens it again', () => {
    const log = Array.from({ length: 200 }, (_, at) => `error ${at}: connection refused by payments`).join(
      '\n',
    );
    const { parts } = messageParts(`before\n\`\`\`\n${log}\n\`\`\`\nafter`);
    assert.ok(parts.length > 1);
    for (const part of parts) assert.equal(part.match(/^```$/gm)?.length, 2, part.slice(0, 80));
    assert.match(parts.at(-1) ?? '', /```\nafter$/);
  });

  it('says in the last one that it is cut, when it would flood the channel', () => {
    const { parts, cut } = messageParts('word '.repeat(20_000));
    assert.equal(cut, true);
    assert.equal(parts.length, 10);
    assert.ok(parts.every((part) => part.length <= 4000));
    assert.match(parts.at(-1) ?? '', /the whole text is in the incident’s journal\.$/);
  });
});
