import type { DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { TicketServiceOptions } from '../tickets/ticketService.ts';
import { createTicketService } from '../tickets/ticketService.ts';
import { connectJira } from './jiraTickets.ts';

/**
 * Tickets in Jira Cloud. Jira names no limit for how long it works on a request; half a minute is three times what is
 * waited for an answer.
 */
export const createJiraService = (options: TicketServiceOptions): DeliveryService =>
  createTicketService({ system: 'jira', name: 'Jira', settleMs: 30_000, connect: connectJira }, options);
