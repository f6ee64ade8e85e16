import type { SeenTicket, TicketSite } from './ticketSite.ts';

interface Node {
  readonly type: string;
  readonly text?: string;
  readonly content?: readonly Node[];
}
interface SeenIssue {
  readonly key: string;
  readonly fields: {
    readonly summary: string;
    readonly description: Node | null;
    readonly labels: readonly string[];
    readonly status: { readonly statusCategory: { readonly key: string } };
  };
}

/** A document's text, block by block. */
const textOf = ({ type, text = '', content = [] }: Node): string =>
  type === 'hardBreak' ? '\n' : text + content.map(textOf).join(/List$|^doc$/.test(type) ? '\n' : '');

/** A project's issues read and made through Jira's REST API itself. */
export function jiraReader({
  url,
  email,
  token,
  project,
}: Readonly<Record<'url' | 'email' | 'token' | 'project', string>>): Pick<
  TicketSite,
  'tickets' | 'makeOther' | 'commentAsOther' | 'isCreate' | 'isComment'
> {
  const authorization = `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`;
  const ask = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const response = await fetch(`${url}/rest/api/3${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  };
  /** By key, which is never behind; keys are counted, and nothing was deleted. */
  const all = async (): Promise<readonly SeenIssue[]> => {
    const found: SeenIssue[] = [];
    for (let first = 1; ; first += 100) {
      const issueIdsOrKeys = Array.from({ length: 100 }, (_, index) => `${project}-${first + index}`);
      const { issues } = await ask<{ issues: readonly SeenIssue[] }>('POST', '/issue/bulkfetch', {
        issueIdsOrKeys,
      });
      if (issues.length === 0) return found;
      found.push(...issues);
    }
  };
  const document = (text: string) => ({
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
  });
  return {
    async tickets(words) {
      const issues = (await all()).filter(({ fields }) => fields.summary.includes(words));
      return Promise.all(
        issues.map(async ({ key, fields }): Promise<SeenTicket> => {
          const { comments } = await ask<{ comments: readonly { body: Node }[] }>(
            'GET',
            `/issue/${key}/comment?maxResults=1000`,
          );
          return {
            id: key,
            title: fields.summary,
            text: fields.description ? textOf(fields.description) : '',
            labels: fields.labels,
            isOpen: fields.status.statusCategory.key !== 'done',
            comments: comments.map(({ body }) => textOf(body)),
          };
        }),
      );
    },
    makeOther: async (summary) =>
      void (await ask('POST', '/issue', {
        fields: { project: { key: project }, issuetype: { name: 'Task' }, summary },
      })),
    commentAsOther: async (id, text) =>
      void (await ask('POST', `/issue/${id}/comment`, { body: document(text) })),
    isCreate: ({ method, path }) => method === 'POST' && path === '/rest/api/3/issue',
    isComment: ({ method, path }) => method === 'POST' && /\/issue\/[^/]+\/comment$/.test(path),
  };
}

/** A refusal as Jira words it. */
export const jiraRefusal: TicketSite['refusal'] = {
  status: 400,
  body: JSON.stringify({
    errorMessages: [],
    errors: { customfield_10010: 'Affected service is required.' },
  }),
  words: /refused to create the issue \(400\): customfield_10010: Affected service is required\./,
};
