import type { DeliveryContext } from '../../core/deliveries/deliveryPort.ts';

/** When each delivery was last sent in a way that may have got through, as far as this activation knows. */
export interface EarlierAttempts {
  /** How long what an earlier attempt made may still turn up, ms; 0 when what is not there now never will be. */
  waitMs(context: DeliveryContext): number;
  /** Notes how an attempt that began at the context's `now` ended. */
  note(context: DeliveryContext, mayBeDone: boolean): void;
}

/**
 * A request may still be worked on when its sender has given up on it, and a list may lag behind what was made: only
 * what is not there `settleMs` after the last such attempt is not there at all.
 */
export function createEarlierAttempts(settleMs: number): EarlierAttempts {
  const sentAt = new Map<string, string | undefined>();
  return {
    waitMs(context) {
      if (!sentAt.has(context.key)) sentAt.set(context.key, beforeThisActivation(context));
      const last = sentAt.get(context.key);
      if (last === undefined) return 0;
      const passed = Date.parse(context.now) - Date.parse(last);
      return passed < 0 ? settleMs : Math.max(0, settleMs - passed);
    },
    note(context, mayBeDone) {
      sentAt.set(context.key, mayBeDone ? context.now : undefined);
    },
  };
}

/** Of another activation's attempts the first has its time in the journal; a later one was before now. */
function beforeThisActivation({ delivery, now }: DeliveryContext): string | undefined {
  if (delivery.attempts > 2) return now;
  const status = delivery.failure?.status ?? 0;
  const wasRefused = delivery.attempts === 2 && status >= 400 && status < 500;
  return wasRefused ? undefined : (delivery.firstStartedAt ?? now);
}
