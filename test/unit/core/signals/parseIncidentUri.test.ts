import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseIncidentUri } from '../../../../src/core/signals/parseIncidentUri.ts';

const declare = (query: string) => {
  const parsed = parseIncidentUri({ path: '/declare', query });
  assert.ok(parsed.ok);
  return parsed.value;
};

describe('a link to the extension', () => {
  it('declares with what it carries', () => {
    assert.deepEqual(
      declare(
        'title=Payments failing&severity=critical&service=payment-service&startsAt=2026-11-23T10:12:00Z&fingerprint=5079B1A2C3D4E5F6&runbook=https://runbooks.example/high-error-rate#now',
      ),
      {
        kind: 'declare',
        title: 'Payments failing',
        severity: 'critical',
        service: 'payment-service',
        startsAt: '2026-11-23T10:12:00.000Z',
        fingerprint: '5079b1a2c3d4e5f6',
        runbook: 'https://runbooks.example/high-error-rate#now',
      },
    );
  });

  it('opens an incident by number or id', () => {
    const open = (incident: string) => parseIncidentUri({ path: '/open/', query: `incident=${incident}` });
    assert.deepEqual(open('2026-11-23-0001'), {
      ok: true,
      value: { kind: 'open', incident: '2026-11-23-0001' },
    });
    assert.deepEqual(open('01jdqz3k5v7m9n1p3r5t7w9y1a'), {
      ok: true,
      value: { kind: 'open', incident: '01JDQZ3K5V7M9N1P3R5T7W9Y1A' },
    });
    for (const wrong of ['', '../../etc/passwd', '2026-11-23', '01JDQZ3K5V7M9N1P3R5T7W9Y1A/..'])
      assert.equal(open(wrong).ok, false, wrong);
  });

  it('asks for nothing else', () => {
    for (const path of ['', '/', '/run', '/declare/../run', '/Declare'])
      assert.equal(parseIncidentUri({ path, query: 'title=x' }).ok, false, path);
  });

  it('reads titles with an ampersand and form-encoded spaces as they were meant', () => {
    assert.deepEqual(declare('title=Cart & checkout fail&utm=1&severity=P1'), {
      kind: 'declare',
      title: 'Cart & checkout fail',
      severity: 'P1',
    });
    assert.deepEqual(declare('title=Payments+failing'), { kind: 'declare', title: 'Payments failing' });
    assert.deepEqual(declare('title=5xx + timeouts'), { kind: 'declare', title: '5xx + timeouts' });
    assert.deepEqual(declare('startsAt=2026-11-23T11:12:00 01:00'), {
      kind: 'declare',
      startsAt: '2026-11-23T10:12:00.000Z',
    });
  });

  it('takes the first of a parameter that comes twice, and leaves out what is not what it should be', () => {
    assert.deepEqual(declare('severity=SEV4&severity=SEV1&constructor=x&__proto__=y&toString=z'), {
      kind: 'declare',
      severity: 'SEV4',
    });
    assert.deepEqual(declare('startsAt=soon&fingerprint=xyz&runbook=command:workbench.action.terminal.new'), {
      kind: 'declare',
    });
    assert.deepEqual(
      declare('runbook=https://user@evil.example/'),
      { kind: 'declare' },
      'an address that hides its host',
    );
  });

  const nasty = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string(),
    fc.constantFrom(
      '\u202egnp.exe',
      '$(trash)',
      '[x](command:y)',
      'javascript:alert(1)',
      '\u0000',
      'a\nb',
      '%00',
      '"><script>',
      '../..',
    ),
    fc.string({ minLength: 3000, maxLength: 9000 }),
  );
  const name = fc.oneof(
    fc.constantFrom(
      'title',
      'severity',
      'service',
      'startsAt',
      'fingerprint',
      'runbook',
      'incident',
      'command',
      '__proto__',
    ),
    fc.string(),
  );

  it('is never more than text of a bounded length, whatever it carries', () => {
    const limits: Record<string, number> = {
      title: 120,
      severity: 40,
      service: 100,
      startsAt: 24,
      fingerprint: 16,
      runbook: 2000,
    };
    fc.assert(
      fc.property(fc.array(fc.tuple(name, nasty), { maxLength: 12 }), (pairs) => {
        const { kind, ...values } = declare(pairs.map(([key, value]) => `${key}=${value}`).join('&'));
        assert.equal(kind, 'declare');
        for (const [key, value] of Object.entries(values)) {
          assert.ok(key in limits, key);
          assert.equal(typeof value, 'string');
          assert.ok([...value].length <= (limits[key] ?? 0), `${key}: ${[...value].length}`);
          assert.doesNotMatch(
            value,
            /\p{Cc}|\p{Zl}|\p{Zp}|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u,
          );
        }
        if ('runbook' in values) assert.match(values.runbook, /^https?:\/\//i);
      }),
    );
  });

  it('with only harmless values comes through as it is', () => {
    const word = fc
      .stringMatching(/^[a-zA-Z0-9 .,:()-]{1,60}$/)
      .filter((text) => text === text.trim() && !/ {2}/.test(text));
    fc.assert(
      fc.property(word, word, (title, service) => {
        assert.deepEqual(declare(`title=${title}&service=${service}`), { kind: 'declare', title, service });
      }),
    );
  });
});
