import type { FlagAction, FlagRequest } from '../../core/plan/curl/flagAction.ts';
import { fillReferences } from '../../core/plan/words/secretReferences.ts';
import { classifyConnectionError } from '../../core/connectionError.ts';
import type { FlagState } from './flagState.ts';
import { parseFlagState } from './flagState.ts';

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** What came of one request. */
export type Sent =
  | { readonly kind: 'accepted'; readonly status: number; readonly text: string }
  | { readonly kind: 'refused'; readonly status: number; readonly message: string }
  /** Certainly not done: it never arrived. */
  | { readonly kind: 'not-sent'; readonly message: string }
  /** It may have been done: it went out, and no whole answer came. */
  | { readonly kind: 'unanswered'; readonly said: string }
  | { readonly kind: 'stopped' };

/** An answer that says nothing after this long is none, ms. */
const answerLimitMs = 30_000;
const longestMessage = 300;

/** Where a request goes, without query and credentials: for sentences. */
export const shownTarget = ({ url }: FlagRequest): string =>
  URL.canParse(url) ? new URL(url).origin : 'the flag service';

/** Sends one request once. A redirect is not followed: what it would change there is not what was agreed to. */
export async function sendFlagRequest(
  request: FlagRequest,
  values: ReadonlyMap<string, string>,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Sent> {
  const fill = (text: string): string => fillReferences(text, values);
  const late = AbortSignal.timeout(answerLimitMs);
  const server = shownTarget(request);
  let init: RequestInit;
  try {
    init = {
      method: request.method,
      headers: new Headers(request.headers.map(([name, value]): [string, string] => [name, fill(value)])),
      ...(request.body === undefined ? {} : { body: fill(request.body) }),
      redirect: 'manual',
      signal: AbortSignal.any([signal, late]),
    };
  } catch {
    return {
      kind: 'not-sent',
      message: `A header for ${server} is not valid. Nothing was sent; correct the step or the secret.`,
    };
  }
  try {
    const response = await fetch(fill(request.url), init);
    const text = await response.text();
    if (response.ok) return { kind: 'accepted', status: response.status, text };
    return { kind: 'refused', status: response.status, message: refusal(server, response, text) };
  } catch (thrown) {
    if (signal.aborted) return { kind: 'stopped' };
    const error = classifyConnectionError(thrown);
    if (late.aborted) return { kind: 'unanswered', said: `nothing came within ${answerLimitMs / 1000} s` };
    switch (error.kind) {
      case 'not-reached':
        return {
          kind: 'not-sent',
          message: `${server} ${error.said}. Nothing was sent; check the address, the network or VPN.`,
        };
      case 'connect-timeout':
        return {
          kind: 'not-sent',
          message: `No connection to ${server} in time. Nothing was sent; check the network or VPN.`,
        };
      case 'certificate':
        return {
          kind: 'not-sent',
          message: `No trusted connection to ${server}: ${error.said}. Nothing was sent.`,
        };
      case 'proxy':
        return {
          kind: 'not-sent',
          message: `The proxy on the way to ${server} answered ${error.said}. Nothing was sent.`,
        };
      case 'aborted':
      case 'answer-timeout':
      case 'cut':
        return { kind: 'unanswered', said: error.said };
    }
  }
}

function refusal(server: string, { status, headers }: Response, text: string): string {
  const said = messageIn(text);
  const because = said === '' ? '' : `: ${said}`;
  if (status === 401)
    return `${server} does not know who asks (401)${because}. Nothing was changed; check the token (Incident: Set Secret).`;
  if (status === 403)
    return `${server} does not allow this (403)${because}. Nothing was changed; ask for the permission or use another token.`;
  if (status === 404) return `${server} has no such flag or address (404)${because}. Nothing was changed.`;
  if (status === 429) {
    const after = headers.get('retry-after');
    const wait = after === null ? 'a while' : /^\d+$/.test(after) ? `${after} s` : `until ${after}`;
    return `${server} is asked too often (429). Nothing was changed; it wants you to wait ${wait}, then run this step again.`;
  }
  if (status >= 300 && status < 400)
    return `${server} answered with a redirect (${status}) to ${(headers.get('location') ?? 'nowhere').replace(/[?#].*$/s, '')}, which was not followed. Check the address in the guide or the settings.`;
  if (status >= 500)
    return `${server} failed (${status})${because}. Whether it changed anything is not certain; look before trying again.`;
  return `${server} refused this (${status})${because}. Nothing was changed.`;
}

/** The sentence in a service's error, else the beginning of its text. */
function messageIn(text: string): string {
  try {
    const value = JSON.parse(text) as {
      message?: unknown;
      error?: unknown;
      details?: { message?: unknown }[];
    } | null;
    const said = value?.details?.[0]?.message ?? value?.message ?? value?.error;
    if (typeof said === 'string') return said.slice(0, longestMessage).replace(/\.$/, '');
  } catch {
    // not JSON: plain text or a page
  }
  const plain = /<html|<!doctype/i.test(text) ? '' : text.trim().replace(/\s+/g, ' ');
  return plain.slice(0, longestMessage).replace(/\.$/, '');
}

export type Read =
  | { readonly kind: 'state'; readonly state: FlagState }
  /** Why the state is not known, as a sentence; `status` of the answer where there was one. */
  | { readonly kind: 'unknown'; readonly message: string; readonly status?: number }
  | { readonly kind: 'stopped' };

/** Reads the flag's state; without a way to read it, says so. */
export async function readFlagState(
  action: FlagAction,
  values: ReadonlyMap<string, string>,
  fetch: Fetch,
  signal: AbortSignal,
): Promise<Read> {
  const { read } = action;
  if (!read) return { kind: 'unknown', message: 'The settings name no address to read its state from.' };
  const sent = await sendFlagRequest(read, values, fetch, signal);
  switch (sent.kind) {
    case 'stopped':
      return sent;
    case 'accepted': {
      const state = parseFlagState(action, sent.text);
      return state === undefined
        ? { kind: 'unknown', message: `What ${shownTarget(read)} answers does not say whether it is on.` }
        : { kind: 'state', state };
    }
    case 'refused':
      return {
        kind: 'unknown',
        message: sent.message.replace(/ Nothing was changed[^.]*\./, ''),
        status: sent.status,
      };
    case 'not-sent':
      return { kind: 'unknown', message: sent.message };
    case 'unanswered':
      return { kind: 'unknown', message: `No answer from ${shownTarget(read)}: ${sent.said}.` };
  }
}
