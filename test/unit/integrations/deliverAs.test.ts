import assert from 'node:assert/strict';
import type { Delivery } from '../../../src/core/deliveries/delivery.ts';
import { sinceFirstAttempt } from '../../../src/integrations/deliverAs.ts';

describe('since when something may come of an earlier attempt', () => {
  const now = '2026-11-23T10:40:00.000Z';
  const since = (firstStartedAt: string | undefined, date?: string): string => {
    const headers = new Headers(date === undefined ? {} : { date });
    const delivery = { firstStartedAt } as Delivery;
    return new Date(sinceFirstAttempt({ delivery, now }, headers)).toISOString();
  };

  it('is the time of that attempt by their clock, less what an answer takes', () => {
    const started = '2026-11-23T10:30:00.000Z';
    assert.equal(since(started, 'Mon, 23 Nov 2026 10:40:00 GMT'), '2026-11-23T10:29:45.000Z');
    assert.equal(since(started, 'Mon, 23 Nov 2026 10:35:00 GMT'), '2026-11-23T10:24:45.000Z');
    assert.equal(since(started, 'Mon, 23 Nov 2026 10:45:00 GMT'), '2026-11-23T10:34:45.000Z');
  });

  it('is ours where they do not tell the time, and now where nothing was started', () => {
    assert.equal(since('2026-11-23T10:30:00.000Z'), '2026-11-23T10:29:45.000Z');
    assert.equal(since('2026-11-23T10:30:00.000Z', 'today'), '2026-11-23T10:29:45.000Z');
    assert.equal(since(undefined), '2026-11-23T10:39:45.000Z');
  });
});
