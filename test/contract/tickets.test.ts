import { simulatedGitHub } from './simulatedTickets.ts';
import { describeTicketFaults } from './suites/ticketFaults.suite.ts';
import type { TicketProduction } from './suites/ticketSite.ts';
import { describeTickets } from './suites/tickets.suite.ts';

const productions: readonly TicketProduction[] = [
  { title: 'the simulated GitHub', canLag: true, start: simulatedGitHub },
];

for (const production of productions) {
  describeTickets(production);
  describeTicketFaults(production);
}
