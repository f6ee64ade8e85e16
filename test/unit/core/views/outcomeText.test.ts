import assert from 'node:assert/strict';
import type { Outcome } from '../../../../src/core/plan/plan.ts';
import { oneLine } from '../../../../src/core/views/oneLine.ts';
import { outcomeMessage, renderOutcome } from '../../../../src/core/views/outcomeText.ts';

describe('how a run ended', () => {
  const table: readonly (readonly [Outcome, string, string])[] = [
    [{ kind: 'succeeded' }, 'succeeded', 'ok'],
    [{ kind: 'succeeded', exitCode: 0 }, 'exit code 0', 'ok'],
    [{ kind: 'succeeded', exitCode: 0, detail: '3 pods' }, '3 pods', 'ok'],
    [{ kind: 'no-match' }, 'no match', 'neutral'],
    [{ kind: 'failed', message: 'x' }, 'failed', 'bad'],
    [{ kind: 'failed', message: 'x', exitCode: 2 }, 'exit code 2', 'bad'],
    [{ kind: 'failed', message: 'x', signal: 'SIGSEGV' }, 'ended by SIGSEGV', 'bad'],
    [{ kind: 'failed', message: 'x', status: 403 }, '403 Forbidden', 'bad'],
    [{ kind: 'failed', message: 'x', status: 418 }, '418', 'bad'],
    [{ kind: 'stopped' }, 'stopped', 'neutral'],
    [{ kind: 'timed-out', afterMs: 30_000 }, 'timed out after 30 s', 'bad'],
  ];
  for (const [outcome, text, tone] of table) {
    it(`is "${text}" for ${JSON.stringify(outcome)}`, () =>
      assert.deepEqual(renderOutcome(outcome), { text, tone }));
  }

  it('has a sentence of its own where it failed or nobody pressed Stop', () => {
    assert.equal(outcomeMessage({ kind: 'failed', message: 'It broke.' }), 'It broke.');
    assert.equal(
      outcomeMessage({ kind: 'stopped', message: 'Its page was closed.' }),
      'Its page was closed.',
    );
    for (const outcome of [{ kind: 'stopped' }, { kind: 'succeeded', detail: '3 pods' }] as const)
      assert.equal(outcomeMessage(outcome), undefined);
  });
});

describe('text on one line', () => {
  it('joins lines and cuts between characters, not inside them', () => {
    assert.equal(oneLine(' a\tb \r\n\n c '), 'a b / c');
    assert.equal(oneLine('😀😀😀😀', 3), '😀😀…');
    assert.equal(oneLine('abc', 3), 'abc');
  });
});
