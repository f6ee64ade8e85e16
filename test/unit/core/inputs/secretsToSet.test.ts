import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseGuide } from '../../../../src/core/guide/parseGuide.ts';
import { secretsToSet } from '../../../../src/core/inputs/secretsToSet.ts';

const guideWith = (...commands: readonly string[]) =>
  parseGuide(
    [
      '---',
      'inputs:',
      '  - name: dsn',
      '    kind: secret',
      '---',
      '# Shop',
      '## Runbooks',
      '### Shop is down',
      ...commands.flatMap((command) => ['', '```sh', command, '```']),
      '',
    ].join('\n'),
    { file: 'shop.md' },
  );

describe('the secrets that a machine may have to be given', () => {
  it('are what commands write as $NAME and is named, or declared, as one', () => {
    const guide = guideWith(
      'curl -H "Authorization: Bearer $API_TOKEN" https://shop.example/reload',
      'echo "$REGION" | psql "$DSN"',
      'curl -u "me:${DB_PASSWORD:-none}" https://shop.example/db',
    );
    assert.deepEqual(secretsToSet([guide]), ['API_TOKEN', 'DB_PASSWORD', 'DSN']);
  });

  it('are what the flag services of the settings name, though no guide does', () => {
    const services = [
      { kind: 'unleash', baseUrl: 'https://flags.example', token: 'FLAG_TOKEN' },
      { kind: 'launchdarkly', baseUrl: 'https://ld.example', token: 'FLAG_TOKEN' },
      { kind: 'generic', baseUrl: 'https://own.example', token: '' },
      {
        kind: 'generic',
        baseUrl: 'https://other.example',
        readUrl: 'https://other.example/${FLAG_KEY}/{flag}',
        enableUrl: 'https://other.example/{flag}/on?by=$FLAG_USER',
      },
    ] as const;
    assert.deepEqual(secretsToSet([], services), ['FLAG_KEY', 'FLAG_TOKEN', 'FLAG_USER']);
    assert.deepEqual(secretsToSet([guideWith('echo "$FLAG_TOKEN"')], services.slice(0, 1)), ['FLAG_TOKEN']);
  });

  it('hold the token of every service, each once and in order, whatever the names', () => {
    const name = fc.stringMatching(/^[A-Za-z_]\w{0,12}$/);
    fc.assert(
      fc.property(fc.array(name), (tokens) => {
        const services = tokens.map((token) => ({
          kind: 'unleash' as const,
          baseUrl: 'https://flags.example',
          token,
        }));
        assert.deepEqual(secretsToSet([], services), [...new Set(tokens)].sort());
      }),
    );
  });
});
