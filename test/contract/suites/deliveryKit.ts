import assert from 'node:assert/strict';
import { ulid } from 'ulid';
import type {
  Delivery,
  DeliveryPlace,
  DeliveryTask,
  Receipt,
} from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import type {
  DeliveryContext,
  DeliveryResult,
  DeliveryService,
} from '../../../src/core/deliveries/deliveryPort.ts';
import { untilDone } from '../../unit/executors/collectOutput.ts';

export interface TestIncident {
  readonly id: string;
  readonly number: string;
  /** That nobody else has. */
  readonly title: string;
}

export function anIncident(): TestIncident {
  const id = ulid();
  return { id, number: `2026-11-23-${id.slice(-4)}`, title: `Payments failing ${id}` };
}

export interface DeliverOptions {
  readonly mayExist?: boolean;
  /** By delivery: what the incident's earlier ones gave. */
  readonly receipts?: Readonly<Record<string, Receipt>>;
  /** Of the delivery: `SYSTEM/ACT` unless told, which an incident has once. */
  readonly delivery?: string;
  /** Deliveries that it was planned behind; none unless told. */
  readonly after?: readonly string[];
  /** UTC ISO 8601; now unless told. */
  readonly now?: string;
  /** UTC ISO 8601; `now` unless told. */
  readonly firstStartedAt?: string;
  readonly signal?: AbortSignal;
}

/** Delivers a task of the incident through a service, as the queue would. */
export function deliverTask(
  service: DeliveryService,
  incident: TestIncident,
  { task, place }: { readonly task: DeliveryTask; readonly place: DeliveryPlace },
  options: DeliverOptions = {},
): Promise<DeliveryResult> {
  const {
    mayExist = false,
    receipts = {},
    delivery = `${task.system}/${task.act}`,
    after = [],
    now = new Date().toISOString(),
    firstStartedAt = now,
    signal = untilDone(),
  } = options;
  const started: Delivery = {
    delivery,
    task,
    place,
    after,
    state: 'started',
    requestedAt: firstStartedAt,
    requestedBy: 'Ana',
    writer: 'writer-a',
    attempts: mayExist ? 2 : 1,
    firstStartedAt,
    lastStartedAt: now,
    lastWriter: 'writer-a',
    settledAt: undefined,
    receipt: undefined,
    found: false,
    failure: undefined,
    note: undefined,
  };
  const context: DeliveryContext = {
    key: deliveryKey(incident.id, delivery),
    delivery: started,
    mayExist,
    receiptOf: (other) => receipts[other],
    incident,
    now,
  };
  return service.deliver(context, signal);
}

export function receiptOf(result: DeliveryResult): Receipt {
  assert.ok(result.kind === 'delivered', result.kind === 'failed' ? result.failure.message : '');
  return result.receipt;
}

/** True when the result says that an earlier attempt had done it. */
export const wasFound = (result: DeliveryResult): boolean =>
  result.kind === 'delivered' && result.found === true;

export function failureOf(result: DeliveryResult): Extract<DeliveryResult, { kind: 'failed' }> {
  assert.ok(result.kind === 'failed', `was delivered: ${JSON.stringify(result)}`);
  return result;
}
