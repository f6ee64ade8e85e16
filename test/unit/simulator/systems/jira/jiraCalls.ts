import { startOutside } from '../../../../../src/simulator/outside.ts';
import type { JiraAccount, JiraProject } from '../../../../../src/simulator/systems/jira/jiraState.ts';
import type { JiraStore } from '../../../../../src/simulator/systems/jira/jiraStore.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** `{text}` of what is no JSON. */
  readonly body: Record<string, unknown>;
}

export interface JiraUnderTest {
  readonly url: string;
  readonly store: JiraStore;
  readonly project: JiraProject;
  readonly account: JiraAccount;
  /** Moves the clock by this many ms. */
  advance(ms: number): void;
  /** A path behind /rest/api/3, with the account's credentials; `headers` replace them. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  dispose(): Promise<void>;
}

export const basic = (email: string, token: string): string =>
  `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;

/** The simulated Jira alone, at 2026-11-23 10:00 UTC, with a clock that a test moves. */
export async function startJira(): Promise<JiraUnderTest> {
  let at = Date.UTC(2026, 10, 23, 10);
  const { outside, dispose } = await startOutside(() => at);
  const { url, store } = outside.jira;
  const project = store.projects.get(store.project);
  const [account] = store.accounts.values();
  if (project === undefined || account === undefined) throw new Error('The site is empty.');
  return {
    url,
    store,
    project,
    account,
    advance: (ms) => void (at += ms),
    async call(method, path, body, headers = {}) {
      const answer = await fetch(`${url}/rest/api/3${path}`, {
        method,
        headers: {
          accept: 'application/json',
          authorization: basic(store.email, store.token),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const json = answer.headers.get('content-type')?.startsWith('application/json') === true;
      return {
        status: answer.status,
        headers: answer.headers,
        body: json ? (JSON.parse(text) as Record<string, unknown>) : { text },
      };
    },
    dispose,
  };
}

/** A document of one paragraph. */
export const paragraph = (text: string): Record<string, unknown> => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

export const errorsOf = ({ body }: Answer): Record<string, string> =>
  body['errors'] as Record<string, string>;
export const messagesOf = ({ body }: Answer): string[] => body['errorMessages'] as string[];
