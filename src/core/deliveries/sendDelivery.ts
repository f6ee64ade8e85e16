import type { Command } from '../incident/commands.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs } from '../incident/instants.ts';
import type { Failure, Result } from '../errors.ts';
import { ok } from '../errors.ts';
import type { Signal } from '../ports.ts';
import type { Delivery, DeliveryFailure } from './delivery.ts';
import { deliveryKey } from './delivery.ts';
import type { DeliveryResult, DeliveryService } from './deliveryPort.ts';
import { fillReceipts, receiptOf } from './fillReceipts.ts';

/** Waits before another try, ms; the last one holds for all that follow. */
export const retryWaitsMs: readonly number[] = [3_000, 10_000, 30_000, 60_000, 120_000, 300_000];
/** After this many attempts a person has to say that it is worth another. */
const attemptsByItself = 60;

export interface SendDeps {
  /** Undefined when this window cannot speak to the system at all. */
  service(delivery: Delivery): DeliveryService | undefined;
  record(command: Command): Promise<Result<Incident>>;
  /** UTC ISO 8601. */
  now(): string;
}

export type Sent =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'failed'; readonly failure: DeliveryFailure }
  /** It was stopped on the way: the next attempt asks the service first. */
  | { readonly kind: 'stopped' };

/**
 * Sends one delivery: states that it begins, calls the service, states how it ended. Stated before it is called, so
 * that whoever comes after a crash knows to ask the service first. Fails only when the journal cannot be written.
 */
export async function sendDelivery(
  delivery: Delivery,
  deps: SendDeps,
  signal: Signal,
): Promise<Result<Sent>> {
  const started = await deps.record({ type: 'StartDelivery', data: { delivery: delivery.delivery } });
  if (!started.ok) return started;
  const state = started.value;
  const begun = state.deliveries.find((one) => one.delivery === delivery.delivery) ?? delivery;
  const result = await call(state, begun, delivery.attempts > 0, deps, signal);
  if (result.kind === 'delivered') {
    const { receipt, found } = result;
    const data = { delivery: delivery.delivery, receipt, ...(found ? { found } : {}) };
    const recorded = await deps.record({ type: 'RecordDelivered', data });
    return recorded.ok ? ok({ kind: 'delivered' }) : recorded;
  }
  if (result.failure.code === 'cancelled') return ok({ kind: 'stopped' });
  const failure = failureOf(result, begun.attempts, deps.now());
  const recorded = await deps.record({
    type: 'RecordDeliveryFailure',
    data: { delivery: delivery.delivery, attempt: begun.attempts, ...failure },
  });
  return recorded.ok ? ok({ kind: 'failed', failure }) : recorded;
}

async function call(
  incident: Incident,
  delivery: Delivery,
  mayExist: boolean,
  deps: SendDeps,
  signal: Signal,
): Promise<DeliveryResult> {
  const service = deps.service(delivery);
  if (!service)
    return {
      kind: 'failed',
      failure: {
        code: 'invalid',
        message:
          'This version knows no way to send this. Update the extension, or do it by hand and mark it done.',
      },
      retry: 'person',
    };
  return service.deliver(
    {
      key: deliveryKey(incident.id, delivery.delivery),
      delivery: { ...delivery, task: fillReceipts(delivery, incident.deliveries) },
      mayExist,
      receiptOf: (other) => receiptOf(incident.deliveries, other),
      incident: { id: incident.id, number: incident.number, title: incident.title },
      now: deps.now(),
    },
    signal,
  );
}

function failureOf(
  { failure, retry, retryAfterMs }: Extract<DeliveryResult, { kind: 'failed' }>,
  attempt: number,
  now: string,
): DeliveryFailure {
  const { code, message, status } = failure as Failure & { readonly status?: number };
  const base = { code, message, ...(status === undefined ? {} : { status }) };
  if (retry === 'person') return { ...base, retry };
  if (attempt >= attemptsByItself) {
    return { ...base, message: `${message} After ${attempt} attempts it waits for you.`, retry: 'person' };
  }
  const wait = retryWaitsMs[Math.min(attempt, retryWaitsMs.length) - 1] ?? 0;
  const retryAt = addMs(now, Math.max(wait, retryAfterMs ?? 0));
  return { ...base, retry, ...(retryAt === undefined ? {} : { retryAt }) };
}
