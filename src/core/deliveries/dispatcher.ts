import type { Failure, Result } from '../errors.ts';
import { failed, ok } from '../errors.ts';
import type { Command } from '../incident/commands.ts';
import type { Incident } from '../incident/incident.ts';
import { addMs, msBetween } from '../incident/instants.ts';
import type { Signal } from '../ports.ts';
import type { Delivery, DeliveryFailure, DeliveryRequest } from './delivery.ts';
import { deliveryKey, hasUnsent, isRefused, isSettled } from './delivery.ts';
import type { DeliveryService } from './deliveryPort.ts';
import { queueOf } from './queue.ts';
import { sendDelivery } from './sendDelivery.ts';

/** Until a look at what another window has taken, or at a disk that refused, is worth another one, ms. */
const lookAgainMs = 2_000;
/** An attempt as young as this is not repeated because somebody looks, ms. */
const youngMs = 10_000;

export interface DispatcherDeps {
  readonly incidents: {
    all(): readonly Incident[];
    get(id: string): Incident | undefined;
    handle(id: string, command: Command): Promise<Result<Incident>>;
    refresh(id: string): Promise<Result<Incident>>;
  };
  /** One window alone acts on a thing; undefined while another holds it. */
  claim(what: string): Promise<Result<{ release(): Promise<void> } | undefined>>;
  /** Whether this activation wrote under that name. */
  isOwnWriter(writer: string): boolean;
  /** This machine's activations, those that are gone among them. */
  machineWriters(): Promise<ReadonlySet<string>>;
  liveWriters(): Promise<ReadonlySet<string>>;
  /** Told before the first delivery is asked for, so that a later activation knows this one as its machine's. */
  remember(): Promise<void>;
  service(delivery: Delivery): DeliveryService | undefined;
  /** False in an untrusted workspace: nothing leaves. */
  mayLeave(): boolean;
  /** UTC ISO 8601. */
  now(): string;
  /** Calls back once after that many ms; gives what takes it back. */
  schedule(ms: number, act: () => void): () => void;
  createStop(): { readonly signal: Signal; abort(): void };
  onDidFail(incident: Incident, delivery: Delivery, failure: DeliveryFailure): void;
  /** The journal could not be written: what was sent is asked for again before anything else is made. */
  onDidBreak(failure: Failure): void;
}

export interface Dispatcher {
  /** Keeps the requests in the journal and begins to send them; what was asked for already is not asked twice. */
  request(incident: Incident, deliveries: readonly DeliveryRequest[]): Promise<Result<Incident>>;
  /** Sends what may be sent now; calling it too often does no harm. */
  pump(): void;
  /** The network may be back: what could not be reached is tried now, and not after its waiting time. */
  hurry(): void;
  /** Another token was stored: what the old one was refused for is tried now, where it is sent with that token. */
  reconnected(isSentWith: (delivery: Delivery) => boolean): void;
  /** A person wants it tried now, whatever the last answer was. */
  retry(incident: string, delivery: string): void;
  /** Stops the attempt that is under way; the next one asks the service first. */
  stop(incident: string, delivery: string): void;
  isSending(incident: string, delivery: string): boolean;
  /** Settles when nothing is under way any more. */
  idle(): Promise<void>;
  /** Stops everything; what was under way is asked for by the next activation. */
  dispose(): Promise<void>;
}

