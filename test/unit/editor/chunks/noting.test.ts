import assert from 'node:assert/strict';
import { failed, ok, type Result } from '../../../../src/core/errors.ts';
import { noting } from '../../../../src/editor/chunks/integrationsChunk.ts';
import { createIntegrations } from '../../../../src/integrations/integrations.ts';
import type { FetchedTicketState } from '../../../../src/integrations/tickets/fetchTicketState.ts';

const none = () => Promise.resolve(undefined);
const signal = new AbortController().signal;

describe('how calls of the outside systems are noted', () => {
  it('tells of the connection by which an action item’s issue was read, and hands the answer on', async () => {
    const noted: string[] = [];
    let answer: Result<FetchedTicketState> = failed('unauthorized', 'GitHub refused the token (401).');
    const { fetchTicketState } = noting(
      {
        ...createIntegrations({ tokenOf: none, accountOf: none, webhookOf: none }),
        fetchTicketState: () => Promise.resolve(answer),
      },
      {
        noteFailure: (system, baseUrl, { code }) => noted.push(`${system} ${baseUrl} ${code}`),
        noteSuccess: (system, baseUrl) => noted.push(`${system} ${baseUrl} well`),
      },
    );
    const github = { baseUrl: 'https://api.github.example', repository: 'o/r' };
    const jira = { baseUrl: 'https://jira.example', project: 'OPS', issueType: 'Task', email: 'a@b.example' };
    assert.deepEqual(await fetchTicketState(github, { id: '1' }, 'a-word', signal), answer);
    answer = failed('forbidden', 'Jira does not allow it (403).');
    await fetchTicketState(jira, { id: 'OPS-7' }, 'a-word', signal);
    answer = ok({ state: 'open', url: undefined });
    assert.deepEqual(await fetchTicketState(github, { id: '1' }, 'a-word', signal), answer);
    assert.deepEqual(noted, [
      'github https://api.github.example unauthorized',
      'jira https://jira.example forbidden',
      'github https://api.github.example well',
    ]);
  });
});
