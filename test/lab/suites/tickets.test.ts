import { createGitHubService } from '../../../src/integrations/github/githubService.ts';
import { checkGitHub } from '../../../src/integrations/github/checkGitHub.ts';
import { gitHubReader, gitHubRefusal } from '../../contract/suites/gitHubReader.ts';
import { describeTicketFaults } from '../../contract/suites/ticketFaults.suite.ts';
import type { TicketProduction } from '../../contract/suites/ticketSite.ts';
import { describeTickets } from '../../contract/suites/tickets.suite.ts';
import { readLab } from '../labDescription.ts';

const emulated: TicketProduction = {
  title: 'the lab’s GitHub',
  canLag: false,
  async start() {
    const { emulate } = await readLab('emulate');
    const { githubUrl: url, token, repository } = emulate;
    return {
      system: 'github',
      url,
      token,
      place: (baseUrl) => ({ baseUrl, repository }),
      createService: createGitHubService,
      check: checkGitHub,
      who: /^@responder$/,
      unknownPlace: { repository: 'techcorp/nowhere' },
      nameOf: (id) => `${repository}#${id}`,
      now: () => new Date().toISOString(),
      settleMs: 15_000,
      ...gitHubReader({ url, token, repository }),
      refusal: gitHubRefusal,
      // Any token passes there.
      wrongToken: undefined,
      dispose: () => Promise.resolve(),
    };
  },
};

describeTickets(emulated);
describeTicketFaults(emulated);
