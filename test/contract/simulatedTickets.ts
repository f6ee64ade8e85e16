import { checkGitHub } from '../../src/integrations/github/checkGitHub.ts';
import { createGitHubService } from '../../src/integrations/github/githubService.ts';
import { startOutside } from '../../src/simulator/outside.ts';
import type { GitHubStore } from '../../src/simulator/systems/github/gitHubStore.ts';
import { gitHubReader, gitHubRefusal } from './suites/gitHubReader.ts';
import type { TicketSite } from './suites/ticketSite.ts';

const anHour = 60 * 60_000;

/** The simulated GitHub at the present, with its state. */
export async function simulatedGitHub(): Promise<TicketSite & { readonly store: GitHubStore }> {
  const { outside, dispose } = await startOutside(() => Date.now());
  const { url, store } = outside.github;
  const { token, repository } = store;
  return {
    system: 'github',
    url,
    token,
    store,
    place: (baseUrl) => ({ baseUrl, repository }),
    createService: createGitHubService,
    check: checkGitHub,
    who: /^@responder$/,
    unknownPlace: { repository: 'acme/nowhere' },
    nameOf: (id) => `${repository}#${id}`,
    now: () => new Date().toISOString(),
    settleMs: 15_000,
    ...gitHubReader({ url, token, repository }),
    refusal: gitHubRefusal,
    wrongToken: 'another-word',
    setLag: (lags) => void (store.index.lag = lags ? anHour : 0),
    dispose,
  };
}
