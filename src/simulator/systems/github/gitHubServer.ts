import { createHash, randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import type { GitHubAnswer } from './gitHubCall.ts';
import { GitHubRefusal, notFound } from './gitHubCall.ts';
import { gitHubRoutes } from './gitHubRoutes.ts';
import type { GitHubFault, GitHubRate, GitHubToken } from './gitHubState.ts';
import type { GitHubStore } from './gitHubStore.ts';

/** https://docs.github.com/rest/about-the-rest-api/api-versions */
const apiVersions = ['2022-11-28', '2026-03-10'];
const docs = 'https://docs.github.com';

/**
 * The REST API of the simulated GitHub. Every request needs a User-Agent. Refusals have `message`,
 * `documentation_url` and `status`; a rate limit is a 403 or a 429. https://docs.github.com/rest
 */
export const createGitHubServer = (store: GitHubStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });

function answer(store: GitHubStore, call: WebCall): WebReply {
  if ((call.headers['user-agent'] ?? '') === '')
    return {
      status: 403,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `\r\nRequest forbidden by administrative rules. Please make sure your request has a User-Agent header (${docs}/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.\r\n`,
    };
  const version = call.headers['x-github-api-version'] ?? apiVersions[0];
  const path = namedPath(store, call.path.replace(/\/$/, ''));
  const route = gitHubRoutes.find((each) => each.method === call.method && each.path.test(path));
  const headers: Record<string, string> = {
    'x-github-request-id': randomUUID().slice(0, 23).toUpperCase(),
    'x-github-media-type': 'github.v3; format=json',
    'x-github-api-version-selected': String(version),
  };
  try {
    checkHeaders(call, String(version));
    const caller = authenticate(store, call);
    if (caller.kind === 'classic') headers['x-oauth-scopes'] = caller.scopes.join(', ');
    if (caller.kind === 'fine-grained' && caller.expires !== undefined)
      headers['github-authentication-token-expiration'] = caller.expires;
    const fault = takeFault(store, call);
    refuseByLimit(fault);
    takeRate(store, path, caller, headers);
    if (fault?.kind === 'server-error' && fault.afterwards !== true) throw serverError(fault.status);
    if (route === undefined) throw notFound();
    const parts = (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent);
    const base = `http://${call.headers.host ?? ''}`;
    const done = route.run({ ...call, store, caller, base }, parts);
    if (fault?.kind === 'server-error') throw serverError(fault.status);
    return withEtag(call, done, headers);
  } catch (thrown) {
    if (!(thrown instanceof GitHubRefusal)) throw thrown;
    const page = thrown.documentation ?? (route === undefined ? '/rest' : `/rest/${route.documentation}`);
    return {
      status: thrown.status,
      headers: { ...headers, ...thrown.headers },
      body: {
        message: thrown.message,
        ...(thrown.errors === undefined ? {} : { errors: thrown.errors }),
        ...(thrown.status >= 500 ? {} : { documentation_url: `${docs}${page}` }),
        status: String(thrown.status),
      },
    };
  }
}

/** The links of pages name a repository by its id. */
function namedPath(store: GitHubStore, path: string): string {
  const id = /^\/repositories\/(\d+)/.exec(path)?.[1];
  const repository = [...store.repositories.values()].find((each) => String(each.id) === id);
  return repository === undefined || id === undefined
    ? path
    : path.replace(`/repositories/${id}`, `/repos/${repository.owner}/${repository.name}`);
}

function checkHeaders({ headers }: WebCall, version: string): void {
  if (!apiVersions.includes(version))
    throw new GitHubRefusal(400, `The API version '${version}' is not supported.`, {
      documentation: '/rest/about-the-rest-api/api-versions',
    });
  const accepted = (headers.accept ?? '*/*').split(',').map((type) => type.split(';')[0]?.trim() ?? '');
  const known = /^(\*\/\*|application\/(\*|json|vnd\.github(\.v3)?(\.[a-z-]+)?(\+json)?))$/;
  if (!accepted.some((type) => known.test(type)))
    throw new GitHubRefusal(
      415,
      `Unsupported 'Accept' header: '${headers.accept ?? ''}'. Must accept 'application/json'.`,
      { documentation: '/rest/using-the-rest-api/getting-started-with-the-rest-api#media-types' },
    );
}

function authenticate(store: GitHubStore, { headers }: WebCall): GitHubToken {
  const given = /^(?:bearer|token) (.+)$/i.exec(headers.authorization ?? '')?.[1];
  if (given === undefined)
    throw headers.authorization === undefined
      ? new GitHubRefusal(401, 'Requires authentication')
      : new GitHubRefusal(401, 'Bad credentials', { documentation: '/rest' });
  const token = store.tokens.get(given);
  if (token === undefined) throw new GitHubRefusal(401, 'Bad credentials', { documentation: '/rest' });
  return token;
}

function takeFault({ faults }: GitHubStore, { method, path }: WebCall): GitHubFault | undefined {
  const fault = faults.find(
    (each) => [undefined, method].includes(each.method) && path.includes(each.path ?? ''),
  );
  if (fault?.times === undefined) return fault;
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}

const serverError = (status: number): GitHubRefusal => new GitHubRefusal(status, 'Server Error');

function refuseByLimit(fault: GitHubFault | undefined): void {
  if (fault?.kind !== 'secondary-limit') return;
  throw new GitHubRefusal(
    fault.status,
    'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
    {
      documentation:
        '/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api#about-secondary-rate-limits',
      headers: fault.retryAfter === undefined ? {} : { 'retry-after': String(fault.retryAfter) },
    },
  );
}

/** Counts the request and writes its headers; a used-up limit is refused until `x-ratelimit-reset` (UTC, seconds). */
function takeRate(
  { rates, users, now }: GitHubStore,
  path: string,
  caller: GitHubToken,
  headers: Record<string, string>,
): void {
  const resource = path.startsWith('/search/') ? 'search' : 'core';
  const rate: GitHubRate = rates[resource];
  const seconds = Math.floor(now() / 1000);
  if (seconds >= rate.reset) {
    rate.used = 0;
    rate.reset = seconds + (resource === 'search' ? 60 : 3600);
  }
  const exceeded = rate.used >= rate.limit;
  if (!exceeded) rate.used += 1;
  headers['x-ratelimit-limit'] = String(rate.limit);
  headers['x-ratelimit-remaining'] = String(rate.limit - rate.used);
  headers['x-ratelimit-used'] = String(rate.used);
  headers['x-ratelimit-reset'] = String(rate.reset);
  headers['x-ratelimit-resource'] = resource;
  if (exceeded)
    throw new GitHubRefusal(403, `API rate limit exceeded for user ID ${users.get(caller.login)?.id ?? 0}.`, {
      documentation: '/rest/overview/rate-limits-for-the-rest-api',
    });
}

/** A GET has an ETag; the same one in If-None-Match is a 304 without a body. */
function withEtag(call: WebCall, done: GitHubAnswer, headers: Readonly<Record<string, string>>): WebReply {
  const all = { ...headers, ...done.headers };
  if (call.method !== 'GET') return { ...done, headers: all };
  const etag = `W/"${createHash('sha256').update(JSON.stringify(done.body)).digest('hex')}"`;
  return call.headers['if-none-match'] === etag
    ? { status: 304, headers: { ...all, etag } }
    : { ...done, headers: { ...all, etag } };
}
