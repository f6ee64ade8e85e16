import assert from 'node:assert/strict';
import { quietMentions } from '../../../../src/integrations/github/quietMentions.ts';

/** What GitHub would take for a mention or a reference, once entities are read; its own patterns. */
const mention = /(?<![a-zA-Z0-9])@[a-zA-Z0-9]/;
const reference = /#\d|(?<![a-z0-9])gh-\d/i;

const shown = (text: string): string =>
  text
    .replace(/&commat;|&#0*64;|&#x0*40;/gi, '@')
    .replace(/&num;|&#0*35;|&#x0*23;/gi, '#')
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe('text from an alert on GitHub', () => {
  for (const hostile of [
    '@techcorp/everyone look',
    'see (@ana), **@ben** and _@cho_',
    'escaped \\@ana',
    'an entity &#64;ana, &commat;ana, &#x40;ana, &#064;ana',
    'a letter as one: @&#97;na',
    'a tag between letters <b>@ana</b>',
    'https://@ana and "https://x.example/@ana',
    'fixes #12, techcorp/payments#12, GH-12, gh-12',
    'an entity &#35;12 &num;12 #&#49;2',
    '`unclosed @ana\n\n` @ben #1 `',
    '- one\n  - @ana',
    '<div>\n```\n@ana\n```\n</div>',
  ])
    it(`notifies nobody by ${JSON.stringify(hostile)}`, () => {
      assert.match(shown(hostile), new RegExp(`${mention.source}|${reference.source}`, 'i'));
      const quiet = shown(quietMentions(hostile));
      assert.doesNotMatch(quiet, mention);
      assert.doesNotMatch(quiet, reference);
      assert.equal(quiet.replaceAll('\u200b', ''), shown(hostile));
    });

  for (const plain of [
    'ana@techcorp.example wrote',
    'Channel #incident-2026-11-23-0001',
    'It&#39;s down &amp; out, #, @ and 50 #',
    'see https://grafana.techcorp.example/d/7?var=@payments#12 now',
    '(https://grafana.techcorp.example:3000/@x)',
    '```sh\ncurl -d @payload.json https://x.example # 12\nkubectl get pods #3\n```',
    '> ```\n> @ana\n> ```',
    'text\n\n    @indented #1',
  ])
    it(`leaves ${JSON.stringify(plain)} as it is`, () => {
      assert.equal(quietMentions(plain), plain);
    });
});