/** Sends the deliveries of all incidents: each once, in order per place, side by side between places. */
export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const sending = new Map<string, { readonly stop: { abort(): void }; readonly end: Promise<void> }>();
  const forced = new Set<string>();
  const hurried = new Set<string>();
  const heldUntil = new Map<string, string>();
  let cancelTimer: (() => void) | undefined;
  let looking: Promise<void> | undefined;
  let again = false;
  let disposed = false;

  const hold = (key: string): void => {
    const until = addMs(deps.now(), lookAgainMs);
    if (until !== undefined) heldUntil.set(key, until);
  };
  const isHeld = (key: string): boolean => (msBetween(deps.now(), heldUntil.get(key) ?? '') ?? 0) > 0;

  const sendOne = async (incident: Incident, wanted: Delivery, signal: Signal): Promise<void> => {
    const key = deliveryKey(incident.id, wanted.delivery);
    const claim = await deps.claim(key);
    if (!claim.ok || !claim.value) {
      hold(key);
      return;
    }
    try {
      // Another window may have ended it between the look and the claim.
      const fresh = await deps.incidents.refresh(incident.id);
      if (!fresh.ok) return hold(key);
      const delivery = fresh.value.deliveries.find((one) => one.delivery === wanted.delivery);
      if (!delivery || isSettled(delivery)) return;
      if (delivery.attempts !== wanted.attempts || delivery.state !== wanted.state) return;
      const sent = await sendDelivery(
        delivery,
        {
          service: deps.service,
          record: (command) => deps.incidents.handle(incident.id, command),
          now: deps.now,
        },
        signal,
      );
      if (!sent.ok) {
        hold(key);
        deps.onDidBreak(sent.failure);
      } else if (sent.value.kind === 'failed') {
        deps.onDidFail(deps.incidents.get(incident.id) ?? incident, delivery, sent.value.failure);
      } else if (sent.value.kind === 'stopped') hold(key);
    } finally {
      await claim.value.release();
    }
  };

  const start = (incident: Incident, delivery: Delivery): void => {
    const key = deliveryKey(incident.id, delivery.delivery);
    const stop = deps.createStop();
    forced.delete(key);
    hurried.delete(key);
    const end = sendOne(incident, delivery, stop.signal)
      .catch((thrown: unknown) => {
        hold(key);
        deps.onDidBreak({
          code: 'failed',
          message: 'Sending went wrong on our side. Nothing that was recorded is lost; it is tried again.',
          cause: String(thrown),
        });
      })
      .then(() => {
        sending.delete(key);
        pump();
      });
    sending.set(key, { stop, end });
  };

  const look = async (): Promise<void> => {
    const pending = (): readonly Incident[] =>
      deps.incidents.all().filter((incident) => !incident.drill && hasUnsent(incident));
    cancelTimer?.();
    cancelTimer = undefined;
    if (pending().length === 0) return;
    const [machine, live] = await Promise.all([deps.machineWriters(), deps.liveWriters()]);
    const isOther = (writer: string | undefined): boolean =>
      writer !== undefined && !deps.isOwnWriter(writer) && live.has(writer);
    let waitMs: number | undefined;
    const lookIn = (ms: number): void => {
      waitMs = Math.min(waitMs ?? ms, ms);
    };
    // Read only now: what has ended meanwhile would look as if it were still open, and be sent again.
    for (const incident of pending()) {
      const keyOf = ({ delivery }: Delivery): string => deliveryKey(incident.id, delivery);
      const { ready, nextAt } = queueOf(incident, deps.now(), {
        isSending: (one) => sending.has(keyOf(one)),
        isForced: (one) => forced.has(keyOf(one)),
        isHurried: (one) => hurried.has(keyOf(one)),
        isOurs: (one) => {
          if (one.state === 'started' && isOther(one.lastWriter)) return false;
          if (forced.has(keyOf(one))) return true;
          return deps.isOwnWriter(one.writer) || (!isOther(one.writer) && machine.has(one.writer));
        },
      });
      for (const delivery of ready) {
        if (isHeld(keyOf(delivery))) lookIn(lookAgainMs);
        else if (!disposed) start(incident, delivery);
      }
      if (nextAt !== undefined) lookIn(Math.max(0, msBetween(deps.now(), nextAt) ?? 0));
      // A window that looks alive may die with something of its own unsent.
      if (incident.deliveries.some((one) => !isSettled(one) && isOther(one.writer))) lookIn(lookAgainMs);
    }
    if (waitMs !== undefined && !disposed) cancelTimer = deps.schedule(waitMs, pump);
  };

  const pump = (): void => {
    if (disposed || !deps.mayLeave()) return;
    again = true;
    looking ??= (async () => {
      while (again && !disposed) {
        again = false;
        await look();
      }
    })()
      .catch((thrown: unknown) =>
        deps.onDidBreak({
          code: 'storage',
          message: 'What is to be sent could not be looked up. Nothing is lost; it is tried again.',
          cause: String(thrown),
        }),
      )
      .finally(() => {
        looking = undefined;
        if (again) pump();
      });
  };

  const retry = (incident: string, delivery: string): void => {
    const key = deliveryKey(incident, delivery);
    heldUntil.delete(key);
    forced.add(key);
    pump();
  };

  return {
    async request(incident, deliveries) {
      if (deliveries.length === 0) return ok(incident);
      try {
        await deps.remember();
      } catch (thrown) {
        return failed(
          'storage',
          'What is to be sent could not be kept, so nothing was sent. Check the disk and try again.',
          String(thrown),
        );
      }
      const requested = await deps.incidents.handle(incident.id, {
        type: 'RequestDeliveries',
        data: { deliveries },
      });
      if (requested.ok) pump();
      return requested;
    },
    pump,
    hurry() {
      hurried.clear();
      for (const { id, deliveries } of deps.incidents.all())
        for (const { delivery, state, failure, lastStartedAt } of deliveries) {
          if (state !== 'failed' || failure?.code !== 'unreachable') continue;
          const age = msBetween(lastStartedAt ?? '', deps.now()) ?? youngMs;
          if (age >= youngMs) hurried.add(deliveryKey(id, delivery));
        }
      pump();
    },
    reconnected(isSentWith) {
      for (const { id, deliveries } of deps.incidents.all())
        for (const one of deliveries)
          if (one.state === 'failed' && one.failure && isRefused(one.failure) && isSentWith(one))
            retry(id, one.delivery);
    },
    retry,
    stop: (incident, delivery) => sending.get(deliveryKey(incident, delivery))?.stop.abort(),
    isSending: (incident, delivery) => sending.has(deliveryKey(incident, delivery)),
    async idle() {
      while (looking || sending.size > 0) {
        await looking;
        await Promise.all([...sending.values()].map(({ end }) => end));
      }
    },
    async dispose() {
      disposed = true;
      cancelTimer?.();
      for (const { stop } of sending.values()) stop.abort();
      await looking;
      await Promise.all([...sending.values()].map(({ end }) => end));
    },
  };
}
