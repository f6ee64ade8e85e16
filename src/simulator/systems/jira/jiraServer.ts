import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import { JiraRefusal, Unauthenticated } from './jiraCall.ts';
import { jiraRoutes } from './jiraRoutes.ts';
import type { JiraAccount, JiraFault } from './jiraState.ts';
import type { JiraStore } from './jiraStore.ts';

/**
 * The REST API v3 of a simulated Jira Cloud site, at `/rest/api/3` and, as for tokens with scopes, at
 * `/ex/jira/CLOUDID/rest/api/3`. Basic authentication with email and API token. Wrong credentials count as none, and
 * nobody may still look: `x-seraph-loginreason` tells. https://developer.atlassian.com/cloud/jira/platform/rest/v3/
 */
export const createJiraServer = (store: JiraStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });

const html = { 'content-type': 'text/html;charset=UTF-8' };

function answer(store: JiraStore, call: WebCall): WebReply {
  const scoped = `/ex/jira/${store.cloudId}`;
  const onSite = call.path.startsWith(`${scoped}/`) ? call.path.slice(scoped.length) : call.path;
  const path = /^\/rest\/api\/3(\/.*)$/.exec(onSite)?.[1];
  const route = jiraRoutes.find((each) => each.method === call.method && each.path.test(path ?? ''));
  if (path === undefined || route === undefined)
    return {
      status: 404,
      headers: html,
      body: '<!DOCTYPE html><title>Oops, you&#39;ve found a dead link.</title>',
    };
  const caller = accountOf(store, call);
  const headers: Record<string, string> = {
    'x-arequestid': randomUUID(),
    ...(caller === undefined ? {} : { 'x-aaccountid': caller.accountId }),
    ...(caller === undefined && call.headers.authorization !== undefined
      ? { 'x-seraph-loginreason': 'AUTHENTICATED_FAILED' }
      : {}),
  };
  const browser = /^Mozilla\//.test(call.headers['user-agent'] ?? '');
  if (browser && call.method !== 'GET' && call.headers['x-atlassian-token'] !== 'no-check')
    return { status: 403, headers: { ...headers, ...html }, body: 'XSRF check failed' };
  const fault = takeFault(store, call);
  const refused = refuseByFault(store, fault, headers);
  if (refused !== undefined) return refused;
  try {
    const parts = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const base = `http://${call.headers.host ?? ''}${onSite === call.path ? '' : scoped}`;
    const done = route.run({ ...call, store, caller, base }, parts);
    if (fault?.kind === 'server-error') return serverError(fault.status, headers);
    return { ...done, headers: { ...headers, ...done.headers } };
  } catch (thrown) {
    if (thrown instanceof Unauthenticated)
      return {
        status: 401,
        headers: {
          ...headers,
          ...html,
          'www-authenticate': 'OAuth realm="https%3A%2F%2Fsimulated.atlassian.net"',
        },
        body: 'Client must be authenticated to access this resource.',
      };
    if (!(thrown instanceof JiraRefusal)) throw thrown;
    const { status, errorMessages, errors } = thrown;
    return { status, headers, body: { errorMessages, errors } };
  }
}

function accountOf(store: JiraStore, { headers }: WebCall): JiraAccount | undefined {
  const encoded = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  const [email = '', ...rest] = Buffer.from(encoded, 'base64').toString('utf8').split(':');
  const token = rest.join(':');
  return [...store.accounts.values()].find(
    (account) => account.email.toLowerCase() === email.toLowerCase() && account.tokens.has(token),
  );
}

function takeFault({ faults }: JiraStore, { method, path }: WebCall): JiraFault | undefined {
  const fault = faults.find(
    (each) => [undefined, method].includes(each.method) && path.includes(each.path ?? ''),
  );
  if (fault?.times === undefined) return fault;
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}

const serverError = (status: number, headers: Readonly<Record<string, string>>): WebReply => ({
  status,
  headers,
  body: { errorMessages: ['Internal server error'], errors: {} },
});

/** https://developer.atlassian.com/cloud/jira/platform/rate-limiting/: `x-ratelimit-reset` is ISO 8601, UTC. */
function refuseByFault(
  store: JiraStore,
  fault: JiraFault | undefined,
  headers: Readonly<Record<string, string>>,
): WebReply | undefined {
  switch (fault?.kind) {
    case 'rate-limit':
      return {
        status: 429,
        headers: {
          ...headers,
          'retry-after': String(fault.retryAfter),
          'x-ratelimit-limit': '100',
          'x-ratelimit-remaining': '0',
          'x-ratelimit-reset': new Date(store.now() + fault.retryAfter * 1000).toISOString(),
          'ratelimit-reason': 'jira-burst-based',
        },
        body: { errorMessages: ['Rate limit exceeded.'], errors: {} },
      };
    case 'forbidden':
      return { status: 403, headers, body: { errorMessages: ['Forbidden'], errors: {} } };
    case 'server-error':
      return fault.afterwards === true ? undefined : serverError(fault.status, headers);
    case undefined:
      return undefined;
  }
}
