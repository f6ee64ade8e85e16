import assert from 'node:assert/strict';
import type { Delivery, DeliveryPlace, Receipt } from '../../../src/core/deliveries/delivery.ts';
import { deliveryKey } from '../../../src/core/deliveries/delivery.ts';
import type {
  DeliveryContext,
  DeliveryResult,
  DeliveryService,
} from '../../../src/core/deliveries/deliveryPort.ts';
import type { CheckConnection } from '../../../src/integrations/connection.ts';
import type { TicketServiceOptions } from '../../../src/integrations/tickets/ticketService.ts';
import type { TicketTask } from '../../../src/integrations/tickets/ticketSystem.ts';

/** A ticket as the system's own API shows it. */
export interface SeenTicket {
  readonly id: string;
  readonly title: string;
  /** What a person reads, with hidden marks left out. */
  readonly text: string;
  readonly labels: readonly string[];
  readonly isOpen: boolean;
  readonly comments: readonly string[];
}

/** A ticket system with one place for issues. */
export interface TicketSite {
  readonly system: 'github' | 'jira';
  readonly url: string;
  readonly token: string;
  /** The place at this address, which may be a proxy's. */
  place(baseUrl: string): DeliveryPlace;
  createService(options: TicketServiceOptions): DeliveryService;
  readonly check: CheckConnection;
  /** What of `who` a check must tell. */
  readonly who: RegExp;
  /** A place that nobody has, and what a check says of it. */
  readonly unknownPlace: Readonly<Record<string, string>>;
  /** The name a receipt gives an issue of this number or key. */
  nameOf(id: string): string;
  /** The system's present, UTC ISO 8601. */
  now(): string;
  /** How long an unknown end is not trusted, ms. */
  readonly settleMs: number;
  /** Every ticket with these words in its title, oldest first, by what is there and not by an index. */
  tickets(words: string): Promise<readonly SeenTicket[]>;
  /** Somebody else makes an issue, comments on one. */
  makeOther(title: string): Promise<void>;
  commentAsOther(id: string, text: string): Promise<void>;
  /** The calls that make an issue, and a comment. */
  isCreate(request: { readonly method: string; readonly path: string }): boolean;
  isComment(request: { readonly method: string; readonly path: string }): boolean;
  /** The vendor's refusal of a request's content, and what of its words must be told. */
  readonly refusal: { readonly status: number; readonly body: string; readonly words: RegExp };
  /** Undefined where any token passes. */
  readonly wrongToken: string | undefined;
  /** From now on lists show only what was there before; where the production says that it can. */
  setLag?(lags: boolean): void;
  dispose(): Promise<void>;
}

export interface TicketProduction {
  readonly title: string;
  /** Its lists can be made to lag behind what was made. */
  readonly canLag: boolean;
  start(): Promise<TicketSite>;
}

let incidents = 0;

/** One incident's deliveries against a site, as the runner makes them. */
export interface TicketIncident {
  /** Words that only its titles have. */
  readonly words: string;
  readonly receipts: Map<string, Receipt>;
  /** Delivers as the n-th attempt; `later` is how long after the first one, ms. */
  deliver(service: DeliveryService, task: TicketTask, more?: AttemptOptions): Promise<DeliveryResult>;
  newTicket(more?: Partial<Extract<TicketTask, { act: 'create-ticket' }>>): TicketTask;
}

export interface AttemptOptions {
  readonly baseUrl?: string;
  /** Counted from one; later ones may find what earlier ones left. */
  readonly attempt?: number;
  readonly later?: number;
  /** Makes two deliveries of one kind two. */
  readonly mark?: string;
  readonly signal?: AbortSignal;
}

export function startIncident(site: TicketSite): TicketIncident {
  const words = `marked${++incidents}x${process.pid}`;
  const id = `01TICKETS${words.toUpperCase()}`;
  const receipts = new Map<string, Receipt>();
  const startedAt = site.now();
  return {
    words,
    receipts,
    newTicket: (more = {}) => ({
      system: site.system,
      act: 'create-ticket',
      title: `SEV2 Payments failing ${words}`,
      body: 'Payments **fail**\n- Service: `payment-service`',
      labels: ['incident', 'severity-sev2'],
      ...more,
    }),
    async deliver(service, task, { baseUrl = site.url, attempt = 1, later = 0, mark, signal } = {}) {
      const delivery = [task.system, task.act, ...(mark === undefined ? [] : [mark])].join('/');
      const now = new Date(Date.parse(startedAt) + later).toISOString();
      const context: DeliveryContext = {
        key: deliveryKey(id, delivery),
        delivery: deliveryOf(delivery, task, site.place(baseUrl), attempt, startedAt, now),
        mayExist: attempt > 1,
        receiptOf: (other) => receipts.get(other),
        incident: { id, number: '2026-11-23-0001', title: `Payments failing ${words}` },
        now,
      };
      const result = await service.deliver(context, signal ?? new AbortController().signal);
      if (result.kind === 'delivered') receipts.set(delivery, result.receipt);
      return result;
    },
  };
}

const deliveryOf = (
  delivery: string,
  task: TicketTask,
  place: DeliveryPlace,
  attempts: number,
  firstStartedAt: string,
  now: string,
): Delivery => ({
  delivery,
  task,
  place,
  after: [],
  state: 'started',
  requestedAt: firstStartedAt,
  requestedBy: 'Ana',
  writer: 'writer',
  attempts,
  firstStartedAt,
  lastStartedAt: now,
  lastWriter: 'writer',
  settledAt: undefined,
  receipt: undefined,
  found: false,
  failure: undefined,
  note: undefined,
});

export function delivered(result: DeliveryResult): Extract<DeliveryResult, { kind: 'delivered' }> {
  assert.ok(result.kind === 'delivered', JSON.stringify(result));
  return result;
}

export function refused(result: DeliveryResult): Extract<DeliveryResult, { kind: 'failed' }> {
  assert.ok(result.kind === 'failed', JSON.stringify(result));
  return result;
}
