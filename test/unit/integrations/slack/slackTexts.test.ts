import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { load } from 'js-yaml';
import { root } from '../../../../scripts/cache.mjs';
import { slackScopes } from '../../../../src/integrations/slack/checkSlack.ts';
import { plainText, usersIn } from '../../../../src/integrations/slack/pinText.ts';
import { channelNames } from '../../../../src/integrations/slack/slackChannel.ts';
import { slackRefusal } from '../../../../src/integrations/slack/slackRefusal.ts';

describe('the Slack app’s manifest', () => {
  const text = readFileSync(path.join(root, 'docs/slack-app-manifest.yaml'), 'utf8');
  it('asks for the scopes that are checked, and no others', () => {
    const manifest = load(text) as { oauth_config: { scopes: { bot: string[] } } };
    assert.deepEqual(manifest.oauth_config.scopes.bot.toSorted(), Object.keys(slackScopes).toSorted());
  });
  it('gives a reason for each', () => {
    for (const scope of Object.keys(slackScopes)) assert.match(text, new RegExp(`- ${scope} # \\w+`));
  });
});

describe('a refusal of Slack', () => {
  const failure = (error: string, needed?: string) => slackRefusal('create the channel', error, needed);
  for (const [error, code, retry, words] of [
    ['invalid_auth', 'unauthorized', 'person', /Incident: Connect/],
    ['token_revoked', 'unauthorized', 'person', /Nothing of the incident is lost/],
    ['ratelimited', 'failed', 'automatic', /wait/],
    ['internal_error', 'failed', 'automatic', /not known whether it could create the channel/],
    ['restricted_action', 'forbidden', 'person', /administrators/],
    ['restricted_action_read_only_channel', 'forbidden', 'person', /administrators/],
    ['channel_not_found', 'not-found', 'person', /deleted or made private/],
    ['is_archived', 'conflict', 'person', /Unarchive it/],
    ['not_in_channel', 'forbidden', 'person', /\/invite/],
    ['invalid_name_specials', 'invalid', 'person', /incident\.slack\.channelName/],
    ['some_new_error', 'invalid', 'person', /\(some_new_error\)/],
  ] as const)
    it(`says what to do about ${error}`, () => {
      const said = failure(error);
      assert.deepEqual([said.code, said.retry, said.said], [code, retry, error]);
      assert.match(said.message, words);
    });

  it('names the scope that is missing, and nothing that is no scope', () => {
    assert.match(
      failure('missing_scope', 'channels:manage,channels:write').message,
      /scope channels:manage or ch/,
    );
    assert.match(failure('missing_scope').message, /lacks the scope it needs/);
    assert.doesNotMatch(failure('missing_scope', '<b>X1</b>').message, /[<X1]/);
  });
});

describe('names of channels', () => {
  it('are as Slack takes them, with letters behind when another has them', () => {
    const names = channelNames('Incident 2026-11-23-0001');
    assert.deepEqual(names.slice(0, 3), [
      'incident-2026-11-23-0001',
      'incident-2026-11-23-0001-b',
      'incident-2026-11-23-0001-c',
    ]);
    assert.equal(names.length, 26);
    const long = channelNames('x'.repeat(100));
    assert.deepEqual([long[0]?.length, long[1]?.length, long[1]?.slice(-2)], [80, 80, '-b']);
  });
});

describe('a pinned message as plain text', () => {
  it('has names, addresses and no escapes', () => {
    const text =
      '<@U1> see <https://x.example/a?b&amp;c|graph> and <https://y.example> in <#C1|ops> <!here> &lt;p95 &amp;gt; 2s&gt;';
    assert.equal(
      plainText(text, new Map([['U1', 'Ana']])),
      '@Ana see graph (https://x.example/a?b&c) and https://y.example in #ops @here <p95 &gt; 2s>',
    );
    assert.deepEqual(usersIn('<@U1> and <@U2|ben>'), ['U1', 'U2']);
  });
});
