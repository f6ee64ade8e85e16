import type { Receipt } from '../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryResult } from '../core/deliveries/deliveryPort.ts';
import type { ApiFailure, ApiResult } from './askJson.ts';
import { answerTimeoutMs, deliveryFailed, unexpected } from './askJson.ts';

/** An act that was done, now or by an earlier attempt. */
export interface Done {
  readonly receipt: Receipt;
  /** It had been done already. */
  readonly found?: boolean;
}

/** Runs one act of a service as a delivery: what is thrown on the way is told, not thrown on. */
export async function deliverAs(
  system: string,
  act: () => Promise<ApiResult<Done>>,
): Promise<DeliveryResult> {
  try {
    const result = await act();
    return result.ok ? { kind: 'delivered', ...result.value } : deliveryFailed(result.failure);
  } catch (thrown) {
    return unexpected(system, thrown);
  }
}

export const done = (receipt: Receipt, found = false): ApiResult<Done> => ({
  ok: true,
  value: found ? { receipt, found } : { receipt },
});

/** A failure that only a person can get over, found before or without asking the service. */
export const needsPerson = (
  code: ApiFailure['code'],
  message: string,
): { readonly ok: false; readonly failure: ApiFailure } => ({
  ok: false,
  failure: { code, message, retry: 'person' },
});

export const notConnected = (system: string): { readonly ok: false; readonly failure: ApiFailure } =>
  needsPerson(
    'unauthorized',
    `${system} is not connected: no token is stored for its address. Connect it with Incident: Connect, then retry.`,
  );

/** Whole seconds in their times, and the way of an answer, ms. */
const slackMs = answerTimeoutMs + 5_000;

/**
 * Since when something over there may come of an earlier attempt, in ms since 1970 by their clock. Theirs is read from
 * the `date` of an answer that has just come, so that a wrong clock here makes nothing twice.
 */
export function sinceFirstAttempt(
  { delivery, now }: Pick<DeliveryContext, 'delivery' | 'now'>,
  headers: Headers,
): number {
  const theirs = Date.parse(headers.get('date') ?? '');
  const ahead = Number.isNaN(theirs) ? 0 : theirs - Date.parse(now);
  return Date.parse(delivery.firstStartedAt ?? now) + ahead - slackMs;
}
