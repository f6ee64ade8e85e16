import { checkGitHub } from '../../src/integrations/github/checkGitHub.ts';
import { createGitHubService } from '../../src/integrations/github/githubService.ts';
import { checkJira } from '../../src/integrations/jira/checkJira.ts';
import { createJiraService } from '../../src/integrations/jira/jiraService.ts';
import { startOutside } from '../../src/simulator/outside.ts';
import type { GitHubStore } from '../../src/simulator/systems/github/gitHubStore.ts';
import type { JiraStore } from '../../src/simulator/systems/jira/jiraStore.ts';
import { gitHubReader, gitHubRefusal } from './suites/gitHubReader.ts';
import { jiraReader, jiraRefusal } from './suites/jiraReader.ts';
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

/** The simulated Jira at the present, with its state. */
export async function simulatedJira(): Promise<TicketSite & { readonly store: JiraStore }> {
  const { outside, dispose } = await startOutside(() => Date.now());
  const { url, store } = outside.jira;
  const { token, project, email } = store;
  return {
    system: 'jira',
    url,
    token,
    store,
    place: (baseUrl) => ({ baseUrl, project, email, issueType: 'Incident' }),
    createService: createJiraService,
    check: checkJira,
    who: /^On Call \(responder@example\.com\)$/,
    unknownPlace: { project: 'NOWHERE' },
    nameOf: (id) => id,
    now: () => new Date().toISOString(),
    settleMs: 30_000,
    ...jiraReader({ url, token, email, project }),
    refusal: jiraRefusal,
    wrongToken: 'another-word',
    setLag: (lags) => void (store.index.lag = lags ? anHour : 0),
    dispose,
  };
}
