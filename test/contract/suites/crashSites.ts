import assert from 'node:assert/strict';
import type { DeliveryRequest, DeliveryTask } from '../../../src/core/deliveries/delivery.ts';
import type { Outside } from '../../../src/simulator/outside.ts';
import type { DeliverOptions } from '../../support/deliverUntilKilled.ts';

/** One outside system with deliveries to be interrupted, and how its own API counts what they made. */
export interface CrashSite {
  readonly name: string;
  url(outside: Outside): string;
  token(outside: Outside): string;
  requests(url: string, outside: Outside): readonly DeliveryRequest[];
  more?(url: string): Pick<DeliverOptions, 'webhookUrl'>;
  /** How often each moment comes in an undisturbed run: changing requests for the first two, deliveries for the others. */
  readonly moments: Readonly<Record<'sent' | 'replied' | 'unwritten' | 'unsynced', number>>;
  /** How many changing requests the service has received whole. */
  received(outside: Outside): number;
  /** Asks the service's own API what is there: one of each. */
  assertOne(outside: Outside): Promise<void>;
}

/** Slack's methods are all POST, those that only read too; searches of Jira are. */
export const isChanging = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
  method !== 'GET' &&
  method !== 'HEAD' &&
  !/\/api\/(?:auth\.test|[a-zA-Z.]+\.(?:list|info|history|members|lookupByEmail|getPermalink))(?:\?|$)/.test(
    path,
  ) &&
  !/\/search\//.test(path);

const countChanging = (requests: readonly { readonly method: string; readonly path: string }[]): number =>
  requests.filter(isChanging).length;

const request = (
  delivery: string,
  task: DeliveryTask,
  place: Readonly<Record<string, string>>,
  ...after: string[]
): DeliveryRequest => ({ delivery, task, place, after });

async function ask(url: string, headers: Readonly<Record<string, string>>): Promise<unknown> {
  const response = await fetch(url, { headers });
  assert.equal(response.status, 200, `${url}: ${response.status}`);
  return response.json();
}

const slackApi = async <T>(
  { slack }: Outside,
  method: string,
  params: Readonly<Record<string, string>>,
): Promise<T> => {
  const query = new URLSearchParams(params);
  const headers = { authorization: `Bearer ${slack.store.token}` };
  const answer = (await ask(`${slack.url}/api/${method}?${query}`, headers)) as T & { ok: boolean };
  assert.equal(answer.ok, true, JSON.stringify(answer));
  return answer;
};

const slack: CrashSite = {
  name: 'Slack: channel, first message, invitation',
  url: ({ slack: { url } }) => url,
  token: ({ slack: { store } }) => store.token,
  requests: (baseUrl, { slack: { store } }) => {
    const someone = [...store.users.values()].find(({ isBot, email }) => !isBot && email !== undefined);
    return [
      request(
        'slack/create-channel',
        { system: 'slack', act: 'create-channel', name: 'incident-2026-11-23-0001', topic: 'SEV2' },
        { baseUrl },
      ),
      request(
        'slack/post/first',
        { system: 'slack', act: 'post', text: 'Payments failing', pin: true },
        { baseUrl },
        'slack/create-channel',
      ),
      request(
        'slack/invite/first',
        { system: 'slack', act: 'invite', people: [{ name: 'Somebody', slack: someone?.id ?? '' }] },
        { baseUrl },
        'slack/create-channel',
      ),
    ];
  },
  moments: { sent: 6, replied: 6, unwritten: 3, unsynced: 3 },
  received: ({ slack: { store } }) => countChanging(store.requests),
  async assertOne(outside) {
    const { channels } = await slackApi<{ channels: { id: string; name: string }[] }>(
      outside,
      'conversations.list',
      { limit: '200' },
    );
    const ours = channels.filter(({ name }) => name.startsWith('incident-'));
    assert.deepEqual(
      ours.map(({ name }) => name),
      ['incident-2026-11-23-0001'],
    );
    const channel = ours[0]?.id ?? '';
    const { messages } = await slackApi<{ messages: { text: string; subtype?: string }[] }>(
      outside,
      'conversations.history',
      { channel },
    );
    assert.equal(messages.filter(({ text }) => text.includes('Payments failing')).length, 1);
    const { items } = await slackApi<{ items: unknown[] }>(outside, 'pins.list', { channel });
    assert.equal(items.length, 1);
    const { members } = await slackApi<{ members: string[] }>(outside, 'conversations.members', { channel });
    assert.equal(members.length, 2);
  },
};

