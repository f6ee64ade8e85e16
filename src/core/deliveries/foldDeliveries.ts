import type { EventData, IncidentEvent } from '../incident/events.ts';
import type { Delivery } from './delivery.ts';
import { isSettled } from './delivery.ts';

/** Deliveries while facts are applied, by key, in the order in which they were requested. */
export type DeliveryDraft = Map<string, Delivery>;

type DeliveryEvent = Extract<IncidentEvent, { type: `Delivery${string}` }>;

/**
 * Folds one fact about a delivery. Total: a fact about an unknown delivery changes nothing. A key that was requested
 * before counts once, unless the first was dropped; what was delivered stays delivered, whoever else tried.
 */
export function foldDelivery(draft: DeliveryDraft, event: DeliveryEvent): void {
  const known = draft.get(event.data.delivery);
  if (event.type === 'DeliveryRequested') {
    if (known && known.state !== 'dropped') return;
    draft.delete(event.data.delivery);
    draft.set(event.data.delivery, requested(event.data, event));
    return;
  }
  if (!known) return;
  const next = after(known, event);
  if (next) draft.set(known.delivery, next);
}

const requested = (data: EventData['DeliveryRequested'], event: IncidentEvent): Delivery => ({
  ...data,
  state: 'requested',
  requestedAt: event.time,
  requestedBy: event.by,
  writer: event.writer,
  attempts: 0,
  firstStartedAt: undefined,
  lastStartedAt: undefined,
  lastWriter: undefined,
  settledAt: undefined,
  receipt: undefined,
  found: false,
  failure: undefined,
  note: undefined,
});

function after(
  known: Delivery,
  event: Exclude<DeliveryEvent, { type: 'DeliveryRequested' }>,
): Delivery | undefined {
  const settledAt = event.time;
  switch (event.type) {
    case 'DeliveryStarted':
      if (known.state === 'delivered') return undefined;
      return {
        ...known,
        state: isSettled(known) ? known.state : 'started',
        attempts: Math.max(known.attempts, event.data.attempt),
        firstStartedAt: known.firstStartedAt ?? event.time,
        lastStartedAt: event.time,
        lastWriter: event.writer,
      };
    case 'DeliveryDelivered': {
      if (known.state === 'delivered') return undefined;
      const { receipt, found } = event.data;
      return { ...known, state: 'delivered', settledAt, receipt, found: found ?? false, failure: undefined };
    }
    case 'DeliveryFailed': {
      // The end of an older attempt says nothing of the one that goes on.
      if (isSettled(known) || event.data.attempt < known.attempts) return undefined;
      const { delivery: _delivery, attempt: _attempt, ...failure } = event.data;
      return { ...known, state: 'failed', failure };
    }
    case 'DeliveryMarkedDone':
      if (known.state === 'delivered') return undefined;
      return {
        ...known,
        state: 'by-hand',
        settledAt,
        receipt: event.data.receipt,
        failure: undefined,
        note: event.data.note,
      };
    case 'DeliveryDropped':
      if (known.state === 'delivered') return undefined;
      return { ...known, state: 'dropped', settledAt, note: event.data.reason };
  }
}
