import type { Logger, WebAPICallResult } from '@slack/web-api';
import { LogLevel, WebAPIPlatformError, WebAPIRequestError, WebClient } from '@slack/web-api';
import type * as v from 'valibot';
import type { Signal } from '../../core/ports.ts';
import type { ApiFailure, ApiResult, Fetch } from '../askJson.ts';
import { answerTimeoutMs, readAnswer, readText } from '../askJson.ts';
import { halfAnswer, noAnswer, refusal, tooLong, unsendable } from '../callFailure.ts';
import { slackRefusal } from './slackRefusal.ts';

/** What a call may be given; objects are sent as JSON. */
type SlackArguments = Readonly<Record<string, string | number | boolean | object>>;

/**
 * One call of Slack's Web API, read by a schema; `what` goes on after "could not". Never throws; a refusal's own code
 * (`name_taken`) is the failure's `said`. https://docs.slack.dev/apis/web-api
 */
export type SlackCall = <T>(
  method: string,
  args: SlackArguments,
  what: string,
  schema: v.GenericSchema<unknown, T>,
) => Promise<ApiResult<T>>;

export interface SlackConnection {
  /** `https://slack.com`, or what stands in its place. */
  readonly baseUrl: string;
  readonly token: string;
  /** Global `fetch` unless given. */
  readonly fetch?: Fetch;
  /** Without an answer for so long, a call has failed; ms. */
  readonly timeoutMs?: number;
}

/** The client logs what it is asked and answered; ours is nobody's to read. */
const silent: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};

/** Calls of one piece of work, all ended by its signal. Tried once each: whoever asked decides about another try. */
export function createSlackCall(connection: SlackConnection, signal: Signal): SlackCall {
  const { baseUrl, token, timeoutMs = answerTimeoutMs } = connection;
  const send: Fetch = connection.fetch ?? ((url, init) => fetch(url, init));
  return async (method, args, what, schema) => {
    const asked = { system: 'Slack', what };
    if (!canBeSent(baseUrl, token)) return { ok: false, failure: unsendable(asked) };
    const stop = new AbortController();
    const onAbort = (): void => stop.abort();
    if (signal.aborted) onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    let refused: ApiFailure | undefined;
    const client = new WebClient(token, {
      slackApiUrl: `${baseUrl.replace(/\/+$/, '')}/api/`,
      logger: silent,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      timeout: timeoutMs,
      allowAbsoluteUrls: false,
      fetch: async (url, init) => {
        const timeout = init?.signal ?? undefined;
        const response = await send(String(url), {
          ...(init as RequestInit),
          // A redirect would carry the token to a place nobody connected.
          redirect: 'manual',
          signal: timeout ? AbortSignal.any([stop.signal, timeout]) : stop.signal,
        });
        const { status, headers } = response;
        if (status !== 200) {
          response.body?.cancel().catch(() => undefined);
          refused = refusal(asked, response, undefined, undefined);
          throw new Error(refused.message);
        }
        const text = await readText(response);
        if (text === undefined) refused = tooLong(asked, status);
        return new Response(text ?? '', { headers });
      },
    });
    try {
      return readAnswer(asked, schema, await client.apiCall(method, { ...args }));
    } catch (thrown) {
      if (refused) return { ok: false, failure: refused };
      if (thrown instanceof WebAPIPlatformError)
        return { ok: false, failure: platformFailure(asked, thrown.data) };
      const reason = thrown instanceof WebAPIRequestError ? thrown.original : thrown;
      return { ok: false, failure: noAnswer(asked, reason, signal.aborted, isTimeout(reason)) };
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
}

/** False where fetch would throw, with the token or the address's password in its words. */
function canBeSent(baseUrl: string, token: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, username, password } = new URL(baseUrl);
  return /^https?:$/.test(protocol) && !username && !password && /^[\x21-\x7e]+$/.test(token);
}

function platformFailure(
  asked: { system: string; what: string },
  data: WebAPICallResult & { error: string },
) {
  // The client gives the text of an answer that is no JSON as its error.
  if (!/^[a-z]\w*$/.test(data.error)) return halfAnswer(asked, 200);
  const needed = (data as { readonly needed?: unknown }).needed;
  return slackRefusal(asked.what, data.error, typeof needed === 'string' ? needed : undefined);
}

function isTimeout(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if (error.name === 'TimeoutError') return true;
  return false;
}
