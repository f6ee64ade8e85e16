import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { WebCall, WebReply } from '../webApi.ts';
import { createWebApi } from '../webApi.ts';
import type { SlackAnswer } from './slackCall.ts';
import { isRecord, needScope, readArguments, SlackRefusal } from './slackCall.ts';
import type { SlackMethod } from './slackMethods.ts';
import { slackMethods } from './slackMethods.ts';
import type { SlackFault, SlackToken } from './slackState.ts';
import type { SlackStore } from './slackStore.ts';

/**
 * The Web API of the simulated Slack: HTTP 200 with `ok: false` for every refusal but a rate limit, which is a 429
 * with Retry-After in seconds. https://docs.slack.dev/apis/web-api
 */
export const createSlackServer = (store: SlackStore): Server =>
  createWebApi({ log: store, now: store.now, answer: (call) => answer(store, call) });

function answer(store: SlackStore, call: WebCall): WebReply {
  const name = /^\/api\/([\w.]+)$/.exec(call.path)?.[1];
  if (name === undefined) return { status: 404, body: '', headers: { 'content-type': 'text/html' } };
  const method = Object.hasOwn(slackMethods, name) ? slackMethods[name] : undefined;
  const seen: Record<string, string> = { 'x-slack-req-id': randomUUID().replaceAll('-', '') };
  try {
    if (method === undefined) throw new SlackRefusal('unknown_method', { req_method: name });
    if (call.method !== 'GET' && call.method !== 'POST') return { status: 405, headers: seen };
    const fault = takeFault(store, name);
    if (fault?.retryAfter !== undefined)
      return {
        status: 429,
        headers: { ...seen, 'retry-after': String(fault.retryAfter) },
        body: { ok: false, error: 'ratelimited' },
      };
    if (fault !== undefined && fault.afterwards !== true) throw new SlackRefusal(fault.error);
    const { given, warnings } = readGiven(call, method);
    const caller = authenticate(store, call);
    seen['x-oauth-scopes'] = caller.scopes.join(',');
    if (method.scopes.length > 0) seen['x-accepted-oauth-scopes'] = method.scopes.join(',');
    needScope({ caller }, method.scopes);
    const done = method.run({ store, caller, accepted: method.scopes, args: readArguments(given) });
    if (fault !== undefined) throw new SlackRefusal(fault.error);
    return { status: 200, headers: seen, body: { ok: true, ...warned(done, warnings) } };
  } catch (thrown) {
    if (!(thrown instanceof SlackRefusal)) throw thrown;
    return { status: 200, headers: seen, body: { ok: false, error: thrown.error, ...thrown.more } };
  }
}

function takeFault({ faults }: SlackStore, method: string): SlackFault | undefined {
  const fault = faults.find((each) => each.method === undefined || each.method === method);
  if (fault?.times === undefined) return fault;
  fault.times -= 1;
  if (fault.times <= 0) faults.splice(faults.indexOf(fault), 1);
  return fault;
}

/** The token comes by header; a form field `token` will do, a query or a JSON field will not. */
function authenticate(store: SlackStore, { headers, body }: WebCall): SlackToken {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
  const field = isForm && isRecord(body) ? body['token'] : undefined;
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? field;
  if (typeof token !== 'string' || token === '') throw new SlackRefusal('not_authed');
  const known = store.tokens.get(token);
  if (known === undefined) throw new SlackRefusal('invalid_auth');
  if (known.revoked) throw new SlackRefusal('token_revoked');
  if (store.users.get(known.user)?.deleted === true) throw new SlackRefusal('account_inactive');
  return known;
}

interface Given {
  readonly given: Readonly<Record<string, unknown>>;
  readonly warnings: readonly string[];
}

function readGiven({ method, headers, query, text, body }: WebCall, { formOnly }: SlackMethod): Given {
  const fromQuery = Object.fromEntries(query);
  if (method === 'GET' || text === '') return { given: fromQuery, warnings: [] };
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(/\s*;\s*/);
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  if (type === '') throw new SlackRefusal('missing_post_type');
  if (charset !== undefined && !['utf-8', 'iso-8859-1'].includes(charset.replaceAll('"', '')))
    throw new SlackRefusal('invalid_charset');
  switch (type) {
    case 'application/x-www-form-urlencoded':
      return {
        given: { ...fromQuery, ...(isRecord(body) ? body : {}) },
        warnings: charset === undefined ? [] : ['superfluous_charset'],
      };
    case 'application/json': {
      if (typeof body === 'string' && text !== JSON.stringify(body)) throw new SlackRefusal('invalid_json');
      if (!isRecord(body)) throw new SlackRefusal('json_not_object');
      return {
        given: formOnly === true ? fromQuery : { ...fromQuery, ...body },
        warnings: charset === undefined ? ['missing_charset'] : [],
      };
    }
    default:
      throw new SlackRefusal('invalid_post_type');
  }
}

function warned(done: SlackAnswer, warnings: readonly string[]): SlackAnswer {
  if (warnings.length === 0) return done;
  const metadata = isRecord(done['response_metadata']) ? done['response_metadata'] : {};
  const before = Array.isArray(metadata['warnings']) ? (metadata['warnings'] as readonly string[]) : [];
  const all = [...before, ...warnings];
  return { ...done, warning: all.join(','), response_metadata: { ...metadata, warnings: all } };
}
