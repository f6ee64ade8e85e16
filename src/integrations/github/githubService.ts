import type { DeliveryService } from '../../core/deliveries/deliveryPort.ts';
import type { TicketServiceOptions } from '../tickets/ticketService.ts';
import { createTicketService } from '../tickets/ticketService.ts';
import { connectGitHub } from './githubTickets.ts';

/**
 * Tickets in GitHub Issues. GitHub ends a request that it has worked on for ten seconds
 * (https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api#timeouts), so what is not there after
 * fifteen is not coming.
 */
export const createGitHubService = (options: TicketServiceOptions): DeliveryService =>
  createTicketService(
    { system: 'github', name: 'GitHub', settleMs: 15_000, connect: connectGitHub },
    options,
  );
