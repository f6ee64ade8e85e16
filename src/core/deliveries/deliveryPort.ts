import type { Failure } from '../errors.ts';
import type { Signal } from '../ports.ts';
import type { Delivery, DeliveryRetry, Receipt } from './delivery.ts';

/** What a service needs to know of an incident to deliver something of it. */
export interface DeliveryContext {
  /** The key the service is to recognise this delivery by. */
  readonly key: string;
  /** The task has its `{channel}` and the like filled in. */
  readonly delivery: Delivery;
  /**
   * True when an earlier attempt may have got through (it was started and its end is not known, or it failed in a way
   * that leaves it open): the service is to be asked for what has this key before anything is made.
   */
  readonly mayExist: boolean;
  /** Receipt of the incident's own delivery of that kind, if it was delivered: `slack/create-channel`. */
  receiptOf(delivery: string): Receipt | undefined;
  /** ULID and number of the incident, and its title, for texts and labels. */
  readonly incident: { readonly id: string; readonly number: string; readonly title: string };
  /** UTC ISO 8601. */
  readonly now: string;
}

export type DeliveryResult =
  | { readonly kind: 'delivered'; readonly receipt: Receipt; readonly found?: boolean }
  | {
      readonly kind: 'failed';
      readonly failure: Failure & { readonly status?: number };
      readonly retry: DeliveryRetry;
      /** What the other side asked to wait, milliseconds. */
      readonly retryAfterMs?: number;
    };

/** One outside system as deliveries see it. Never throws; obeys the signal within a second. */
export interface DeliveryService {
  /**
   * Does the delivery's task exactly once: with `mayExist` it looks first and gives `found` when the earlier attempt
   * turns out to have got through.
   */
  deliver(context: DeliveryContext, signal: Signal): Promise<DeliveryResult>;
}