const github: CrashSite = {
  name: 'GitHub: issue and comment',
  url: ({ github: { url } }) => url,
  token: ({ github: { store } }) => store.token,
  requests: (baseUrl, { github: { store } }) => {
    const place = { baseUrl, repository: store.repository };
    return [
      request(
        'github/create-ticket',
        {
          system: 'github',
          act: 'create-ticket',
          title: 'Payments failing',
          body: 'SEV2',
          labels: ['incident', 'severity-sev2'],
        },
        place,
      ),
      request(
        'github/comment/channel',
        { system: 'github', act: 'comment', text: 'The channel is there' },
        place,
        'github/create-ticket',
      ),
    ];
  },
  moments: { sent: 2, replied: 2, unwritten: 2, unsynced: 2 },
  received: ({ github: { store } }) => countChanging(store.requests),
  async assertOne({ github: { url, store } }) {
    const headers = { authorization: `Bearer ${store.token}`, 'user-agent': 'test' };
    const issues = (await ask(`${url}/repos/${store.repository}/issues?state=all&per_page=100`, headers)) as {
      number: number;
      title: string;
    }[];
    const ours = issues.filter(({ title }) => title === 'Payments failing');
    assert.equal(ours.length, 1);
    const comments = (await ask(
      `${url}/repos/${store.repository}/issues/${ours[0]?.number}/comments`,
      headers,
    )) as unknown[];
    assert.equal(comments.length, 1);
  },
};

const jira: CrashSite = {
  name: 'Jira: issue and comment',
  url: ({ jira: { url } }) => url,
  token: ({ jira: { store } }) => store.token,
  requests: (baseUrl, { jira: { store } }) => {
    const place = { baseUrl, project: 'OPS', issueType: 'Task', email: store.email };
    return [
      request(
        'jira/create-ticket',
        {
          system: 'jira',
          act: 'create-ticket',
          title: 'Payments failing',
          body: 'SEV2',
          labels: ['incident'],
        },
        place,
      ),
      request(
        'jira/comment/channel',
        { system: 'jira', act: 'comment', text: 'The channel is there' },
        place,
        'jira/create-ticket',
      ),
    ];
  },
  moments: { sent: 2, replied: 2, unwritten: 2, unsynced: 2 },
  received: ({ jira: { store } }) => countChanging(store.requests),
  async assertOne({ jira: { url, store } }) {
    const credentials = Buffer.from(`${store.email}:${store.token}`).toString('base64');
    const headers = { authorization: `Basic ${credentials}` };
    const query = new URLSearchParams({ jql: 'project = OPS', fields: 'summary' });
    const { issues } = (await ask(`${url}/rest/api/3/search/jql?${query}`, headers)) as {
      issues: { id: string; fields: { summary: string } }[];
    };
    const ours = issues.filter(({ fields }) => fields.summary === 'Payments failing');
    assert.equal(ours.length, 1);
    const { comments } = (await ask(`${url}/rest/api/3/issue/${ours[0]?.id}/comment`, headers)) as {
      comments: unknown[];
    };
    assert.equal(comments.length, 1);
  },
};

