import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { slackScopes } from '../../../src/integrations/slack/checkSlack.ts';
import { ensureNpmProgram } from '../builds/npmProgram.ts';
import { freePort } from '../freePort.ts';
import { startProcess } from '../labProcess.ts';
import type { LabSystem } from '../labSystem.ts';

export interface EmulateDescription {
  /** Slack's Web API is below `/api`. */
  readonly slackUrl: string;
  /** GitHub's REST API, without a prefix. */
  readonly githubUrl: string;
  /**
   * A bearer token of either; any other passes too. At Slack it is the app's bot token, with the scopes of the
   * manifest and no others.
   */
  readonly token: string;
  /** Of a person in Slack, with every scope. */
  readonly slackUserToken: string;
  /** People in Slack who are in no channel that is made. */
  readonly slackMembers: readonly { readonly id: string; readonly name: string; readonly email: string }[];
  readonly channel: string;
  readonly repository: string;
}

// Pinned: npm's `latest` of this name is another package.
const version = '0.12.2';
const token = 'lab-word';
const slackUserToken = 'lab-user-word';
const ensureEmulate = () => ensureNpmProgram('emulate', version);

/** Slack and GitHub without the internet: https://emulate.dev */
export const emulate: LabSystem<'emulate'> = {
  name: 'emulate',
  build: ensureEmulate,
  start: async ({ folder }) => {
    const program = path.join(await ensureEmulate(), 'dist', 'index.js');
    const seed = path.join(folder, 'seed.json');
    await writeFile(seed, `${JSON.stringify(seeds, null, 2)}\n`);
    const [slackPort, githubPort] = [await freePort(), await freePort()];
    for (const [service, port, method, probe] of [
      ['slack', slackPort, 'POST', '/api/conversations.list'],
      ['github', githubPort, 'GET', '/repos/techcorp/payments'],
    ] as const) {
      await startProcess({
        name: service,
        command: process.execPath,
        args: [program, '--service', service, '--port', String(port), '--seed', seed],
        cwd: folder,
        folder,
        ready: () => isSeeded(method, `http://127.0.0.1:${port}${probe}`),
        timeoutMs: 30_000,
      });
    }
    const slackUrl = `http://127.0.0.1:${slackPort}`;
    return {
      slackUrl,
      githubUrl: `http://127.0.0.1:${githubPort}`,
      token,
      slackUserToken,
      slackMembers: await membersOf(slackUrl),
      channel: 'incidents',
      repository: 'techcorp/payments',
    };
  },
};

/** Whether an answer about the seeds is there, not only the server. */
async function isSeeded(method: string, url: string): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(2000) });
  const text = await response.text();
  return response.ok && (text.includes('incidents') || text.includes('payments'));
}

/** The ids that emulate gave the people of the seeds. */
async function membersOf(slackUrl: string): Promise<EmulateDescription['slackMembers']> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${slackUrl}/api/users.list`, { method: 'POST', headers });
  const { members } = (await response.json()) as {
    members: { id: string; name: string; profile: { email?: string } }[];
  };
  return members
    .map(({ id, name, profile }) => ({ id, name, email: profile.email ?? '' }))
    .filter(({ name }) => invitees.some((invitee) => invitee.name === name));
}

const bot = 'U00000LAB';
const botScopes = Object.keys(slackScopes);
const invitees = [
  { name: 'ben', real_name: 'Ben Tech', email: 'ben@techcorp.example' },
  { name: 'cleo', real_name: 'Cleo Manager', email: 'cleo@techcorp.example' },
];

const seeds = {
  tokens: { [token]: { login: 'responder', scopes: ['repo', 'user'] } },
  slack: {
    team: { name: 'TechCorp', domain: 'techcorp' },
    users: [
      { name: 'responder', real_name: 'Robin Responder', email: 'responder@techcorp.example' },
      ...invitees,
    ],
    channels: [
      { name: 'general', topic: 'Everything' },
      { name: 'incidents', topic: 'What is broken' },
    ],
    oauth_apps: [
      {
        client_id: 'lab-app',
        client_secret: 'lab-app-word',
        name: 'Incident Response',
        bot_user_id: bot,
        bot_name: 'incident-bot',
        scopes: botScopes,
      },
    ],
    tokens: [
      { token, type: 'bot', user_id: bot, scopes: botScopes },
      { token: slackUserToken, type: 'user', user: 'responder' },
    ],
    strict_scopes: true,
  },
  github: {
    users: [{ login: 'responder', name: 'Robin Responder', email: 'responder@techcorp.example' }],
    orgs: [{ login: 'techcorp', name: 'TechCorp' }],
    repos: [{ owner: 'techcorp', name: 'payments', description: 'The payment service' }],
  },
};
