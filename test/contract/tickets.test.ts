import { simulatedGitHub, simulatedJira } from './simulatedTickets.ts';
import { describeTicketFaults } from './suites/ticketFaults.suite.ts';
import type { TicketProduction } from './suites/ticketSite.ts';
import { describeTickets } from './suites/tickets.suite.ts';

const productions: readonly TicketProduction[] = [
  { title: 'the simulated GitHub', canLag: true, start: simulatedGitHub },
  { title: 'the simulated Jira', canLag: true, start: simulatedJira },
];

for (const production of productions) {
  describeTickets(production);
  describeTicketFaults(production);
}
