import type { Receipt } from '../../core/deliveries/delivery.ts';
import type { DeliveryContext, DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import { addMs } from '../../core/incident/instants.ts';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, ApiResult, Fetch } from '../askJson.ts';
import { answerTimeoutMs } from '../askJson.ts';
import type { AccountOf, TokenOf } from '../connection.ts';
import type { Done } from '../deliverAs.ts';
import { deliverAs, done, needsPerson, notConnected } from '../deliverAs.ts';
import type { EarlierAttempts } from './earlierAttempts.ts';
import { createEarlierAttempts } from './earlierAttempts.ts';
import { isOtherSeverity } from './severityLabels.ts';
import type { TicketKind, TicketMark, TicketSystem } from './ticketSystem.ts';

export interface TicketServiceOptions {
  readonly tokenOf: TokenOf;
  /** Whose token it is by now; what the place says when left out, or when it is not known. */
  readonly accountOf?: AccountOf;
  /** Global `fetch` when left out. */
  readonly fetch?: Fetch;
  /** How long one answer is waited for, ms; ten seconds when left out. */
  readonly timeoutMs?: number;
}

/** So much may two clocks differ, ms: a time zone taken wrong is the usual worst. */
const clockTolerance = 24 * 60 * 60_000;

interface Act {
  readonly kind: TicketKind;
  readonly system: TicketSystem;
  readonly context: DeliveryContext;
  readonly earlier: EarlierAttempts;
}

/** Tickets of one kind as a place that deliveries go to. */
export function createTicketService(kind: TicketKind, options: TicketServiceOptions): DeliveryService {
  const earlier = createEarlierAttempts(kind.settleMs);
  return {
    deliver: (context, signal) =>
      deliverAs(kind.name, () => deliver(kind, options, earlier, context, signal)),
  };
}

async function deliver(
  kind: TicketKind,
  { tokenOf, accountOf, fetch = globalThis.fetch, timeoutMs = answerTimeoutMs }: TicketServiceOptions,
  earlier: EarlierAttempts,
  context: DeliveryContext,
  signal: Signal,
): Promise<ApiResult<Done>> {
  const { task, place } = context.delivery;
  if (task.system !== kind.system)
    return needsPerson('invalid', `${kind.name} has no part in what is to be sent to ${task.system}.`);
  const baseUrl = place['baseUrl'] ?? '';
  const token = await tokenOf(kind.system, baseUrl);
  if (token === undefined) return notConnected(kind.name);
  // Somebody may have connected another account since the place was written down.
  const email = await accountOf?.(kind.system, baseUrl);
  const connected = kind.connect(email === undefined ? place : { ...place, email }, {
    fetch,
    token,
    timeoutMs,
    signal,
  });
  if (!connected.ok) return needsPerson(connected.failure.code, connected.failure.message);
  const act: Act = { kind, system: connected.value, context, earlier };
  if (task.act === 'create-ticket')
    return once(
      act,
      (mark) => act.system.findTicket(mark),
      () => act.system.createTicket(task, context.key),
    );
  const ticket = ticketFor(act);
  if (!ticket)
    return needsPerson(
      'conflict',
      `No ${kind.name} issue of this incident is known, so there is nothing to do this to. Nothing was sent. Retry the issue first.`,
    );
  switch (task.act) {
    case 'comment':
      return commentOnce(act, ticket, task.text);
    case 'set-severity':
      return setSeverity(act, ticket, task.label);
    case 'close':
      return setOpen(act, ticket, task.text, false);
    case 'reopen':
      return setOpen(act, ticket, task.text, true);
  }
}

function ticketFor({ kind, system, context }: Act): Receipt | undefined {
  const { task } = context.delivery;
  const receipt =
    ('ticket' in task ? task.ticket : undefined) ?? context.receiptOf(`${kind.system}/create-ticket`);
  return receipt && system.ticketOf(receipt);
}

/** Makes something that must not be there twice: looked for first when it may be there, made when it cannot be. */
async function once(
  { kind, context, earlier }: Act,
  find: (mark: TicketMark) => Promise<ApiResult<Receipt | undefined>>,
  make: () => Promise<ApiResult<Receipt>>,
): Promise<ApiResult<Done>> {
  if (context.mayExist) {
    const since = context.delivery.firstStartedAt ?? context.now;
    const notBefore = addMs(since, -clockTolerance) ?? since;
    const looked = await find({ key: context.key, notBefore });
    if (!looked.ok) return looked;
    if (looked.value) {
      earlier.note(context, false);
      return done(looked.value, true);
    }
    const wait = earlier.waitMs(context);
    if (wait > 0) return { ok: false, failure: notSettled(kind.name, wait) };
  }
  const made = await make();
  earlier.note(context, !made.ok && made.failure.mayBeDone === true);
  return made.ok ? done(made.value) : made;
}

const notSettled = (name: string, retryAfterMs: number): ApiFailure => ({
  code: 'failed',
  message: `It is not known yet whether the earlier attempt got through to ${name}: nothing of it is there so far. It is looked for again in ${Math.ceil(retryAfterMs / 1000)} s, so that it does not stand there twice.`,
  retry: 'automatic',
  retryAfterMs,
});

const commentOnce = (act: Act, ticket: Receipt, text: string): Promise<ApiResult<Done>> =>
  once(
    act,
    (mark) => act.system.findComment(ticket, mark),
    () => act.system.addComment(ticket, text, act.context.key),
  );

async function setSeverity({ system }: Act, ticket: Receipt, wanted: string): Promise<ApiResult<Done>> {
  const label = system.labelOf(wanted);
  const state = await system.readState(ticket);
  if (!state.ok) return state;
  const { labels } = state.value;
  const remove = labels.filter((one) => isOtherSeverity(label, one));
  const isThere = labels.some((one) => one.toLowerCase() === label.toLowerCase());
  if (isThere && remove.length === 0) return done(ticket);
  const set = await system.setLabels(ticket, { add: label, remove });
  return set.ok ? done(ticket) : set;
}

/** The text goes first: what it says is true whether or not the ticket's state can be changed. */
async function setOpen(act: Act, ticket: Receipt, text: string, open: boolean): Promise<ApiResult<Done>> {
  const said = text.trim() === '' ? undefined : await commentOnce(act, ticket, text);
  if (said?.ok === false) return said;
  const state = await act.system.readState(ticket);
  if (!state.ok) return state;
  if (state.value.isOpen === open) {
    if (said?.value.found) return done(ticket, true);
    return done({ ...ticket, detail: `it was ${open ? 'open' : 'closed'} already` });
  }
  const set = await act.system.setOpen(ticket, open);
  return set.ok ? done(ticket) : set;
}
