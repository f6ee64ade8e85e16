import assert from 'node:assert/strict';
import { retryAfterMs } from '../../../src/core/retryAfter.ts';

describe('Retry-After of a busy server', () => {
  const now = Date.UTC(2026, 10, 23, 10, 30, 0);

  it('is read as seconds and as a date', () => {
    assert.equal(retryAfterMs(429, '3', now), 3000);
    assert.equal(retryAfterMs(503, ['0', '9'], now), 0);
    assert.equal(retryAfterMs(503, 'Mon, 23 Nov 2026 10:30:02 GMT', now), 2000);
    assert.equal(retryAfterMs(429, 'Mon, 23 Nov 2026 10:29:00 GMT', now), 0);
  });

  it('is not asked for by anything else', () => {
    assert.equal(retryAfterMs(500, '3', now), undefined);
    assert.equal(retryAfterMs(429, undefined, now), undefined);
    assert.equal(retryAfterMs(429, 'soon', now), undefined);
  });
});
