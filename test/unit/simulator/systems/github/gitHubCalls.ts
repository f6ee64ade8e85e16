import { startOutside } from '../../../../../src/simulator/outside.ts';
import type { GitHubRepository } from '../../../../../src/simulator/systems/github/gitHubState.ts';
import type { GitHubStore } from '../../../../../src/simulator/systems/github/gitHubStore.ts';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // A list or an object: each test knows what it asked for.
  readonly body: Record<string, unknown>;
}

export interface Problem {
  readonly message: string;
  readonly documentation_url: string;
  readonly errors?: readonly { resource: string; field: string; code: string; message?: string }[];
}

export interface GitHubUnderTest {
  readonly url: string;
  readonly store: GitHubStore;
  readonly repository: GitHubRepository;
  /** Moves the clock by this many ms. */
  advance(ms: number): void;
  /** With the token and the headers that GitHub asks for; `headers` replace them. */
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  dispose(): Promise<void>;
}

/** The simulated GitHub alone, at 2026-11-23 10:00 UTC, with a clock that a test moves. */
export async function startGitHub(): Promise<GitHubUnderTest> {
  let at = Date.UTC(2026, 10, 23, 10);
  const { outside, dispose } = await startOutside(() => at);
  const { url, store } = outside.github;
  const repository = store.repositories.get(store.repository);
  if (repository === undefined) throw new Error('The repository is not there.');
  return {
    url,
    store,
    repository,
    advance: (ms) => void (at += ms),
    async call(method, path, body, headers = {}) {
      const answer = await fetch(`${url}${path}`, {
        method,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${store.token}`,
          'user-agent': 'incident-response',
          'x-github-api-version': '2022-11-28',
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

export const problemOf = ({ body }: Answer): Problem => body as unknown as Problem;
export const listOf = ({ body }: Answer): Record<string, unknown>[] =>
  body as unknown as Record<string, unknown>[];
