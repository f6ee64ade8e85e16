import assert from 'node:assert/strict';
import { timerPause } from '../../../../src/integrations/slack/createChannel.ts';

describe('waiting for a channel to be marked', () => {
  it('ends with its time, and at once with its signal', async () => {
    assert.equal(await timerPause(1, new AbortController().signal), true);
    const stop = new AbortController();
    const waiting = timerPause(60_000, stop.signal);
    stop.abort();
    assert.equal(await waiting, false);
    assert.equal(await timerPause(60_000, stop.signal), false);
  });
});
