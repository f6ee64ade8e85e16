import assert from 'node:assert/strict';
import {
  afterAnswer,
  afterFailure,
  isDue,
  msUntilDue,
  newHealth,
} from '../../../../src/core/signals/sourceHealth.ts';
import { matchersOf, parseSilenceDuration, renderMatchers } from '../../../../src/core/signals/silence.ts';
import { readEvidence, readTitle } from '../../../../src/core/signals/pastedReport.ts';
import { after } from '../../../support/builders.ts';

const failure = { code: 'unreachable', message: 'Alertmanager cannot be reached.' } as const;
const pollMs = 30_000;

describe('how often a source is asked', () => {
  it('is at once, then at every interval while it answers', () => {
    const fresh = newHealth('Alertmanager', 'alerts');
    assert.ok(isDue(fresh, after(0)));
    const answered = afterAnswer(fresh, after(0), pollMs);
    assert.equal(answered.nextAt, after(0, 30));
    assert.ok(!isDue(answered, after(0, 29)));
    assert.ok(isDue(answered, after(0, 30)));
    assert.equal(
      msUntilDue([answered, afterAnswer(newHealth('Argo CD', 'changes'), after(0), pollMs)], after(0, 10)),
      20_000,
    );
  });

  it('is twice as seldom after each failure in a row, at least every ten minutes, and as before once it answers', () => {
    let health = newHealth('Alertmanager', 'alerts');
    const waits: number[] = [];
    for (let n = 0; n < 8; n++) {
      health = afterFailure(health, failure, after(0), pollMs);
      waits.push(msUntilDue([health], after(0)) ?? 0);
    }
    assert.deepEqual(
      waits.map((ms) => ms / 1000),
      [30, 60, 120, 240, 480, 600, 600, 600],
    );
    assert.equal(health.failures, 8);
    const back = afterAnswer(health, after(60), pollMs);
    assert.deepEqual(
      [back.failures, back.failure, back.failingSince, back.nextAt],
      [0, undefined, undefined, after(60, 30)],
    );
  });

  it('waits as long as the source asks, and remembers since when it fails', () => {
    const once = afterFailure(
      newHealth('PagerDuty', 'alerts'),
      { ...failure, retryAfterMs: 300_000 },
      after(0),
      pollMs,
    );
    assert.equal(once.nextAt, after(5));
    const twice = afterFailure(once, failure, after(5), pollMs);
    assert.equal(twice.failingSince, after(0));
  });
});

describe('a silence', () => {
  it('matches the labels of one alert, its name first, written as Alertmanager does', () => {
    assert.equal(
      renderMatchers(matchersOf({ severity: 'critical', alertname: 'A', path: 'a"b\\c' })),
      'alertname="A", path="a\\"b\\\\c", severity="critical"',
    );
    assert.equal(
      renderMatchers([{ name: 'pod', value: 'web-.*', isRegex: true, isEqual: false }]),
      'pod!~"web-.*"',
    );
    assert.equal(renderMatchers([{ name: 'pod', value: 'x', isRegex: false, isEqual: false }]), 'pod!="x"');
  });

  for (const [text, minutes] of [
    ['30m', 30],
    ['2h', 120],
    ['1h30m', 90],
    ['1d', 1440],
    [' 1 H 5 m ', 65],
    ['', undefined],
    ['0m', undefined],
    ['10', undefined],
    ['99999d', undefined],
    ['-1h', undefined],
  ] as const)
    it(`lasts ${String(minutes)} minutes for "${text}"`, () => {
      assert.equal(parseSilenceDuration(text), minutes === undefined ? undefined : minutes * 60_000);
    });
});

describe('what is pasted when something is reported', () => {
  it('is a title when it is short', () => {
    assert.deepEqual(readTitle(' Payments  failing '), { title: 'Payments failing', evidence: undefined });
  });

  it('is evidence when it is an address, with a title that says from where', () => {
    assert.deepEqual(readTitle('https://support.example/t/4711?token=secret-word'), {
      title: 'Report: support.example/t/4711',
      evidence: { kind: 'url', text: 'https://support.example/t/4711?token=secret-word' },
    });
  });

  it('is evidence as a whole when it is long, its first sentence the title', () => {
    const mail = `Hello, nobody can pay. ${'We tried three cards. '.repeat(20)}`.trim();
    assert.deepEqual(readTitle(mail), {
      title: 'Hello, nobody can pay',
      evidence: { kind: 'text', text: mail },
    });
    const endless = 'x '.repeat(200).trim();
    assert.equal([...readTitle(endless).title].length <= 120, true);
    assert.equal(readTitle(endless).evidence?.text, endless);
  });

  it('keeps its lines, not its control characters, and is nothing when there is nothing', () => {
    assert.deepEqual(readEvidence('a\r\nb\u001b[31m'), { kind: 'text', text: 'a\nb[31m' });
    assert.equal(readEvidence(' \n '), undefined);
    assert.equal(readEvidence('x'.repeat(30_000))?.text.length, 20_000);
  });
});
