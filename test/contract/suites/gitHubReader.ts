import type { SeenTicket, TicketSite } from './ticketSite.ts';

interface SeenIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string | null;
  readonly state: string;
  readonly labels: readonly { readonly name: string }[];
}

export interface GitHubRepository {
  readonly url: string;
  readonly token: string;
  /** `owner/name` */
  readonly repository: string;
}

/** A repository's issues read, made and closed through GitHub's REST API itself. */
export function gitHubReader({
  url,
  token,
  repository,
}: GitHubRepository): Pick<
  TicketSite,
  'tickets' | 'makeOther' | 'commentAsOther' | 'isCreate' | 'isComment'
> & { readonly close: (id: string) => Promise<void> } {
  const base = `${url}/repos/${repository}/issues`;
  const ask = async <T>(method: string, address: string, body?: object): Promise<T> => {
    const response = await fetch(address, {
      method,
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'test', 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${address}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  const all = async <T>(address: string): Promise<readonly T[]> => {
    const found: T[] = [];
    for (let page = 1; ; page++) {
      const some = await ask<readonly T[]>('GET', `${address}per_page=100&page=${page}`);
      if (some.length === 0) return found;
      found.push(...some);
    }
  };
  const shown = (body: string | null): string => (body ?? '').replace(/<!--[^]*?-->/g, '').trim();
  return {
    async tickets(words) {
      const issues = await all<SeenIssue>(`${base}?state=all&sort=created&direction=asc&`);
      return Promise.all(
        issues
          .filter(({ title }) => title.includes(words))
          .map(async ({ number, title, body, state, labels }): Promise<SeenTicket> => ({
            id: String(number),
            title,
            text: shown(body),
            labels: labels.map(({ name }) => name),
            isOpen: state === 'open',
            comments: (await all<{ body: string }>(`${base}/${number}/comments?`)).map((one) =>
              shown(one.body),
            ),
          })),
      );
    },
    makeOther: async (title) => void (await ask('POST', base, { title })),
    close: async (id) => void (await ask('PATCH', `${base}/${id}`, { state: 'closed' })),
    commentAsOther: async (id, text) => void (await ask('POST', `${base}/${id}/comments`, { body: text })),
    isCreate: ({ method, path }) => method === 'POST' && path.endsWith('/issues'),
    isComment: ({ method, path }) => method === 'POST' && path.endsWith('/comments'),
  };
}

/** A refusal as GitHub words it. */
export const gitHubRefusal: TicketSite['refusal'] = {
  status: 422,
  body: JSON.stringify({
    message: 'Validation Failed',
    errors: [{ resource: 'Issue', code: 'missing_field', field: 'title' }],
  }),
  words: /refused to create the issue \(422\): Validation Failed: title missing_field/,
};
