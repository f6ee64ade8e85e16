import type { DeliveryPlace, Receipt } from '../../core/deliveries/delivery.ts';
import { ticketSystemOf } from '../../core/deliveries/outwardPlaces.ts';
import type { Result } from '../../core/errors.ts';
import { failed, ok } from '../../core/errors.ts';
import type { Signal } from '../../core/ports.ts';
import { answerTimeoutMs, plainResult } from '../askJson.ts';
import { connectGitHub } from '../github/githubTickets.ts';
import { connectJira } from '../jira/jiraTickets.ts';

export interface FetchedTicketState {
  readonly state: 'open' | 'closed';
  readonly url: string | undefined;
}

/** Whether the ticket of a receipt is open, at the place it was delivered to. */
export async function fetchTicketState(
  place: DeliveryPlace,
  receipt: Receipt,
  token: string,
  signal: Signal,
): Promise<Result<FetchedTicketState>> {
  const connect = ticketSystemOf(place) === 'jira' ? connectJira : connectGitHub;
  const system = connect(place, { fetch, token, signal, timeoutMs: answerTimeoutMs });
  if (!system.ok) return system;
  const ticket = system.value.ticketOf(receipt);
  if (!ticket) return failed('invalid', `“${receipt.name ?? receipt.id}” names no issue.`);
  const state = await system.value.readState(ticket);
  if (!state.ok) return plainResult(state);
  return ok({ state: state.value.isOpen ? 'open' : 'closed', url: ticket.url });
}
