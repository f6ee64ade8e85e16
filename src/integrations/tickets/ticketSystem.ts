import type { DeliveryTask, Receipt } from '../../core/deliveries/delivery.ts';
import type { Result } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import type { ApiResult, Fetch } from '../askJson.ts';

export type TicketTask = Extract<DeliveryTask, { system: 'github' | 'jira' }>;
export type NewTicket = Extract<TicketTask, { act: 'create-ticket' }>;

/** What makes one delivery recognisable on the other side. */
export interface TicketMark {
  readonly key: string;
  /** It cannot be older than this, UTC ISO 8601: a clock that is wrong by hours is allowed for. */
  readonly notBefore: string;
}

export interface TicketState {
  readonly isOpen: boolean;
  readonly labels: readonly string[];
}

/** What a call needs besides its request. */
export interface TicketCalls {
  readonly fetch: Fetch;
  readonly token: string;
  readonly signal: Signal;
  readonly timeoutMs: number;
}

/** A ticket system at one place, spoken to with one token for one delivery. */
export interface TicketSystem {
  /** The ticket that an earlier delivery's receipt names; undefined when it names none. */
  ticketOf(receipt: Receipt): Receipt | undefined;
  /** A label as this system can carry it. */
  labelOf(label: string): string;
  findTicket(mark: TicketMark): Promise<ApiResult<Receipt | undefined>>;
  createTicket(ticket: NewTicket, key: string): Promise<ApiResult<Receipt>>;
  findComment(ticket: Receipt, mark: TicketMark): Promise<ApiResult<Receipt | undefined>>;
  /** `text` is Markdown. */
  addComment(ticket: Receipt, text: string, key: string): Promise<ApiResult<Receipt>>;
  readState(ticket: Receipt): Promise<ApiResult<TicketState>>;
  setLabels(
    ticket: Receipt,
    change: { readonly add: string; readonly remove: readonly string[] },
  ): Promise<ApiResult<undefined>>;
  setOpen(ticket: Receipt, open: boolean): Promise<ApiResult<undefined>>;
}

/** How tickets of one kind are reached. */
export interface TicketKind {
  readonly system: 'github' | 'jira';
  /** For sentences. */
  readonly name: string;
  /** How long after an attempt whose end is not known what it made may still turn up, ms. */
  readonly settleMs: number;
  /** Fails when the place makes no sense. */
  connect(place: Readonly<Record<string, string>>, calls: TicketCalls): Result<TicketSystem>;
}

export const good = <T>(value: T): { readonly ok: true; readonly value: T } => ({ ok: true, value });