const statuspage: CrashSite = {
  name: 'Statuspage: incident and update',
  url: ({ statuspage: { url } }) => url,
  token: ({ statuspage: { store } }) => store.token,
  requests: (baseUrl, { statuspage: { store } }) => {
    const place = { baseUrl, page: store.pages[0]?.id ?? '' };
    return [
      request(
        'statuspage/create-incident',
        {
          system: 'statuspage',
          act: 'create-incident',
          name: 'Payments',
          status: 'investigating',
          text: 'We are investigating.',
          notify: true,
        },
        place,
      ),
      request(
        'statuspage/update-incident/one',
        {
          system: 'statuspage',
          act: 'update-incident',
          status: 'monitoring',
          text: 'A fix is out, we are watching.',
          notify: false,
        },
        place,
        'statuspage/create-incident',
      ),
    ];
  },
  moments: { sent: 2, replied: 2, unwritten: 2, unsynced: 2 },
  received: ({ statuspage: { store } }) => countChanging(store.requests),
  async assertOne({ statuspage: { url, store } }) {
    const headers = { authorization: `OAuth ${store.token}` };
    const incidents = (await ask(`${url}/v1/pages/${store.pages[0]?.id}/incidents`, headers)) as {
      name: string;
      incident_updates: { body: string }[];
    }[];
    const ours = incidents.filter(({ name }) => name === 'Payments');
    assert.equal(ours.length, 1);
    assert.deepEqual(ours[0]?.incident_updates.map(({ body }) => body).sort(), [
      'A fix is out, we are watching.',
      'We are investigating.',
    ]);
  },
};

const pagerduty: CrashSite = {
  name: 'PagerDuty: incident, responders, note, acknowledgement',
  url: ({ pagerduty: { url } }) => url,
  token: ({ pagerduty: { store } }) => store.token,
  requests: (baseUrl, { pagerduty: { store } }) => {
    const place = { baseUrl, service: store.services[0]?.id ?? '', from: store.users[0]?.email ?? '' };
    const first = 'pagerduty/create-incident';
    return [
      request(
        first,
        { system: 'pagerduty', act: 'create-incident', title: 'Payments', text: 'SEV2', urgency: 'high' },
        place,
      ),
      request(
        'pagerduty/request-responders/lead',
        {
          system: 'pagerduty',
          act: 'request-responders',
          people: [{ name: 'Somebody', pagerduty: store.users[1]?.id ?? '' }],
          message: 'Please join.',
        },
        place,
        first,
      ),
      request(
        'pagerduty/note/channel',
        { system: 'pagerduty', act: 'note', text: 'The channel is there' },
        place,
        first,
      ),
      request('pagerduty/acknowledge', { system: 'pagerduty', act: 'acknowledge' }, place, first),
    ];
  },
  moments: { sent: 4, replied: 4, unwritten: 4, unsynced: 4 },
  received: ({ pagerduty: { store } }) => countChanging(store.requests),
  async assertOne({ pagerduty: { url, store } }) {
    const headers = { authorization: `Token token=${store.token}` };
    const { incidents } = (await ask(`${url}/incidents?date_range=all`, headers)) as {
      incidents: { id: string; title: string; status: string; responder_requests: unknown[] }[];
    };
    assert.deepEqual(
      incidents.map(({ title, status, responder_requests: asked }) => [title, status, asked.length]),
      [['Payments', 'acknowledged', 1]],
    );
    const { notes } = (await ask(`${url}/incidents/${incidents[0]?.id}/notes`, headers)) as {
      notes: unknown[];
    };
    assert.equal(notes.length, 1);
  },
};

const webhook: CrashSite = {
  name: 'webhook',
  url: ({ webhook: { url } }) => url,
  token: () => 'no-token',
  requests: () => [
    request(
      'webhook/chat/declared',
      { system: 'webhook', act: 'send', event: 'declared', payload: { severity: 'SEV2' } },
      { name: 'chat' },
    ),
  ],
  more: (url) => ({ webhookUrl: `${url}/hook` }),
  moments: { sent: 1, replied: 1, unwritten: 1, unsynced: 1 },
  received: ({ webhook: { store } }) => countChanging(store.requests),
  // At least once is all that can be had of it: whoever receives it tells a repetition by its key.
  assertOne({ webhook: { store } }) {
    assert.equal(store.accepted.size, 1);
    return Promise.resolve();
  },
};

export const crashSites: readonly CrashSite[] = [slack, github, jira, statuspage, pagerduty, webhook];
