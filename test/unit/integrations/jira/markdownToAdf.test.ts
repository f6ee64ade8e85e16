import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AdfNode } from '../../../../src/integrations/jira/markdownToAdf.ts';
import { documentOf, markdownToAdf } from '../../../../src/integrations/jira/markdownToAdf.ts';

const text = (said: string, ...marks: NonNullable<AdfNode['marks']>): AdfNode => ({
  type: 'text',
  text: said,
  ...(marks.length > 0 ? { marks } : {}),
});
const paragraph = (...content: readonly AdfNode[]): AdfNode => ({ type: 'paragraph', content });
const item = (...content: readonly AdfNode[]): AdfNode => ({ type: 'listItem', content });
const link = (href: string) => ({ type: 'link', attrs: { href } }) as const;

const contentOf = (markdown: string): readonly AdfNode[] => markdownToAdf(markdown).content;

/** What may stand in what, of the nodes we make: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
const blocks = ['paragraph', 'bulletList', 'orderedList', 'codeBlock'];
const inlines = ['text', 'hardBreak'];
const allowed: Readonly<Record<string, readonly string[]>> = {
  doc: [...blocks, 'heading', 'blockquote', 'rule'],
  paragraph: inlines,
  heading: inlines,
  bulletList: ['listItem'],
  orderedList: ['listItem'],
  listItem: blocks,
  blockquote: blocks,
  codeBlock: ['text'],
};

function misplaced(node: AdfNode): string | undefined {
  if (node.type === 'text' && !node.text) return 'an empty text';
  const inner = node.content ?? [];
  if (node.type === 'listItem' && inner[0]?.type !== 'paragraph') return 'an item without a paragraph';
  if (/List$|^blockquote$/.test(node.type) && inner.length === 0) return `an empty ${node.type}`;
  for (const child of inner) {
    if (!allowed[node.type]?.includes(child.type)) return `${child.type} in ${node.type}`;
    const below = misplaced(child);
    if (below !== undefined) return below;
  }
  const types = (node.marks ?? []).map(({ type }) => type);
  if (new Set(types).size !== types.length) return 'a mark twice';
  if (types.includes('code') && types.some((type) => type !== 'code' && type !== 'link'))
    return 'code with emphasis';
  return undefined;
}

describe('Markdown for Jira', () => {
  it('keeps what our messages are made of', () => {
    assert.deepEqual(
      contentOf(
        '**SEV2 Payments failing** (2026-11-23-0001)\n- Service: `payment-service`\n- Alert: High 5xx https://alerts.techcorp.example/7\n- [Runbook](https://techcorp.example/503)',
      ),
      [
        paragraph(text('SEV2 Payments failing', { type: 'strong' }), text(' (2026-11-23-0001)')),
        {
          type: 'bulletList',
          content: [
            item(paragraph(text('Service: '), text('payment-service', { type: 'code' }))),
            item(
              paragraph(
                text('Alert: High 5xx '),
                text('https://alerts.techcorp.example/7', link('https://alerts.techcorp.example/7')),
              ),
            ),
            item(paragraph(text('Runbook', link('https://techcorp.example/503')))),
          ],
        },
      ],
    );
  });

  it('keeps headings, numbered lists, quotes, rules and code with its language', () => {
    assert.deepEqual(contentOf('## Cause\n\n3. third\n\n> said\n\n---\n\n```sh\nkubectl get pods\n```'), [
      { type: 'heading', attrs: { level: 2 }, content: [text('Cause')] },
      { type: 'orderedList', attrs: { order: 3 }, content: [item(paragraph(text('third')))] },
      { type: 'blockquote', content: [paragraph(text('said'))] },
      { type: 'rule' },
      { type: 'codeBlock', attrs: { language: 'sh' }, content: [text('kubectl get pods')] },
    ]);
  });

  it('ends a line where it ends', () => {
    assert.deepEqual(contentOf('one\ntwo'), [paragraph(text('one'), { type: 'hardBreak' }, text('two'))]);
  });

  it('makes nothing of what only looks like a link, a tag or a mention', () => {
    const said = '@all <script>x</script> [~accountid:1] ingress.yaml';
    assert.deepEqual(contentOf(said), [paragraph(text(said))]);
    assert.deepEqual(contentOf('[open](vscode://incident-response.x/open)'), [paragraph(text('open'))]);
    assert.deepEqual(contentOf('[x](javascript:alert)'), [paragraph(text('[x](javascript:alert)'))]);
  });

  it('gives an empty text one empty paragraph', () => {
    assert.deepEqual(markdownToAdf(''), { type: 'doc', version: 1, content: [paragraph()] });
  });

  it('cuts what Jira would refuse, and says so', () => {
    assert.deepEqual(documentOf('short'), markdownToAdf('short'));
    for (const long of ['word '.repeat(20_000), '- **x**\n'.repeat(5000), '\ud83d\udd25'.repeat(30_000)]) {
      const document = documentOf(long);
      const json = JSON.stringify(document);
      assert.ok(json.length <= 32_767);
      assert.match(json, /cut here/);
      assert.doesNotMatch(json, /\\ud83d/);
    }
  });

  it('puts every node where Jira takes it, whatever the Markdown', () => {
    const line = fc.stringMatching(
      /^(?: {0,6})(?:[-*+] |\d\. |> |#{1,3} |```|---)*(?:\*\*|`|_|~~|\[a\]\(https:\/\/x\.example\)|!\[\]\(u\)|\w| ){0,8}$/,
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const document = markdownToAdf(lines.join('\n'));
        assert.equal(misplaced(document), undefined, JSON.stringify(document));
        assert.notEqual(document.content.length, 0);
      }),
      { numRuns: 500 },
    );
  });
});
