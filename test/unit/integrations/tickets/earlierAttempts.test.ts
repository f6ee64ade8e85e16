import assert from 'node:assert/strict';
import type { Delivery } from '../../../../src/core/deliveries/delivery.ts';
import type { DeliveryContext } from '../../../../src/core/deliveries/deliveryPort.ts';
import { createEarlierAttempts } from '../../../../src/integrations/tickets/earlierAttempts.ts';

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 23, 10, 0, seconds)).toISOString();

/** The second attempt of a delivery whose first began at 10:00:00, `seconds` later. */
const retried = (seconds: number, more: Partial<Delivery> = {}): DeliveryContext =>
  ({
    key: '01J/github/create-ticket',
    now: at(seconds),
    mayExist: true,
    delivery: { attempts: 2, firstStartedAt: at(0), failure: undefined, ...more },
  }) as DeliveryContext;

describe('how long an earlier attempt may still turn up', () => {
  it('counts from the attempt of an activation that is gone', () => {
    assert.equal(createEarlierAttempts(15_000).waitMs(retried(4)), 11_000);
    assert.equal(createEarlierAttempts(15_000).waitMs(retried(15)), 0);
  });

  it('does not wait for an attempt that was refused', () => {
    const failure = { code: 'unauthorized', message: '', status: 401, retry: 'person' } as const;
    assert.equal(createEarlierAttempts(15_000).waitMs(retried(1, { failure })), 0);
  });

  it('waits where the journal does not tell when the last attempt was', () => {
    const earlier = createEarlierAttempts(15_000);
    assert.equal(earlier.waitMs(retried(100, { attempts: 3 })), 15_000);
    assert.equal(earlier.waitMs(retried(110, { attempts: 4 })), 5_000);
    assert.equal(earlier.waitMs(retried(115, { attempts: 5 })), 0);
  });

  it('knows how its own attempts ended', () => {
    const earlier = createEarlierAttempts(15_000);
    earlier.note(retried(0), true);
    assert.equal(earlier.waitMs(retried(5)), 10_000);
    earlier.note(retried(5), false);
    assert.equal(earlier.waitMs(retried(6)), 0);
  });

  it('waits the whole time when the clock went back', () => {
    assert.equal(createEarlierAttempts(15_000).waitMs(retried(-60)), 15_000);
  });
});
